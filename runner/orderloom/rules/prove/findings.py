"""What the searches found in, findings in words out, each with an example that the engine confirmed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from orderloom.rules.hit import Hit
from orderloom.rules.prove import trial
from orderloom.rules.prove.cover import Effort, GaveUpError, Search
from orderloom.rules.prove.grid import VALID, Box, Grid
from orderloom.rules.prove.neighbours import edges_in_words
from orderloom.rules.prove.pairs import find_pairs, uncertain
from orderloom.rules.prove.proof import Finding, Kind, Severity
from orderloom.rules.prove.ranking import Ranking
from orderloom.rules.prove.relations import bits
from orderloom.rules.prove.shadows import Shadows, find_subsumed
from orderloom.rules.prove.tidy import find_mergeable, merged_region, unreachable_outputs, unused_columns
from orderloom.rules.prove.wording import in_cell, in_words, region
from orderloom.rules.table import DecisionTable

_STEPS = 100_000  # rows looked at for an example that is as good as it can be
_NAMED = 6  # rows that a sentence names


def has_defaults(table: DecisionTable) -> bool:
    return all(column.has_default for column in table.outputs)


def gap_findings(grid: Grid, boxes: Sequence[Box]) -> Iterator[Finding]:
    """Where no row applies: an error, unless the table says what that means."""
    for box in boxes:
        where = region(grid, box)
        finding = Finding(*_of_no_row(grid.table, in_words(where)), region=where, box=box)
        facts = trial.example(grid, box, trial.no_row, certain=True)
        yield _with_example(replace(finding, edges=edges_in_words(grid, box)), facts)


def tried_gaps(grid: Grid, boxes: Sequence[Box]) -> Iterator[Finding]:
    """Facts for which no row applies, among those that only rows with cells to compute could take."""
    for box in boxes:
        facts = trial.example(grid, box, trial.no_row, certain=False)
        if facts is not None:
            point = grid.point(facts.values, facts.day)
            assert point is not None
            cell = tuple(((at, at + 1),) for at in point)
            computed = {one.column for one in grid.unread}
            where = region(grid, cell) | {name: in_cell(grid, name, facts.values[name]) for name in computed}
            yield _with_example(Finding(*_of_no_row(grid.table, in_words(where)), region=where, box=cell), facts)


def pair_findings(ranking: Ranking) -> tuple[list[Finding], int, int]:
    """Overlaps; how many there are in all; and how many of those listed could not be confirmed."""
    found, count = find_pairs(ranking)
    places = {row: at for at, row in enumerate(ranking.ids)}
    confirmed = []
    for finding in found:
        one, other = finding.rows
        certain = not uncertain(ranking, places[one], places[other])
        expected = trial.conflict(one, other) if finding.severity == "error" else trial.both(one, other)
        facts = trial.example(ranking.grid, finding.box, expected, certain)
        if facts is not None:
            confirmed.append(_with_example(finding, facts))
    return confirmed, count, len(found) - len(confirmed)


def dead_findings(grid: Grid) -> Iterator[Finding]:
    """Rows that no fact can meet."""
    for index, box in enumerate(grid.boxes):
        if all(box):
            continue
        row = grid.table.rows[index]
        empty = [axis.name for axis, side in zip(grid.axes, box, strict=True) if not side]
        reason = f"no fact that is allowed meets its {' and '.join(empty)}"
        if empty == [VALID]:
            reason = f"it was valid until {row.valid_until}"
        message = f"row {row.id} can never apply: {reason}"
        yield Finding("masked", "warning", message, (row.id,), tuple(empty))


def masked_findings(ranking: Ranking, shadows: Shadows, most: int) -> Iterator[Finding]:
    for at, rows in list(shadows.masked.items())[:most]:
        row, others, box = ranking.ids[at], ranking.named(rows), ranking.boxes[at]
        message = f"row {row} never answers: {_takers(others)} everything it asks for"
        named = others if len(others) <= _NAMED else ()
        finding = Finding("masked", "warning", message, (row, *named), region=region(ranking.grid, box), box=box)
        facts = trial.example(ranking.grid, box, trial.beaten(row), certain=ranking.grid.is_exact(ranking.order[at]))
        yield _with_example(finding, facts)


def subsumed_findings(ranking: Ranking, shadows: Shadows) -> Iterator[Finding]:
    for at, other in find_subsumed(ranking, list(shadows.masked)):
        rows, box = (ranking.ids[at], ranking.ids[other]), ranking.boxes[at]
        message = f"row {rows[0]} could be left out: row {rows[1]} takes its place and gives the same"
        finding = Finding("subsumed", "info", message, rows, region=region(ranking.grid, box), box=box)
        exact = ranking.grid.is_exact(ranking.order[at])
        yield _with_example(finding, trial.example(ranking.grid, _own(ranking, at), trial.both(*rows), exact))


def _own(ranking: Ranking, at: int) -> Box:
    """A part of a row's box that no row before it takes, if that is soon found."""
    box = ranking.boxes[at]
    earlier = bits(ranking.overlaps[at] & ranking.before(at))
    try:
        return next(Search(Effort(_STEPS), [ranking.boxes[row] for row in earlier]).uncovered(box), box)
    except GaveUpError:
        return box


def tidy_findings(ranking: Ranking, shadows: Shadows, needless: frozenset[str]) -> Iterator[Finding]:
    """Rows that could be one, columns that decide nothing, words that never come out."""
    grid = ranking.grid
    gone = frozenset(at for at, row in enumerate(ranking.ids) if at in shadows.masked or row in needless)
    for rows, axis, side in find_mergeable(ranking, gone):
        box, where = merged_region(ranking, rows, axis, side)
        ids, column = tuple(ranking.ids[at] for at in rows), grid.axes[axis].name
        message = f"{_listed(ids)} give the same and differ in `{column}` alone: one row can say it"
        yield Finding("mergeable", "info", message, ids, (column,), where, box=box)
    yield from unused_columns(grid)
    yield from unreachable_outputs(ranking, frozenset(shadows.masked))


def _of_no_row(table: DecisionTable, where: str) -> tuple[Kind, Severity, str]:
    if has_defaults(table):
        return "default", "info", f"no row applies to {where}: the defaults answer"
    if table.hit is Hit.COUNT:
        return "default", "info", f"no row applies to {where}: the count is 0"
    if not table.hit.single:
        return "default", "info", f"no row applies to {where}: the list is empty"
    return "gap", "error", f"no row applies to {where}"


def _with_example(finding: Finding, facts: trial.Facts | None) -> Finding:
    return finding if facts is None else replace(finding, example=facts.values, day=facts.day)


def _takers(others: Sequence[str]) -> str:
    if not others:
        return "the rows before it take"
    return f"row {others[0]} takes" if len(others) == 1 else f"{_listed(others)} together take"


def _listed(rows: Sequence[str]) -> str:
    if len(rows) > _NAMED:
        return f"rows {', '.join(rows[:_NAMED])} and {len(rows) - _NAMED} more"
    return f"rows {', '.join(rows[:-1])} and {rows[-1]}"


