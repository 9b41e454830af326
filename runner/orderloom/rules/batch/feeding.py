"""A table that others feed and columns of facts in; all are asked for many orders, those that feed first; a Batch out.

The facts of a feeding table are columns too: `score`, or `risk.score` where tables have different facts of that name.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from orderloom.declare import NodeError
from orderloom.feel import NOW, FeelError
from orderloom.problems import refuse
from orderloom.rules.batch.batch import Batch
from orderloom.rules.batch.combining import distinct
from orderloom.rules.batch.facts import Array, Coded, Column
from orderloom.rules.columns import Input
from orderloom.rules.needs import in_feeding_order, reads_need

if TYPE_CHECKING:
    from orderloom.rules.table import DecisionTable


@dataclass(frozen=True)
class Wanted:
    """A column of a table, and the names by which the facts may have it: the first that is there counts."""

    table: str
    column: Input
    names: tuple[str, ...]
    fed: bool  # another table answers it where it is not given

    def given(self, names: Container[str]) -> str | None:
        return next((name for name in self.names if name in names), None)


class Feeding:
    """A table and those that feed it, near and far."""

    def __init__(self, table: DecisionTable) -> None:
        self._table, self._every = table, (*in_feeding_order(table), table)
        self._paths = _paths(table)

    def wanted(self, given: Container[str]) -> list[Wanted]:
        """The columns that are read where the facts have these names: a fed one counts where it is given itself."""
        every = [one for table in self._asked(given) for one in self._columns(table)]
        return [one for one in every if one.given(given) or not one.fed]

    def decide(self, columns: Mapping[str, Column], now: datetime | None) -> Batch:
        """As `DecisionTable.decide_batch`. Raises `ProblemsError` where a column reads other documents as well."""
        count = len(next(iter(columns.values()))) if columns else 0
        made: dict[int, Batch] = {}
        refused: dict[int, NodeError] = {}
        *feeders, last = self._asked(columns)
        for one in feeders:
            batch = made[id(one)] = self._decided(one, columns, made, now, count)
            for order, error in batch.refused.items():
                message = f"table {last.name} needs {one.name}: {error.message}"
                refused.setdefault(order, NodeError(error.error_class, message))
        return _refusing(self._decided(last, columns, made, now, count), refused)

    def _decided(
        self,
        table: DecisionTable,
        columns: Mapping[str, Column],
        made: Mapping[int, Batch],
        now: datetime | None,
        count: int,
    ) -> Batch:
        given = {one.column.name: columns[name] for one in self._columns(table) if (name := one.given(columns))}
        below = _Below(table, {need.name: made.get(id(need.table)) for need in table.needs}, now)
        refused: dict[int, NodeError] = {}
        for column in table.inputs:
            if column.name not in given and reads_need(column, table.needs):
                given[column.name] = below.column(column, refused)
        return _refusing(table.decide_batch_fed(given, now, count), refused)

    def _asked(self, given: Container[str]) -> Sequence[DecisionTable]:
        """The tables that must answer: those that feed a column which is not given, and this one behind them."""
        needed = {id(self._table)}
        for table in reversed(self._every):
            if id(table) in needed and any(one.fed and not one.given(given) for one in self._columns(table)):
                needed.update(id(need.table) for need in table.needs)
        return [table for table in self._every if id(table) in needed]

    def _columns(self, table: DecisionTable) -> Iterator[Wanted]:
        path = self._paths[id(table)]
        for column in table.inputs:
            fed = reads_need(column, table.needs)
            plain = (column.name,) if not path or (not fed and self._is_one_fact(column.name)) else ()
            yield Wanted(table.name, column, (f"{path}.{column.name}", *plain) if path else plain, fed)

    def _is_one_fact(self, name: str) -> bool:
        """Whether every column of that name, in any of the tables, reads the same."""
        return len({one.formula.text for table in self._every for one in table.inputs if one.name == name}) == 1


def _paths(table: DecisionTable) -> Mapping[int, str]:
    """The names that lead from the table to each that feeds it, by the shortest way: `risk`, `risk.score`."""
    found, waiting = {id(table): ""}, [table]
    while waiting:
        one = waiting.pop(0)
        for need in one.needs:
            if id(need.table) not in found:
                found[id(need.table)] = f"{found[id(one)]}.{need.name}".lstrip(".")
                waiting.append(need.table)
    return found


@dataclass(frozen=True)
class _Below:
    """The answers of the tables that one needs, by its names for them."""

    table: DecisionTable
    batches: Mapping[str, Batch | None]
    now: datetime | None

    def column(self, column: Input, refused: dict[int, NodeError]) -> Coded:
        """What the column reads of the answers; each combination of answers is computed once.

        Orders without an answer have no fact; those whose formula reaches a limit are added to `refused`.
        """
        read = {name: batch for name in self._read(column) if (batch := self.batches[name]) is not None}
        ids = [batch.of.astype(np.int64) + 1 for batch in read.values()]
        firsts, codes = distinct(ids, [len(batch.answers) + 1 for batch in read.values()])
        values = [None] * len(firsts)
        for at, first in enumerate(firsts.tolist()):
            answers = [int(batch.of[first]) for batch in read.values()]
            if min(answers) >= 0:
                pairs = zip(read.items(), answers, strict=True)
                try:
                    values[at] = self._computed(
                        column, {name: batch.answers[one].record for (name, batch), one in pairs}
                    )
                except FeelError as error:
                    refused.update(self._limited(codes == at, error))
        return Coded(codes, values)

    def _computed(self, column: Input, records: Mapping[str, Any]) -> Any:
        return column.formula.evaluate(records if self.now is None else {**records, NOW: self.now})

    def _read(self, column: Input) -> Sequence[str]:
        names = dict.fromkeys(read.path[0] for read in column.formula.reads if read.path[0] != NOW)
        other = next((name for name in names if name not in self.batches), None)
        if other is not None:
            message = f"column `{column.name}` reads `{other}` beside the answers of other tables"
            help_ = f"for many orders at once, give the column `{column.name}` itself among the facts"
            raise refuse("D035", message, column.formula_spot.place, help_)
        return tuple(names)

    def _limited(self, orders: Array, error: FeelError) -> Mapping[int, NodeError]:
        told = NodeError("invalid", f"table {self.table.name}: {error.message}")
        return dict.fromkeys(np.flatnonzero(orders).tolist(), told)


def _refusing(batch: Batch, refused: Mapping[int, NodeError]) -> Batch:
    """The batch with these orders refused, whatever it has for them."""
    if not refused:
        return batch
    of = batch.of.copy()
    of[list(refused)] = -1
    return replace(batch, of=of, refused={**batch.refused, **refused})
