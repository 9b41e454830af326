"""What a cell asks of its column, where it is made of constants: values, intervals, and their negation."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil, floor
from typing import Any

Holds = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`; None is no bound at that end."""

    low: Any = None
    high: Any = None
    low_closed: bool = True
    high_closed: bool = True

    @property
    def empty(self) -> bool:
        """Whether nothing lies in it: `(5..3]`, `(5..5]`."""
        return _is_empty(self.low, self.high, self.low_closed and self.high_closed)

    def holds(self, value: Any) -> bool:
        above = self.low is None or (value >= self.low if self.low_closed else value > self.low)
        return bool(above and (self.high is None or (value <= self.high if self.high_closed else value < self.high)))

    def meets(self, other: Interval) -> bool:
        """Whether some value lies in both."""
        low, low_closed = _tighter(self.low, self.low_closed, other.low, other.low_closed, operator.gt)
        high, high_closed = _tighter(self.high, self.high_closed, other.high, other.high_closed, operator.lt)
        return not _is_empty(low, high, low_closed and high_closed)

    def of_wholes(self) -> Interval:
        """The same whole numbers, between ends that are among them: `[1..2]` for `(0.5..3)`."""
        low, high = self.low, self.high
        if low is not None:
            low = ceil(low) if self.low_closed else floor(low) + 1
        if high is not None:
            high = floor(high) if self.high_closed else ceil(high) - 1
        return Interval(low, high)

    def test(self) -> Holds:
        """The quickest function that asks this of a value of the right type."""
        if self.high is None:
            return partial(operator.le if self.low_closed else operator.lt, self.low)
        if self.low is None:
            return partial(operator.ge if self.high_closed else operator.gt, self.high)
        return _between(self.low, self.high, self.low_closed, self.high_closed)

    def __str__(self) -> str:
        opening, closing = "[" if self.low_closed else "(", "]" if self.high_closed else ")"
        return f"{opening}{self.low}..{self.high}{closing}"


@dataclass(frozen=True, slots=True)
class Constants:
    """One of `values` or within one of `intervals` (not, where `negated`); null among the values asks for no value."""

    values: tuple[Any, ...] = ()
    intervals: tuple[Interval, ...] = ()
    negated: bool = False

    @property
    def takes_null(self) -> bool:
        """A missing fact fits only a cell that asks for null: not knowing is not a reason."""
        return not self.negated and any(value is None for value in self.values)

    @property
    def finite(self) -> bool:
        return not self.intervals

    def test(self) -> Holds:
        """The quickest function that asks this of a value that is there and has the column's type."""
        if self.negated:
            return _negation(Constants(self.values, self.intervals).test())
        if not self.intervals:
            return _membership(self.values)
        if not self.values and len(self.intervals) == 1:
            return self.intervals[0].test()
        return _any_of([_membership(self.values), *(interval.test() for interval in self.intervals)])


def _is_empty(low: Any, high: Any, closed: bool) -> bool:
    """Whether nothing lies from `low` to `high`; where `closed`, both lie in it themselves."""
    return low is not None and high is not None and bool(low > high or (not closed and low == high))


def _tighter(
    mine: Any, mine_closed: bool, other: Any, other_closed: bool, beats: Callable[[Any, Any], bool]
) -> tuple[Any, bool]:
    if mine is None or other is None:
        return (other, other_closed) if mine is None else (mine, mine_closed)
    if mine == other:
        return mine, mine_closed and other_closed
    return (mine, mine_closed) if beats(mine, other) else (other, other_closed)


def _between(low: Any, high: Any, low_closed: bool, high_closed: bool) -> Holds:
    if low_closed:
        return (lambda value: low <= value <= high) if high_closed else (lambda value: low <= value < high)
    return (lambda value: low < value <= high) if high_closed else (lambda value: low < value < high)


def _membership(values: Sequence[Any]) -> Holds:
    if len(values) == 1:
        return partial(operator.eq, values[0])
    return frozenset(values).__contains__


def _negation(holds: Holds) -> Holds:
    return lambda value: not holds(value)


def _any_of(tests: Sequence[Holds]) -> Holds:
    return lambda value: any(holds(value) for holds in tests)
