"""The order within each row that lets few links cross: barycentre sweeps, then swaps of neighbours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_SWEEPS = 12

Rows = list[list[int]]


def ordered_rows(row_of: Sequence[int], links: Sequence[tuple[int, int]]) -> Rows:
    """The vertices of each row from left to right. Links join neighbouring rows, upper to lower."""
    above, below = _neighbours(len(row_of), links)
    starts = [_in_rows(row_of, _depth_first(row_of, below, rightmost=rightmost)) for rightmost in (False, True)]
    tried = [_improved(rows, above, below) for rows in (*starts, _in_rows(row_of, range(len(row_of))))]
    return min(tried, key=lambda rows: _crossings(rows, below))


def _improved(rows: Rows, above: Rows, below: Rows) -> Rows:
    best, fewest = [list(row) for row in rows], _crossings(rows, below)
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        _sweep(rows, above if sweep % 2 == 0 else below, downwards=sweep % 2 == 0)
        _swap_neighbours(rows, above, below)
        crossings = _crossings(rows, below)
        if crossings < fewest:
            best, fewest = [list(row) for row in rows], crossings
    return best


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


def _sweep(rows: Rows, neighbours: Rows, *, downwards: bool) -> None:
    for row in rows if downwards else reversed(rows):
        place = {vertex: index for line in rows for index, vertex in enumerate(line)}
        near = {vertex: neighbours[vertex] or [vertex] for vertex in row}
        centre = {vertex: sum(place[n] for n in near[vertex]) / len(near[vertex]) for vertex in row}
        row.sort(key=lambda vertex: centre[vertex])


def _swap_neighbours(rows: Rows, above: Rows, below: Rows) -> None:
    for row in rows:
        place = {vertex: index for line in rows for index, vertex in enumerate(line)}
        for index in range(len(row) - 1):
            left, right = row[index], row[index + 1]
            now = sum(_pairs(near[left], near[right], place) for near in (above, below))
            then = sum(_pairs(near[right], near[left], place) for near in (above, below))
            if then < now:
                row[index], row[index + 1] = right, left


def _pairs(left: Sequence[int], right: Sequence[int], place: dict[int, int]) -> int:
    return sum(place[a] > place[b] for a in left for b in right)


def _crossings(rows: Rows, below: Rows) -> int:
    place = {vertex: index for line in rows for index, vertex in enumerate(line)}
    return sum(
        _pairs(below[left], below[right], place)
        for row in rows
        for index, left in enumerate(row)
        for right in row[index + 1 :]
    )
