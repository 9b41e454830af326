"""A finding in, the edit that mends it out: proven on the spot to close it and to bring no gap and no overlap."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from orderloom.rules.prove.cells import asked
from orderloom.rules.prove.cover import Effort, GaveUpError, Search
from orderloom.rules.prove.edited import condition
from orderloom.rules.prove.grid import Box, Grid
from orderloom.rules.prove.neighbours import Neighbour, cell_of, neighbours
from orderloom.rules.prove.proof import Edit, Finding, Fix
from orderloom.rules.prove.ranking import Ranking
from orderloom.rules.prove.runs import Runs, common, meet, minus, union, within
from orderloom.rules.prove.wording import cell_text

_STEPS = 2_000_000  # rows looked at for one edit


def with_fixes(ranking: Ranking, findings: Sequence[Finding]) -> Iterator[Finding]:
    """The findings with the edit that mends each, where there is one."""
    proposals = _Proposals(ranking)
    for finding in findings:
        yield replace(finding, fix=proposals.of(finding))


@dataclass(frozen=True)
class _Proposals:
    ranking: Ranking

    def of(self, finding: Finding) -> Fix | None:
        propose = _BY_KIND.get(finding.kind)
        try:
            fix = propose(self.ranking, finding) if propose else None
        except GaveUpError:
            return None
        return fix if fix is not None and not self._is_told_of(fix) else None

    def _is_told_of(self, fix: Fix) -> bool:
        """Whether a case of the table names a row that would be gone."""
        gone = {edit.row for edit in fix.edits if edit.column is None}
        return any(case.row in gone for case in self.ranking.grid.table.cases)


def _close(ranking: Ranking, finding: Finding) -> Fix | None:
    """A row beside the gap takes it: the one above it first, as `> 30.5` becomes `> 30`."""
    grid = ranking.grid
    near = [one for one in neighbours(grid, finding.box) if one.covers]
    between = {one.axis for one in near if one.above} & {one.axis for one in near if not one.above}
    for one in sorted(near, key=lambda one: (one.axis not in between, not one.above)):
        edit = _grown(ranking, one, finding.box)
        if edit is not None:
            return Fix((edit,), "closes the gap, adds no overlap", certain=one.axis in between)
    return _with_a_word(ranking, finding)


def _with_a_word(ranking: Ranking, finding: Finding) -> Fix | None:
    """A row that lists words takes the missing ones; which row that should be is for a person to say."""
    grid, box = ranking.grid, finding.box
    for row, axis in grid.walls(box):
        others = (pair for at, pair in enumerate(zip(box, grid.boxes[row], strict=True)) if at != axis)
        if axis < len(grid.table.inputs) and all(within(*pair) for pair in others):
            edit = _grown(ranking, Neighbour(row, axis, above=True, covers=True), box)
            if edit is not None:
                return Fix((edit,), "closes the gap, adds no overlap", certain=False)
    return None


def _grown(ranking: Ranking, one: Neighbour, gap: Box) -> Edit | None:
    """The edit that gives a row the gap on one axis; None where the row would also take what others have."""
    grid = ranking.grid
    own = grid.boxes[one.row]
    side = union(own[one.axis], gap[one.axis])
    fresh = _with(own, one.axis, minus(side, own[one.axis]))
    if not grid.is_exact(one.row) or any(_meet(box, fresh) for box in ranking.boxes):
        return None
    return _edit(grid, one.row, one.axis, side)


def _part(ranking: Ranking, finding: Finding) -> Fix | None:
    """One of two rows gives up what both take; the later row before the earlier one."""
    grid = ranking.grid
    if finding.severity != "error":
        return None
    first, second = (_index(grid, row) for row in finding.rows)
    for row, other in ((second, first), (first, second)):
        for axis in range(len(grid.table.inputs)):
            edit = _shrunk(ranking, row, other, axis)
            if edit is not None:
                return Fix((edit,), "ends the overlap, opens no gap")
    return _dropped(ranking, finding)


def _shrunk(ranking: Ranking, row: int, other: int, axis: int) -> Edit | None:
    grid = ranking.grid
    own, theirs = grid.boxes[row], grid.boxes[other]
    rest, lost = minus(own[axis], theirs[axis]), common(own[axis], theirs[axis])
    if not rest or not grid.is_exact(row) or not _has_cell(grid, row, axis):
        return None
    if not _taken(ranking, _with(own, axis, lost), without=row):
        return None
    return _edit(grid, row, axis, rest)


def _dropped(ranking: Ranking, finding: Finding) -> Fix | None:
    """A row within another, that gives the same, goes."""
    places = {row: at for at, row in enumerate(ranking.ids)}
    one, other = (places[row] for row in finding.rows)
    for inner, outer in ((other, one), (one, other)):
        if ranking.containers[inner] >> outer & 1 and ranking.alike[inner] >> outer & 1:
            return Fix((Edit(ranking.ids[inner]),), f"{ranking.ids[outer]} takes its place and gives the same")
    return None


def _delete(ranking: Ranking, finding: Finding) -> Fix:
    """A row that never answers, or that another replaces, goes: nothing is decided otherwise."""
    del ranking
    return Fix((Edit(finding.rows[0]),), "decides nothing otherwise")


def _merge(ranking: Ranking, finding: Finding) -> Fix | None:
    """The first row asks what all of them ask, and the others go."""
    grid = ranking.grid
    axis = next(at for at, one in enumerate(grid.axes) if one.name == finding.columns[0])
    first, *others = finding.rows
    edit = _edit(grid, _index(grid, first), axis, finding.box[axis])
    if edit is None:
        return None
    return Fix((edit, *(Edit(row) for row in others)), "decides nothing otherwise")


_BY_KIND: Mapping[str, Callable[[Ranking, Finding], Fix | None]] = {
    "gap": _close,
    "default": lambda _ranking, _finding: None,
    "overlap": _part,
    "conflict": _part,
    "masked": _delete,
    "subsumed": _delete,
    "mergeable": _merge,
}


def _edit(grid: Grid, row: int, axis: int, side: Runs) -> Edit | None:
    """None where no cell can ask exactly that."""
    there = grid.axes[axis]
    if side != there.full and meet(side, there.missing) and side != there.missing:
        return None
    old = cell_of(grid.table.rows[row], axis)
    new = cell_text(grid, axis, side)
    if not _means(grid, axis, new, side):
        return None
    return Edit(grid.table.rows[row].id, grid.axes[axis].name, old, new) if old != new else None


def _means(grid: Grid, axis: int, text: str, side: Runs) -> bool:
    """Whether a cell of that text, read again, takes exactly that."""
    there, column = grid.axes[axis], grid.table.inputs[axis]
    if text == "-":
        return side == there.full
    read = condition(grid.table, column.name, text)
    cell = asked(read, column) if read is not None else None
    if read is None or cell is None:
        return False
    missing = there.missing if read.takes_null and read.holds(None, {}) is True else ()
    return union(there.set_of(cell), missing) == side


def _taken(ranking: Ranking, box: Box, without: int) -> bool:
    """Whether other rows take all of a box."""
    pairs = zip(ranking.order, ranking.boxes, strict=True)
    rows = [other for row, other in pairs if row != without and ranking.grid.is_exact(row)]
    return next(Search(Effort(_STEPS), rows).uncovered(box), None) is None


def _has_cell(grid: Grid, row: int, axis: int) -> bool:
    return cell_of(grid.table.rows[row], axis) != "-"


def _index(grid: Grid, row_id: str) -> int:
    return next(at for at, row in enumerate(grid.table.rows) if row.id == row_id)


def _meet(one: Box, other: Box) -> bool:
    return all(meet(mine, theirs) for mine, theirs in zip(one, other, strict=True))


def _with(box: Box, axis: int, side: Runs) -> Box:
    return (*box[:axis], side, *box[axis + 1 :])


