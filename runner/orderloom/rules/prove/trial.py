"""A box of facts in, facts out that the engine itself decided as the finding says: no example is only believed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from random import Random
from typing import Any

from orderloom.declare import NodeError
from orderloom.feel import NOW
from orderloom.rules.engine import valid_on
from orderloom.rules.prove.grid import Box, Grid
from orderloom.rules.prove.runs import positions
from orderloom.rules.table import DecisionTable

TRIES = 40  # facts tried where a cell of the rows has to be computed
_SOME_DAY = date(2026, 1, 1)


@dataclass(frozen=True)
class Facts:
    """A value for each column, and the day on which the table is asked."""

    values: Mapping[str, Any]
    day: date | None = None


@dataclass(frozen=True)
class Told:
    """What the engine made of facts: the rows that answered, or the class of its error."""

    rows: tuple[str, ...] = ()
    error: str | None = None


Expected = Callable[[DecisionTable, Facts, Told], bool]


def ask(table: DecisionTable, facts: Facts) -> Told:
    """One decision of the engine."""
    try:
        decision = table.at(_moment(facts)).decide_columns(facts.values)
    except NodeError as error:
        return Told(error=error.error_class)
    return Told(decision.rows)


def example(grid: Grid, box: Box, expected: Expected, certain: bool) -> Facts | None:
    """Facts in the box that are decided as expected; a box that needs no trial is asked about once."""
    for point in _points(box, 1 if certain else TRIES):
        facts = Facts(*grid.facts(point))
        if expected(grid.table, facts, ask(grid.table, facts)):
            return facts
    return None


def applies(table: DecisionTable, facts: Facts, row_id: str) -> bool:
    """Whether the row of that id applies to facts, whatever the hit policy makes of it."""
    row = next(one for one in table.rows if one.id == row_id)
    names = [column.name for column in table.inputs]
    scope = {**facts.values, NOW: _moment(facts)}
    return valid_on(row, facts.day) and all(
        one.holds(facts.values.get(names[one.column]), scope) is True for one in row.conditions
    )


def no_row(_table: DecisionTable, _facts: Facts, told: Told) -> bool:
    return told.error == "no_match" or (told.error is None and not told.rows)


def both(one: str, other: str) -> Expected:
    """Both rows apply."""
    return lambda table, facts, _told: applies(table, facts, one) and applies(table, facts, other)


def conflict(one: str, other: str) -> Expected:
    """Both rows apply, and the engine refuses to choose."""
    return lambda table, facts, told: told.error == "conflict" and both(one, other)(table, facts, told)


def beaten(row: str) -> Expected:
    """The row applies, and another answers."""
    return lambda table, facts, told: row not in told.rows and applies(table, facts, row)


def _points(box: Box, tries: int) -> Iterator[Sequence[int]]:
    yield [side[0][0] for side in box]
    random = Random(7)  # noqa: S311 (the same facts in every run)
    choices = [list(positions(side)) for side in box] if tries > 1 else []
    for _ in range(tries - 1):
        yield [random.choice(places) for places in choices]


def _moment(facts: Facts) -> datetime:
    return datetime.combine(facts.day or _SOME_DAY, time(12), UTC)
