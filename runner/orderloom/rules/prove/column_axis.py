"""A column and the cells of all rows in it in, its axis out, with the set of elements that each cell takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from orderloom.rules.columns import Input
from orderloom.rules.constants import Interval
from orderloom.rules.prove.axes import Axis, line_axis, word_axis
from orderloom.rules.prove.cells import CLOCKS, Asked, asked
from orderloom.rules.prove.lines import ORDERS, WHOLE_NUMBERS, ZONED_TIMES, Order
from orderloom.rules.prove.list_axis import TooManyError, list_axis
from orderloom.rules.prove.runs import Runs, union
from orderloom.rules.reading.cells import Condition
from orderloom.rules.reading.literals import PYTHON_TYPES
from orderloom.rules.reading.rows import Row


@dataclass(frozen=True)
class Cell:
    """A cell that cannot be analysed: it computes, or reads another column."""

    row: str
    column: str
    text: str


class ColumnAxis:
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
            return self._lists(nullable)
        return word_axis(column.name, self._words(kind), closed=False, nullable=nullable)

    def _line(self, kind: str, nullable: bool) -> Axis:
        intervals = [one for leaf in self._leaves() for one in leaf.intervals]
        intervals += [Interval(value, value) for leaf in self._leaves() for value in leaf.values if value is not None]
        order = self._order(kind, intervals)
        if self.column.bounds is None and self._conditions:
            word = f"{'whole ' * self.column.whole}{_KINDS_IN_WORDS[kind]}"
            self.assumed.append(f"{self.column.name}: no `range` is given, so any {word} is assumed")
        return line_axis(self.column.name, order, intervals, self.column.bounds, nullable)

    def _order(self, kind: str, intervals: Sequence[Interval]) -> Order:
        ends = [end for one in intervals for end in (one.low, one.high) if end is not None]
        if kind in CLOCKS and any(end.tzinfo is not None for end in ends):
            self.assumed.append(f"{self.column.name}: with an offset, as in the cells")
            return ZONED_TIMES if kind == "time" else ORDERS[kind]
        return WHOLE_NUMBERS if self.column.whole else ORDERS[kind]

    def _words(self, kind: str) -> list[Any]:
        if kind not in ("text", "number"):
            self._give_up()
        return sorted({value for leaf in self._leaves() for value in leaf.values if value is not None}, key=str)

    def _lists(self, nullable: bool) -> Axis:
        """Where cells tell too much apart, none can be analysed."""
        ends = [end for cell in self._asked.values() if cell is not None for end in cell.ends()]
        try:
            return list_axis(self.column, ends, nullable)
        except TooManyError:
            self._give_up()
            return list_axis(self.column, (), nullable)

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
