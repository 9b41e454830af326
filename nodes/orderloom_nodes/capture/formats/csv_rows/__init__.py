"""Rows of a CSV in, canonical orders out, by a column map that the shop's own people write."""

from .column_map import ColumnMap
from .orders import read_orders

__all__ = ["ColumnMap", "read_orders"]
