"""The bytes of a CSV in, its rows out one by one, each with its line and with a cell for every column."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from orderloom import Place, Problem, ProblemsError, decode_exported, refuse

from .column_map import ColumnMap

_SEPARATORS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class Row:
    """One record: the cell of each column as text, without blanks around it. `problem`: it cannot be told apart.

    `text` is the record as it can be written again, with every cell that it came with. `sheet` is the one that it
    stands in, `letters` are those of its columns; a CSV has neither.
    """

    cells: Mapping[str, str]
    line: int
    text: str
    problem: Problem | None = None
    sheet: str = ""
    letters: Mapping[str, str] = field(default_factory=dict)

    def place(self, file: str, column: str | None = None) -> Place:
        """Where the row stands, in a sheet the cell of that column: `Orders!C7`."""
        if not self.sheet:
            return Place(file, self.line, 1)
        letter = self.letters.get(column or "", "A")
        number = list(self.letters.values()).index(letter) + 1 if letter in self.letters.values() else 1
        return Place(file, self.line, number, number + 1, f"{_quoted(self.sheet)}!{letter}{self.line}")

    def with_problem(self, problem: Problem) -> Row:
        """The same row, which cannot be used."""
        return replace(self, problem=problem)


def _quoted(sheet: str) -> str:
    return sheet if sheet.isidentifier() else "'" + sheet.replace("'", "''") + "'"


def read_rows(data: bytes, name: str, columns: ColumnMap) -> Iterator[Row]:
    """Every row but blank ones. Raises `ProblemsError` where the file or its header cannot be used."""
    text, above, named = _without_sep_line(_decoded(data, name, columns.encoding))
    first = text.lstrip("\r\n").split("\n", 1)[0]
    separator = columns.separator or named or max(_SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        refuse_header(header, name, columns)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield _row(header, cells, Place(name, reader.line_num + above, 1))
    except csv.Error as error:
        place = Place(name, reader.line_num + above, 1)
        raise refuse("V601", f"this is no CSV: {error}", place, "look for a quote that is not closed") from None


def _without_sep_line(text: str) -> tuple[str, int, str | None]:
    """Excel writes `sep=;` above the header: the rest, how many lines that were, and the separator that it names."""
    found = re.match(r"sep=(.)(?:\r\n|\n|\r)", text)
    return (text[found.end() :], 1, found[1]) if found else (text, 0, None)


def _row(header: list[str], cells: list[str], place: Place) -> Row:
    found = {column: cell.strip() for column, cell in zip(header, cells, strict=False)}
    text = csv_line(cells)
    if len(cells) == len(header):
        return Row(found, place.line, text)
    message = f"this row has {len(cells)} cells and the header {len(header)}"
    return Row(found, place.line, text, Problem("V602", message, place, "a separator inside a text needs quotes"))


def csv_line(cells: Iterable[str]) -> str:
    """Cells as one line of a CSV, without its end."""
    written = io.StringIO()
    csv.writer(written, lineterminator="").writerow(cells)
    return written.getvalue()


def refuse_header(header: list[str], name: str, columns: ColumnMap) -> None:
    """Raises `ProblemsError` where columns are missing, or two bear one name."""
    if not any(header):
        raise refuse("V601", "the file has no header", Place(name, 1, 1), "its first row names the columns")
    twice = [column for column in header if header.count(column) > 1]
    if twice:
        raise refuse("V601", f"two columns are named `{twice[0]}`", Place(name, 1, 1), "rename one of them")
    for problem in columns.unknown_columns(header):
        raise refuse(problem.code, problem.message, problem.place, problem.help)


def _decoded(data: bytes, name: str, encoding: str | None) -> str:
    """By the encoding that the map names; else UTF-8, UTF-16, or Western European where it can be no other."""
    if encoding is None:
        try:
            return decode_exported(data, name)[0]
        except ProblemsError as error:
            message = f"nobody knows the encoding of this file: {error.problems[0].message}"
            mend = "save it as UTF-8, or name its `encoding` in the column map"
            raise refuse("V601", message, error.problems[0].place, mend) from None
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        mend = "save it as UTF-8, or name its `encoding` in the column map"
        raise refuse("V601", f"this is not {encoding}", Place(name, 1, 1), mend) from None
