"""The bytes of an .xlsx file in, the rows of its sheet out, as `read_rows` gives those of a CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from orderloom import Place, Problem, did_you_mean, load_workbook, refuse

from .cells import ERRORS, cell_text
from .column_map import ColumnMap
from .rows import Row, csv_line, refuse_header

_MAGIC = b"PK\x03\x04"


def is_workbook(data: bytes) -> bool:
    """Whether it begins as an archive does, which a workbook is."""
    return data.startswith(_MAGIC)


def read_sheet(data: bytes, name: str, columns: ColumnMap) -> Iterator[Row]:
    """Every row but blank ones. Raises `ProblemsError` where the workbook, the sheet or its header cannot be used."""
    book = load_workbook(data, name, rows_only=True)
    try:
        yield from _rows(_sheet(book, name, columns), name, columns)
    finally:
        book.close()


def _sheet(book: Any, name: str, columns: ColumnMap) -> Any:
    """The one that the map names, else the first that is shown."""
    titles = {sheet.title: sheet for sheet in book.worksheets}
    if columns.sheet is not None:
        if columns.sheet not in titles:
            mend = did_you_mean(columns.sheet, titles) or f"it has: {', '.join(titles)}"
            raise refuse("V601", f"the workbook has no sheet `{columns.sheet}`", Place(name), mend)
        return titles[columns.sheet]
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not shown:
        raise refuse("V601", "the workbook shows no sheet", Place(name), "name one: `sheet:` in the column map")
    return shown[0]


def _rows(sheet: Any, name: str, columns: ColumnMap) -> Iterator[Row]:
    sheet.reset_dimensions()  # what a workbook says of its size is often wrong
    header: list[str] = []
    for line, values in enumerate(sheet.iter_rows(values_only=True), 1):
        cells = [cell_text(value, columns.decimal, columns.date_format) for value in values]
        if not any(cells):
            continue
        if header:
            yield _row(header, cells, line, sheet.title, name, columns)
            continue
        header = _without_blank_end(cells)
        refuse_header(header, name, columns)
    if not header:
        refuse_header(header, name, columns)


def _without_blank_end(cells: Sequence[str]) -> list[str]:
    last = max((number for number, cell in enumerate(cells, 1) if cell), default=0)
    return list(cells[:last])


def _row(header: list[str], cells: list[str], line: int, sheet: str, name: str, columns: ColumnMap) -> Row:
    padded = [*cells, *[""] * (len(header) - len(cells))]
    letters = {column: letter(number) for number, column in enumerate(header)}
    row = Row(dict(zip(header, padded, strict=False)), line, csv_line(padded[: len(header)]), None, sheet, letters)
    beyond = next((number for number, cell in enumerate(cells) if number >= len(header) and cell), None)
    if beyond is not None:
        place = Place(name, line, beyond + 1, beyond + 2, f"{sheet}!{letter(beyond)}{line}")
        message = f"this cell stands beyond the last column, which is `{header[-1]}`"
        return row.with_problem(Problem("V602", message, place, "give the column a name, or clear the cell"))
    broken = next((column for column in header if row.cells[column] in ERRORS and columns.uses(column)), None)
    if broken is not None:
        message = f"the cell holds an error of the spreadsheet, {row.cells[broken]}"
        mend = "mend the formula, or write the value"
        return row.with_problem(Problem("V612", message, row.place(name, broken), mend))
    return row


def letter(number: int) -> str:
    """The letters of a column, counted from 0: A, Z, AA."""
    found = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        found = chr(65 + rest) + found
    return found
