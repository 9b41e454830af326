"""The order within each row that lets few links cross: barycentre sweeps, then swaps of neighbours."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Sequence

_SWEEPS = 12

Rows = list[list[int]]


def ordered_rows(row_of: Sequence[int], links: Sequence[tuple[int, int]]) -> Rows:
    """The vertices of each row from left to right. Links join neighbouring rows, upper to lower."""
    above, below = _neighbours(len(row_of), links)
    starts = [_in_rows(row_of, _depth_first(row_of, below, rightmost=rightmost)) for rightmost in (False, True)]
    tried = [_improved(rows, above, below) for rows in (*starts, _in_rows(row_of, range(len(row_of))))]
    return min(tried, key=lambda rows: _crossings(rows, below, _places(rows, len(row_of))))


def _improved(rows: Rows, above: Rows, below: Rows) -> Rows:
    place = _places(rows, len(above))
    best, fewest = [list(row) for row in rows], _crossings(rows, below, place)
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        _sweep(rows, above if sweep % 2 == 0 else below, place, downwards=sweep % 2 == 0)
        _swap_neighbours(rows, above, below, place)
        crossings = _crossings(rows, below, place)
        if crossings < fewest:
            best, fewest = [list(row) for row in rows], crossings
    return best


def _places(rows: Rows, count: int) -> list[int]:
    """Where in its row each vertex stands."""
    place = [0] * count
    for row in rows:
        _renumber(row, place)
    return place


def _renumber(row: Sequence[int], place: list[int]) -> None:
    for index, vertex in enumerate(row):
        place[vertex] = index


def _in_rows(row_of: Sequence[int], order: Iterable[int]) -> Rows:
    rows: Rows = [[] for _ in range(max(row_of, default=-1) + 1)]
    for vertex in order:
        rows[row_of[vertex]].append(vertex)
    return rows


def _depth_first(row_of: Sequence[int], below: Rows, *, rightmost: bool) -> list[int]:
    """A branch stays together from the start."""
    seen: dict[int, None] = {}
    todo = sorted(range(len(row_of)), key=lambda v: (row_of[v], v), reverse=True)
    while todo:
        vertex = todo.pop()
        if vertex not in seen:
            seen[vertex] = None
            todo.extend(below[vertex] if rightmost else reversed(below[vertex]))
    return list(seen)


def _neighbours(count: int, links: Sequence[tuple[int, int]]) -> tuple[Rows, Rows]:
    above: Rows = [[] for _ in range(count)]
    below: Rows = [[] for _ in range(count)]
    for upper, lower in dict.fromkeys(links):
        below[upper].append(lower)
        above[lower].append(upper)
    return above, below


def _sweep(rows: Rows, neighbours: Rows, place: list[int], *, downwards: bool) -> None:
    for row in rows if downwards else reversed(rows):
        near = {vertex: neighbours[vertex] or [vertex] for vertex in row}
        centre = {vertex: sum(place[n] for n in near[vertex]) / len(near[vertex]) for vertex in row}
        row.sort(key=centre.__getitem__)
        _renumber(row, place)


def _swap_neighbours(rows: Rows, above: Rows, below: Rows, place: list[int]) -> None:
    for row in rows:
        for index in range(len(row) - 1):
            left, right = row[index], row[index + 1]
            now = sum(_pairs(near[left], near[right], place) for near in (above, below))
            then = sum(_pairs(near[right], near[left], place) for near in (above, below))
            if then < now:
                row[index], row[index + 1] = right, left
                place[left], place[right] = place[right], place[left]


def _pairs(left: Sequence[int], right: Sequence[int], place: Sequence[int]) -> int:
    return sum(place[a] > place[b] for a in left for b in right)


def _crossings(rows: Rows, below: Rows, place: Sequence[int]) -> int:
    """Two links cross where the one that leaves further left arrives further right."""
    found = 0
    for row in rows:
        arrived: list[int] = []
        for vertex in row:
            ends = sorted(place[lower] for lower in below[vertex])
            found += sum(len(arrived) - bisect_right(arrived, end) for end in ends)
            for end in ends:
                insort(arrived, end)
    return found
