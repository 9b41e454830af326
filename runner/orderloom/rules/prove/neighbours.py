"""A gap in, the rows beside it out: which rows end where it begins, and which begin where it ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from orderloom.rules.prove.axes import LineAxis
from orderloom.rules.prove.grid import Box, Grid
from orderloom.rules.prove.runs import Runs, within
from orderloom.rules.reading.rows import Row


@dataclass(frozen=True)
class Neighbour:
    """A row that touches a gap on one axis. `covers`: on all other axes it takes all that the gap has."""

    row: int
    axis: int
    above: bool  # it begins where the gap ends
    covers: bool


def neighbours(grid: Grid, box: Box) -> Iterator[Neighbour]:
    """The rows that would meet the gap if they began earlier or ended later on one axis."""
    for row, axis in grid.walls(box):
        if axis >= len(grid.table.inputs) or not isinstance(grid.axes[axis], LineAxis) or len(box[axis]) != 1:
            continue
        above = _touches(grid.boxes[row][axis], box[axis])
        if above is not None:
            pairs = zip(box, grid.boxes[row], strict=True)
            yield Neighbour(row, axis, above, all(within(*pair) for at, pair in enumerate(pairs) if at != axis))


def edges_in_words(grid: Grid, box: Box) -> dict[str, str]:
    """By column, `row r4 ends at "<= 30", row r9 starts at "> 30.5"`."""
    told: dict[str, dict[bool, str]] = {}
    for one in neighbours(grid, box):
        row, name = grid.table.rows[one.row], grid.axes[one.axis].name
        verb = "starts" if one.above else "ends"
        told.setdefault(name, {}).setdefault(one.above, f'row {row.id} {verb} at "{cell_of(row, one.axis)}"')
    return {name: ", ".join(sides[above] for above in sorted(sides)) for name, sides in told.items()}


def cell_of(row: Row, column: int) -> str:
    """The text of a row's cell; `-` where it asks nothing."""
    return next((one.text for one in row.conditions if one.column == column), "-")


def _touches(theirs: Runs, gap: Runs) -> bool | None:
    """Whether a row begins (True) or ends (False) right beside the gap; None where it does neither."""
    if any(low == gap[0][1] for low, _ in theirs):
        return True
    return False if any(high == gap[0][0] for _, high in theirs) else None
