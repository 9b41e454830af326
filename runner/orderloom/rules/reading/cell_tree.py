"""The tree of a FEEL cell in, the constants it is made of out, or None where something has to be computed each time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from orderloom.feel import parse, tree
from orderloom.rules.constants import Constants, Interval

_RANGES: Mapping[str, Callable[[Any], Interval]] = {
    "<": lambda bound: Interval(None, bound, high_closed=False),
    "<=": lambda bound: Interval(None, bound),
    ">": lambda bound: Interval(bound, None, low_closed=False),
    ">=": lambda bound: Interval(bound, None),
}


def constants_of(cell: tree.Node, text: str) -> Constants | None:
    """Values and intervals that the tests of a cell name, where they name nothing else."""
    if not isinstance(cell, tree.Tests):
        return None
    values: list[Any] = []
    intervals: list[Interval] = []
    if not all(_take(test, text, values, intervals) for test in cell.tests):
        return None
    return Constants(tuple(values), tuple(intervals), cell.negated)


def interval_of(node: tree.Node, text: str) -> Interval | None:
    """A range between constants of one type."""
    if not isinstance(node, tree.Interval):
        return None
    ends = [(True, None) if end is None else _constant(end, text) for end in (node.low, node.high)]
    if not all(known for known, _ in ends) or len({_sort(value) for _, value in ends if value is not None}) > 1:
        return None
    return Interval(ends[0][1], ends[1][1], node.low_closed, node.high_closed)


def _take(test: tree.Node, text: str, values: list[Any], intervals: list[Interval]) -> bool:
    if isinstance(test, tree.OperatorTest):
        return _take_operator(test, text, values, intervals)
    if not isinstance(test, tree.ValueTest) or test.asks:
        return False
    interval = interval_of(test.value, text)
    if interval is not None:
        if interval.low is None or interval.high is None:
            return False  # `[1..null]` holds of nothing, and FEEL says so
        intervals.append(interval)
        return True
    known, value = _constant(test.value, text)
    if known:
        values.append(value)
    return known


def _take_operator(test: tree.OperatorTest, text: str, values: list[Any], intervals: list[Interval]) -> bool:
    known, bound = _constant(test.value, text)
    if known and test.op == "=":
        values.append(bound)
        return True
    if known and bound is not None and test.op in _RANGES:
        intervals.append(_RANGES[test.op](bound))
        return True
    return False


def _constant(node: tree.Node, text: str) -> tuple[bool, Any]:
    if isinstance(node, tree.Literal):
        return True, node.value
    if isinstance(node, tree.Negate) and isinstance(node.operand, tree.Literal):
        value = node.operand.value
        return (True, -value) if type(value) in {int, Decimal} else (False, None)
    if isinstance(node, tree.Call) and all(isinstance(one.value, tree.Literal) for one in node.arguments):
        formula = parse(text[node.start : node.end])
        value = None if formula.reads else formula.evaluate({})
        return value is not None, value  # what cannot be computed is no null that was written
    return False, None


def _sort(value: Any) -> type:
    return int if type(value) is Decimal else type(value)
