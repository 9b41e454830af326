"""What cells ask of a column of lists in, its axis out: lists by their members, how many they have, and which they are.

An element is a class of lists that no cell tells apart. One that holds no list at all, as where the column allows few
members, is left out, so that nothing is found where no fact can be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import count as numbers
from itertools import islice, permutations, product
from typing import Any

from orderloom.feel.values import MonthsDuration
from orderloom.rules.columns import Input
from orderloom.rules.constants import Constants
from orderloom.rules.prove.axes import Axis
from orderloom.rules.prove.cells import Asked
from orderloom.rules.prove.runs import Runs, join

MEMBERS = 8  # values whose presence in a list is told apart: there is a class for each combination
CLASSES = 4096
_FEW = 5000  # lists of one class that are looked through one by one
Listed = tuple[Any, ...]
Piece = tuple[int, int | None]  # from, and to (inclusive); None is no end


class TooManyError(ValueError):
    """There are more classes than can be kept apart."""


@dataclass(frozen=True)
class ListClass:
    """Lists with these members (bits of the axis' items) and so many of them, or one list alone."""

    members: int
    count: Piece
    exactly: Listed | None
    witness: Listed


@dataclass(frozen=True)
class ListAxis(Axis):
    """`counts` are the pieces into which cells cut the numbers of members, `lists` those that cells write out."""

    items: tuple[Any, ...]
    counts: tuple[Piece, ...]
    lists: tuple[Listed, ...]
    classes: tuple[ListClass, ...]

    def leaf(self, cell: Asked) -> Runs:
        holds = {"contains": self._contains, "count": self._counts, "list": self._is}[cell.op](cell.constants)
        return join((at, at + 1) for at, one in enumerate(self.classes) if holds(one))

    def position(self, value: Any) -> int | None:
        if value is None:
            return self.size - 1 if self.nullable else None
        listed = tuple(value)
        if listed in self.lists:
            return next((at for at, one in enumerate(self.classes) if one.exactly == listed), None)
        return self._places.get((members_of(listed, self.items), piece_of(len(listed), self.counts)))

    def witness(self, position: int) -> Any:
        return None if self.nullable and position == self.size - 1 else self.classes[position].witness

    @cached_property
    def _places(self) -> Mapping[tuple[int, Piece], int]:
        return {(one.members, one.count): at for at, one in enumerate(self.classes) if one.exactly is None}

    def _contains(self, constants: Constants) -> Callable[[ListClass], bool]:
        bits = members_of(constants.values, self.items)
        return lambda one: bool(one.members & bits)

    def _counts(self, constants: Constants) -> Callable[[ListClass], bool]:
        fits = constants.test()
        return lambda one: fits(len(one.witness))

    def _is(self, constants: Constants) -> Callable[[ListClass], bool]:
        return lambda one: one.exactly is not None and one.exactly in constants.values


def list_axis(column: Input, leaves: Iterable[Asked], nullable: bool) -> ListAxis:
    """`leaves` are all that cells ask. Raises `TooManyError`."""
    asked = list(leaves)
    items = _sorted(value for one in asked if one.op == "contains" for value in one.constants.values)
    lists = _sorted(value for one in asked if one.op == "list" for value in one.constants.values if value is not None)
    counts = _pieces(one.constants for one in asked if one.op == "count")
    if len(items) > MEMBERS or (len(counts) << len(items)) + len(lists) > CLASSES:
        raise TooManyError(column.name)
    allowed = column.values or ((False, True) if column.kind.item == "boolean" else ())
    others = [one for one in allowed if one not in items] if allowed else [_stranger(column, [*items, *_inside(lists)])]
    classes = [one for one in _classes(items, counts, lists, others) if not allowed or set(one.witness) <= set(allowed)]
    return ListAxis(column.name, len(classes) + nullable, nullable, tuple(items), counts, tuple(lists), tuple(classes))


def members_of(listed: Sequence[Any], items: Sequence[Any]) -> int:
    return sum(1 << at for at, item in enumerate(items) if item in listed)


def piece_of(count: int, counts: Sequence[Piece]) -> Piece:
    return next(piece for piece in counts if piece[1] is None or count <= piece[1])


def _classes(
    items: Sequence[Any], counts: Sequence[Piece], lists: Sequence[Listed], others: Sequence[Any]
) -> Iterator[ListClass]:
    for members, piece in product(range(1 << len(items)), counts):
        having = [item for at, item in enumerate(items) if members >> at & 1]
        found = _witness(having, others, piece, set(lists))
        if found is not None:
            yield ListClass(members, piece, None, found)
    for one in lists:
        yield ListClass(members_of(one, items), piece_of(len(one), counts), one, one)


def _witness(having: Sequence[Any], others: Sequence[Any], piece: Piece, known: set[Listed]) -> Listed | None:
    """The plainest list of the class that is none of those known; None where there is no other."""
    low = max(piece[0], len(having))
    longest = low + len(known) + 1  # longer ones are no plainer, and one more than is known has to be another
    high = longest if piece[1] is None else min(piece[1], longest)
    candidates = (one for length in range(low, high + 1) for one in _lists(having, others, length))
    return next((one for one in islice(candidates, _FEW) if one not in known), None)


def _lists(having: Sequence[Any], others: Sequence[Any], length: int) -> Iterator[Listed]:
    """Lists of that length with these members and no other item; all of them, where they are few."""
    alphabet = [*having, *others]
    if len(alphabet) ** length <= _FEW:
        every = (one for one in product(alphabet, repeat=length) if set(having) <= set(one))
        yield from sorted(every, key=lambda one: (len(one) - len(set(one)), [alphabet.index(item) for item in one]))
        return
    filling = others or having
    base = [*having, *(filling[at % len(filling)] for at in range(length - len(having)))]
    yield from dict.fromkeys(islice(permutations(base), _FEW))


def _pieces(asked: Iterable[Constants]) -> tuple[Piece, ...]:
    """The counts from nought on, cut where some cell begins or ends to take them."""
    cuts = {0}
    for constants in asked:
        whole = [int(value) for value in constants.values if value is not None and value == int(value)]
        spans = [interval.of_wholes() for interval in constants.intervals]
        cuts |= {cut for value in whole for cut in (value, value + 1)}
        cuts |= {int(span.low) for span in spans if span.low is not None}
        cuts |= {int(span.high) + 1 for span in spans if span.high is not None}
    starts = sorted(cut for cut in cuts if cut >= 0)
    return tuple(zip(starts, [*(after - 1 for after in starts[1:]), None], strict=True))


_MADE: Mapping[str, Callable[[int], Any]] = {
    "number": lambda at: at,
    "date": lambda at: date(2026, 1, 1) + timedelta(days=at),
    "time": lambda at: time(at % 24, at // 24),
    "date and time": lambda at: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=at),
    "days and time duration": lambda at: timedelta(days=at),
    "years and months duration": MonthsDuration,
}


def _stranger(column: Input, known: Sequence[Any]) -> Any:
    """A member that is none of these."""
    make = _MADE.get(str(column.kind.item), _other_word)
    return next(made for at in numbers() if (made := make(at)) not in known)


def _other_word(at: int) -> str:
    return f"other {at}" if at else "other"


def _inside(lists: Iterable[Listed]) -> list[Any]:
    return [item for one in lists for item in one]


def _sorted(values: Iterable[Any]) -> list[Any]:
    return sorted(dict.fromkeys(values), key=str)
