"""Values and intervals of one column in; for any value of the column, the rows whose cells hold of it out.

The ends of all intervals cut the line of values into stretches; within one, the same rows apply. A fact is looked up
by bisection. Where a table has more ends than masks are worth keeping, neighbouring stretches share one mask, and
the rows that change inside it are in doubt: whoever asks has to look at their cells.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from orderloom.rules.constants import Constants, Interval

BUDGET_BYTES = 8_000_000  # of the masks of one column: 6,400 stretches of 10,000 rows
LEAST_STRETCHES = 256
_BEFORE, _AFTER = 0, 1
_Cut = tuple[Any, int]  # a place on the line: just before a value, or just after it
_Stretch = tuple[_Cut | None, _Cut | None]


def most_stretches(count: int) -> int:
    """How many masks of so many rows are worth keeping."""
    return max(LEAST_STRETCHES, BUDGET_BYTES // (count // 8 + 32))


@dataclass(frozen=True, slots=True)
class Ordered:
    """`at[i]` are the rows for the value `ends[i]`, `between[i]` those for values below it and above `ends[i - 1]`.

    None stands where the column's range ends: no fact may lie there. `doubts` are the rows in doubt of each stretch.
    """

    ends: Sequence[Any]
    at: Sequence[int | None]
    between: Sequence[int | None]
    doubts: Sequence[int]

    def mask(self, value: Any) -> int | None:
        found = bisect_left(self.ends, value)
        if found < len(self.ends) and self.ends[found] == value:
            return self.at[found]
        return self.between[found]

    def doubt(self, value: Any) -> int:
        """The rows of `mask` that may not hold of the value after all."""
        found = bisect_left(self.ends, value)
        exact = found < len(self.ends) and self.ends[found] == value
        return 0 if exact else self.doubts[found]

    @property
    def certain(self) -> bool:
        return not any(self.doubts)


def index_ordered(cells: Iterable[tuple[Constants, int]], free: int, bounds: Interval | None, most: int) -> Ordered:
    """`cells` are what cells ask and the rows that have them; `free` are the rows that ask nothing.

    About `most` stretches are kept apart.
    """
    start, toggles = _toggles(cells, free)
    limits = [end for end in (bounds.low, bounds.high) if end is not None] if bounds else []
    for limit in limits:
        toggles.setdefault(limit, [0, 0])
    ends = sorted(toggles)
    step = max(1, -(-len(ends) // most))
    kept = set(ends[::step]).union(limits) if step > 1 else None
    found = _scan(start, [(end, before, after) for end in ends for before, after in [toggles[end]]], kept)
    return found if bounds is None else _within(found, bounds)


def _toggles(cells: Iterable[tuple[Constants, int]], free: int) -> tuple[int, dict[Any, list[int]]]:
    """The rows far below all values; and for each end the rows that change just before it and just after it."""
    start = free
    toggles: defaultdict[Any, list[int]] = defaultdict(lambda: [0, 0])
    for asked, rows in cells:
        if asked.negated:
            start ^= rows
        for low, high in _stretches(asked):
            if low is None:
                start ^= rows
            else:
                toggles[low[0]][low[1]] ^= rows
            if high is not None:
                toggles[high[0]][high[1]] ^= rows
    return start, toggles


def _stretches(asked: Constants) -> Iterable[_Stretch]:
    """What a cell asks, as stretches that do not touch."""
    if not asked.values and len(asked.intervals) == 1 and not asked.intervals[0].empty:
        return (_stretch(asked.intervals[0]),)
    points = [Interval(value, value) for value in asked.values if value is not None]
    intervals = [one for one in (*points, *asked.intervals) if not one.empty]
    stretches = [_stretch(one) for one in intervals]
    return stretches if len(stretches) < 2 else _joined(stretches)


def _stretch(one: Interval) -> _Stretch:
    low = None if one.low is None else (one.low, _BEFORE if one.low_closed else _AFTER)
    return low, None if one.high is None else (one.high, _AFTER if one.high_closed else _BEFORE)


def _joined(stretches: Sequence[_Stretch]) -> list[_Stretch]:
    """The same without overlaps."""
    joined: list[_Stretch] = []
    for low, high in sorted(stretches, key=lambda one: (one[0] is not None, one[0] or ())):
        if joined and _reaches(joined[-1][1], low):
            joined[-1] = (joined[-1][0], _further(joined[-1][1], high))
        else:
            joined.append((low, high))
    return joined


def _reaches(high: _Cut | None, low: _Cut | None) -> bool:
    return high is None or low is None or low <= high


def _further(one: _Cut | None, other: _Cut | None) -> _Cut | None:
    return None if one is None or other is None else max(one, other)


def _scan(start: int, ends: Sequence[tuple[Any, int, int]], kept: set[Any] | None) -> Ordered:
    """From the lowest end to the highest; those that are not kept only add to what may be, and to the doubt."""
    found: list[Any] = []
    at: list[int | None] = []
    between: list[int | None] = []
    doubts: list[int] = []
    current = possible = start
    doubt = 0
    for end, before, after in ends:
        here = current ^ before if before else current
        current = here ^ after if after else here
        if kept is not None and end not in kept:
            possible |= here | current
            doubt |= before | after
            continue
        found.append(end)
        between.append(possible)
        doubts.append(doubt)
        at.append(here)
        possible, doubt = current, 0
    return Ordered(found, at, [*between, possible], [*doubts, doubt])


def _within(found: Ordered, bounds: Interval) -> Ordered:
    """Nothing where the column's range does not reach."""
    at, between = list(found.at), list(found.between)
    if bounds.low is not None:
        low = bisect_left(found.ends, bounds.low)
        at[:low] = [None] * low
        between[: low + 1] = [None] * (low + 1)
        at[low] = at[low] if bounds.low_closed else None
    if bounds.high is not None:
        high = bisect_left(found.ends, bounds.high)
        at[high + 1 :] = [None] * len(at[high + 1 :])
        between[high + 1 :] = [None] * len(between[high + 1 :])
        at[high] = at[high] if bounds.high_closed else None
    return Ordered(found.ends, at, between, found.doubts)
