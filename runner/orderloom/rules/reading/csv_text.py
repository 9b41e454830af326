"""The text of a CSV in, its fields with their places out (RFC 4180; a semicolon or a tab where the header has them)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from orderloom.problems import Problem, refuse
from orderloom.rules.reading.sources import Spot
from orderloom.source.document import Lines

CSV_LIMIT_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its text without the quotes around it, and where it stands."""

    text: str
    start: int
    end: int


class CsvText:
    """All records of a CSV; blank lines are left out. Raises `ProblemsError` where a quote is never closed."""

    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._lines = Lines(text, file)
        self.file = file
        self.separator = _separator(text)
        self.records = list(_records(self, text, self.separator))

    def spot(self, field: Field) -> Spot:
        return Spot(self._lines.place(field.start, field.end), self._text[field.start : field.end])

    def problem(self, message: str, start: int, end: int, help: str | None = None) -> Problem:  # noqa: A002
        return Problem("D006", message, self._lines.place(start, end), help)


def _separator(text: str) -> str:
    header = text.lstrip("\r\n").split("\n", 1)[0]
    return next((sign for sign in (",", ";", "\t") if sign in header), ",")


def _records(source: CsvText, text: str, separator: str) -> Iterator[list[Field]]:
    field = re.compile(rf'(?:[ ]*"((?:[^"]|"")*)"[ ]*|((?! *")[^{separator}\r\n]*))({separator}|\r\n|\n|\r|$)')
    record: list[Field] = []
    position = 0
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
