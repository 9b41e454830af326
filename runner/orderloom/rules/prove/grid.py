"""A table in, its geometry out: an axis for each column, and each row as one set of elements on each axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from orderloom.rules.constants import Constants, Interval
from orderloom.rules.prove.axes import Axis, line_axis
from orderloom.rules.prove.cells import Asked
from orderloom.rules.prove.column_axis import Cell, ColumnAxis
from orderloom.rules.prove.lines import ORDERS
from orderloom.rules.prove.runs import Runs, meet
from orderloom.rules.reading.rows import Row
from orderloom.rules.table import DecisionTable

VALID = "valid on"  # the axis of the days on which rows are valid
Box = tuple[Runs, ...]  # a set of elements on each axis


@dataclass(frozen=True)
class Grid:
    """`boxes` has a box for each row, by its position in the table. The box of a row with a cell that cannot be
    analysed is the largest it may be; `exact` has a bit for each row whose box is what it says."""

    table: DecisionTable
    axes: tuple[Axis, ...]
    boxes: tuple[Box, ...]
    exact: int
    unread: tuple[Cell, ...]
    assumptions: tuple[str, ...]
    _walls: dict[Box, tuple[tuple[int, int], ...]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def whole(self) -> Box:
        return tuple(axis.full for axis in self.axes)

    def walls(self, box: Box) -> tuple[tuple[int, int], ...]:
        """The rows that keep away from a box on one axis alone, each with that axis."""
        if box not in self._walls:
            away = (((row, _only_axis(theirs, box)) for row, theirs in enumerate(self.boxes)))
            self._walls[box] = tuple((row, axis) for row, axis in away if axis is not None)
        return self._walls[box]

    @property
    def alive(self) -> list[int]:
        """The rows that some fact can meet."""
        return [index for index, box in enumerate(self.boxes) if all(box)]

    def is_exact(self, row: int) -> bool:
        return bool(self.exact >> row & 1)

    def facts(self, point: Sequence[int]) -> tuple[dict[str, Any], date | None]:
        """A fact for each column at the elements of a point, and the day."""
        values = {axis.name: axis.witness(at) for axis, at in zip(self.axes, point, strict=True)}
        return values, values.pop(VALID, None) if self.dated else None

    def point(self, facts: Mapping[str, Any], day: date | None) -> tuple[int, ...] | None:
        """The elements of an order's facts; None where one of them is outside what the columns allow."""
        values = [day if self.dated and axis.name == VALID else facts[axis.name] for axis in self.axes]
        found = [axis.position(value) for axis, value in zip(self.axes, values, strict=True)]
        return None if None in found else tuple(at for at in found if at is not None)

    @property
    def dated(self) -> bool:
        return len(self.axes) > len(self.table.inputs)


def grid_of(table: DecisionTable, today: date | None = None) -> Grid:
    """The geometry of a table; of the days before `today` nothing is looked at."""
    columns = [ColumnAxis(column, index, table.rows) for index, column in enumerate(table.inputs)]
    dated = any(row.valid_from or row.valid_until for row in table.rows)
    days = [_days(table.rows, today)] if dated else []
    axes = tuple(column.axis for column in columns) + tuple(days)
    unread = tuple(cell for column in columns for cell in column.unread)
    wrong = {cell.row for cell in unread}
    return Grid(
        table,
        axes,
        tuple(_box(row, columns, days) for row in table.rows),
        sum(1 << index for index, row in enumerate(table.rows) if row.id not in wrong),
        unread,
        tuple(sentence for column in columns for sentence in column.assumed),
    )


def _box(row: Row, columns: Sequence[ColumnAxis], days: Sequence[Axis]) -> Box:
    sets = [column.axis.full for column in columns]
    for condition in row.conditions:
        sets[condition.column] = columns[condition.column].set_of(condition)
    return (*sets, *(axis.set_of(Asked("constants", _validity(row))) for axis in days))


def _validity(row: Row) -> Constants:
    return Constants(intervals=(Interval(row.valid_from, row.valid_until),))


def _days(rows: Sequence[Row], today: date | None) -> Axis:
    spans = [Interval(row.valid_from, row.valid_until) for row in rows if row.valid_from or row.valid_until]
    return line_axis(VALID, ORDERS["date"], spans, Interval(today, None) if today else None, nullable=False)


def _only_axis(row: Box, box: Box) -> int | None:
    """The one axis on which two boxes keep apart; None where there is none or more than one."""
    found = None
    for axis, (mine, theirs) in enumerate(zip(row, box, strict=True)):
        if not meet(mine, theirs):
            if found is not None:
                return None
            found = axis
    return found

