"""The masks of several columns in; for many orders the first row that all columns leave out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from orderloom.rules.batch.facts import Array
from orderloom.rules.batch.groups import Group, grouped

SLICE = 8192  # orders: half a megabyte for their lines
Found = tuple[Array, Array]  # the first row of each order, -1 for none; whether there is another


class Picking:
    """Made once for the masks of all columns.

    `only`: whether it matters that another row is left too. `places`: the row in each place, where rows were arranged.
    """

    def __init__(self, words: Sequence[Array], orders: int, only: bool, places: Array | None = None) -> None:
        self.words, self._only, self._places = tuple(words), only, places
        self._groups = grouped(words, orders)
        self._every: Found | None = None
        if len(self._groups) == 1 and self._groups[0].size < orders:
            self._every = self._search([np.arange(self._groups[0].size)])

    def rows(self, ids: Sequence[Array]) -> Found:
        """`ids` has the masks of the orders, by column."""
        combined = [group.ids(ids) for group in self._groups]
        if self._every is None:
            return self._search(combined)
        return self._every[0].take(combined[0]), self._every[1].take(combined[0])

    def _search(self, ids: Sequence[Array]) -> Found:
        search = _Search(self._groups, self._only, len(ids[0]), self._places)
        every = np.arange(len(ids[0]))
        if self._places is None:
            search.in_turn(every, ids)
        else:
            search.where_left(every, ids)
        return search.rows, search.several


class _Search:
    """The rows found so far for some orders."""

    def __init__(self, groups: Sequence[Group], only: bool, orders: int, places: Array | None) -> None:
        self._groups, self._only, self._places = groups, only, places
        self.rows = np.full(orders, -1, dtype=np.int32)
        self.several = np.zeros(orders, dtype=bool)
        self._room = np.empty((2, min(orders, SLICE), groups[0].words.shape[2]), dtype=np.uint64)

    def in_turn(self, orders: Array, ids: Sequence[Array]) -> None:
        """Look at one block after the other, and leave orders behind that have their row."""
        for at in range(len(self._groups[0].words)):
            answered = self._look(at, orders, ids)
            if not self._only and answered * 8 > len(orders):
                waiting = np.flatnonzero(self.rows.take(orders) < 0)
                orders, ids = orders.take(waiting), [one.take(waiting) for one in ids]
                if not len(orders):
                    return

    def where_left(self, orders: Array, ids: Sequence[Array]) -> None:
        """Look at each block for the orders of which every column leaves some row in it."""
        blocks = len(self._groups[0].words)
        for first in range(0, blocks, 64):
            left = self._leaving(first // 64, ids)
            for at in range(first, min(blocks, first + 64)):
                there = np.flatnonzero(left & np.uint64(1 << at % 64))
                self._look(at, orders.take(there), [one.take(there) for one in ids])

    def _leaving(self, word: int, ids: Sequence[Array]) -> Array:
        found = self._groups[0].leaving[word].take(ids[0])
        for group, one in zip(self._groups[1:], ids[1:], strict=True):
            found &= group.leaving[word].take(one)
        return found

    def _look(self, at: int, orders: Array, ids: Sequence[Array]) -> int:
        """Among the rows of one block, for these orders; a slice of them at a time, so that the room stays in cache."""
        answered = 0
        for start in range(0, len(orders), SLICE):
            end = start + SLICE
            answered += self._look_at(at, orders[start:end], [one[start:end] for one in ids])
        return answered

    def _look_at(self, at: int, orders: Array, ids: Sequence[Array]) -> int:
        block = self._left(at, ids, self._room[:, : len(orders)])
        hit = np.flatnonzero(_any(block))
        if len(hit):
            found, lines = orders.take(hit), block.take(hit, axis=0)
            earlier = self.rows.take(found)
            first = at * 64 * block.shape[1] + _first(lines)
            if self._places is not None:
                first = self._places.take(first)
            self.rows[found] = np.where(earlier < 0, first, np.minimum(first, earlier))
            if self._only:
                self.several[found] |= (earlier >= 0) | _several(lines)
        return len(hit)

    def _left(self, at: int, ids: Sequence[Array], room: Array) -> Array:
        """The rows of one block that all columns leave, in the first half of the room."""
        block: Array = room[0]
        for n, (group, one) in enumerate(zip(self._groups, ids, strict=True)):
            which, lines = group.lines[at]
            lines.take(which.take(one), axis=0, out=room[min(n, 1)], mode="clip")  # to check them would copy
            if n:
                np.bitwise_and(block, room[1], out=block)
        return block


def _any(block: Array) -> Array:
    """Whether each line has a bit: its words make one byte each, which are looked at as one number."""
    found: Array = (block != 0).view(f"u{block.shape[1]}")[:, 0] != 0
    return found


def _first(lines: Array) -> Array:
    """The place of the first bit of each line."""
    at = (lines != 0).argmax(axis=1)
    word = lines[np.arange(len(lines)), at]
    highest = word & ~(word >> np.uint64(1))  # nothing right below the highest bit: it does not round up as a float
    found: Array = at * 64 + 64 - np.frexp(highest.astype(np.float64))[1]
    return found


def _several(lines: Array) -> Array:
    """Whether each line, which has a bit, has another."""
    words = lines != 0
    word = lines[np.arange(len(lines)), words.argmax(axis=1)]
    found: Array = (words.sum(axis=1) > 1) | ((word & (word - np.uint64(1))) != 0)
    return found
