"""The cells of each column, indexed once: a fact in, the rows that it leaves out, as the bits of one whole number."""

from __future__ import annotations

from orderloom.rules.index.bits import bit, every, rows_of
from orderloom.rules.index.column import ColumnIndex, index_column, index_days

__all__ = ["ColumnIndex", "bit", "every", "index_column", "index_days", "rows_of"]
