"""The text of a CSV in, its fields with their places out (RFC 4180; a semicolon or a tab where the header has them)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from orderloom.problems import Place, Problem, refuse
from orderloom.rules.reading.held import Fault
from orderloom.rules.reading.sheet import Cell, PlainRecord, Sheet, SheetCell
from orderloom.rules.reading.sources import Spot
from orderloom.source.document import Lines
from orderloom.source.separators import NAMED, separator_of

CSV_LIMIT_BYTES = 50_000_000


class Field(Spot):
    """One field, which is a cell and its own spot: its text without the quotes around it, and where it stands."""

    __slots__ = ("_end", "_source", "_start", "text")
    held = ""
    fault: Fault | None = None

    def __init__(self, text: str, source: CsvText, start: int, end: int) -> None:
        self.text, self._source, self._start, self._end = text, source, start, end

    @property
    def spot(self) -> Spot:
        return self

    @property
    def place(self) -> Place:
        return self._source.place(self._start, self._end)

    @property
    def written(self) -> str:
        return self._source.text[self._start : self._end]


# A spreadsheet computes what begins so, the wide signs in East Asian ones; OWASP, CSV injection, read 2026-11.
_PROTECTED = re.compile(r"'+(?=[=+\-@\t\r\n＝＋－＠])")
_STARTS_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_SIGNS = frozenset("='")  # a text that begins with one is not all that meets the eye


def protected(text: str) -> str:
    """The text as a cell that no spreadsheet computes: `'` before what could start a formula."""
    return f"'{text}" if _STARTS_FORMULA.match(text) else text


def unprotected(text: str) -> str:
    """The text that was protected; what does not look protected is as it was."""
    return text[1:] if _PROTECTED.match(text) else text


class Line(PlainRecord):
    """The fields of one line, whose quotes stand around whole fields or nowhere."""

    __slots__ = ("_end", "_source", "_start")

    def __init__(self, parts: Sequence[str], source: CsvText, start: int, end: int) -> None:
        super().__init__([part[1:-1].strip() if part[:1] == '"' else part.strip() for part in parts])
        self._source, self._start, self._end = source, start, end

    @property
    def has_signs(self) -> bool:
        return not _SIGNS.isdisjoint([text[:1] for text in self.texts])

    def cell(self, at: int) -> LineField:
        return LineField(self.texts[at], self._source, (self._start, self._end), at)


class LineField(Spot):
    """A field of a line; where in the line it stands is found out when somebody asks."""

    __slots__ = ("_at", "_line", "_source", "text")
    held = ""
    fault: Fault | None = None

    def __init__(self, text: str, source: CsvText, line: tuple[int, int], at: int) -> None:
        self.text, self._source, self._line, self._at = text, source, line, at

    @property
    def spot(self) -> Spot:
        return self

    @property
    def place(self) -> Place:
        return self._source.place(*self._span)

    @property
    def written(self) -> str:
        start, end = self._span
        return self._source.text[start:end]

    @property
    def _span(self) -> tuple[int, int]:
        start, end = self._line
        parts = _split(self._source.text[start:end], self._source.separator) or []
        start += sum(len(part) + 1 for part in parts[: self._at])
        return start, start + len(parts[self._at])


class CsvText:
    """All records of a CSV; blank lines are left out. Raises `ProblemsError` where a quote is never closed."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self._lines = Lines(text, file)
        self.file = file
        named = NAMED.match(text)
        self.separator = named[1] if named else separator_of(text)
        self.records = list(_records(self, text, self.separator, named.end() if named else 0))

    def place(self, start: int, end: int) -> Place:
        return self._lines.place(start, end)

    def sheet(self) -> Sheet:
        """The cells without the signs that keep spreadsheets from computing them."""
        records = [
            record if isinstance(record, Line) and not record.has_signs else [self._cell(field) for field in record]
            for record in self.records
        ]
        help_ = f'a cell with a "{self.separator}" in it needs quotes around it'
        return Sheet(self.file, records, self.text, help_)

    def _cell(self, field: Cell) -> Cell:
        text = field.text
        if text[:1] not in _SIGNS:
            return field
        if text.startswith("="):
            message = f"`{text}` begins with `=`: a spreadsheet would take it for its own"
            return SheetCell(text, field.spot, "", Fault("D027", message, f"for a formula of ours write `'{text}`"))
        return SheetCell(unprotected(text), field.spot)

    def problem(self, message: str, start: int, end: int, help: str | None = None) -> Problem:  # noqa: A002
        return Problem("D006", message, self._lines.place(start, end), help)


def _records(source: CsvText, text: str, separator: str, position: int) -> Iterator[Sequence[Cell]]:
    sign = re.escape(separator)
    field = re.compile(rf'(?:[ ]*"((?:[^"]|"")*)"[ ]*|((?! *")[^{sign}\r\n]*))({sign}|\r\n|\n|\r|$)')
    record: list[Field] = []
    says = False
    while position < len(text):
        if not record:
            plain_record, position = _plain_record(source, text, separator, position)
            if plain_record is not None:
                if any(plain_record.texts):
                    yield plain_record
                continue
        found = field.match(text, position)
        if found is None:
            raise _broken_quote(source, text, position)
        quoted, plain, ending = found.groups()
        content = plain.strip() if quoted is None else quoted.replace('""', '"').strip()
        says = says or content != ""
        end = found.end()
        record.append(Field(content, source, position, end - len(ending)))
        position = end
        if ending != separator:
            if says:
                yield record
            record, says = [], False
    if says:
        yield record


_BREAK = re.compile(r"\r\n|\n|\r")


def _plain_record(source: CsvText, text: str, separator: str, start: int) -> tuple[Line | None, int]:
    """The record of a line, many times as quickly, and where the next begins; None where its quotes need more care."""
    ending = _BREAK.search(text, start)
    end = ending.start() if ending else len(text)
    parts = _split(text[start:end], separator)
    if parts is None:
        return None, start
    if ending is None and len(parts) > 1 and not parts[-1]:
        parts.pop()  # the file ends with a separator
    return Line(parts, source, start, end), ending.end() if ending else end


def _split(line: str, separator: str) -> list[str] | None:
    """The fields as they are written, quotes and all; None where a quote stands elsewhere than around a whole field."""
    if '"' not in line:
        return line.split(separator)
    pieces = f"{separator}{line}{separator}".split('"')
    if len(pieces) % 2 == 0:
        return None
    parts: list[str] = []
    for at, piece in enumerate(pieces):
        if at % 2:
            parts.append(f'"{piece}"')
        elif not piece.startswith(separator) or not piece.endswith(separator):
            return None
        elif len(piece) > len(separator):
            parts += piece[1:-1].split(separator)
    return parts


def _broken_quote(source: CsvText, text: str, position: int) -> Exception:
    opening = text.index('"', position)
    closing = re.compile(r'"(?:[^"]|"")*"[ ]*').match(text, opening)
    if closing is None or "\n" in closing[0]:
        problem = source.problem(
            "the quote that opens here is not closed in its field", opening, opening + 1, 'add `"`'
        )
    else:
        help_ = 'a quote inside a quoted field is written twice: `""`'
        message = "nothing may stand between the closing quote and the next separator"
        problem = source.problem(message, closing.end(), closing.end() + 1, help_)
    return refuse(problem.code, problem.message, problem.place, problem.help)
