"""The text of a CSV in, its fields with their places out (RFC 4180; a semicolon or a tab where the header has them)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from orderloom.problems import Problem, refuse
from orderloom.rules.reading.held import Fault
from orderloom.rules.reading.sheet import Sheet, SheetCell
from orderloom.rules.reading.sources import Spot
from orderloom.source.document import Lines

CSV_LIMIT_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its text without the quotes around it, and where it stands."""

    text: str
    start: int
    end: int


# A spreadsheet computes what begins so, the wide signs in East Asian ones; OWASP, CSV injection, read 2026-11.
_PROTECTED = re.compile(r"'+(?=[=+\-@\t\r\n＝＋－＠])")
_STARTS_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_NAMED_SEPARATOR = re.compile(r'"?sep=(.)"?[ ]*(?:\r\n|\n|\r|$)', re.IGNORECASE)


def protected(text: str) -> str:
    """The text as a cell that no spreadsheet computes: `'` before what could start a formula."""
    return f"'{text}" if _STARTS_FORMULA.match(text) else text


def unprotected(text: str) -> str:
    """The text that was protected; what does not look protected is as it was."""
    return text[1:] if _PROTECTED.match(text) else text


class CsvText:
    """All records of a CSV; blank lines are left out. Raises `ProblemsError` where a quote is never closed."""

    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._lines = Lines(text, file)
        self.file = file
        named = _NAMED_SEPARATOR.match(text)  # Excel writes that line, and shows none
        self.separator = named[1] if named else _separator(text)
        self.records = list(_records(self, text, self.separator, named.end() if named else 0))

    def spot(self, field: Field) -> Spot:
        """The place is computed when it is asked for."""
        place = partial(self._lines.place, field.start, field.end)
        return Spot(place, self._text[field.start : field.end])

    def sheet(self) -> Sheet:
        """The cells without the signs that keep spreadsheets from computing them."""
        records = [[self._cell(field) for field in record] for record in self.records]
        help_ = f'a cell with a "{self.separator}" in it needs quotes around it'
        return Sheet(self.file, records, self._text, help_)

    def _cell(self, field: Field) -> SheetCell:
        text = field.text
        if text.startswith("="):
            message = f"`{text}` begins with `=`: a spreadsheet would take it for its own"
            return SheetCell(
                text, self.spot(field), "", Fault("D027", message, f"for a formula of ours write `'{text}`")
            )
        return SheetCell(unprotected(text) if text.startswith("'") else text, self.spot(field))

    def problem(self, message: str, start: int, end: int, help: str | None = None) -> Problem:  # noqa: A002
        return Problem("D006", message, self._lines.place(start, end), help)


def _separator(text: str) -> str:
    header = text.lstrip("\r\n").split("\n", 1)[0]
    return next((sign for sign in (",", ";", "\t") if sign in header), ",")


def _records(source: CsvText, text: str, separator: str, position: int) -> Iterator[list[Field]]:
    sign = re.escape(separator)
    field = re.compile(rf'(?:[ ]*"((?:[^"]|"")*)"[ ]*|((?! *")[^{sign}\r\n]*))({sign}|\r\n|\n|\r|$)')
    record: list[Field] = []
    while position < len(text):
        found = field.match(text, position)
        if found is None:
            raise _broken_quote(source, text, position)
        quoted, plain, ending = found.groups()
        content = plain.strip() if quoted is None else quoted.replace('""', '"').strip()
        record.append(Field(content, position, found.start(3)))
        position = found.end()
        if ending != separator:
            if any(one.text for one in record):
                yield record
            record = []
    if any(one.text for one in record):
        yield record


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
