"""Masks as words of 64 rows, and the first row of many orders at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from orderloom.rules.batch.facts import Array

BLOCK = 8  # words that are looked at together: one line of the processor's cache
COMBINED_BYTES = 2_000_000


@dataclass(frozen=True)
class Part:
    """One column, or several in one: `words[block, ids[order]]` are the rows that the order may get."""

    ids: Array
    words: Array

    @property
    def masks(self) -> int:
        return int(self.words.shape[1])


def words_of(masks: Sequence[int], count: int) -> Array:
    """By block, by mask, by word in the block; the first row is the highest bit of the first word."""
    width = BLOCK * -(-count // (64 * BLOCK)) if count > 64 else 1
    shift = width * 64 - count
    text = b"".join([(mask << shift).to_bytes(width * 8, "big") for mask in masks])
    words = np.frombuffer(text, dtype=">u8").astype(np.uint64).reshape(len(masks), -1, min(width, BLOCK))
    return np.ascontiguousarray(words.transpose(1, 0, 2))


def combined(parts: Sequence[Part]) -> list[Part]:
    """Columns with few masks put together, as long as all their combinations take little room."""
    first, *others = sorted(parts, key=lambda part: part.masks)
    found = [first]
    for part in others:
        last = found[-1]
        if last.masks * part.words.nbytes > COMBINED_BYTES or last.masks * part.masks > max(64, 4 * len(part.ids)):
            found.append(part)
            continue
        words = last.words[:, :, None, :] & part.words[:, None, :, :]
        ids = last.ids * np.int32(part.masks) + part.ids
        found[-1] = Part(ids, words.reshape(len(words), -1, words.shape[-1]))
    return found


def first_rows(parts: Sequence[Part], only: bool = False) -> tuple[Array, Array]:
    """For each order the first row that all parts leave, -1 for none; and, where `only`, whether there is another."""
    if len(parts) == 1 and parts[0].masks < len(parts[0].ids):
        rows, several = _first_rows([Part(np.arange(parts[0].masks), parts[0].words)], only)
        return rows[parts[0].ids], several[parts[0].ids]
    return _first_rows(parts, only)


def _first_rows(parts: Sequence[Part], only: bool) -> tuple[Array, Array]:
    blocks, _, width = parts[0].words.shape
    count = len(parts[0].ids)
    rows = np.full(count, -1, dtype=np.int32)
    several = np.zeros(count, dtype=bool)
    left, ids = np.arange(count), [part.ids for part in parts]
    answered = 0
    for at in range(blocks):
        block = _block(parts, ids, at)
        hit = np.flatnonzero(_any(block))
        if len(hit):
            found = left[hit]
            in_block, more = _first_in(block[hit], only)
            earlier = rows[found]
            several[found] |= more | (earlier >= 0)
            rows[found] = np.where(earlier < 0, at * 64 * width + in_block, earlier)
            answered += len(hit)
        if not only and answered * 8 > len(left):  # leave those behind that have their row
            waiting = rows[left] < 0
            left, ids, answered = left[waiting], [one[waiting] for one in ids], 0
            if not len(left):
                break
    return rows, several


def _block(parts: Sequence[Part], ids: Sequence[Array], at: int) -> Array:
    first, *others = zip(parts, ids, strict=True)
    block = np.take(first[0].words[at], first[1], axis=0)
    for part, one in others:
        np.bitwise_and(block, np.take(part.words[at], one, axis=0), out=block)
    return block


def _any(block: Array) -> Array:
    """Whether each line has a bit: its words make one byte each, which are looked at as one number."""
    found: Array = (block != 0).view(f"u{block.shape[1]}")[:, 0] != 0
    return found


def _first_in(block: Array, only: bool) -> tuple[Array, Array]:
    """The place of the first bit of each line, and whether there is another."""
    at = (block != 0).argmax(axis=1)
    word = block[np.arange(len(block)), at]
    highest = word & ~(word >> np.uint64(1))  # nothing right below the highest bit: it does not round up as a float
    exponent = np.frexp(highest.astype(np.float64))[1]
    if not only:
        return at * 64 + 64 - exponent, np.zeros(len(block), dtype=bool)
    others = (block != 0).sum(axis=1) > 1
    return at * 64 + 64 - exponent, others | ((word & (word - np.uint64(1))) != 0)
