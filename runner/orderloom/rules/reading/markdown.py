"""A Markdown text in, its table of rules as cells and its front matter as a head out (GitHub Flavored Markdown).

In a cell `\\|` is a bar, `<br>` a line break, and what stands in backticks is taken as it is. Emphasis, links and HTML
would change what a cell says without being seen in it, and are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING

from orderloom.problems import Place, refuse
from orderloom.rules.reading.heads import no_head
from orderloom.rules.reading.held import Fault
from orderloom.rules.reading.raw import Types
from orderloom.rules.reading.sheet import Sheet, SheetCell
from orderloom.rules.reading.sources import Spot
from orderloom.source import Document, parse_yaml
from orderloom.source.document import Lines

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_CELL = re.compile(r"(?:\\.|[^|\\])*", re.DOTALL)
_RULE = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_FENCE = re.compile(r" {0,3}(```+|~~~+)")
_MARKED = re.compile(r"[\\`*_<&~\[]")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


@dataclass(frozen=True)
class _Line:
    text: str
    start: int


class MarkdownText:
    """One Markdown text; lines count as editors count them."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self._text = text
        self._lines = Lines(text, file)

    def head(self) -> Document:
        """The settings in the front matter. Raises `ProblemsError` (D073) where there is none."""
        if self._body == 0:
            message = "the file has no front matter, which would say what the columns of its table are"
            help_ = "begin it with `---`, the head as in a .table.yaml without `rows`, and `---`"
            raise no_head(Place(self.file, 1, 1, 2), message, help_)
        between = self._text[: self._lines.start_of(self._body)]
        return parse_yaml(between.replace("---", "   ", 1), self.file)  # so that lines count from the top of the file

    def sheet(self, types: Types | None) -> Sheet:
        """The one table whose header names columns of the head. Raises `ProblemsError` (D068)."""
        tables = list(self._tables())
        named = [
            table for table in tables if types is None or any(cell.text in types for cell in self._names(table[0]))
        ]
        if len(named) != 1:
            raise self._not_one(tables, named)
        header, *records = named[0]
        read = [self._names(header), *(self._record(line) for line in records)]
        help_ = "a bar inside a cell is written `\\|`"
        said = [record for record in read if any(cell.text for cell in record)]
        return Sheet(self.file, said, "\n".join(line.text for line in named[0]), help_)

    @cached_property
    def _body(self) -> int:
        """The line that ends the front matter; 0 where there is none."""
        if not re.match(r"---[ \t]*(?:\r\n|\n|\r)", self._text):
            return 0
        ends = (
            number for number in range(2, self._lines.number + 1) if self._line(number).text.rstrip() in {"---", "..."}
        )
        return next(ends, 0)

    def _line(self, number: int) -> _Line:
        return _Line(self._lines.line_text(number), self._lines.start_of(number))

    def _tables(self) -> Iterator[list[_Line]]:
        """Header and records of each table; a table ends at the first line without a bar."""
        fence, number = "", self._body + 1
        while number <= self._lines.number:
            line = self._line(number)
            found = _FENCE.match(line.text)
            if found and (not fence or found[1].startswith(fence)):
                fence = "" if fence else found[1]
            below = self._line(number + 1).text if number < self._lines.number else ""
            if not fence and self._is_header(line, below):
                table = [line]
                number += 2
                while number <= self._lines.number and "|" in self._line(number).text:
                    table.append(self._line(number))
                    number += 1
                yield table
            number += 1

    def _is_header(self, line: _Line, below: str) -> bool:
        below = below.strip()
        if "|" not in line.text or not _RULE.fullmatch(below):
            return False
        return len(list(_pieces(line))) == len(list(_pieces(_Line(below, 0))))

    def _not_one(self, tables: Sequence[list[_Line]], named: Sequence[list[_Line]]) -> Exception:
        if named:
            message = "there are two tables with columns of this one"
            return refuse("D068", message, self._span(named[1][0]), "keep one of them in this file")
        if tables:
            message = "no table here has a header with columns of this one"
            return refuse("D068", message, self._span(tables[0][0]), "the first line of the table names the columns")
        help_ = "a table is a header `| id | total |`, a line `|---|---|` as wide, and a line a row"
        return refuse("D068", "there is no table in this file", Place(self.file), help_)

    def _span(self, line: _Line) -> Place:
        return self._lines.place(line.start, line.start + len(line.text))

    def _names(self, line: _Line) -> list[SheetCell]:
        """The cells of a header, which may stand in bold."""
        return [self._cell(start, end, is_name=True) for start, end in _pieces(line)]

    def _record(self, line: _Line) -> list[SheetCell]:
        return [self._cell(start, end) for start, end in _pieces(line)]

    def _cell(self, start: int, end: int, is_name: bool = False) -> SheetCell:
        written = self._text[start:end]
        spot = Spot(partial(self._lines.place, start, max(end, start + 1)), written)
        text = written.replace("\\|", "|")
        if not _MARKED.search(text):
            return SheetCell(text, spot)
        shown, markup = _shown(text)
        if markup is None or is_name:
            return SheetCell(shown, spot)
        message = f"`{written}` has {markup} in it, and shows something else than it says"
        return SheetCell(written, spot, "", Fault("D069", message, f"put it in backticks: {_in_backticks(written)}"))


def _pieces(line: _Line) -> Iterator[tuple[int, int]]:
    """Where each cell of a line begins and ends, without the blanks around it."""
    text = line.text.rstrip()
    at = len(text) - len(text.lstrip())
    at += text.startswith("|", at)
    last = len(text) - 1 if len(text) > at and text.endswith("|") and _is_bar(text) else len(text)
    while at <= last:
        found = _CELL.match(text, at, last)
        assert found is not None
        cell = found[0]
        begins = at + len(cell) - len(cell.lstrip())
        yield line.start + begins, line.start + max(begins, at + len(cell.rstrip()))
        at = found.end() + 1


def _is_bar(text: str) -> bool:
    """Whether the last bar of a line is none that was escaped."""
    before = text[:-1]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 0


def _shown(text: str) -> tuple[str, str | None]:
    """What a reader of the page sees, and the first markup in it that would hide something."""
    shown: list[str] = []
    markup = None
    for token in _parser().parseInline(_BREAK.sub("<br>", text))[0].children or ():
        if token.type in {"text", "code_inline"}:
            shown.append(token.content)
        elif token.type in {"softbreak", "hardbreak"} or (token.type == "html_inline" and token.content == "<br>"):
            shown.append("\n")
        elif markup is None:
            markup = _MARKUP.get(token.type, "markup")
    return "".join(shown).strip(), markup


_MARKUP = {
    "em_open": "emphasis",
    "strong_open": "emphasis",
    "s_open": "strikethrough",
    "link_open": "a link",
    "image": "an image",
    "html_inline": "HTML",
}


def _in_backticks(written: str) -> str:
    sign = "``" if "`" in written else "`"
    return f"{sign}{' ' if '`' in written else ''}{written}{' ' if '`' in written else ''}{sign}"


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # noqa: PLC0415 (slow to import)

    return MarkdownIt("commonmark").enable("strikethrough")
