"""The facts of a decision in, why rows did not answer out: first failing cells, near misses, rows barred by column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any

from orderloom.feel import NOW
from orderloom.rules.columns import Input
from orderloom.rules.engine import Engine, Facts
from orderloom.rules.explain import Rejection, rejection
from orderloom.rules.index import every, rows_of
from orderloom.rules.reading.rows import Row


class Explanation:
    """Read from the columns' indexes, so that what is asked for first is had without looking at every row."""

    def __init__(
        self,
        inputs: Sequence[Input],
        rows: Sequence[Row],
        engine: Engine,
        facts: Facts,
        now: datetime | None,
        answered: Sequence[int],
    ) -> None:
        self._inputs, self._rows, self._engine, self._facts = inputs, rows, engine, facts
        self._day, self._answered = now.date() if now else None, answered
        self._now = now

    @property
    def ids(self) -> list[str]:
        """The ids of all rows, in the order of the table."""
        return [row.id for row in self._rows]

    @property
    def rejected(self) -> tuple[Rejection, ...]:
        """Every row that did not answer, with the first cell that failed."""
        answered = set(self._answered)
        return tuple(self.rejection(at) for at in range(len(self._rows)) if at not in answered)

    def rejection(self, row: int) -> Rejection:
        """Why the row at this place did not answer: its first failing cell, or what answered instead."""
        found = rejection(self._rows[row], self._inputs, self._facts, self._scope, self._day)
        return replace(found, beaten_by=self._rows[self._answered[0]].id) if found.applies and self._answered else found

    @property
    def near_misses(self) -> tuple[Rejection, ...]:
        """The rows that failed by exactly one cell, each with that cell, in the order of the table."""
        return tuple(self.rejection(row) for row in self.near)

    @cached_property
    def near(self) -> tuple[int, ...]:
        """The rows that failed by exactly one cell, by their place."""
        missed = missed_twice = 0
        everything = every(len(self._rows))
        for holding in self._masks:
            failing = holding ^ everything
            missed_twice |= missed & failing
            missed |= failing
        return tuple(rows_of(missed & ~missed_twice & self._engine.valid(self._day), len(self._rows)))

    @property
    def barred(self) -> Mapping[str, int]:
        """How many rows have their first failing cell in each column."""
        left = self._engine.valid(self._day)
        counts = {}
        for column, holding in zip(self._inputs, self._masks, strict=True):
            counts[column.name] = (left & ~holding).bit_count()
            left &= holding
        return counts

    def cells(self, row: int) -> Iterator[tuple[str, str, Any, bool | None]]:
        """Each cell of the row: column, text, the fact, and whether it holds; None where that cannot be decided."""
        for one in self._rows[row].conditions:
            fact = self._facts[one.column]
            yield self._inputs[one.column].name, one.text, fact, one.holds(fact, self._scope)

    @cached_property
    def _masks(self) -> list[int]:
        return self._engine.by_column(self._facts, self._scope)

    @cached_property
    def _scope(self) -> Mapping[str, Any]:
        facts = {column.name: fact for column, fact in zip(self._inputs, self._facts, strict=True)}
        return facts if self._now is None else {**facts, NOW: self._now}
