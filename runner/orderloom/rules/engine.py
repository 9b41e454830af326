"""Checked facts in, the rows that apply out: the columns' indexes narrow them, cells that no index holds are asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Protocol, TypeVar

from orderloom.rules.columns import Input
from orderloom.rules.index import ColumnIndex, bit, every, index_column, index_days, rows_of
from orderloom.rules.reading.cells import Condition
from orderloom.rules.reading.rows import Row

Facts = Sequence[Any]  # in the order of the columns; None where one is missing
T = TypeVar("T")


class Engine:
    """A table's rows, indexed once."""

    def __init__(self, rows: Sequence[Row], inputs: Sequence[Input]) -> None:
        self._rows, self.count = rows, len(rows)
        cells = _by_column(rows, len(inputs))
        self.columns = [index_column(column, cells[at]) for at, column in enumerate(inputs)]
        self._tests = _by_row([column.tests for column in self.columns])
        self._asked = _by_row([column.asked for column in self.columns])
        self.dated = any(row.valid_from or row.valid_until for row in rows)
        self._days = index_days([(row.valid_from, row.valid_until) for row in rows]) if self.dated else None
        self.timeless = not self.dated and not self._asked  # no cell reads anything but its own fact
        self.exact = self.timeless and not self._tests  # the indexes alone say which rows apply

    def mask(self, facts: Facts) -> int:
        """The rows that may apply to these facts."""
        mask = every(self.count)
        for column, fact in zip(self.columns, facts, strict=True):
            mask &= column.mask(fact) or 0
        return mask

    def applying(self, mask: int, facts: Facts, scope: Mapping[str, Any], day: date | None) -> Iterator[int]:
        """Of the rows of a mask those that apply, in their order. `scope` are the names that cells may read."""
        if self._days is not None and day is not None:
            mask &= self._days.mask(day) or 0
        for row in rows_of(mask, self.count):
            if valid_on(self._rows[row], day) and self._holds(row, facts, scope):
                yield row

    def by_column(self, facts: Facts, scope: Mapping[str, Any]) -> list[int]:
        """For each column the rows whose cell holds of its fact."""
        return [self._holding(column, fact, scope) for column, fact in zip(self.columns, facts, strict=True)]

    def valid(self, day: date | None) -> int:
        """The rows that are valid on the day."""
        mask = every(self.count)
        if self._days is None or day is None:
            return mask
        for row in rows_of(self._days.doubt(day), self.count):
            mask ^= 0 if valid_on(self._rows[row], day) else bit(row, self.count)
        return mask & (self._days.mask(day) or 0)

    def _holds(self, row: int, facts: Facts, scope: Mapping[str, Any]) -> bool:
        for at, holds in self._tests.get(row, ()):
            if facts[at] is not None and not holds(facts[at]):
                return False
        return all(one.holds(facts[at], scope) is True for at, one in self._asked.get(row, ()))

    def _holding(self, column: ColumnIndex, fact: Any, scope: Mapping[str, Any]) -> int:
        mask = column.mask(fact) or 0
        if fact is not None and column.tests:
            for row in rows_of(column.lookup.doubt(fact) & mask, self.count):
                mask ^= 0 if column.tests[row](fact) else bit(row, self.count)
        for row, one in column.asked.items():
            if mask & bit(row, self.count) and one.holds(fact, scope) is not True:
                mask ^= bit(row, self.count)
        return mask


class Dated(Protocol):
    """What may be valid on some days only."""

    @property
    def valid_from(self) -> date | None: ...
    @property
    def valid_until(self) -> date | None: ...


def valid_on(row: Dated, day: date | None) -> bool:
    """Whether the row is valid on that day; both ends are included."""
    if day is None:
        return True
    return (row.valid_from is None or row.valid_from <= day) and (row.valid_until is None or day <= row.valid_until)


def _by_column(rows: Sequence[Row], columns: int) -> list[list[Condition | None]]:
    cells: list[list[Condition | None]] = [[None] * len(rows) for _ in range(columns)]
    for at, row in enumerate(rows):
        for one in row.conditions:
            cells[one.column][at] = one
    return cells


def _by_row(columns: Sequence[Mapping[int, T]]) -> dict[int, list[tuple[int, T]]]:
    """What columns say of rows, gathered by row."""
    rows: dict[int, list[tuple[int, T]]] = {}
    for at, column in enumerate(columns):
        for row, what in column.items():
            rows.setdefault(row, []).append((at, what))
    return rows
