"""Rows as the bits of a whole number: the first row is the highest bit, so that the first of many costs nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

_ONE = ord("1")
FEW = 8  # up to so many bits, taking one after another is quicker than spelling the number out


def bit(row: int, count: int) -> int:
    """The bit of one row of a table with `count` rows."""
    return 1 << (count - 1 - row)


def mask_of(rows: Sequence[int], count: int) -> int:
    """The bits of some rows."""
    if len(rows) <= FEW:
        return sum(bit(row, count) for row in rows)
    digits = bytearray(b"0" * count)
    for row in rows:
        digits[row] = _ONE
    return int(digits, 2)


def every(count: int) -> int:
    return (1 << count) - 1


def rows_of(mask: int, count: int) -> Iterator[int]:
    """The rows of a mask, in their order."""
    for _ in range(FEW):
        if not mask:
            return
        length = mask.bit_length()
        yield count - length
        mask ^= 1 << (length - 1)
    digits = f"{mask:0{count}b}"
    found = digits.find("1")
    while found >= 0:
        yield found
        found = digits.find("1", found + 1)
