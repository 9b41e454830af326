"""The masks of each column in, those of small columns put together out, and what each block of rows has of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from orderloom.rules.batch.combining import combined
from orderloom.rules.batch.facts import Array

COMBINED_BYTES = 2_000_000


@dataclass(frozen=True)
class Group:
    """One column, or several in one: `words[block, id]` are the rows that are left by a combination of their masks."""

    columns: tuple[int, ...]
    masks: tuple[int, ...]  # how many each column has
    words: Array

    @property
    def size(self) -> int:
        return int(self.words.shape[1])

    def with_(self, other: Group) -> Group:
        words = self.words[:, :, None, :] & other.words[:, None, :, :]
        words = words.reshape(len(words), -1, words.shape[-1])
        return Group(self.columns + other.columns, self.masks + other.masks, words)

    def ids(self, ids: Sequence[Array]) -> Array:
        """The combination of each order."""
        return combined([ids[at] for at in self.columns], self.masks)

    @cached_property
    def lines(self) -> Sequence[tuple[Array, Array]]:
        """For each block which line each combination has, and the lines.

        Within one block neighbours mostly have the same: to keep each once leaves so little that it stays in the
        processor's cache, which is worth looking twice.
        """
        return [_lines(block) for block in self.words]

    @cached_property
    def leaving(self) -> Sequence[Array]:
        """For each combination the blocks of which it leaves any row, as the bits of a word for 64 blocks each."""
        words = [np.zeros(self.size, dtype=np.uint64) for _ in range(0, len(self.lines), 64)]
        for at, (which, lines) in enumerate(self.lines):
            words[at // 64] |= lines.any(axis=1).take(which).astype(np.uint64) << np.uint64(at % 64)
        return words


def _lines(block: Array) -> tuple[Array, Array]:
    changes = (block[1:] != block[:-1]).any(axis=1)
    which = np.append(0, changes.cumsum())
    return which, block[np.append(0, np.flatnonzero(changes) + 1)]


def grouped(words: Sequence[Array], orders: int) -> list[Group]:
    """Columns with few masks put together, as long as all their combinations take little room."""
    given = [Group((at,), (one.shape[1],), one) for at, one in enumerate(words)]
    first, *others = sorted(given, key=lambda group: group.size)
    found = [first]
    for group in others:
        last = found[-1]
        if last.size * group.words.nbytes > COMBINED_BYTES or last.size * group.size > max(64, 4 * orders):
            found.append(group)
        else:
            found[-1] = last.with_(group)
    return found
