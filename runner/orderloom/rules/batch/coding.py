"""A column of facts in; for each order the number of a mask out, which holds the rows that the fact leaves.

Orders whose fact only the careful way can judge (another type, out of range, missing where that is an error) are `odd`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil, floor
from typing import Any

import numpy as np

from orderloom.declare import NodeError
from orderloom.rules.batch.facts import Array, Coded, Column, Scaled, facts
from orderloom.rules.batch.places import Places
from orderloom.rules.batch.words import words_of
from orderloom.rules.index import ColumnIndex
from orderloom.rules.index.ordered import Ordered

Read = Callable[[Any], tuple[Any, int]]
_EXACT_TO = 2**53  # whole numbers up to here are floats without loss


@dataclass(frozen=True)
class Codes:
    """`words[:, ids[order]]` are the rows that the order's fact leaves, 64 to a word."""

    ids: Array
    words: Array
    odd: Array


@dataclass
class Coder:
    """One column of a table. `read` gives a fact of any kind its rows, and raises `NodeError` as a decision would."""

    index: ColumnIndex
    read: Read
    count: int
    is_number: bool
    missing_is_odd: bool
    _kept: dict[Any, Any] = field(default_factory=dict)

    def codes(self, column: Column) -> Codes:
        if isinstance(column, Coded):
            return self._coded(column)
        quick = self.is_number and self.index.checks and isinstance(self.index.lookup, Ordered)
        if quick and isinstance(column, np.ndarray) and column.dtype.kind == "i":
            column = Scaled(column, 0)
        if quick and isinstance(column, Scaled):
            return self._scaled(column)
        if quick and isinstance(column, np.ndarray) and column.dtype == np.float64:
            with suppress(_TooFineError):
                return self._floats(column)
        return self._any(facts(column))

    def _coded(self, column: Coded) -> Codes:
        """The few values are judged, the orders follow."""
        inner = self._any([*column.values, None])
        codes = np.where(column.codes < 0, len(column.values), column.codes)
        return Codes(inner.ids[codes], inner.words, inner.odd[codes])

    def _any(self, column: Sequence[Any]) -> Codes:
        """Each different value is judged once."""
        kinds = set(map(type, column)) - {type(None)}
        keys = column if len(kinds) <= 1 else [(type(value), value) for value in column]
        masks: dict[int, int] = {}
        known: dict[Any, int] = {}
        ids = np.empty(len(column), dtype=np.int32)
        for at, key in enumerate(keys):
            try:
                ids[at] = known[key]
            except KeyError:
                ids[at] = known[key] = self._judged(column[at], masks)
            except TypeError:  # lists and contexts are no keys
                ids[at] = self._judged(column[at], masks)
        words = words_of([*masks, 0], self.count)
        odd = ids < 0
        ids[odd] = len(masks)
        return Codes(ids, words, odd)

    def _judged(self, value: Any, masks: dict[int, int]) -> int:
        if value is None and self.missing_is_odd:
            return -1
        try:
            mask = self.read(value)[1]
        except NodeError:
            return -1
        return masks.setdefault(mask, len(masks))

    def _scaled(self, column: Scaled) -> Codes:
        ends, words, none = self._kept_for(column.places, lambda: self._whole(column.places))
        ids = np.searchsorted(ends, column.whole, side="right").astype(np.int32)
        return self._with_missing(ids, words, none, column.missing)

    def _whole(self, places: int) -> tuple[Array, Array, Array]:
        """Where each mask begins, in whole numbers of that many places."""
        lookup, scale = self._lookup, 10**places
        ends: list[int] = []
        masks = [lookup.between[0]]
        for end, here, above in zip(lookup.ends, lookup.at, lookup.between[1:], strict=True):
            low = end * scale if type(end) is int else Decimal(end).scaleb(places)
            first = floor(low)
            if first == low:
                ends.append(first)
                masks.append(here)
            ends.append(first + 1 if first == low else ceil(low))
            masks.append(above)
        limit = 2**63 - 1
        return np.array([max(-limit, min(limit, end)) for end in ends], dtype=np.int64), *self._packed(masks)

    def _floats(self, column: Array) -> Codes:
        """A float means the decimal with its digits: `0.1` is a tenth.

        Rounding keeps the order of numbers, so only a float that equals the float of an end needs a closer look.
        """
        places, ends, at_ends, words, none = self._kept_for("float", self._by_float)
        below = places.below(column)
        tied = ends.take(below) == column
        ids = np.where(tied, at_ends[below], 2 * below).astype(np.int32)
        found = self._with_missing(ids, words, none, None)
        return Codes(found.ids, found.words, found.odd | ~np.isfinite(column))

    def _by_float(self) -> tuple[Places, Array, Array, Array, Array]:
        """Floats of the ends, twice; the mask for each; masks between (even numbers) and at (odd numbers) the ends."""
        lookup = self._lookup
        masks: list[int | None] = [lookup.between[0]]
        ends: list[float] = []
        tied: list[int] = []
        for at, (end, here, above) in enumerate(zip(lookup.ends, lookup.at, lookup.between[1:], strict=True)):
            masks += [here, above]
            ends.append(float(end))
            meant = Decimal(repr(ends[-1]))
            tied.append(2 * at + (0 if meant < end else 1 if meant == end else 2))
        if len(set(ends)) < len(ends):
            raise _TooFineError
        at_ends = np.array([*tied, 0], dtype=np.int64)
        return Places(np.array(ends)), np.array([*ends, np.nan]), at_ends, *self._packed(masks)

    def _packed(self, masks: Sequence[int | None]) -> tuple[Array, Array]:
        """As words, with a last mask for those that are missing; and which masks are none."""
        missing = None if self.missing_is_odd else self._judge_missing()
        every = [*masks, missing]
        return words_of([mask or 0 for mask in every], self.count), np.array([mask is None for mask in every])

    def _judge_missing(self) -> int | None:
        try:
            return self.read(None)[1]
        except NodeError:
            return None

    def _with_missing(self, ids: Array, words: Array, none: Array, missing: Array | None) -> Codes:
        if missing is not None:
            ids[missing] = len(none) - 1
        return Codes(ids, words, none[ids])

    def _kept_for(self, key: Any, make: Callable[[], Any]) -> Any:
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    @property
    def _lookup(self) -> Ordered:
        assert isinstance(self.index.lookup, Ordered)
        return self.index.lookup


class _TooFineError(Exception):
    """Two ends of the column are the same float."""
