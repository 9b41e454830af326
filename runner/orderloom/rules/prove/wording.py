"""Sets of elements in, the text of a cell out; and a box as a region in the words of its table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any

from orderloom.feel.values import MonthsDuration
from orderloom.rules.columns import Input
from orderloom.rules.prove.axes import Axis, LineAxis, WordAxis
from orderloom.rules.prove.grid import Box, Grid
from orderloom.rules.prove.lines import Cut
from orderloom.rules.prove.list_axis import ListAxis
from orderloom.rules.prove.list_wording import list_text, listed_text, quoted
from orderloom.rules.prove.runs import Run, Runs, common, outside, positions
from orderloom.rules.reading.literals import plain

_BARE = re.compile(r"[^\s\"'()\[\]{}<>=?!,@\\-](?:[^\"()\[\]{}<>=?!,@\\]*[^\s\"()\[\]{}<>=?!,@\\])?")


def region(grid: Grid, box: Box) -> dict[str, str]:
    """The columns that a box restricts, with what a cell would ask; columns that may be anything are left out."""
    texts = {axis.name: cell_text(grid, at, box[at]) for at, axis in enumerate(grid.axes) if box[at] != axis.full}
    return {name: text for name, text in texts.items() if text != "-"}


def cell_text(grid: Grid, at: int, runs: Runs) -> str:
    """The set as a cell of the column asks for it."""
    axis = grid.axes[at]
    column = grid.table.inputs[at] if at < len(grid.table.inputs) else None
    if runs == axis.full:
        return "-"
    if axis.nullable and runs == axis.there:
        return "not(null)"
    nulls = ["null"] if common(runs, axis.missing) else []
    there = common(runs, axis.there)
    parts = _pieces(axis, column, there)
    return parts if not nulls else ", ".join([*nulls, *([parts] if there else [])])


def _pieces(axis: Axis, column: Input | None, runs: Runs) -> str:
    if isinstance(axis, LineAxis):
        return _line_text(axis, column, runs)
    if isinstance(axis, ListAxis):
        return list_text(axis, runs)
    assert isinstance(axis, WordAxis)
    spelt = {at: spell(word, column) for at, word in enumerate(axis.words)}
    if axis.others is not None and common(runs, ((axis.others, axis.others + 1),)):
        rest = [spelt[at] for at in positions(outside(runs, len(spelt)))]
        return f"not({', '.join(rest)})" if rest else "-"
    return ", ".join(spelt[at] for at in positions(runs))


def _line_text(axis: LineAxis, column: Input | None, runs: Runs) -> str:
    """Pieces side by side, or all but some, whichever is shorter."""
    rest = outside(runs, axis.size - axis.nullable)
    if len(runs) > len(rest) and all(_is_point(axis, run) for run in rest):
        return f"not({', '.join(_piece(axis, column, run) for run in rest)})"
    return ", ".join(_piece(axis, column, run) for run in runs)


def _piece(axis: LineAxis, column: Input | None, run: Run) -> str:
    last = axis.size - axis.nullable
    low = None if run[0] == 0 else _spelt(axis, run[0])
    high = None if run[1] == last else _spelt(axis, run[1])
    if low is None and high is None:
        return "-" if axis.ends == (None, None) else _between(axis.ends[0], axis.ends[1], column)
    if high is None:
        assert low is not None
        return f"{'>' if low[1] else '>='} {spell(low[0], column)}"
    if low is None:
        return f"{'<=' if high[1] else '<'} {spell(high[0], column)}"
    point = axis.edge(run[0])
    return spell(point[0], column) if point and _is_point(axis, run) else _between(low, high, column)


def _between(low: Cut | None, high: Cut | None, column: Input | None) -> str:
    assert low is not None
    assert high is not None
    opening, closing = "(" if low[1] else "[", "]" if high[1] else ")"
    return f"{opening}{spell(low[0], column)}..{spell(high[0], column)}{closing}"


def _is_point(axis: LineAxis, run: Run) -> bool:
    """Whether a piece is a single value."""
    low = axis.edge(run[0])
    return low is not None and not low[1] and axis.edge(run[1]) == axis.order.cut(low[0], after=True)


def _spelt(axis: LineAxis, position: int) -> Cut:
    cut = axis.edge(position)
    assert cut is not None
    return axis.spelt.get(cut, cut)


def spell(value: Any, column: Input | None) -> str:
    """A constant as it stands in a cell of the column."""
    if isinstance(value, str):
        bare = column is not None and column.kind.name == "text" and column.bare_words
        return value if bare and _BARE.fullmatch(value) and value not in ("null", "true", "false") else quoted(value)
    if column is not None and column.kind.name == "any" and isinstance(value, date | time | timedelta | MonthsDuration):
        return f'@"{plain(value)}"'
    return plain(value)


def in_cell(grid: Grid, name: str, value: Any) -> str:
    """One fact as a cell of its column asks for it."""
    column = next(one for one in grid.table.inputs if one.name == name)
    return listed_text(value) if isinstance(value, tuple) else spell(value, column)


def in_words(cells: Mapping[str, Any]) -> str:
    """`weight (30..30.5], country CA, MX`; facts likewise."""
    return ", ".join(f"{name} {text}" for name, text in cells.items()) or "anything"


def facts_in_words(facts: Mapping[str, Any]) -> str:
    return in_words({name: _fact(value) for name, value in facts.items()})


def _fact(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{plain(value)}]"
    return "missing" if value is None else plain(value) or '""'
