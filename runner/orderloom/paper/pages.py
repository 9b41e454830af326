"""A title, addresses, tables in; A4 pages of PDF, numbered, out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from orderloom.paper.sheet import MM, Sheet
from orderloom.paper.words import fit, readable

WIDTH_MM, HEIGHT_MM = 210.0, 297.0  # A4, ISO 216
_EDGE = 18.0
_ROOM = WIDTH_MM - 2 * _EDGE
_LAST = HEIGHT_MM - 22.0
_STEP = 10 * 1.2 / MM


@dataclass(frozen=True)
class Column:
    """`share` of the width in percent."""

    head: str
    share: float
    align: Literal["left", "right", "center"] = "left"
    bold: bool = False

    @property
    def width(self) -> float:
        return _ROOM * self.share / 100 - 2


class Pages:
    """Written from the top down; a table goes on on the next page under its heads."""

    def __init__(self, title: str, total: int) -> None:
        self._title, self._total = readable(title), total
        self._sheet, self._y = Sheet(WIDTH_MM, HEIGHT_MM, self._title), _EDGE
        self._foot()

    @property
    def count(self) -> int:
        return self._sheet.pages

    def heading(self, text: str) -> None:
        self._need(14)
        self._y = self._sheet.text(_EDGE, self._y, text, width=_ROOM, size=18, bold=True, lines=2) + 2

    def line(self, text: str, *, bold: bool = False, size: float = 10) -> None:
        """One paragraph."""
        _, told = fit(text, _ROOM * MM, size, least=size, lines=200)
        self._need(_STEP * min(len(told), 40))
        self._y = self._sheet.text(_EDGE, self._y, text, width=_ROOM, size=size, least=size, lines=200, bold=bold) + 1

    def beside(self, *blocks: tuple[str, Sequence[str]]) -> None:
        """Blocks of short lines under their heads, side by side."""
        width, top = _ROOM / max(1, len(blocks)), self._y + 2
        self._need(8 + 5 * max((len(lines) for _, lines in blocks), default=0))
        top = self._y + 2
        for place, (head, lines) in enumerate(blocks):
            y = self._sheet.text(_EDGE + place * width, top, head, width=width - 4, size=10, bold=True)
            for line in lines:
                y = self._sheet.text(_EDGE + place * width, y, line, width=width - 4, size=10, lines=2)
            self._y = max(self._y, y)
        self._y += 4

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> None:
        self._heads(columns)
        for row in rows:
            height = max(self._height(column, cell) for column, cell in zip(columns, row, strict=True))
            if self._y + height > _LAST:
                self.next_page()
                self._heads(columns)
            self._row(columns, row, height)
        self._y += 4

    def framed(self, text: str) -> None:
        """A paragraph in a frame."""
        _, told = fit(text, (_ROOM - 8) * MM, 10, least=10, lines=40)
        height = _STEP * len(told) + 6
        self._need(height)
        self._sheet.box(_EDGE, self._y, _ROOM, height)
        self._sheet.text(_EDGE + 4, self._y + 2, text, width=_ROOM - 8, size=10, least=10, lines=40)
        self._y += height + 4

    def code(self, value: str) -> None:
        """A barcode (Code 128) with its value below, at the left."""
        self._need(22)
        self._sheet.code128(_EDGE, self._y, value, width=80, height=12, module=0.33)
        self._y = self._sheet.text(_EDGE, self._y + 12.5, value, width=80, size=8, align="center") + 3

    def next_page(self) -> None:
        self._sheet.next_page()
        self._y = _EDGE
        self._foot()

    def done(self) -> bytes:
        return self._sheet.done()

    def _need(self, height: float) -> None:
        if self._y + height > _LAST and self._y > _EDGE:
            self.next_page()

    def _foot(self) -> None:
        told = f"{self._title}, page {self._sheet.pages} of {self._total}"
        self._sheet.text(_EDGE, HEIGHT_MM - 15, told, width=_ROOM, size=8, align="right")

    def _heads(self, columns: Sequence[Column]) -> None:
        self._need(20)
        bold = [Column(one.head, one.share, one.align, bold=True) for one in columns]
        self._row(bold, [one.head for one in columns], 6.2)

    def _height(self, column: Column, cell: str) -> float:
        _, told = fit(cell, column.width * MM, 10, least=8, lines=6)
        return _STEP * len(told) + 2

    def _row(self, columns: Sequence[Column], cells: Sequence[str], height: float) -> None:
        x = _EDGE
        for column, cell in zip(columns, cells, strict=True):
            self._sheet.text(
                x, self._y + 0.6, cell, width=column.width, size=10, least=8, lines=6, align=column.align,
                bold=column.bold,
            )  # fmt: skip
            x += column.width + 2
        self._y += height
        self._sheet.line(self._y, _EDGE, _ROOM)


def pages(title: str, draw: Callable[[Pages], None]) -> bytes:
    """What `draw` writes. Of several pages it is called twice: how many there are is known after the first time."""
    first = Pages(title, 1)
    draw(first)
    if first.count == 1:
        return first.done()
    second = Pages(title, first.count)
    draw(second)
    return second.done()
