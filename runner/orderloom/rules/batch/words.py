"""Masks as words of 64 rows; the number of the mask that each order gets from a column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from orderloom.rules.batch.facts import Array

BLOCK = 8  # words that are looked at together: one line of the processor's cache
_SLICE = 128  # masks that are taken apart into bits at a time


@dataclass(frozen=True)
class Codes:
    """`words[:, ids[order]]` are the rows that the order's fact leaves, 64 to a word."""

    ids: Array
    words: Array
    odd: Array


def words_of(masks: Sequence[int], count: int, places: Array | None = None) -> Array:
    """By block, by mask, by word in the block; the row in the first place is the highest bit of the first word.

    `places` has the row in each place, where that is not the order of the table (see `arranged`).
    """
    width = width_of(count)
    shift = width * 64 - count
    text = b"".join([(mask << shift).to_bytes(width * 8, "big") for mask in masks])
    found = np.frombuffer(text, dtype=np.uint8).reshape(len(masks), -1)
    if places is not None:
        slices = [found[start : start + _SLICE] for start in range(0, len(found), _SLICE)]
        found = np.concatenate([np.packbits(np.unpackbits(one, axis=1).take(places, axis=1), axis=1) for one in slices])
    words = found.view(">u8").astype(np.uint64).reshape(len(masks), -1, min(width, BLOCK))
    return np.ascontiguousarray(words.transpose(1, 0, 2))


def width_of(count: int) -> int:
    """How many words so many rows take: one, or whole blocks."""
    return BLOCK * -(-count // (64 * BLOCK)) if count > 64 else 1
