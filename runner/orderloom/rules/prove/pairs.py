"""A ranking in, the pairs of rows that overlap out, as the hit policy judges them: errors or information."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from orderloom.rules.hit import Hit
from orderloom.rules.prove.grid import Box
from orderloom.rules.prove.proof import Finding, Kind, Severity
from orderloom.rules.prove.ranking import Ranking, is_computed, picks_first
from orderloom.rules.prove.relations import Bits, bits
from orderloom.rules.prove.runs import common, size_of
from orderloom.rules.prove.wording import in_words, region

MOST = 100  # pairs that are listed; the number of pairs grows with the square of the rows
WEIGHED = 20_000  # pairs of which the largest are taken

_JUDGED: dict[Hit, tuple[Kind, Severity]] = {
    Hit.UNIQUE: ("overlap", "error"),
    Hit.ANY: ("conflict", "error"),
    Hit.PRIORITY: ("overlap", "info"),
    Hit.FIRST: ("overlap", "info"),
    Hit.OUTPUT_ORDER: ("overlap", "info"),
}


def find_pairs(ranking: Ranking) -> tuple[list[Finding], int]:
    """The overlaps that the policy speaks of, the largest of them, and how many there are in all."""
    table = ranking.grid.table
    if table.hit not in _JUDGED:
        return [], 0
    meant = _otherwise(ranking) if picks_first(table.hit) else 0
    others = [_later(ranking, at) & ~meant for at in range(len(ranking.order))]
    count = sum(found.bit_count() for found in others)
    pairs = ((at, other) for at, found in enumerate(others) for other in bits(found))
    chosen = _largest(ranking, pairs) if count <= WEIGHED else _some(others)
    return [_finding(ranking, one, other) for one, other in chosen[:MOST]], count


def uncertain(ranking: Ranking, one: int, other: int) -> bool:
    """Whether it has to be tried if the pair really meets, or really disagrees: a cell or an answer is computed."""
    rows = [ranking.grid.table.rows[ranking.order[at]] for at in (one, other)]
    exact = ranking.exact >> one & ranking.exact >> other & 1
    return not exact or (ranking.grid.table.hit is Hit.ANY and any(is_computed(row) for row in rows))


def shared(ranking: Ranking, one: int, other: int) -> Box:
    pairs = zip(ranking.boxes[one], ranking.boxes[other], strict=True)
    return tuple(common(mine, theirs) for mine, theirs in pairs)


def _later(ranking: Ranking, at: int) -> Bits:
    found = ranking.overlaps[at] & ~ranking.before(at + 1)
    if ranking.grid.table.hit is Hit.ANY:
        found &= ~ranking.alike[at]
    return found


def _otherwise(ranking: Ranking) -> Bits:
    """Rows that ask nothing: they are meant to take what others leave."""
    rows = ranking.grid.table.rows
    return sum(1 << at for at, row in enumerate(ranking.order) if not rows[row].conditions)


def _largest(ranking: Ranking, pairs: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    def size(pair: tuple[int, int]) -> int:
        return prod(size_of(side) for side in shared(ranking, *pair))

    return sorted(pairs, key=size, reverse=True)


def _some(others: list[Bits]) -> list[tuple[int, int]]:
    """One pair of each of the first rows: too many to weigh them all."""
    found = ((at, next(iter(bits(left)))) for at, left in enumerate(others) if left)
    return [pair for pair, _ in zip(found, range(MOST), strict=False)]


def _preferred(ranking: Ranking, one: int, other: int) -> str:
    if ranking.fixed >> one & ranking.fixed >> other & 1:
        return f"{ranking.ids[one]} has the higher priority"
    return "which has the higher priority is computed"


def _finding(ranking: Ranking, one: int, other: int) -> Finding:
    table, box = ranking.grid.table, shared(ranking, one, other)
    kind, severity = _JUDGED[table.hit]
    where = region(ranking.grid, box)
    first, second = sorted((one, other), key=lambda at: ranking.order[at])
    rows = (ranking.ids[first], ranking.ids[second])
    apply = f"rows {rows[0]} and {rows[1]} both apply to {in_words(where)}"
    says = {
        Hit.UNIQUE: f"{apply}, and under unique one row at most may",
        Hit.ANY: f"{apply} and disagree, and under any they must agree",
        Hit.FIRST: f"{apply}; {rows[0]} comes first",
        Hit.PRIORITY: f"{apply}; {_preferred(ranking, one, other)}",
        Hit.OUTPUT_ORDER: f"{apply}; both answer, {ranking.ids[one]} first",
    }
    return Finding(kind, severity, says[table.hit], rows, region=where, box=box)
