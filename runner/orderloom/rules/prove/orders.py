"""Past orders in, findings out that know how many of them fall into each, with one of them as the example."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from orderloom.feel import FeelError
from orderloom.rules.columns import ColumnError
from orderloom.rules.prove import trial
from orderloom.rules.prove.grid import Box, Grid
from orderloom.rules.prove.proof import Finding
from orderloom.rules.prove.runs import holds
from orderloom.rules.table import DecisionTable

Point = tuple[int, ...]
_WEIGHED = frozenset({"gap", "default", "overlap", "conflict", "masked", "subsumed"})


@dataclass(frozen=True)
class Past:
    """An order by its name: documents that the columns read, or values by column."""

    name: str
    documents: Mapping[str, Any]
    columns: Mapping[str, Any]
    day: date | None = None


@dataclass
class _Known:
    """The past orders by the elements that their facts are in."""

    counts: Counter[Point]
    first: dict[Point, tuple[str, trial.Facts]]


def weighed(grid: Grid, findings: Sequence[Finding], orders: Sequence[Past]) -> tuple[list[Finding], int]:
    """The findings with their counts, and how many of the orders could be read."""
    known = _known(grid, orders)
    return [_weighed(grid, finding, known) for finding in findings], known.counts.total()


def facts_of(table: DecisionTable, order: Past) -> dict[str, Any] | None:
    """The order's fact for each column as the engine reads it; None where a column does not take it."""
    found: dict[str, Any] = {}
    for column in table.inputs:
        try:
            value = order.columns.get(column.name)
            if value is None and column.name not in order.columns:
                value = column.formula.evaluate(order.documents)
            found[column.name] = column.missing.value if value is None else column.read(value)
        except (ColumnError, FeelError):
            return None
        if value is None and column.missing.rule in {"error", "default"}:
            return None
    return found


def _known(grid: Grid, orders: Sequence[Past]) -> _Known:
    known = _Known(Counter(), {})
    for order in orders:
        facts = facts_of(grid.table, order)
        point = grid.point(facts, order.day) if facts is not None else None
        if facts is not None and point is not None:
            known.counts[point] += 1
            known.first.setdefault(point, (order.name, trial.Facts(facts, order.day)))
    return known


def _weighed(grid: Grid, finding: Finding, known: _Known) -> Finding:
    if finding.kind not in _WEIGHED or not finding.box:
        return finding
    inside = [point for point in known.counts if _inside(finding.box, point)]
    found = replace(finding, count=sum(known.counts[point] for point in inside))
    for point in inside:
        name, facts = known.first[point]
        if _is_so(grid, finding, facts):
            return replace(found, example=facts.values, day=facts.day if grid.dated else None, order=name)
    return found


def _is_so(grid: Grid, finding: Finding, facts: trial.Facts) -> bool:
    """Whether the engine decides the order as the finding says."""
    told = trial.ask(grid.table, facts)
    if finding.kind in {"gap", "default"}:
        return trial.no_row(grid.table, facts, told)
    if finding.kind == "masked":
        return trial.beaten(finding.rows[0])(grid.table, facts, told)
    return trial.both(*finding.rows[:2])(grid.table, facts, told)


def _inside(box: Box, point: Point) -> bool:
    return all(holds(side, at) for side, at in zip(box, point, strict=True))
