"""A column of facts in; for each order the number of a mask out, which holds the rows that the fact leaves.

Orders whose fact only the careful way can judge (another type, out of range, missing where that is an error) are `odd`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from orderloom.declare import NodeError
from orderloom.rules.batch.facts import Coded, Column, Scaled, facts, part
from orderloom.rules.batch.numbers import Floats, Pack, TooFineError, Wholes
from orderloom.rules.batch.words import Codes
from orderloom.rules.index import ColumnIndex
from orderloom.rules.index.ordered import Ordered

Read = Callable[[Any], tuple[Any, int]]
ChunkReader = Callable[[int, int], Codes]


@dataclass
class Coder:
    """One column of a table. `read` gives a fact of any kind its rows, and raises `NodeError` as a decision would.

    `pack` makes words of masks.
    """

    index: ColumnIndex
    read: Read
    pack: Pack
    is_number: bool
    missing_is_odd: bool
    _wholes: dict[int, Wholes] = field(default_factory=dict)  # by decimal places

    def reader(self, column: Column) -> ChunkReader:
        """For the orders from one to another; what can be judged once for all of them is."""
        if isinstance(column, Coded):
            return self._coded(column)
        quick = self.is_number and self.index.checks and isinstance(self.index.lookup, Ordered)
        if quick and isinstance(column, np.ndarray) and column.dtype.kind == "i":
            column = Scaled(column, 0)
        if quick and isinstance(column, Scaled):
            scaled, wholes = column, self._of_places(column.places)
            return lambda start, end: wholes.codes(scaled.part(start, end))
        if quick and isinstance(column, np.ndarray) and column.dtype == np.float64 and self._floats is not None:
            floats = self._floats
            return lambda start, end: floats.codes(column[start:end])
        return lambda start, end: self._any(facts(part(column, start, end)))

    def _coded(self, column: Coded) -> ChunkReader:
        """The few values are judged, the orders follow."""
        values = self._any([*column.values, None])

        def read(start: int, end: int) -> Codes:
            codes = column.codes[start:end]
            at = np.where(codes < 0, len(column.values), codes)
            return Codes(values.ids.take(at), values.words, values.odd.take(at))

        return read

    def _any(self, column: Sequence[Any]) -> Codes:
        """Each different value is judged once."""
        kinds = set(map(type, column)) - {type(None)}
        keys = column if len(kinds) <= 1 else [(type(value), value) for value in column]
        masks: dict[int, int] = {}
        known: dict[Any, int] = {}
        ids = np.empty(len(column), dtype=np.intp)
        for at, key in enumerate(keys):
            try:
                ids[at] = known[key]
            except KeyError:
                ids[at] = known[key] = self._judged(column[at], masks)
            except TypeError:  # lists and contexts are no keys
                ids[at] = self._judged(column[at], masks)
        words = self.pack([*masks, 0])
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

    def _of_places(self, places: int) -> Wholes:
        if places not in self._wholes:
            missing = None if self.missing_is_odd else self._judged_missing
            self._wholes[places] = Wholes(self._lookup, missing, places, self.pack)
        return self._wholes[places]

    @cached_property
    def _floats(self) -> Floats | None:
        try:
            return Floats(self._lookup, self.pack)
        except TooFineError:
            return None

    @property
    def _judged_missing(self) -> int | None:
        try:
            return self.read(None)[1]
        except NodeError:
            return None

    @property
    def _lookup(self) -> Ordered:
        assert isinstance(self.index.lookup, Ordered)
        return self.index.lookup
