"""One column of a table in, its index out: which rows a fact leaves, which of those are in doubt, which are asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from orderloom.rules.columns import Input
from orderloom.rules.constants import Constants, Holds, Interval
from orderloom.rules.index.bits import bit, every, mask_of
from orderloom.rules.index.named import Named, index_named
from orderloom.rules.index.ordered import Ordered, index_ordered, most_stretches
from orderloom.rules.reading.cells import Condition

_NAMED = frozenset({"text", "boolean", "time", "date and time"})
_ORDERED = frozenset({"text", "number", "date", "days and time duration", "years and months duration"})


@dataclass(frozen=True, slots=True)
class ColumnIndex:
    """`lookup` serves facts that are there, `null` the missing one.

    `asked` are the rows whose cell has to be asked each time; they are in every mask that they might belong to.
    `tests` are the cells of rows that can be in doubt.
    """

    lookup: Named | Ordered
    null: int
    asked: Mapping[int, Condition] = field(default_factory=dict)
    tests: Mapping[int, Holds] = field(default_factory=dict)
    checks: bool = False  # a fact that has a mask is allowed: of the right type, it needs no other check

    def mask(self, value: Any) -> int | None:
        """The rows that a fact of the column's type may leave; None where no such fact may be."""
        return self.null if value is None else self.lookup.mask(value)


def index_column(column: Input, cells: Sequence[Condition | None]) -> ColumnIndex:
    """`cells` are what the rows ask of the column, None for those that ask nothing."""
    count = len(cells)
    by_cell = _by_cell(cells)
    known = {one: rows for one, rows in by_cell.items() if _is_indexed(one, column)}
    asked = {row: one for row, one in enumerate(cells) if one is not None and one not in known}
    free = every(count) ^ sum(known.values())  # also those that are asked: they may apply
    null = free ^ sum(bit(row, count) for row, one in asked.items() if not one.takes_null)
    null |= sum(rows for one, rows in known.items() if one.takes_null)
    constants = [(one.constants, rows) for one, rows in known.items() if one.constants is not None]
    lookup, checks = _lookup(column, constants, free, count)
    return ColumnIndex(lookup, null, asked, {} if lookup.certain else _tests(cells), checks and not column.whole)


def index_days(validity: Sequence[tuple[date | None, date | None]]) -> Ordered:
    """The rows by the day on which they are valid; both ends are included."""
    count = len(validity)
    spans: dict[tuple[date | None, date | None], int] = {}
    for row, span in enumerate(validity):
        spans[span] = spans.get(span, 0) | bit(row, count)
    free = spans.pop((None, None), 0)
    cells = [(Constants((), (Interval(*span),)), rows) for span, rows in spans.items()]
    return index_ordered(cells, free, None, most_stretches(count))


def _by_cell(cells: Sequence[Condition | None]) -> dict[Condition, int]:
    """Cells that read the same are one condition, as a rule."""
    rows: dict[Condition, list[int]] = {}
    for row, one in enumerate(cells):
        if one is not None:
            rows.setdefault(one, []).append(row)
    count = len(cells)
    return {one: mask_of(at, count) for one, at in rows.items()}


def _is_indexed(one: Condition, column: Input) -> bool:
    if one.constants is None or column.kind.name not in _NAMED | _ORDERED:
        return False
    return one.constants.finite or column.kind.name in _ORDERED


def _lookup(
    column: Input, cells: Sequence[tuple[Constants, int]], free: int, count: int
) -> tuple[Named | Ordered, bool]:
    """Whether the lookup also checks values and range is the second."""
    kind = column.kind.name
    if kind in _NAMED and all(constants.finite for constants, _ in cells):
        return index_named(cells, free, column.values), column.bounds is None
    if kind in _ORDERED:
        return index_ordered(cells, free, column.bounds, most_stretches(count)), not column.values
    return Named({}, free), False


def _tests(cells: Iterable[Condition | None]) -> dict[int, Holds]:
    made: dict[Condition, Holds] = {}
    for one in cells:
        if one is not None and one.constants is not None and one not in made:
            made[one] = one.constants.test()
    return {row: made[one] for row, one in enumerate(cells) if one is not None and one in made}
