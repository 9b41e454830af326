"""The index of a column of numbers in, the same for whole numbers and for decimals out, each found at its quickest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from math import ceil, floor

from orderloom.rules.index.ordered import Ordered

Masks = Sequence[int | None]

MOST_SMALL = 16_384  # whole numbers whose masks are kept: 128 kB
_BEYOND = Decimal("1E+6145")  # DMN 1.5, 10.3.2.3.1: numbers end there; infinities and NaN land beyond


def whole_numbers(lookup: Ordered) -> tuple[list[int], list[int | None]]:
    """Each mask but the first begins at a whole number, found by `bisect_right`."""
    ends: list[int] = []
    masks = [lookup.between[0]]

    def begin(first: int, mask: int | None) -> None:
        if ends and ends[-1] == first:
            masks[-1] = mask
        else:
            ends.append(first)
            masks.append(mask)

    for end, here, above in zip(lookup.ends, lookup.at, lookup.between[1:], strict=True):
        if floor(end) == end:
            begin(int(end), here)
        begin(floor(end) + 1 if floor(end) == end else ceil(end), above)
    return ends, masks


def small_numbers(ends: Sequence[int], masks: Masks) -> list[int | None]:
    """The mask of every whole number from nought up to the last end, or of as many as are worth keeping."""
    small: list[int | None] = []
    for end, mask in zip(ends, masks, strict=False):
        small += [mask] * max(0, min(end, MOST_SMALL) - len(small))
    return small


def decimals(lookup: Ordered) -> Ordered:
    """Nothing lies beyond the largest and below the smallest number."""
    ends = [Decimal(end) for end in lookup.ends]
    if lookup.between[0] is None and lookup.between[-1] is None:
        return replace(lookup, ends=ends)
    between = [None, *lookup.between, None]
    return replace(lookup, ends=[-_BEYOND, *ends, _BEYOND], at=[None, *lookup.at, None], between=between)
