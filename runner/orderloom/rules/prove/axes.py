"""A column and what its cells ask in, an axis out: its facts in as few elements as the cells tell apart."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

from orderloom.rules.constants import Constants, Interval
from orderloom.rules.prove.cells import Asked
from orderloom.rules.prove.lines import Cut, Order
from orderloom.rules.prove.runs import NONE, Run, Runs, common, join, outside, union


@dataclass(frozen=True)
class Axis:
    """The elements of a column by position. Where a fact may be missing, the last element is the missing one."""

    name: str
    size: int
    nullable: bool

    @property
    def full(self) -> Runs:
        return ((0, self.size),) if self.size else NONE

    @property
    def there(self) -> Runs:
        """All elements but the missing one."""
        last = self.size - self.nullable
        return ((0, last),) if last else NONE

    @property
    def missing(self) -> Runs:
        return ((self.size - 1, self.size),) if self.nullable else NONE

    def set_of(self, cell: Asked) -> Runs:
        """The elements (of facts that are there) that a cell takes."""
        if not cell.parts:
            found = self.leaf(cell)
            return self._not(found) if cell.constants.negated else found
        parts = [self.set_of(part) for part in cell.parts]
        if cell.op == "not":
            return self._not(parts[0])
        return reduce(union if cell.op == "any" else common, parts)

    def leaf(self, cell: Asked) -> Runs:
        """The elements that are what a cell without parts asks for; a negation is not looked at."""
        return self.constants(cell.constants)

    def constants(self, constants: Constants) -> Runs:
        """Those that are one of the values or within one of the intervals."""
        raise NotImplementedError

    def position(self, value: Any) -> int | None:
        """The element of a fact; None where there is none such."""
        raise NotImplementedError

    def witness(self, position: int) -> Any:
        """A fact of that element, as plain as can be found."""
        raise NotImplementedError

    def _not(self, runs: Runs) -> Runs:
        return common(outside(runs, self.size), self.there)


@dataclass(frozen=True)
class LineAxis(Axis):
    """Ordered values: points and the open pieces between them, cut where some cell begins or ends."""

    order: Order
    cuts: tuple[Cut, ...]
    ends: tuple[Cut | None, Cut | None]
    spelt: Mapping[Cut, Cut]  # a cut as some cell wrote it

    def constants(self, constants: Constants) -> Runs:
        points = (Interval(value, value) for value in constants.values if value is not None)
        return join(self._run(one) for one in (*points, *constants.intervals))

    def position(self, value: Any) -> int | None:
        if value is None:
            return self.size - 1 if self.nullable else None
        low, high = self.ends
        try:
            if (low is not None and (value, 0) < low) or (high is not None and high <= (value, 0)):
                return None
            return bisect_right(self.cuts, (value, 0))
        except TypeError:  # times with and without an offset
            return None

    def witness(self, position: int) -> Any:
        if self.nullable and position == self.size - 1:
            return None
        return self.order.between(self.edge(position), self.edge(position + 1))

    def edge(self, position: int) -> Cut | None:
        """The cut at which an element begins; None where the line has no end there."""
        if position == 0:
            return self.ends[0]
        return self.cuts[position - 1] if position <= len(self.cuts) else self.ends[1]

    def _run(self, interval: Interval) -> Run:
        low, high = edges_of(interval, self.order)
        last = len(self.cuts) + 1
        start = 0 if low is None else self._place(low)
        return (start, last if high is None else self._place(high))

    def _place(self, cut: Cut) -> int:
        low, high = self.ends
        if low is not None and cut <= low:
            return 0
        if high is not None and cut >= high:
            return len(self.cuts) + 1
        return bisect_left(self.cuts, cut) + 1


@dataclass(frozen=True)
class WordAxis(Axis):
    """Values that are listed, and, where the column does not list all it can be, one element for any other."""

    words: tuple[Any, ...]
    others: int | None  # the position of any other value
    other: Any = None  # an example of it

    def constants(self, constants: Constants) -> Runs:
        if not constants.intervals:
            known = (self._index.get(value) for value in constants.values if value is not None)
            return join((at, at + 1) for at in known if at is not None)
        fits = Constants(tuple(v for v in constants.values if v is not None), constants.intervals).test()
        return join((at, at + 1) for at, word in enumerate(self.words) if _fits(fits, word))

    def position(self, value: Any) -> int | None:
        if value is None:
            return self.size - 1 if self.nullable else None
        try:
            return self._index.get(value, self.others)
        except TypeError:
            return self.others

    def witness(self, position: int) -> Any:
        if position < len(self.words):
            return self.words[position]
        return self.other if position == self.others else None

    @cached_property
    def _index(self) -> Mapping[Any, int]:
        return {word: at for at, word in enumerate(self.words)}


def line_axis(name: str, order: Order, intervals: Iterable[Interval], bounds: Interval | None, nullable: bool) -> Axis:
    """Raises `TypeError` where the ends cannot be compared: times with and without an offset."""
    ends = edges_of(bounds, order) if bounds is not None else (None, None)
    low, high = (own if own is not None else natural for own, natural in zip(ends, order.ends, strict=True))
    spelt: dict[Cut, Cut] = {}
    for interval in intervals:
        _spell(interval, order, spelt)
    cuts = sorted(cut for cut in spelt if (low is None or cut > low) and (high is None or cut < high))
    empty = low is not None and high is not None and low >= high
    size = (0 if empty else len(cuts) + 1) + nullable
    return LineAxis(name, size, nullable, order, tuple(cuts), (low, high), spelt)


def word_axis(name: str, words: Sequence[Any], closed: bool, nullable: bool) -> Axis:
    """An axis of listed values; `closed` where a fact can be nothing else."""
    listed = tuple(dict.fromkeys(words))
    others = None if closed else len(listed)
    size = len(listed) + (not closed) + nullable
    return WordAxis(name, size, nullable, listed, others, None if closed else _stranger(listed))


def edges_of(interval: Interval, order: Order) -> tuple[Cut | None, Cut | None]:
    """Where an interval begins and where it ends, as cuts; None is no end."""
    low = None if interval.low is None else order.cut(interval.low, after=not interval.low_closed)
    high = None if interval.high is None else order.cut(interval.high, after=interval.high_closed)
    return low, high


def _spell(interval: Interval, order: Order, spelt: dict[Cut, Cut]) -> None:
    ends = ((interval.low, not interval.low_closed), (interval.high, interval.high_closed))
    for cut, (value, after) in zip(edges_of(interval, order), ends, strict=True):
        if cut is not None:
            spelt.setdefault(cut, (value, int(after)))


def _fits(test: Callable[[Any], bool], value: Any) -> bool:
    try:
        return bool(test(value))
    except TypeError:
        return False


def _stranger(words: Sequence[Any]) -> Any:
    """A word that is none of these and looks like them."""
    known = set(words)
    short = words and all(isinstance(word, str) and len(word) <= 3 and word.isupper() for word in words)
    tries = ("XX", "ZZ", "QQ") if short else ("other", "another")
    return next(word for word in (*tries, *(f"other {n}" for n in range(len(known) + 1))) if word not in known)
