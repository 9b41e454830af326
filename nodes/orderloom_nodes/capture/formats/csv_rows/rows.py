"""The bytes of a CSV in, its rows out one by one, each with its line and with a cell for every column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from orderloom import Place, Problem, refuse

from .column_map import ColumnMap

_SEPARATORS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class Row:
    """One record: the cell of each column as text, without blanks around it. `problem`: it cannot be told apart."""

    cells: Mapping[str, str]
    line: int
    problem: Problem | None = None


def read_rows(data: bytes, name: str, columns: ColumnMap) -> Iterator[Row]:
    """Every row but blank ones. Raises `ProblemsError` where the file or its header cannot be used."""
    text = _decoded(data, name, columns.encoding)
    first = text.lstrip("\r\n").split("\n", 1)[0]
    separator = columns.separator or max(_SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        _refuse_header(header, name, columns)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield _row(header, cells, name, reader.line_num)
    except csv.Error as error:
        message = f"this is no CSV: {error}"
        raise refuse("V601", message, Place(name, reader.line_num, 1), "look for a quote that is not closed") from None


def _row(header: list[str], cells: list[str], name: str, line: int) -> Row:
    found = {column: cell.strip() for column, cell in zip(header, cells, strict=False)}
    if len(cells) == len(header):
        return Row(found, line)
    message = f"this row has {len(cells)} cells and the header {len(header)}"
    return Row(found, line, Problem("V602", message, Place(name, line, 1), "a separator inside a text needs quotes"))


def _refuse_header(header: list[str], name: str, columns: ColumnMap) -> None:
    if not any(header):
        raise refuse("V601", "the file has no header", Place(name, 1, 1), "its first row names the columns")
    twice = [column for column in header if header.count(column) > 1]
    if twice:
        raise refuse("V601", f"two columns are named `{twice[0]}`", Place(name, 1, 1), "rename one of them")
    for problem in columns.unknown_columns(header):
        raise refuse(problem.code, problem.message, problem.place, problem.help)


def _decoded(data: bytes, name: str, encoding: str | None) -> str:
    marked = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    for candidate in (encoding,) if encoding else ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(candidate)
        except (UnicodeDecodeError, LookupError):
            continue
    told = f"this is not {encoding}" if encoding else "nobody knows the encoding of this file"
    raise refuse("V601", told, Place(name, 1, 1), "save it as UTF-8, or name its `encoding` in the column map")
