"""Facts in, the rows that apply out: hash lookups narrow the rows, then the other cells are asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from orderloom.rules.constants import Holds
from orderloom.rules.reading.cells import Condition
from orderloom.rules.reading.rows import Row

SMALL = 12  # rows up to which looking at each is as quick as looking up


@dataclass(frozen=True, slots=True)
class _Lookup:
    """Bits of the rows that a value of one column leaves; row 0 is bit 0."""

    column: int
    by_value: Mapping[Any, int]
    others: int

    def rows(self, value: Any) -> int:
        return self.by_value.get(value, self.others)


class Engine:
    """A table's rows, compiled once."""

    def __init__(self, rows: Sequence[Row], kinds: Sequence[str]) -> None:
        self._rows = rows
        self._lookups = _lookups(rows, kinds) if len(rows) > SMALL else []
        looked_up = {lookup.column for lookup in self._lookups}
        self._quick = [_quick(row, looked_up) for row in rows]
        self._slow = [[one for one in row.conditions if one.quick() is None] for row in rows]

        self.dated = any(row.valid_from or row.valid_until for row in rows)
        self.timeless = not self.dated and not any(self._slow)  # no cell reads anything but its own fact

    def applying(
        self, facts: Sequence[Any], scope: Mapping[str, Any], day: date | None, first_only: bool, gaps: bool
    ) -> list[int]:
        """The rows that apply, in their order; only the first where no other matters. `gaps`: some fact is missing."""
        if gaps:
            found = self._with_gaps(facts, scope)
        elif self.timeless:
            return self._timelessly(facts, first_only)
        else:
            found = self._by_all(facts, scope)
        applying = []
        for index in found:
            if not self.dated or valid_on(self._rows[index], day):
                applying.append(index)
                if first_only:
                    break
        return applying

    def _timelessly(self, facts: Sequence[Any], first_only: bool) -> list[int]:
        """The quick way: nothing but functions of single facts."""
        quick, found = self._quick, []
        for index in self._candidates(facts):
            for column, holds in quick[index]:
                if not holds(facts[column]):
                    break
            else:
                found.append(index)
                if first_only:
                    break
        return found

    def _with_gaps(self, facts: Sequence[Any], scope: Mapping[str, Any]) -> Iterable[int]:
        """Some fact is missing: each cell is asked with care for that."""
        for index, row in enumerate(self._rows):
            if all(one.holds(facts[one.column], scope) is True for one in row.conditions):
                yield index

    def _by_all(self, facts: Sequence[Any], scope: Mapping[str, Any]) -> Iterable[int]:
        for index in self._candidates(facts):
            if all(holds(facts[column]) for column, holds in self._quick[index]) and all(
                one.holds(facts[one.column], scope) is True for one in self._slow[index]
            ):
                yield index

    def _candidates(self, facts: Sequence[Any]) -> Iterable[int]:
        if not self._lookups:
            return range(len(self._rows))
        left = -1
        for lookup in self._lookups:
            left &= lookup.rows(facts[lookup.column])
        return _bits(left)


def valid_on(row: Row, day: date | None) -> bool:
    """Whether the row is valid on that day; both ends are included."""
    if day is None:
        return True
    return (row.valid_from is None or row.valid_from <= day) and (row.valid_until is None or day <= row.valid_until)


def _quick(row: Row, looked_up: set[int]) -> tuple[tuple[int, Holds], ...]:
    tests = ((one.column, one.quick()) for one in row.conditions if one.column not in looked_up)
    return tuple((column, test) for column, test in tests if test is not None)


def _lookups(rows: Sequence[Row], kinds: Sequence[str]) -> list[_Lookup]:
    """One for each column whose cells all name single values."""
    found = []
    for column, kind in enumerate(kinds):
        cells = [(index, one) for index, row in enumerate(rows) for one in row.conditions if one.column == column]
        if cells and kind in {"text", "number", "boolean", "date"} and all(_names_values(one) for _, one in cells):
            found.append(_lookup(column, cells, len(rows)))
    return found


def _names_values(condition: Condition) -> bool:
    return condition.constants is not None and condition.constants.finite


def _lookup(column: int, cells: Sequence[tuple[int, Condition]], count: int) -> _Lookup:
    everything = (1 << count) - 1
    asked = sum(1 << index for index, _ in cells)
    negated = sum(1 << index for index, one in cells if one.constants is not None and one.constants.negated)
    others = everything & ~asked | negated
    by_value: dict[Any, int] = {}
    for index, one in cells:
        assert one.constants is not None
        for value in set(one.constants.values):
            by_value[value] = by_value.get(value, others) ^ (1 << index)
    return _Lookup(column, by_value, others)


def _bits(left: int) -> Iterable[int]:
    while left:
        lowest = left & -left
        yield lowest.bit_length() - 1
        left ^= lowest
