"""A cell in, what it asks as constants out; None where its rows cannot be told apart without computing it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from orderloom.feel import tree
from orderloom.rules.columns import Input
from orderloom.rules.constants import Constants, Interval
from orderloom.rules.reading.cell_tree import constants_of
from orderloom.rules.reading.cells import Condition
from orderloom.rules.reading.literals import PYTHON_TYPES

CLOCKS = ("time", "date and time")
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


_NOTHING = Constants()


@dataclass(frozen=True)
class Asked:
    """What a cell asks of a fact that is there: any of the parts, all of them, or not the one part.

    Without parts, it asks to be one of the constants, or of a list that it `contains` the one constant.
    """

    op: str  # "constants", "contains", "any", "all", "not"
    constants: Constants = _NOTHING
    parts: tuple[Asked, ...] = ()

    def leaves(self) -> list[Constants]:
        return [leaf for part in self.parts for leaf in part.leaves()] if self.parts else [self.constants]

    def asks_lists(self) -> bool:
        """Whether it asks for members of a list and nothing else."""
        return all(part.asks_lists() for part in self.parts) if self.parts else self.op == "contains"

    def asks_values(self) -> bool:
        return all(part.asks_values() for part in self.parts) if self.parts else self.op == "constants"


def asked(condition: Condition, column: Input) -> Asked | None:
    """None where the cell computes, reads another column, or asks for what its column's type cannot be."""
    if condition.constants is not None:
        return Asked("constants", condition.constants) if column.kind.item is None else None
    assert condition.tests is not None
    cell, text = condition.tests.tree, condition.tests.text
    constants = constants_of(cell, text)
    found = Asked("constants", constants) if constants is not None else _of_tests(cell, text)
    return None if found is None else _as_compared(found, column)


def _of_tests(cell: tree.Node, text: str) -> Asked | None:
    """`? > 5 and ? < 9, 20`: comparisons of the fact with constants, however they are joined."""
    if not isinstance(cell, tree.Tests):
        return None
    parts = [_of_test(test, text) for test in cell.tests]
    joined = _joined("any", parts)
    return _negated(joined) if cell.negated else joined


def _of_test(test: tree.Node, text: str) -> Asked | None:
    if isinstance(test, tree.ValueTest) and test.asks:
        return _of_formula(test.value, text)
    constants = constants_of(tree.Tests(test.start, test.end, (test,), False), text)
    return Asked("constants", constants) if constants is not None else None


def _of_formula(node: tree.Node, text: str) -> Asked | None:
    read = _FORMS.get(type(node))
    return read(node, text) if read else None


def _of_logic(node: Any, text: str) -> Asked | None:
    return _joined("all" if node.op == "and" else "any", [_of_formula(part, text) for part in node.parts])


def _of_call(node: Any, text: str) -> Asked | None:
    """`not(…)` of a formula, and `list contains(?, "fragile")`."""
    name = node.function.name if isinstance(node.function, tree.Name) else None
    given = [one.value for one in node.arguments]
    if name == "not" and len(given) == 1:
        return _negated(_of_formula(given[0], text))
    if name != "list contains" or len(given) != 2 or not _is_fact(given[0]):
        return None
    member = _of_test(tree.OperatorTest(node.start, node.end, "=", given[1]), text)
    return None if member is None or None in member.constants.values else replace(member, op="contains")


def _of_comparison(node: Any, text: str) -> Asked | None:
    op, value = (node.op, node.right) if _is_fact(node.left) else (_MIRRORED[node.op], node.left)
    if not _is_fact(node.left) and not _is_fact(node.right):
        return None
    if op == "!=":
        return _negated(_of_test(tree.OperatorTest(node.start, node.end, "=", value), text))
    return _of_test(tree.OperatorTest(node.start, node.end, op, value), text)


def _of_between(node: Any, text: str) -> Asked | None:
    if not _is_fact(node.value):
        return None
    interval = tree.Interval(node.start, node.end, node.low, node.high, True, True)
    return _of_test(tree.ValueTest(node.start, node.end, interval, False), text)


def _of_in(node: Any, text: str) -> Asked | None:
    return _joined("any", [_of_test(test, text) for test in node.tests]) if _is_fact(node.value) else None


_FORMS: dict[type, Callable[[Any, str], Asked | None]] = {
    tree.Logic: _of_logic,
    tree.Call: _of_call,
    tree.Comparison: _of_comparison,
    tree.Between: _of_between,
    tree.In: _of_in,
}


def _is_fact(node: tree.Node) -> bool:
    return isinstance(node, tree.Name) and node.name == "?"


def _joined(op: str, parts: Sequence[Asked | None]) -> Asked | None:
    known = tuple(part for part in parts if part is not None)
    return Asked(op, parts=known) if len(known) == len(parts) and known else None


def _negated(part: Asked | None) -> Asked | None:
    return None if part is None else Asked("not", parts=(part,))


def _as_compared(found: Asked, column: Input) -> Asked | None:
    """The constants as FEEL compares them; None where one is of another type than the column."""
    if column.kind.item is not None:
        return found if found.asks_lists() and _are(found, PYTHON_TYPES.get(column.kind.item)) else None
    if not found.asks_values() or not _are(found, PYTHON_TYPES.get(column.kind.name)):
        return None
    return _by_seconds(found) if column.kind.name in CLOCKS else found


def _are(found: Asked, kinds: tuple[type, ...] | None) -> bool:
    """Whether all constants are of one of the types; any will do where there are none."""
    values = [value for leaf in found.leaves() for value in (*leaf.values, *_ends(leaf)) if value is not None]
    return kinds is None or all(type(value) in kinds for value in values)


def _ends(constants: Constants) -> list[Any]:
    return [end for interval in constants.intervals for end in (interval.low, interval.high)]


def _by_seconds(found: Asked) -> Asked:
    """FEEL takes two times for equal where their whole seconds are (DMN 1.5, table 42)."""
    seconds = tuple(_second(value) for value in found.constants.values if value is not None)
    constants = Constants((), (*found.constants.intervals, *seconds), found.constants.negated)
    return replace(found, constants=constants, parts=tuple(_by_seconds(part) for part in found.parts))


def _second(value: Any) -> Interval:
    return Interval(value.replace(microsecond=0), value.replace(microsecond=999999))
