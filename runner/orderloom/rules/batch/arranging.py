"""The columns of a long table in; an order of its rows out in which the facts of most orders leave few blocks of them.

Rows that ask for much the same stand together then, as boxes beside one another do in the leaves of an R-tree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from orderloom.rules.batch.facts import Array
from orderloom.rules.batch.words import BLOCK, width_of, words_of
from orderloom.rules.index import ColumnIndex
from orderloom.rules.index.ordered import Ordered

ROWS = 64 * BLOCK  # of a block
_LEAST_BLOCKS = 4
_SAMPLE = 128  # stretches of a column that are looked at
_WORTH_IT = 0.5  # of all blocks; an order that finds its row early need not look at the others anyway


def arranged(columns: Sequence[ColumnIndex], count: int) -> Array | None:
    """The row in each place, blocks filled up with numbers beyond `count`; None to leave them as they are.

    Within a block the rows keep their order.
    """
    spans = [_spans(one.lookup, count) for one in columns if isinstance(one.lookup, Ordered)]
    if count < _LEAST_BLOCKS * ROWS or not spans:
        return None
    boxes = _Boxes(np.array([low for low, _ in spans]), np.array([high for _, high in spans]))
    blocks = boxes.blocks(np.arange(count))
    if np.mean([boxes.size(block) for block in blocks]) > _WORTH_IT:
        return None
    return np.concatenate([*blocks, np.arange(count, width_of(count) * 64)])


def _spans(lookup: Ordered, count: int) -> tuple[Array, Array]:
    """For each row where in the column it begins and ends, between 0 and 1."""
    masks = [mask for mask in lookup.between if mask is not None]
    words = words_of(masks[:: -(-len(masks) // _SAMPLE)], count)
    holds = np.unpackbits(words.transpose(1, 0, 2).astype(">u8").view(np.uint8).reshape(words.shape[1], -1), axis=1)
    first, last = holds.argmax(axis=0)[:count], len(holds) - holds[::-1].argmax(axis=0)[:count]
    return first / len(holds), last / len(holds)


@dataclass(frozen=True)
class _Boxes:
    """What rows ask, from `low[column, row]` to `high[column, row]`."""

    low: Array
    high: Array

    def size(self, rows: Array) -> float:
        """Of the box around them all: the share of facts that leave any of them, if facts were even."""
        sides = self.high[:, rows].max(axis=1) - self.low[:, rows].min(axis=1)
        return float(np.prod(sides))

    def blocks(self, rows: Array) -> list[Array]:
        """The rows cut into halves until each is a block, every time so that the boxes of the halves are smallest."""
        if len(rows) <= ROWS:
            return [np.sort(rows)]
        low, high = self.low[:, rows], self.high[:, rows]
        middle = -(-len(rows) // ROWS) // 2 * ROWS
        cuts = [np.split(rows[np.argsort(by, kind="stable")], [middle]) for by in (*(low + high), *(high - low))]
        best = min(cuts, key=lambda halves: sum(self.size(half) * len(half) for half in halves))
        return [block for half in best for block in self.blocks(half)]
