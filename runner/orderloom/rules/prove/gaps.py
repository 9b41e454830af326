"""A grid in, the boxes of facts that no row covers out: each as large as it can be, and few of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from orderloom.rules.prove.axes import LineAxis
from orderloom.rules.prove.cover import Effort, GaveUpError, Search
from orderloom.rules.prove.grid import Box, Grid
from orderloom.rules.prove.runs import Runs, common, join, meet, minus, outside, size_of, within

MANY = 2_000  # rows up to which a box is grown in several orders
MOST = 100  # boxes after which the search stops: a table with more is not nearly finished


@dataclass(frozen=True)
class Gaps:
    """Boxes that no row covers. `whole`: these are all; otherwise the search stopped before the end."""

    boxes: tuple[Box, ...]
    whole: bool


def find_gaps(
    grid: Grid, rows: Sequence[Box], steps: int, apart: Collection[int] = (), known: Sequence[Box] = ()
) -> Gaps:
    """All that `rows` and the boxes already `known` leave of the grid; of the rows that are `apart` no two overlap."""
    search = Search(Effort(steps), [*rows, *known], apart)
    found: list[Box] = []
    try:
        for part in search.uncovered(grid.whole):
            for piece in _pieces(grid, part):
                if len(found) == MOST:
                    return Gaps(tuple(found), whole=False)
                if not any(_within(piece, box) for box in found):
                    box = largest(grid, piece, [*rows, *known])
                    found.append(box)
                    search.added.append(box)
    except GaveUpError:
        return Gaps(_needed(found), whole=False)
    return Gaps(_needed(found), whole=True)


def _pieces(grid: Grid, part: Box) -> Iterator[Box]:
    """A part that is in one piece on each line: two gaps between numbers are two, however alike."""
    return product(
        *(
            [(run,) for run in side] if isinstance(axis, LineAxis) else [side]
            for axis, side in zip(grid.axes, part, strict=True)
        )
    )


def largest(grid: Grid, part: Box, rows: Sequence[Box]) -> Box:
    """The largest box around `part` that meets no row: grown axis by axis, in the order that gives most."""
    near = _near(part, rows)
    count = len(part)
    orders = [[*range(first, count), *range(first)] for first in range(count if len(rows) <= MANY else 1)]
    grown = [_grown(grid, part, near, order) for order in orders]
    return max(grown, key=lambda box: prod(size_of(side) for side in box))


def _near(part: Box, rows: Sequence[Box]) -> list[tuple[Box, int]]:
    """The rows, each with the axes on which it keeps away from the part, as bits."""
    away = [0] * len(rows)
    for axis, side in enumerate(part):
        bit, low, high = 1 << axis, side[0][0], side[-1][1]
        for at, row in enumerate(rows):
            theirs = row[axis]
            if theirs[0][0] >= high or theirs[-1][1] <= low or not meet(theirs, side):
                away[at] |= bit
    return list(zip(rows, away, strict=True))


def _grown(grid: Grid, part: Box, near: Sequence[tuple[Box, int]], order: Sequence[int]) -> Box:
    box = list(part)
    away = list(near)
    for axis in order:
        bit = 1 << axis
        free = _free(grid, box, axis, [row for row, axes in away if axes == bit])
        if free != box[axis]:
            box[axis] = free
            low, high = free[0][0], free[-1][1]
            away = [
                (row, axes & ~bit)
                if axes & bit and row[axis][0][0] < high and row[axis][-1][1] > low and meet(row[axis], free)
                else (row, axes)
                for row, axes in away
            ]
    return tuple(box)


def _free(grid: Grid, box: Sequence[Runs], axis: int, walls: Sequence[Box]) -> Runs:
    """How far the box can grow on an axis; a missing fact is told by itself, or with all others."""
    there = grid.axes[axis]
    taken = join(run for row in walls for run in row[axis])
    free = outside(taken, there.size)
    if free == there.full or (meet(box[axis], there.missing) and meet(box[axis], there.there)):
        return free
    if meet(box[axis], there.missing):
        return there.missing
    free = common(free, there.there)
    return tuple(run for run in free if within(box[axis], (run,))) if isinstance(there, LineAxis) else free


def _within(part: Box, box: Box) -> bool:
    return all(not minus(one, other) for one, other in zip(part, box, strict=True))


def _needed(boxes: Sequence[Box]) -> tuple[Box, ...]:
    """Without the boxes that the others cover."""
    kept = list(boxes)
    for box in sorted(boxes, key=lambda one: prod(size_of(side) for side in one)):
        others = [one for one in kept if one is not box]
        if next(Search(Effort(100_000), others).uncovered(box), None) is None:
            kept = others
    return tuple(kept)
