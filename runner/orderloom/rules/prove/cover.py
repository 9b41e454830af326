"""A box and the boxes of rows in, the parts of it that no row covers out: exact, by splitting the box along rows.

Within a box every row is either away from it, or covers it on some axes and is *open* on the others. A row that is open
on one axis alone needs no choice: what it leaves lies outside it there. Otherwise the box is split in two. Rows that do
not overlap one another are counted: where their sizes add up to the size of the box, it is covered without a split.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from math import prod

from orderloom.rules.prove.grid import Box
from orderloom.rules.prove.runs import Run, common, join, meet, size_of

MANY = 2_000  # rows above which a box is halved before masks are made
DENSE = 48  # rows above which a box is halved instead of being split along a row

Masks = tuple[int, ...]  # a set of local elements on each axis, as bits
Active = list[tuple[int, int]]  # rows that meet a box: the axes on which each is open, as bits, and its number


class GaveUpError(Exception):
    """The search took more steps than it was given."""


@dataclass
class Effort:
    """Steps that are left: a step is a row looked at."""

    left: int

    def spend(self, steps: int) -> None:
        self.left -= steps
        if self.left < 0:
            raise GaveUpError


@dataclass
class Search:
    """What is `added` while the search goes on counts as covered from then on."""

    effort: Effort
    rows: Sequence[Box]
    apart: Collection[int] = ()  # rows of which no two overlap
    added: list[Box] = field(default_factory=list)
    many: int = MANY

    def uncovered(self, box: Box) -> Iterator[Box]:
        """The parts of `box` that no row covers, apart from one another, one at a time."""
        if all(box):
            yield from self._parts(box, [at for at, row in enumerate(self.rows) if _meets(row, box)])

    def _parts(self, box: Box, rows: list[int]) -> Iterator[Box]:
        self.effort.spend(len(rows) + 1)
        boxes = self.rows
        if any(_covers(boxes[row], box) for row in rows) or (self.apart and self._is_full(box, rows)):
            return
        halves = _halves(box, [boxes[row] for row in rows]) if len(rows) > self.many else None
        if halves is None:
            yield from _Local(self, box, rows).uncovered()
            return
        for half in halves:
            yield from self._parts(half, [row for row in rows if _meets(boxes[row], half)])

    def _is_full(self, box: Box, rows: Sequence[int]) -> bool:
        counted = [self.rows[row] for row in rows if row in self.apart]
        inside = sum(
            prod(size_of(common(part, side)) for part, side in zip(row, box, strict=True)) for row in counted
        )
        return inside == prod(size_of(side) for side in box)


def _meets(row: Box, box: Box) -> bool:
    return all(meet(part, side) for part, side in zip(row, box, strict=True))


def _covers(row: Box, box: Box) -> bool:
    return all(part == side or common(part, side) == side for part, side in zip(row, box, strict=True))


def _halves(box: Box, rows: Sequence[Box]) -> tuple[Box, Box] | None:
    """The box cut in the middle of the ends of rows on one axis; None where most rows cross every such cut."""
    best: tuple[int, int, int] | None = None
    for axis, side in enumerate(box):
        ends = sorted(edge for row in rows for run in row[axis] for edge in run if side[0][0] < edge < side[-1][1])
        if ends:
            middle = ends[len(ends) // 2]
            left = sum(row[axis][0][0] < middle for row in rows)
            right = sum(row[axis][-1][1] > middle for row in rows)
            best = min(best, (max(left, right), axis, middle)) if best else (max(left, right), axis, middle)
    if best is None or best[0] > 0.9 * len(rows):
        return None
    _, axis, middle = best
    low, high = common(box[axis], ((0, middle),)), common(box[axis], ((middle, box[axis][-1][1]),))
    return _with(box, axis, low), _with(box, axis, high)


def _with(box: Box, axis: int, side: tuple[Run, ...]) -> Box:
    return (*box[:axis], side, *box[axis + 1 :])


class _Local:
    """A box and few rows, with the elements that these rows do not tell apart taken together."""

    def __init__(self, search: Search, box: Box, rows: Sequence[int]) -> None:
        self._search, self._box = search, box
        boxes = [search.rows[row] for row in rows]
        self._edges = [_edges(side, [row[axis] for row in boxes]) for axis, side in enumerate(box)]
        self._inside = tuple(self._mask(axis, side) for axis, side in enumerate(box))
        clipped = [tuple(common(part, side) for part, side in zip(row, box, strict=True)) for row in boxes]
        masks = [tuple(self._mask(axis, part) for axis, part in enumerate(row)) for row in clipped]
        order = sorted(range(len(rows)), key=lambda at: _volume(masks[at]), reverse=True)
        self._rows = [masks[at] for at in order]
        self._own = len(self._rows)
        self._counted = [rows[at] in search.apart for at in order]

    def uncovered(self) -> Iterator[Box]:
        stack = [(self._inside, self._opened(self._inside, range(self._own)), 0)]
        while stack:
            region, active, seen = stack.pop()
            self._search.effort.spend(len(active) + 1)
            if seen < len(self._search.added):
                active = active + self._additions(region, seen)
                seen = len(self._search.added)
            settled = self._settled(region, active)
            if settled is None:
                continue
            region, active = settled
            if not active:
                yield self._lifted(region)
                continue
            stack.extend((*child, seen) for child in self._split(region, active))

    def _settled(self, region: Masks, active: Active) -> tuple[Masks, Active] | None:
        """What is left when rows that are open on one axis have taken their part; None where nothing is."""
        while True:
            taken: dict[int, int] = {}
            for opened, row in active:
                if not opened:
                    return None
                if not opened & (opened - 1):
                    axis = opened.bit_length() - 1
                    taken[axis] = taken.get(axis, 0) | self._rows[row][axis]
            if not taken:
                return None if self._search.apart and self._full(region, active) else (region, active)
            for axis, mask in taken.items():
                rest = region[axis] & ~mask
                if not rest:
                    return None
                region, active = self._narrowed(region, active, axis, rest)

    def _narrowed(self, region: Masks, active: Active, axis: int, side: int) -> tuple[Masks, Active]:
        rows, bit, left = self._rows, 1 << axis, []
        for opened, row in active:
            mask = rows[row][axis]
            if mask & side:
                left.append((opened & ~bit if opened & bit and not side & ~mask else opened, row))
        return (*region[:axis], side, *region[axis + 1 :]), left

    def _split(self, region: Masks, active: Active) -> Iterator[tuple[Masks, Active]]:
        axis, mask = self._choice(region, active)
        yield self._narrowed(region, active, axis, region[axis] & mask)
        yield self._narrowed(region, active, axis, region[axis] & ~mask)

    def _choice(self, region: Masks, active: Active) -> tuple[int, int]:
        """The axis along which to split, and the elements of one part."""
        if len(active) > DENSE:
            axis = max(range(len(region)), key=lambda at: region[at].bit_count())
            if region[axis].bit_count() > 8:
                return axis, _lower_half(region[axis])
        opened, row = min(active, key=lambda one: one[0].bit_count())
        axes = [axis for axis in range(len(region)) if opened >> axis & 1]
        axis = max(axes, key=lambda at: (self._rows[row][at] & region[at]).bit_count() / region[at].bit_count())
        return axis, self._rows[row][axis]

    def _full(self, region: Masks, active: Active) -> bool:
        rows = self._rows
        inside = sum(
            prod([(part & side).bit_count() for part, side in zip(rows[row], region, strict=True)])
            for _, row in active
            if row < self._own and self._counted[row]
        )
        return inside == prod(side.bit_count() for side in region)

    def _opened(self, region: Masks, rows: Sequence[int]) -> Active:
        found = []
        for row in rows:
            masks = self._rows[row]
            if all(mask & side for mask, side in zip(masks, region, strict=True)):
                pairs = enumerate(zip(masks, region, strict=True))
                found.append((sum(1 << axis for axis, (mask, side) in pairs if side & ~mask), row))
        return found

    def _additions(self, region: Masks, seen: int) -> Active:
        """What was added to the search since, in the elements of this box: only those that it covers entirely."""
        for box in self._search.added[len(self._rows) - self._own :]:
            parts = (common(part, side) for part, side in zip(box, self._box, strict=True))
            self._rows.append(tuple(self._mask(axis, part) for axis, part in enumerate(parts)))
        return self._opened(region, range(self._own + seen, len(self._rows)))

    def _mask(self, axis: int, part: tuple[Run, ...]) -> int:
        edges, mask = self._edges[axis], 0
        for low, high in part:
            first, last = bisect_left(edges, low), bisect_right(edges, high) - 1
            if last > first:
                mask |= (1 << last) - (1 << first)
        return mask

    def _lifted(self, region: Masks) -> Box:
        lifted = []
        for axis, mask in enumerate(region):
            edges = self._edges[axis]
            runs = join((edges[at], edges[at + 1]) for at in range(len(edges) - 1) if mask >> at & 1)
            lifted.append(common(runs, self._box[axis]))
        return tuple(lifted)


def _edges(side: tuple[Run, ...], parts: Sequence[tuple[Run, ...]]) -> list[int]:
    """The positions on an axis at which a row or the box begins or ends."""
    low, high = side[0][0], side[-1][1]
    inner = {edge for runs in (*parts, side) for run in runs for edge in run if low < edge < high}
    return [low, *sorted(inner), high]


def _volume(masks: Masks) -> int:
    return prod(mask.bit_count() for mask in masks)


def _lower_half(side: int) -> int:
    low, high = (side & -side).bit_length() - 1, side.bit_length()
    return (1 << ((low + high) // 2)) - 1
