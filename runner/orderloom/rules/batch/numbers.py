"""Columns of numbers in numpy's types in; for each order the number of the mask out that its fact leaves, exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from orderloom.rules.batch.facts import Array, Scaled
from orderloom.rules.batch.places import Places
from orderloom.rules.batch.words import Codes
from orderloom.rules.index.ordered import Ordered

_LEAST, _MOST = -(2**63), 2**63 - 1
Masks = Sequence[int | None]
Pack = Callable[[Sequence[int]], Array]  # masks as words


class TooFineError(Exception):
    """Two ends of the column are the same float."""


@dataclass(frozen=True)
class Kept:
    """Masks, each once: `numbers[at]` says which the mask that stood there is; `none` marks those that are no mask."""

    numbers: Array
    words: Array
    none: Array

    @classmethod
    def of(cls, masks: Masks, pack: Pack) -> Kept:
        known: dict[int | None, int] = {}
        numbers = np.array([known.setdefault(mask, len(known)) for mask in masks])
        return cls(numbers, pack([mask or 0 for mask in known]), np.array([mask is None for mask in known]))

    def codes(self, ids: Array) -> Codes:
        return Codes(ids, self.words, self.none.take(ids))


class Wholes:
    """A column for facts that are whole numbers of so many decimal places."""

    def __init__(self, lookup: Ordered, missing: int | None, places: int, pack: Pack) -> None:
        ends, masks = _scaled(lookup, places)
        below = [max(_LEAST, min(_MOST, end - 1)) for end in ends]
        self._places = Places(np.array(below, dtype=np.int64))
        self._kept = Kept.of([*masks, missing], pack)

    def codes(self, column: Scaled) -> Codes:
        """Each mask but the first begins at an end: how many lie at or below the fact is its place."""
        ids: Array = self._kept.numbers.take(self._places.below(column.whole))
        if column.missing is not None:
            ids[column.missing] = self._kept.numbers[-1]
        found = self._kept.codes(ids)
        return Codes(found.ids, found.words, found.odd | (column.whole == _LEAST))  # nothing is below that


def _scaled(lookup: Ordered, places: int) -> tuple[list[int], Masks]:
    """Where each mask but the first begins, in whole numbers of that many places."""
    ends: list[int] = []
    masks = [lookup.between[0]]
    for end, here, above in zip(lookup.ends, lookup.at, lookup.between[1:], strict=True):
        numerator, denominator = end.as_integer_ratio()
        floor, rest = divmod(numerator * 10**places, denominator)
        if not rest:
            ends.append(floor)
            masks.append(here)
        ends.append(floor + 1)
        masks.append(above)
    return ends, masks


class Floats:
    """A column for facts that are floats: each means the decimal with its digits, `0.1` a tenth.

    Rounding keeps the order of numbers, so only a float that equals the float of an end needs a closer look.
    """

    def __init__(self, lookup: Ordered, pack: Pack) -> None:
        """Raises `TooFineError`."""
        ends = np.array([float(end) for end in lookup.ends])
        if (ends[1:] == ends[:-1]).any():
            raise TooFineError
        kept = self._kept = Kept.of([*lookup.between, *lookup.at], pack)
        self._places, self._ends = Places(ends), np.append(ends, np.nan)
        self._between = kept.numbers[: len(ends) + 1]
        tied = [_tied(at, end, len(ends)) for at, end in enumerate(lookup.ends)]
        self._tied = np.append(kept.numbers.take(tied), 0)
        self._ties = not np.array_equal(self._tied[:-1], self._between[:-1])

    def codes(self, column: Array) -> Codes:
        below = self._places.below(column)
        ids: Array = self._between.take(below)
        if self._ties:
            ids = np.where(self._ends.take(below) == column, self._tied.take(below), ids)
        found = self._kept.codes(ids)
        return Codes(found.ids, found.words, found.odd | ~np.isfinite(column))


def _tied(at: int, end: int | Decimal, count: int) -> int:
    """Where the mask stands of a float that is the float of an end: below it, at it (behind all between), or above."""
    meant = Decimal(repr(float(end)))
    return at if meant < end else count + 1 + at if meant == end else at + 1
