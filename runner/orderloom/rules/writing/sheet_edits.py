"""A workbook and new texts for some of its cells in, the same workbook with these out: all else stays byte for byte.

Libraries that write workbooks leave out what they do not know (charts, macros, conditional formats of newer programs).
So only the bytes of the cells that change are exchanged, in the one part of the archive that holds their sheet.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from orderloom.rules.reading.cell_values import escaped

_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,10})?")
_REFERENCE = re.compile(r"([A-Z]+)(\d+)")
Cell = tuple[int, int]  # row and column, from 1


class SheetError(ValueError):
    """The cells cannot be exchanged; the message says why."""


def with_cells(workbook: bytes, sheet: str, texts: Mapping[Cell, str]) -> bytes:
    """The workbook with these texts in these cells of one sheet; a blank one empties its cell. Raises `SheetError`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as given, zipfile.ZipFile(out, "w") as made:
        part = _part_of(given, sheet)
        made.comment = given.comment
        for entry in given.infolist():
            content = given.read(entry)
            made.writestr(entry, _edited(content, texts) if entry.filename == part else content)
    return out.getvalue()


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """The name of the part that holds the sheet."""
    ids = {one.get("name"): _relation(one) for one in _elements(archive.read("xl/workbook.xml"), "sheet")}
    targets = {
        one.get("Id"): one.get("Target")
        for one in _elements(archive.read("xl/_rels/workbook.xml.rels"), "Relationship")
    }
    target = targets.get(ids.get(sheet))
    if target is None:
        raise SheetError(f"the part of the sheet `{sheet}` is not found in the workbook")
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _relation(attributes: Mapping[str, str]) -> str | None:
    return next((attributes[name] for one in (_RELATION, _STRICT) if (name := f"{one}\nid") in attributes), None)


def _elements(content: bytes, name: str) -> list[dict[str, str]]:
    """The attributes of all elements of that name, whatever their namespace."""
    found: list[dict[str, str]] = []
    parser: Any = expat.ParserCreate(namespace_separator="\n")
    parser.StartElementHandler = lambda tag, attributes: (
        found.append(attributes) if tag.rpartition("\n")[2] == name else None
    )
    parser.Parse(content, True)
    return found


@dataclass(frozen=True)
class _Span:
    """The bytes of a cell or a row. `inside` is where what a row holds ends; None where it is one empty element."""

    tag: str
    start: int
    attributes: Mapping[str, str]
    end: int = 0
    inside: int | None = None


class _Spans:
    """Where the rows and cells of a sheet stand, by their numbers; cells without a reference follow one another."""

    def __init__(self, content: bytes) -> None:
        self.rows: dict[int, _Span] = {}
        self.cells: dict[Cell, _Span] = {}
        self._row = self._column = 0
        self._open: list[_Span] = []
        self._ended: tuple[Cell, _Span] | None = None
        self._parser: Any = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.DefaultHandler = lambda _text: self._settle()
        self._parser.Parse(content, True)

    def _settle(self) -> None:
        """What ended last ends where the next thing begins."""
        if self._ended is not None:
            (row, column), span = self._ended
            ended = _Span(span.tag, span.start, span.attributes, self._parser.CurrentByteIndex, span.inside)
            if column:
                self.cells[row, column] = ended
            else:
                self.rows[row] = ended
            self._ended = None

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._settle()
        name = tag.rpartition(":")[2]
        if name == "row":
            self._row, self._column = int(attributes.get("r") or self._row + 1), 0
        elif name == "c":
            found = _REFERENCE.fullmatch(attributes.get("r", ""))
            self._column = _number(found[1]) if found else self._column + 1
        if name in {"row", "c"}:
            self._open.append(_Span(tag, self._parser.CurrentByteIndex, attributes))

    def _end(self, tag: str) -> None:
        self._settle()
        if tag.rpartition(":")[2] in {"row", "c"}:
            span, at = self._open.pop(), self._parser.CurrentByteIndex
            inside = None if at == span.start else at
            column = self._column if tag.rpartition(":")[2] == "c" else 0
            self._ended = (self._row, column), _Span(span.tag, span.start, span.attributes, inside=inside)


def _edited(content: bytes, texts: Mapping[Cell, str]) -> bytes:
    if not re.match(rb"(?:\xef\xbb\xbf)?<(?!\?xml[^>]*encoding=[\"'](?!utf-8))", content, re.IGNORECASE):
        raise SheetError("the sheet is not written in UTF-8")
    spans = _Spans(content)
    changes = [_change(spans, cell, text) for cell, text in texts.items()]
    for start, end, new in sorted(changes, reverse=True):
        content = content[:start] + new.encode() + content[end:]
    return content


def _change(spans: _Spans, cell: Cell, text: str) -> tuple[int, int, str]:
    span = spans.cells.get(cell)
    if span is not None:
        held_number = span.attributes.get("t", "n") == "n" and span.inside is not None
        return span.start, span.end, _cell(span.tag, cell, span.attributes.get("s"), text, held_number)
    row = spans.rows.get(cell[0])
    if row is None or row.inside is None:
        raise SheetError(f"row {cell[0]} of the sheet is blank")
    before = [one.end for (number, column), one in spans.cells.items() if number == cell[0] and column < cell[1]]
    after = [one.start for (number, column), one in spans.cells.items() if number == cell[0] and column > cell[1]]
    at = max(before) if before else min(after, default=row.inside)
    return at, at, _cell(row.tag.removesuffix("row") + "c", cell, None, text, False)


def _cell(tag: str, cell: Cell, style: str | None, text: str, as_number: bool) -> str:
    prefix = tag.removesuffix("c")
    opening = f'<{tag} r="{_letters(cell[1])}{cell[0]}"' + (f" s={quoteattr(style)}" if style else "")
    if not text:
        return f"{opening}/>"
    if as_number and _NUMBER.fullmatch(text):
        return f"{opening}><{prefix}v>{text}</{prefix}v></{tag}>"
    told = escape(escaped(text))
    return (
        f'{opening} t="inlineStr"><{prefix}is><{prefix}t xml:space="preserve">{told}</{prefix}t></{prefix}is></{tag}>'
    )


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
