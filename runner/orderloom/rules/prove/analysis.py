"""A table in, its proof out: what no row takes, what several take, what never answers, and what could not be told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from orderloom.rules.columns import Input
from orderloom.rules.hit import Hit
from orderloom.rules.prove.findings import (
    dead_findings,
    gap_findings,
    masked_findings,
    pair_findings,
    subsumed_findings,
    tidy_findings,
    tried_gaps,
)
from orderloom.rules.prove.fixes import with_fixes
from orderloom.rules.prove.gaps import Gaps, find_gaps
from orderloom.rules.prove.grid import Grid, grid_of
from orderloom.rules.prove.orders import Past, weighed
from orderloom.rules.prove.proof import Finding, Proof
from orderloom.rules.prove.ranking import Ranking, rank
from orderloom.rules.prove.shadows import Shadows, find_masked
from orderloom.rules.reading.literals import plain
from orderloom.rules.table import DecisionTable

STEPS = 60_000_000  # rows looked at before a search gives up: about a minute
LISTED = 200  # findings of one kind that are listed
_ORDER = ("error", "warning", "info")


Stage = Callable[[str], None]


def _silent(_stage: str) -> None:
    pass


def prove(
    table: DecisionTable,
    today: date | None = None,
    orders: Sequence[Past] | None = None,
    steps: int = STEPS,
    stage: Stage = _silent,
) -> Proof:
    """All findings about a table. Days before `today` are not looked at; past `orders` weigh the findings.

    Each search gives up after so many `steps`, rows looked at, and the proof says so. `stage` is told what is looked
    for next, since that may take a while.
    """
    stage("its cells")
    grid = grid_of(table, today)
    found = _searched(grid, rank(grid), steps, stage)
    findings = found.findings
    read = 0
    if orders is not None:
        stage("past orders")
        findings, read = weighed(grid, findings, orders)
    stage("mends")
    findings = sorted(findings, key=lambda one: (_ORDER.index(one.severity), -(one.count or 0)))
    listed, omitted = _listed(findings, found.more)
    return Proof(
        table=table.name,
        rows=len(table.rows),
        complete=found.proven and not any(one.severity == "error" for one in findings),
        findings=tuple(with_fixes(found.ranking, listed)),
        unanalysed=grid.unread,
        assumptions=grid.assumptions,
        missing=tuple(_missing(column) for column in table.inputs),
        omitted=omitted,
        stopped=tuple(found.stopped),
        orders=None if orders is None else len(orders),
        unread=0 if orders is None else len(orders) - read,
    )


@dataclass
class _Found:
    ranking: Ranking
    findings: list[Finding]
    more: dict[str, int]
    stopped: list[str]
    proven: bool


def _searched(grid: Grid, ranking: Ranking, steps: int, stage: Stage) -> _Found:
    stage("gaps")
    gaps, unproven = _gaps(grid, ranking, steps)
    stage("rows that overlap")
    pairs, count, unconfirmed = pair_findings(ranking)
    stage("rows that never answer")
    shadows = find_masked(ranking, steps)
    findings = [*gap_findings(grid, gaps.boxes), *tried_gaps(grid, unproven.boxes), *pairs]
    masked = [*dead_findings(grid), *masked_findings(ranking, shadows, LISTED)]
    needless = list(subsumed_findings(ranking, shadows))
    tidy = tidy_findings(ranking, shadows, frozenset(one.rows[0] for one in needless))
    more = {"masked": max(0, len(shadows.masked) - LISTED)}
    if pairs:
        more[pairs[0].kind] = count - len(pairs) - unconfirmed
    strict = grid.table.hit in {Hit.UNIQUE, Hit.ANY}
    proven = gaps.whole and unproven.whole and not unproven.boxes and not (unconfirmed and strict)
    stopped = _stopped(gaps, unproven, shadows, ranking)
    return _Found(ranking, [*findings, *masked, *needless, *tidy], more, stopped, proven)


def _gaps(grid: Grid, ranking: Ranking, steps: int) -> tuple[Gaps, Gaps]:
    """What no row can take; and what only rows with cells to compute may take."""
    gaps = find_gaps(grid, ranking.boxes, steps, ranking.apart)
    if ranking.exact == (1 << len(ranking.order)) - 1:
        return gaps, Gaps((), whole=True)
    exact = [box for at, box in enumerate(ranking.boxes) if ranking.exact >> at & 1]
    return gaps, find_gaps(grid, exact, steps, known=gaps.boxes)


def _stopped(gaps: Gaps, unproven: Gaps, shadows: Shadows, ranking: Ranking) -> list[str]:
    found = []
    if not gaps.whole or not unproven.whole:
        found.append(f"the search for gaps stopped after {len(gaps.boxes)}: there may be more")
    if shadows.unknown:
        rows = ", ".join(ranking.ids[at] for at in shadows.unknown)
        found.append(f"whether these rows ever answer was not searched to the end: {rows}")
    return found


def _listed(findings: Sequence[Finding], more: dict[str, int]) -> tuple[list[Finding], dict[str, int]]:
    """The first of each kind, and how many were left out."""
    listed: list[Finding] = []
    counts: dict[str, int] = {}
    omitted = {kind: number for kind, number in more.items() if number}
    for finding in findings:
        counts[finding.kind] = counts.get(finding.kind, 0) + 1
        if counts[finding.kind] <= LISTED:
            listed.append(finding)
        else:
            omitted[finding.kind] = omitted.get(finding.kind, 0) + 1
    return listed, omitted


def _missing(column: Input) -> str:
    """What it means that the fact of a column is missing."""
    rule, value = column.missing.rule, column.missing.value
    if rule == "value" and value is not None:
        return f"{column.name}: {plain(value) or 'an empty text'} stands for it"
    means = {
        "error": "an error, and nothing is decided",
        "default": "the defaults answer",
        "no_match": "rows that test it do not apply",
        "value": "rows that test it do not apply",
    }
    return f"{column.name}: {means[rule]}"

