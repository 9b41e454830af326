"""The boxes of a grid in, for each row the rows that overlap it and those that cover it out, as bits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from operator import and_, or_

from orderloom.rules.prove.grid import Box
from orderloom.rules.prove.runs import Run, Runs, positions

LAYERS = 3  # runs of a cell up to which ends are compared; cells of more pieces are looked up element by element
Bits = int


def bits(left: Bits) -> Iterable[int]:
    """The positions of the bits that are set, from the lowest."""
    while left:
        lowest = left & -left
        yield lowest.bit_length() - 1
        left ^= lowest


def overlaps(boxes: Sequence[Box]) -> list[Bits]:
    """For each box those that have an element in common with it on every axis, itself among them."""
    return _relate(boxes, _meeting)


def containers(boxes: Sequence[Box]) -> list[Bits]:
    """For each box those that it lies within, itself among them."""
    return _relate(boxes, _covering)


def at_elements(sides: Sequence[Runs], elements: Iterable[int]) -> dict[int, Bits]:
    """For some elements of one axis the rows that take each."""
    found = _covering(sides, {((at, at + 1),) for at in elements})
    return {side[0][0]: rows for side, rows in found.items()}


def _relate(
    boxes: Sequence[Box], relate: Callable[[Sequence[Runs], set[Runs]], Mapping[Runs, Bits]]
) -> list[Bits]:
    alive = sum(1 << row for row, box in enumerate(boxes) if all(box))
    found = [alive if all(box) else 0 for box in boxes]
    for axis in range(len(boxes[0]) if boxes else 0):
        sides = [box[axis] for box in boxes]
        by_set = relate(sides, set(sides))
        for row, side in enumerate(sides):
            if found[row]:
                found[row] &= by_set[side]
    return found


def _meeting(sides: Sequence[Runs], wanted: set[Runs]) -> Mapping[Runs, Bits]:
    if max(map(len, sides)) > LAYERS:
        return _by_element(sides, wanted, or_)
    layers = _layers(sides)
    runs = {run for side in wanted for run in side}
    starts = [_up_to(((run[0], row) for run, row in layer), {high - 1 for _, high in runs}) for layer in layers]
    ends = [_from(((run[1], row) for run, row in layer), {low + 1 for low, _ in runs}) for layer in layers]
    one = {
        (low, high): reduce(or_, (s[high - 1] & e[low + 1] for s, e in zip(starts, ends, strict=True)), 0)
        for low, high in runs
    }
    return {side: reduce(or_, (one[run] for run in side), 0) for side in wanted}


def _covering(sides: Sequence[Runs], wanted: set[Runs]) -> Mapping[Runs, Bits]:
    if max(map(len, sides)) > LAYERS:
        return _by_element(sides, wanted, and_)
    layers = _layers(sides)
    runs = {run for side in wanted for run in side}
    starts = [_up_to(((run[0], row) for run, row in layer), {low for low, _ in runs}) for layer in layers]
    ends = [_from(((run[1], row) for run, row in layer), {high for _, high in runs}) for layer in layers]
    one = {
        (low, high): reduce(or_, (s[low] & e[high] for s, e in zip(starts, ends, strict=True)), 0) for low, high in runs
    }
    return {side: reduce(and_, (one[run] for run in side)) if side else 0 for side in wanted}


def _layers(sides: Sequence[Runs]) -> list[list[tuple[Run, int]]]:
    """The first run of every row, the second of every row that has one, and so on."""
    return [[(side[n], row) for row, side in enumerate(sides) if n < len(side)] for n in range(max(map(len, sides)))]


def _up_to(pairs: Iterable[tuple[int, int]], limits: set[int]) -> dict[int, Bits]:
    """For each limit the rows whose number is not larger."""
    return _swept(sorted(pairs), sorted(limits), lambda number, limit: number <= limit)


def _from(pairs: Iterable[tuple[int, int]], limits: set[int]) -> dict[int, Bits]:
    """For each limit the rows whose number is not smaller."""
    return _swept(sorted(pairs, reverse=True), sorted(limits, reverse=True), lambda number, limit: number >= limit)


def _swept(
    pairs: Sequence[tuple[int, int]], limits: Sequence[int], is_in: Callable[[int, int], bool]
) -> dict[int, Bits]:
    found: dict[int, Bits] = {}
    at = rows = 0
    for limit in limits:
        fresh = []
        while at < len(pairs) and is_in(pairs[at][0], limit):
            fresh.append(pairs[at][1])
            at += 1
        rows |= _bits_of(fresh)
        found[limit] = rows
    return found


def _bits_of(rows: Sequence[int]) -> Bits:
    """Many bits at once: setting one in a long number copies it."""
    if len(rows) < 16:
        return sum(1 << row for row in set(rows))
    marks = bytearray(max(rows) // 8 + 1)
    for row in rows:
        marks[row >> 3] |= 1 << (row & 7)
    return int.from_bytes(marks, "little")


def _by_element(
    sides: Sequence[Runs], wanted: set[Runs], combine: Callable[[Bits, Bits], Bits]
) -> Mapping[Runs, Bits]:
    rows_of: dict[int, list[int]] = {}
    for row, side in enumerate(sides):
        for at in positions(side):
            rows_of.setdefault(at, []).append(row)
    elements = {at: _bits_of(rows) for at, rows in rows_of.items()}
    return {side: reduce(combine, (elements.get(at, 0) for at in positions(side))) if side else 0 for side in wanted}
