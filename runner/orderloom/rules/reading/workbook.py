"""A workbook (.xlsx) in, its sheets as cells with the texts that a person means out.

Refused with their place are formulas, errors and merged cells: nobody could say what they stand for. openpyxl comes
with the extra `files`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orderloom.problems import Place, ProblemsError, did_you_mean, refuse
from orderloom.rules.reading.cell_values import cell_text
from orderloom.rules.reading.findings import Findings, one_of
from orderloom.rules.reading.held import Fault
from orderloom.rules.reading.sheet import Sheet, SheetCell
from orderloom.rules.reading.sources import Spot
from orderloom.source.files import read_bytes
from orderloom.source.workbooks import LIMIT_BYTES, load_workbook

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

ROWS, TABLE, CASES = "rows", "table", "cases"  # the sheets of a whole table
_PLAIN_NAME = re.compile(r"\w+")


class Book:
    """An open workbook; chart sheets are passed over."""

    def __init__(self, workbook: Workbook, file: str) -> None:
        self.file = file
        self._sheets: dict[str, Worksheet] = {sheet.title: sheet for sheet in workbook.worksheets}

    def has(self, name: str) -> bool:
        return self._find(name) is not None

    def rows_sheet(self, name: str | None, findings: Findings) -> Sheet:
        """The sheet of that name; without one `rows`, or the only one that is shown. Raises `ProblemsError` (D065)."""
        if name is None and not self.has(ROWS):
            shown = [title for title, sheet in self._sheets.items() if sheet.sheet_state == "visible"]
            if len(shown) == 1:
                return self.sheet(shown[0], findings)
            message = f"the workbook has {len(shown)} sheets, and none is named `{ROWS}`"
            help_ = f"name one, as in rows: {Path(self.file).name}#{shown[0] if shown else 'Sheet1'}"
            raise refuse("D065", message, Place(self.file), help_)
        return self.sheet(name or ROWS, findings)

    def sheet(self, name: str, findings: Findings) -> Sheet:
        """All records of a sheet, the blank ones left out. Raises `ProblemsError` (D065) where there is none."""
        sheet = self._find(name)
        if sheet is None:
            help_ = did_you_mean(name, self._sheets) or one_of(self._sheets)
            raise refuse("D065", f"the workbook has no sheet `{name}`", Place(self.file), help_)
        records = [record for record in self.records(sheet.title, findings) if any(cell.text for cell in record)]
        if sheet.sheet_state != "visible":
            message = f"the sheet `{sheet.title}` is hidden, and its rows count"
            findings.add("D064", message, self._place(sheet.title, 1, 1), "show the sheet", "warning")
        text = "\n".join("\t".join(cell.text for cell in record) for record in records)
        records = [self._as_wide(sheet.title, record, len(records[0])) for record in records]
        return Sheet(self.file, records, text, "the first row names the columns, and no cell may stand beyond them")

    def records(self, name: str, findings: Findings) -> list[list[SheetCell]]:
        """The cells of every row from the first on, each from the first used column to its own last cell."""
        sheet = self._find(name)
        assert sheet is not None
        used = _used(sheet)
        if not used:
            return []
        rows, columns = {row for row, _ in used}, {column for _, column in used}
        area = sheet.iter_rows(max_row=max(rows), min_col=min(columns), max_col=max(columns))
        records = [self._record(sheet, row) for row in area]
        _find_merged(self, sheet, findings)
        _find_hidden(self, sheet, rows, columns, findings)
        return records

    def texts(self, place: Place) -> list[str]:
        """What the cells of that row say, formulas and errors as they are."""
        sheet = self._sheets[sheet_of(place)]
        return [self._cell(sheet.title, cell).text for cell in next(sheet.iter_rows(place.line, place.line))]

    def place(self, name: str, row: int, column: int) -> Place:
        sheet = self._find(name)
        return self._place(sheet.title if sheet is not None else name, row, column)

    def _find(self, name: str) -> Worksheet | None:
        folded = {title.casefold(): sheet for title, sheet in self._sheets.items()}
        return self._sheets.get(name) or folded.get(name.casefold())

    def _record(self, sheet: Worksheet, row: Sequence[Any]) -> list[SheetCell]:
        cells = [self._cell(sheet.title, cell) for cell in row]
        while len(cells) > 1 and not cells[-1].text:
            cells.pop()
        return cells

    def _as_wide(self, title: str, record: list[SheetCell], width: int) -> list[SheetCell]:
        """With its blank cells at the end: no row of a grid stops before another, and each cell has its place."""
        first = record[0].spot.place
        beyond = range(first.column + len(record), first.column + width)
        return record + [SheetCell("", Spot(partial(self._place, title, first.line, at))) for at in beyond]

    def _cell(self, title: str, cell: Any) -> SheetCell:
        spot = Spot(partial(self._place, title, cell.row, cell.column))
        if cell.value is None:
            return SheetCell("", spot)
        if cell.data_type == "f":
            written = getattr(cell.value, "text", None) or cell.value
            shown = written if isinstance(written, str) else "="
            fault = Fault("D061", f"`{shown[:60]}` is a formula of the spreadsheet, a value is expected", _PASTE)
            return SheetCell(shown, spot, "", fault)
        if cell.data_type == "e":
            fault = Fault("D062", f"`{cell.value}` is an error of the spreadsheet, a value is expected", _REWRITE)
            return SheetCell(str(cell.value), spot, "", fault)
        text, held = cell_text(cell.value, cell.number_format)
        return SheetCell(text, spot, held)

    def _place(self, title: str, row: int, column: int) -> Place:
        from openpyxl.utils import get_column_letter  # noqa: PLC0415 (an extra)

        shown = title if _PLAIN_NAME.fullmatch(title) else "'" + title.replace("'", "''") + "'"
        return Place(self.file, row, column, column + 1, f"{shown}!{get_column_letter(column)}{row}")


def sheet_of(place: Place) -> str:
    """The title of the sheet in which a place lies."""
    title = place.cell.rpartition("!")[0]
    return title[1:-1].replace("''", "'") if title.startswith("'") else title


def open_workbook(path: Path) -> Book:
    """Raises `ProblemsError`: D060 for what is no workbook, D072 where openpyxl is not installed."""
    file = str(path)
    content = read_bytes(path, LIMIT_BYTES)
    return Book(load_workbook(content, file), file)


def row_texts(place: Place) -> list[str]:
    """The texts of the row in which a cell stands, from column A on; none where the file is gone."""
    try:
        return _open_again(place.file).texts(place)
    except (ProblemsError, KeyError):
        return []


@cache
def _open_again(file: str) -> Book:
    return open_workbook(Path(file))


_PASTE = "copy the cell and paste its value (Paste special, Values)"
_REWRITE = "write what is meant there"


def _find_merged(book: Book, sheet: Worksheet, findings: Findings) -> None:
    for merged in sheet.merged_cells.ranges:
        message = f"the cells {merged.coord} are merged, and only the first of them has a text"
        place = book.place(sheet.title, merged.min_row, merged.min_col)
        findings.add("D063", message, place, "unmerge them, and write the text into each")


def _used(sheet: Worksheet) -> set[tuple[int, int]]:
    """Row and column of the cells that hold something; cells may be formatted down to the last of a million rows."""
    return {at for at, cell in sheet._cells.items() if cell.value is not None}


def _find_hidden(book: Book, sheet: Worksheet, rows: set[int], columns: set[int], findings: Findings) -> None:
    help_ = "show it, or delete it where it is not meant to count"
    for row in sorted(rows):
        if sheet.row_dimensions[row].hidden:
            message = f"row {row} is hidden, and counts like any other"
            findings.add("D064", message, book.place(sheet.title, row, min(columns)), help_, "warning")
    hidden = [(one.min or 0, one.max or 0) for one in sheet.column_dimensions.values() if one.hidden]
    for column in sorted(at for at in columns if any(first <= at <= last for first, last in hidden)):
        message = "this column is hidden, and its cells count"
        findings.add("D064", message, book.place(sheet.title, min(rows), column), help_, "warning")
