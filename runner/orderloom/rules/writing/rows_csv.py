"""A table in, its rows as CSV out (RFC 4180): no spreadsheet computes a cell, whatever separator it expects."""

from __future__ import annotations

import re
from collections.abc import Iterable

from orderloom.rules.reading.csv_text import protected
from orderloom.rules.writing.written import WrittenTable

_NEEDS_QUOTES = re.compile(r"""[,;\t|"'\r\n]|^\s|\s$|^sep=""", re.IGNORECASE)


def rows_csv(table: WrittenTable) -> str:
    """The header and a line a row."""
    columns = table.columns
    lines = [columns, *([row.get(name, "") for name in columns] for row in table.rows)]
    return "".join(f"{_line(cells)}\n" for cells in lines)


def _line(cells: Iterable[str]) -> str:
    return ",".join(_field(protected(cell)) for cell in cells)


def _field(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _NEEDS_QUOTES.search(cell) else cell
