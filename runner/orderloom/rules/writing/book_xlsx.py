"""A table in, a workbook out: head, rows and cases each in a sheet, no cell of it a formula.

Numbers and true or false are written as such where they read back the same; everything else is text in cells
formatted as text, so that what is typed over it stays what was typed.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from orderloom.problems import Place, refuse
from orderloom.rules.columns import RESERVED
from orderloom.rules.reading.cell_values import cell_text, escaped
from orderloom.rules.reading.held import MOST_DIGITS
from orderloom.rules.reading.setting_texts import setting_text, typed_text
from orderloom.rules.reading.table_sheets import BLOCKS, PARTS
from orderloom.rules.reading.workbook import CASES, ROWS, TABLE
from orderloom.rules.writing.written import CASE_KEYS, SPEC_KEYS, WrittenTable

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_MADE = datetime(2026, 1, 1)
_FIGURE = re.compile(r"-?\d+(?:\.\d+)?")
_WIDEST = 60
_FIRST_DAY = date(1900, 3, 1)  # spreadsheets take 1900 for a leap year


def book_xlsx(table: WrittenTable, file: str, whole: bool = True) -> bytes:
    """The whole table, or the sheet of its rows alone. Raises `ProblemsError` where openpyxl is missing."""
    try:
        import openpyxl  # noqa: PLC0415 (an extra)
    except ImportError:
        help_ = "install it: pip install 'orderloom[files]'"
        raise refuse("D072", "writing .xlsx needs openpyxl, which is not installed", Place(file), help_) from None
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    _write_rows(book.create_sheet(ROWS), table)
    if whole:
        _write_head(book.create_sheet(TABLE), table)
        _write_cases(book, table)
    return _saved(book)


def _saved(book: Workbook) -> bytes:
    book.properties.creator = "orderloom"
    book.properties.created = book.properties.modified = _MADE
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _write_rows(sheet: Worksheet, table: WrittenTable) -> None:
    columns = table.columns
    _write_names(sheet, 1, columns)
    for number, row in enumerate(table.rows, 2):
        for at, name in enumerate(columns, 1):
            _write(sheet, number, at, _native(row.get(name, ""), table.kinds.get(name, ""), name))
    sheet.freeze_panes = "B2" if columns[0] == "id" else "A2"
    sheet.auto_filter.ref = sheet.dimensions
    _offer_words(sheet, table, columns)
    _widen(sheet)


def _native(text: str, kind: str, name: str) -> Any:
    """A number, true or false, or a day of validity, where it reads back as the same text."""
    if kind == "boolean" and text in {"true", "false"}:
        return text == "true"
    if kind == "number":
        return _number(text)
    if name in RESERVED and name.startswith("valid_"):
        return _day(text)
    return text


def _number(text: str) -> Any:
    if not _FIGURE.fullmatch(text):
        return text
    value = float(text) if "." in text else int(text)
    return value if cell_text(value, "General")[0] == text and len(text) <= MOST_DIGITS else text


def _day(text: str) -> Any:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return day if day >= _FIRST_DAY and day.isoformat() == text else text


def _write_head(sheet: Worksheet, table: WrittenTable) -> None:
    line = 1
    for key, value in table.settings().items():
        _write_line(sheet, line, [key, setting_text(key, value)])
        line += 1
    for word, part in BLOCKS.items():
        line = _write_block(sheet, line + 1, word, table.head[part])
    _widen(sheet)


def _write_block(sheet: Worksheet, line: int, word: str, columns: Mapping[str, Mapping[str, Any]]) -> int:
    used = {key for spec in columns.values() for key in spec}
    keys = [*(key for key in SPEC_KEYS if key in used), *sorted(used.difference(SPEC_KEYS))]
    _write_names(sheet, line, [word, *keys])
    for name, spec in columns.items():
        line += 1
        _write_line(sheet, line, [name, *(setting_text(key, spec[key]) if key in spec else "" for key in keys)])
    return line + 1


def _write_cases(book: Workbook, table: WrittenTable) -> None:
    cases = table.head.get("cases")
    if not cases:
        return
    sheet = book.create_sheet(CASES)
    lines = [_case_cells(case) for case in cases]
    names = list(dict.fromkeys(name for line in lines for name in line))
    names.sort(key=lambda name: CASE_KEYS.index(name.partition(" ")[0]))
    _write_names(sheet, 1, names)
    for number, line in enumerate(lines, 2):
        _write_line(sheet, number, [line.get(name, "") for name in names])
    sheet.freeze_panes = "A2"
    _widen(sheet)


def _case_cells(case: Mapping[str, Any]) -> dict[str, str]:
    """`given total`, …: a fact and an output each in a cell; what is no mapping of names, in one."""
    cells: dict[str, str] = {}
    for key, value in case.items():
        if key in PARTS and isinstance(value, Mapping) and value:
            cells |= {f"{key} {name}": typed_text(one) for name, one in value.items()}
        else:
            cells[key] = typed_text(value)
    return cells


def _write_names(sheet: Worksheet, line: int, names: Sequence[str]) -> None:
    from openpyxl.styles import Font, PatternFill  # noqa: PLC0415 (an extra)

    _write_line(sheet, line, names)
    for cell in sheet[line][: len(names)]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E7ECF3")


def _write_line(sheet: Worksheet, line: int, texts: Sequence[str]) -> None:
    for at, text in enumerate(texts, 1):
        _write(sheet, line, at, text)


def _write(sheet: Worksheet, line: int, at: int, value: Any) -> None:
    cell: Any = sheet.cell(line, at)  # never one that was merged away
    if isinstance(value, str):
        cell.number_format = "@"
        if not value:
            return
        cell.value = escaped(value)
        cell.data_type = "s"  # openpyxl takes `=…` for a formula
        cell.quotePrefix = value.startswith(("=", "+", "-", "@", "'"))  # so does a spreadsheet, once it is edited
    else:
        cell.value = value


def _offer_words(sheet: Worksheet, table: WrittenTable, columns: Sequence[str]) -> None:
    """A drop-down of the words that may come out; other entries are left to `check`, which says more."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 (an extra)
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    for at, name in enumerate(columns, 1):
        words = table.head["outputs"].get(name, {}).get("values") or ()
        listed = ",".join(str(word) for word in words)
        plain_words = all(isinstance(word, str) and "," not in word and '"' not in word for word in words)
        if words and plain_words and len(listed) <= 253:
            letter = get_column_letter(at)
            offered = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=False)
            offered.add(f"{letter}2:{letter}{len(table.rows) + 200}")
            sheet.add_data_validation(offered)


def _widen(sheet: Worksheet) -> None:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 (an extra)

    for at, column in enumerate(sheet.iter_cols(), 1):
        longest = max((len(str(cell.value)) for cell in column if cell.value is not None), default=0)
        sheet.column_dimensions[get_column_letter(at)].width = min(max(longest + 2, 8), _WIDEST)
