"""A ranking in, the rows that can never answer out, and those that another row makes needless."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from orderloom.rules.hit import Hit
from orderloom.rules.prove.cover import Effort, GaveUpError, Search
from orderloom.rules.prove.grid import Box
from orderloom.rules.prove.ranking import Ranking, picks_first
from orderloom.rules.prove.relations import Bits, at_elements, bits

PROBES = 12  # facts tried on each row before its cover is searched
SAMPLED = 64  # elements of each axis that facts to try are made of
IN_A_ROW = 24  # masked rows after which all the rest are looked at together
FEW = 24  # rows of which the fewest that mask another are sought


@dataclass
class Shadows:
    """By position in the ranking: masked rows with those that take all that is theirs, and where the search gave up."""

    masked: dict[int, Bits] = field(default_factory=dict)
    unknown: list[int] = field(default_factory=list)


def find_masked(ranking: Ranking, steps: int) -> Shadows:
    """The rows that never answer because rows before them answer to everything they ask for."""
    found = Shadows()
    if picks_first(ranking.grid.table.hit):
        _Masks(ranking, found, Effort(steps)).search()
    return found


def find_subsumed(ranking: Ranking, masked: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Rows without which nothing would be decided otherwise: another row takes their place and gives the same."""
    hit, gone = ranking.grid.table.hit, set(masked)
    if hit is not Hit.ANY and not picks_first(hit):
        return
    for at, around in enumerate(ranking.containers):
        same = around & ranking.alike[at] & (ranking.fixed if hit is Hit.PRIORITY else -1)
        if at in gone or not ranking.fixed >> at & 1:
            continue
        other = _heir_of_any(ranking, at, same) if hit is Hit.ANY else _heir(ranking, at, same)
        if other is not None and other not in gone:
            yield at, other


def _heir(ranking: Ranking, at: int, same: Bits) -> int | None:
    """The first later row that gives the same wherever this one applies, if no other row comes between."""
    later = same & ~ranking.before(at + 1)
    if not later:
        return None
    other = next(iter(bits(later)))
    between = ranking.overlaps[at] & ranking.before(other) & ~ranking.before(at + 1) & ~ranking.alike[at]
    return None if between else other


def _heir_of_any(ranking: Ranking, at: int, same: Bits) -> int | None:
    """Of two rows that ask the same, the later one is needless."""
    return next((other for other in bits(same) if not ranking.containers[other] >> at & 1 or other < at), None)


class _Masks:
    def __init__(self, ranking: Ranking, found: Shadows, effort: Effort) -> None:
        self._ranking, self._found, self._effort = ranking, found, effort
        self._probe = _Probe(ranking)
        self._gone: Bits = 0

    def search(self) -> None:
        ranking, streak = self._ranking, 0
        for at in range(len(ranking.order)):
            earlier = ranking.overlaps[at] & ranking.before(at) & ranking.exact & ranking.fixed & ~self._gone
            if not earlier or not ranking.fixed >> at & 1:
                continue
            streak = streak + 1 if self._is_masked(at, earlier) else 0
            if streak == IN_A_ROW and self._all_taken(at):
                return

    def _is_masked(self, at: int, earlier: Bits) -> bool:
        """A row that is masked is also struck from the rows that may mask others: those that mask it do it too."""
        single = self._ranking.containers[at] & earlier
        if single:
            self._mark(at, single & -single)
            return True
        if self._probe.escapes(at, earlier):
            return False
        rows = list(bits(earlier))
        try:
            masked = self._covered(self._ranking.boxes[at], rows)
        except GaveUpError:
            self._found.unknown.append(at)
            return False
        if masked:
            self._mark(at, self._fewest(at, rows))
        return masked

    def _mark(self, at: int, rows: Bits) -> None:
        self._found.masked[at] = rows
        self._gone |= 1 << at

    def _covered(self, box: Box, rows: Sequence[int]) -> bool:
        search = Search(self._effort, [self._ranking.boxes[row] for row in rows])
        return next(search.uncovered(box), None) is None

    def _fewest(self, at: int, rows: list[int]) -> Bits:
        """No row of these can be spared; all of them where there are many."""
        if len(rows) <= FEW:
            for row in list(rows):
                rest = [one for one in rows if one != row]
                if self._covered(self._ranking.boxes[at], rest):
                    rows = rest
        return sum(1 << row for row in rows)

    def _all_taken(self, at: int) -> bool:
        """Whether the rows up to here leave nothing to any row behind them."""
        ranking = self._ranking
        rows = list(bits(ranking.before(at) & ranking.exact & ranking.fixed & ~self._gone))
        try:
            if not self._covered(ranking.grid.whole, rows):
                return False
        except GaveUpError:
            return False
        for row in range(at + 1, len(ranking.order)):
            if ranking.fixed >> row & 1:
                self._mark(row, 0)
        return True


class _Probe:
    """Facts to try on a row: one that no earlier row takes shows that the row is alive, and saves the search."""

    def __init__(self, ranking: Ranking) -> None:
        self._random = Random(20)  # noqa: S311 (the same facts in every run)
        self._boxes = ranking.boxes
        self._samples: list[list[int]] = []
        self._rows: list[dict[int, Bits]] = []
        for axis in range(len(ranking.grid.axes)):
            sides = [box[axis] for box in ranking.boxes]
            starts = sorted({side[0][0] for side in sides})
            step = max(1, len(starts) // SAMPLED)
            self._samples.append(starts[::step])
            self._rows.append(at_elements(sides, starts[::step]) if sides else {})

    def escapes(self, at: int, earlier: Bits) -> bool:
        choices = [
            [place for low, high in side for place in samples[bisect_left(samples, low) : bisect_left(samples, high)]]
            for side, samples in zip(self._boxes[at], self._samples, strict=True)
        ]
        return all(choices) and any(not self._taken(choices, earlier) for _ in range(PROBES))

    def _taken(self, choices: Sequence[Sequence[int]], left: Bits) -> Bits:
        for rows, places in zip(self._rows, choices, strict=True):
            left &= rows[self._random.choice(places)]
        return left
