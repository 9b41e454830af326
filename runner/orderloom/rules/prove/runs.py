"""Sets of the elements of one axis, as sorted runs of positions: union, intersection, complement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

Run = tuple[int, int]  # from the first position up to, and not including, the second
Runs = tuple[Run, ...]  # sorted, apart from one another
NONE: Runs = ()


def join(parts: Iterable[Run]) -> Runs:
    """The union of any runs."""
    joined: list[Run] = []
    for low, high in sorted(part for part in parts if part[0] < part[1]):
        if joined and low <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return tuple(joined)


def union(one: Runs, other: Runs) -> Runs:
    return one if one == other else join((*one, *other))


def common(one: Runs, other: Runs) -> Runs:
    """What lies in both."""
    if len(one) == len(other) == 1:
        low, high = max(one[0][0], other[0][0]), min(one[0][1], other[0][1])
        return ((low, high),) if low < high else NONE
    return join((max(a, c), min(b, d)) for a, b in one for c, d in other)


def outside(runs: Runs, size: int) -> Runs:
    """The positions below `size` that are not in it."""
    edges = [0, *(edge for run in runs for edge in run), size]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return tuple((low, high) for low, high in pairs if low < high)


def minus(one: Runs, other: Runs) -> Runs:
    return common(one, outside(other, one[-1][1])) if one else NONE


def meet(one: Runs, other: Runs) -> bool:
    """Whether they have a position in common."""
    if not one or not other or one[0][0] >= other[-1][1] or other[0][0] >= one[-1][1]:
        return False
    if len(one) == len(other) == 1:
        return True
    return any(a < d and c < b for a, b in one for c, d in other)


def within(one: Runs, other: Runs) -> bool:
    """Whether all of `one` lies in `other`."""
    return all(any(c <= a and b <= d for c, d in other) for a, b in one)


def holds(runs: Runs, position: int) -> bool:
    return any(low <= position < high for low, high in runs)


def size_of(runs: Runs) -> int:
    return sum(high - low for low, high in runs)


def positions(runs: Runs) -> Iterator[int]:
    for low, high in runs:
        yield from range(low, high)
