"""A table in, its geometry out: an axis for each column, and each row as one set of elements on each axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from orderloom.rules.columns import Input
from orderloom.rules.constants import Constants, Interval
from orderloom.rules.prove.axes import Axis, line_axis, list_axis, word_axis
from orderloom.rules.prove.cells import CLOCKS, Asked, asked
from orderloom.rules.prove.lines import ORDERS, ZONED_TIMES, Order
from orderloom.rules.prove.runs import Runs, meet, union
from orderloom.rules.reading.cells import Condition
from orderloom.rules.reading.literals import PYTHON_TYPES
from orderloom.rules.reading.rows import Row
from orderloom.rules.table import DecisionTable

MEMBERS = 8  # values whose presence in a list is told apart: an axis has an element for each combination
VALID = "valid on"  # the axis of the days on which rows are valid
Box = tuple[Runs, ...]  # a set of elements on each axis


@dataclass(frozen=True)
class Cell:
    """A cell that cannot be analysed: it computes, or reads another column."""

    row: str
    column: str
    text: str


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
    columns = [_Column(column, index, table.rows) for index, column in enumerate(table.inputs)]
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


def _box(row: Row, columns: Sequence[_Column], days: Sequence[Axis]) -> Box:
    sets = [column.axis.full for column in columns]
    for condition in row.conditions:
        sets[condition.column] = columns[condition.column].set_of(condition)
    return (*sets, *(axis.set_of(Asked("constants", _validity(row))) for axis in days))


def _validity(row: Row) -> Constants:
    return Constants(intervals=(Interval(row.valid_from, row.valid_until),))


def _days(rows: Sequence[Row], today: date | None) -> Axis:
    spans = [Interval(row.valid_from, row.valid_until) for row in rows if row.valid_from or row.valid_until]
    return line_axis(VALID, ORDERS["date"], spans, Interval(today, None) if today else None, nullable=False)


class _Column:
    """One column while its axis is made, and then the sets of its cells."""

    def __init__(self, column: Input, index: int, rows: Sequence[Row]) -> None:
        self.column = column
        self.assumed: list[str] = []
        self._sets: dict[int, Runs] = {}
        cells = [(row, one) for row in rows for one in row.conditions if one.column == index]
        self._conditions = {id(one): one for _, one in cells}
        self._asked = {key: asked(one, column) for key, one in self._conditions.items()}
        self.axis = self._axis()
        self.unread = [Cell(row.id, column.name, one.text) for row, one in cells if self._asked[id(one)] is None]

    def set_of(self, condition: Condition) -> Runs:
        """The elements that a cell takes; all that it may take, where it cannot be analysed."""
        key = id(condition)
        if key not in self._sets:
            self._sets[key] = self._set(condition, self._asked[key])
        return self._sets[key]

    def _set(self, condition: Condition, cell: Asked | None) -> Runs:
        missing = self.axis.missing if condition.takes_null else ()
        if cell is None:
            return self.axis.full if missing or not self.axis.nullable else self.axis.there
        there = self.axis.set_of(cell)
        return union(there, missing) if missing and condition.holds(None, {}) is True else there

    def _axis(self) -> Axis:
        column, nullable = self.column, nullable_of(self.column)
        kind = self._kind()
        if kind == "boolean":
            return word_axis(column.name, (False, True), closed=True, nullable=nullable)
        if column.values and column.kind.item is None:
            words = [value for value in column.values if column.fits is None or column.fits(value)]
            return word_axis(column.name, words, closed=True, nullable=nullable)
        if kind in ORDERS and (kind != "text" or self._has_ranges()):
            try:
                return self._line(kind, nullable)
            except TypeError:
                self._give_up()
        if column.kind.item is not None:
            return list_axis(column.name, self._items(), nullable)
        return word_axis(column.name, self._words(kind), closed=False, nullable=nullable)

    def _line(self, kind: str, nullable: bool) -> Axis:
        intervals = [one for leaf in self._leaves() for one in leaf.intervals]
        intervals += [Interval(value, value) for leaf in self._leaves() for value in leaf.values if value is not None]
        order = self._order(kind, intervals)
        if self.column.bounds is None and self._conditions:
            self.assumed.append(f"{self.column.name}: no `range` is given, so any {_KINDS_IN_WORDS[kind]} is assumed")
        return line_axis(self.column.name, order, intervals, self.column.bounds, nullable)

    def _order(self, kind: str, intervals: Sequence[Interval]) -> Order:
        ends = [end for one in intervals for end in (one.low, one.high) if end is not None]
        if kind in CLOCKS and any(end.tzinfo is not None for end in ends):
            self.assumed.append(f"{self.column.name}: with an offset, as in the cells")
            return ZONED_TIMES if kind == "time" else ORDERS[kind]
        return ORDERS[kind]

    def _words(self, kind: str) -> list[Any]:
        if kind not in ("text", "number"):
            self._give_up()
        return sorted({value for leaf in self._leaves() for value in leaf.values if value is not None}, key=str)

    def _items(self) -> list[Any]:
        """The values that cells ask lists to contain; where they are many, no cell can be analysed."""
        items = sorted({value for leaf in self._leaves() for value in leaf.values}, key=str)
        if len(items) > MEMBERS:
            self._give_up()
            return []
        return items

    def _kind(self) -> str:
        """The type of the facts; of a column of any type, that of all its constants."""
        name = self.column.kind.name
        if name != "any":
            return name
        values = [value for leaf in self._leaves() for value in (*leaf.values, *_ends(leaf.intervals))]
        types = {type(value) for value in values if value is not None}
        found = next((kind for kind, known in PYTHON_TYPES.items() if types and types <= set(known)), "any")
        if found != "any":
            self.assumed.append(f"{self.column.name}: may be of any type, and facts like its cells are assumed")
        return found

    def _has_ranges(self) -> bool:
        return any(leaf.intervals for leaf in self._leaves()) or self.column.bounds is not None

    def _leaves(self) -> list[Any]:
        return [leaf for cell in self._asked.values() if cell is not None for leaf in cell.leaves()]

    def _give_up(self) -> None:
        """No cell of this column can be analysed."""
        self._asked = dict.fromkeys(self._asked)


_KINDS_IN_WORDS = {
    "number": "number",
    "text": "text",
    "boolean": "true and false",
    "date": "date",
    "time": "time",
    "date and time": "date and time",
    "days and time duration": "duration",
    "years and months duration": "duration",
}


def nullable_of(column: Input) -> bool:
    """Whether rows are asked about a missing fact: it is no error, no default answers, and nothing stands for it."""
    return column.missing.rule == "no_match" or (column.missing.rule == "value" and column.missing.value is None)


def _ends(intervals: Sequence[Interval]) -> list[Any]:
    return [end for one in intervals for end in (one.low, one.high)]


def _only_axis(row: Box, box: Box) -> int | None:
    """The one axis on which two boxes keep apart; None where there is none or more than one."""
    found = None
    for axis, (mine, theirs) in enumerate(zip(row, box, strict=True)):
        if not meet(mine, theirs):
            if found is not None:
                return None
            found = axis
    return found

