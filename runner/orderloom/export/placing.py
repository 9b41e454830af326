"""Where in its row each vertex stands: as near to its neighbours above and below as order and widths allow."""

from __future__ import annotations

from collections.abc import Callable, Sequence

_GAP = 18.0
_PASSES = 24


def placed_columns(
    rows: Sequence[Sequence[int]],
    links: Sequence[tuple[int, int]],
    *,
    widths: Sequence[float],
    weights: Sequence[float],
    put: Callable[[int, float], None],
) -> None:
    """Find the centre of each vertex and `put` it. A link pulls by the weights of both its ends."""
    pulls: list[list[tuple[int, float]]] = [[] for _ in widths]
    row_of = {vertex: index for index, row in enumerate(rows) for vertex in row}
    for upper, lower in dict.fromkeys(links):
        pull = weights[upper] * weights[lower]
        pulls[upper].append((lower, pull))
        pulls[lower].append((upper, pull))
    at = _packed(rows, widths)
    for turn in range(_PASSES):
        down, last = turn % 2 == 0, turn >= _PASSES - 4
        for row in rows if down else reversed(rows):
            _settle(row, at, widths, [_pull(v, pulls[v], at, row_of, None if last else down) for v in row])
    bends = [[n for n, pull in near if pull == weights[v] ** 2 == max(weights) ** 2] for v, near in enumerate(pulls)]
    for down in (True, False, True):
        _straighten(rows if down else rows[::-1], at, widths, bends)
    for vertex, x in enumerate(at):
        put(vertex, x)


def _straighten(
    rows: Sequence[Sequence[int]], at: list[float], widths: Sequence[float], chained: Sequence[Sequence[int]]
) -> None:
    """Move each bend under or over the one just passed, as far as its neighbours leave room: trunks run straight."""
    done: set[int] = set()
    for row in rows:
        for index, vertex in enumerate(row):
            passed = [n for n in chained[vertex] if n in done]
            if passed:
                wanted = sum(at[n] for n in passed) / len(passed)
                before, behind = row[max(index - 1, 0) : index], row[index + 1 : index + 2]
                low = max((at[n] + _apart(widths, n, vertex) for n in before), default=wanted)
                high = min((at[n] - _apart(widths, n, vertex) for n in behind), default=wanted)
                at[vertex] = max(low, min(high, wanted))
        done.update(row)


def _apart(widths: Sequence[float], one: int, other: int) -> float:
    return (widths[one] + widths[other]) / 2 + _GAP


def _packed(rows: Sequence[Sequence[int]], widths: Sequence[float]) -> list[float]:
    at = [0.0] * len(widths)
    for row in rows:
        x = 0.0
        for vertex in row:
            at[vertex] = x + widths[vertex] / 2
            x += widths[vertex] + _GAP
    return at


def _pull(
    vertex: int, pulls: Sequence[tuple[int, float]], at: Sequence[float], row_of: dict[int, int], down: bool | None
) -> tuple[float, float]:
    """Where the neighbours want it, and how much: those above on the way down, those below on the way up, or all."""
    here = row_of[vertex]
    wanted = [(n, w) for n, w in pulls if down is None or (row_of[n] < here) is down]
    total = sum(w for _, w in wanted)
    return (sum(at[n] * w for n, w in wanted) / total, total) if total else (at[vertex], 0.1)


def _settle(
    row: Sequence[int], at: list[float], widths: Sequence[float], wanted: Sequence[tuple[float, float]]
) -> None:
    """The nearest places to the wanted ones that keep order and gaps (least squares, by pooling adjacent violators)."""
    offset, offsets = 0.0, []
    for index, vertex in enumerate(row):
        if index:
            offset += _apart(widths, row[index - 1], vertex)
        offsets.append(offset)
    pools: list[list[float]] = []       # mean, weight, members
    for (x, weight), shift in zip(wanted, offsets, strict=True):
        pools.append([x - shift, weight, 1])
        while len(pools) > 1 and pools[-2][0] >= pools[-1][0]:
            mean, total, members = pools.pop()
            before = pools[-1]
            before[0] = (before[0] * before[1] + mean * total) / (before[1] + total)
            before[1] += total
            before[2] += members
    means = [mean for mean, _, members in pools for _ in range(int(members))]
    for vertex, mean, shift in zip(row, means, offsets, strict=True):
        at[vertex] = mean + shift
