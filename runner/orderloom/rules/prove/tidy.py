"""A ranking in, what could be said with less out: rows that could be one, columns and words that nothing depends on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator

from orderloom.rules.hit import Hit
from orderloom.rules.prove.grid import Box, Grid
from orderloom.rules.prove.proof import Finding
from orderloom.rules.prove.ranking import Ranking
from orderloom.rules.prove.runs import Runs, join, meet
from orderloom.rules.prove.wording import region
from orderloom.rules.reading.literals import plain

_MERGED = {Hit.UNIQUE, Hit.ANY, Hit.FIRST, Hit.PRIORITY, Hit.COLLECT, Hit.SUM, Hit.COUNT, Hit.MIN, Hit.MAX}
_EVERY_ROW_COUNTS = {Hit.COLLECT, Hit.SUM, Hit.COUNT}


def find_mergeable(ranking: Ranking, gone: frozenset[int]) -> Iterator[tuple[tuple[int, ...], int, Runs]]:
    """Groups of rows that give the same and differ on one axis: their positions, the axis, what they ask together."""
    if ranking.grid.table.hit not in _MERGED:
        return
    used: set[int] = set()
    for axis in range(len(ranking.grid.table.inputs)):
        for group in _alike_but(ranking, axis, gone).values():
            rows = tuple(at for at in group if at not in used)
            if len(rows) > 1 and _may_merge(ranking, rows, axis):
                used.update(rows)
                yield rows, axis, join(run for at in rows for run in ranking.boxes[at][axis])


def unused_columns(grid: Grid) -> Iterator[Finding]:
    """Columns that no cell tests, or that all rows test alike, and that no formula reads."""
    read = _names_read(grid)
    for at, axis in enumerate(grid.axes[: len(grid.table.inputs)]):
        sides = {box[at] for box in grid.boxes}
        column = grid.table.inputs[at]
        if axis.name in read or len(sides) > 1 or any(cell.column == axis.name for cell in grid.unread):
            continue
        tested = any(one.column == at for row in grid.table.rows for one in row.conditions)
        message = f"column `{column.name}` decides nothing: no cell tests it"
        if tested:
            message = f"column `{column.name}` tells no row from another: every row asks the same of it"
        yield Finding("unused_column", "info", message, columns=(column.name,))


def unreachable_outputs(ranking: Ranking, masked: frozenset[int]) -> Iterator[Finding]:
    """Words that an output may be and that no row which can answer gives, nor its default."""
    table = ranking.grid.table
    if table.hit.aggregates:
        return
    live = [table.rows[row] for at, row in enumerate(ranking.order) if at not in masked]
    for index, column in enumerate(table.outputs):
        answers = [row.answers[index] for row in live]
        if any(answer.formula is not None for answer in answers) or column.kind.item is not None:
            continue
        given = [answer.value for answer in answers] + ([column.default] if column.has_default else [])
        for value in column.values:
            if value not in given:
                message = f"output `{column.name}` is never {plain(value)}: no row that can answer gives it"
                yield Finding("unreachable_output", "info", message, columns=(column.name,))


def merged_region(ranking: Ranking, rows: tuple[int, ...], axis: int, side: Runs) -> tuple[Box, dict[str, str]]:
    box = ranking.boxes[rows[0]]
    whole = (*box[:axis], side, *box[axis + 1 :])
    return whole, region(ranking.grid, whole)


def _alike_but(ranking: Ranking, axis: int, gone: frozenset[int]) -> dict[Hashable, list[int]]:
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for at, box in enumerate(ranking.boxes):
        if at not in gone and ranking.exact >> at & 1 and ranking.fixed >> at & 1:
            groups[(ranking.answers[at], box[:axis], box[axis + 1 :])].append(at)
    return groups


def _may_merge(ranking: Ranking, rows: tuple[int, ...], axis: int) -> bool:
    """Whether one row in the place of the first would decide as these do."""
    hit = ranking.grid.table.hit
    if hit in _EVERY_ROW_COUNTS:
        sides = [ranking.boxes[at][axis] for at in rows]
        return not any(meet(one, other) for n, one in enumerate(sides) for other in sides[n + 1 :])
    if hit not in {Hit.FIRST, Hit.PRIORITY}:
        return True
    first = rows[0]
    return not any(
        ranking.overlaps[at] & ranking.before(at) & ~ranking.before(first + 1) & ~ranking.alike[at] for at in rows[1:]
    )


def _names_read(grid: Grid) -> set[str]:
    """The columns that cells or answers of other columns compute with."""
    table = grid.table
    formulas = [one.formula for row in table.rows for one in row.answers if one.formula is not None]
    tests = [one.tests for row in table.rows for one in row.conditions if one.tests is not None]
    reads = (*(read for one in formulas for read in one.reads), *(read for one in tests for read in one.reads))
    return {read.path[0] for read in reads}
