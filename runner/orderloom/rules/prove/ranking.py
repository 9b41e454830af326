"""A grid in, its rows by precedence out, with what each answers and how they lie to one another."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from orderloom.rules.columns import Output
from orderloom.rules.hit import Hit
from orderloom.rules.prove.grid import Box, Grid
from orderloom.rules.prove.relations import Bits, bits, containers, overlaps
from orderloom.rules.reading.rows import Row

Answer = tuple[Hashable, ...]


@dataclass(frozen=True)
class Ranking:
    """The rows that some fact can meet, the one that wins first. Bits and positions below count in this order."""

    grid: Grid
    order: tuple[int, ...]  # rows of the table by precedence
    fixed: Bits  # the rows whose place in the order is known: what ranks them is not computed

    @cached_property
    def boxes(self) -> list[Box]:
        return [self.grid.boxes[row] for row in self.order]

    @cached_property
    def ids(self) -> list[str]:
        return [self.grid.table.rows[row].id for row in self.order]

    @cached_property
    def exact(self) -> Bits:
        return sum(1 << at for at, row in enumerate(self.order) if self.grid.is_exact(row))

    @cached_property
    def overlaps(self) -> list[Bits]:
        """For each row those that overlap it, itself left out."""
        return [found & ~(1 << at) for at, found in enumerate(overlaps(self.boxes))]

    @cached_property
    def containers(self) -> list[Bits]:
        """For each row those that apply wherever it does, itself left out."""
        return [found & self.exact & ~(1 << at) for at, found in enumerate(containers(self.boxes))]

    @cached_property
    def apart(self) -> frozenset[int]:
        """Rows of which no two overlap; none where most rows overlap others, and counting would prove nothing."""
        kept: Bits = 0
        for at, around in enumerate(self.overlaps):
            if not around & kept:
                kept |= 1 << at
        return frozenset(bits(kept)) if kept.bit_count() * 2 > len(self.order) else frozenset()

    @cached_property
    def answers(self) -> list[Answer]:
        return [answer_of(self.grid.table.rows[row]) for row in self.order]

    @cached_property
    def alike(self) -> list[Bits]:
        """For each row those that give the same, itself among them."""
        groups: dict[Answer, Bits] = {}
        for at, answer in enumerate(self.answers):
            groups[answer] = groups.get(answer, 0) | 1 << at
        return [groups[answer] for answer in self.answers]

    def before(self, at: int) -> Bits:
        return (1 << at) - 1

    def named(self, found: Bits) -> tuple[str, ...]:
        return tuple(self.ids[at] for at in bits(found))


def rank(grid: Grid) -> Ranking:
    """By the order of the table; under priority and output order by the order of the outputs' `values`."""
    table, alive = grid.table, grid.alive
    if not table.hit.ranks:
        return Ranking(grid, tuple(alive), (1 << len(alive)) - 1)
    order = sorted(alive, key=lambda row: _priority(table.rows[row], table.outputs))
    known = sum(1 << at for at, row in enumerate(order) if not _is_computed(table.rows[row], table.outputs))
    return Ranking(grid, tuple(order), known)


def picks_first(hit: Hit) -> bool:
    """Whether only the first of the rows that apply answers."""
    return hit in {Hit.FIRST, Hit.PRIORITY}


def answer_of(row: Row) -> Answer:
    """What a row gives, as something that can be compared: values, and the texts of formulas."""
    return tuple(
        ("=", one.formula.text) if one.formula else (isinstance(one.value, bool), _hashable(one.value))
        for one in row.answers
    )


def is_computed(row: Row) -> bool:
    return any(one.formula is not None for one in row.answers)


def _hashable(value: Any) -> Hashable:
    return value if isinstance(value, Hashable) and not isinstance(value, tuple) else repr(value)


def _priority(row: Row, outputs: Sequence[Output]) -> tuple[int, ...]:
    pairs = zip(outputs, row.answers, strict=True)
    return tuple(column.rank(answer.value) for column, answer in pairs if column.values)


def _is_computed(row: Row, outputs: Sequence[Output]) -> bool:
    return any(column.values and one.formula for column, one in zip(outputs, row.answers, strict=True))
