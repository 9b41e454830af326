"""A cell in, what it asks as constants out; None where its rows cannot be told apart without computing it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from orderloom.feel import tree
from orderloom.rules.columns import Input
from orderloom.rules.constants import Constants, Interval
from orderloom.rules.reading.answers import constant_of
from orderloom.rules.reading.cell_tree import constants_of
from orderloom.rules.reading.cells import Condition
from orderloom.rules.reading.literals import PYTHON_TYPES

CLOCKS = ("time", "date and time")
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


_NOTHING = Constants()
_OF_LISTS = frozenset({"contains", "count", "list"})


@dataclass(frozen=True)
class Asked:
    """What a cell asks of a fact that is there: any of the parts, all of them, or not the one part.

    Without parts, it asks to be one of the constants; of a list that it `contains` the one constant, that its `count`
    is one of the constants, or to be one `list` of those that they are.
    """

    op: str  # "constants", "contains", "count", "list", "any", "all", "not"
    constants: Constants = _NOTHING
    parts: tuple[Asked, ...] = ()

    def leaves(self) -> list[Constants]:
        return [leaf.constants for leaf in self.ends()]

    def ends(self) -> list[Asked]:
        """The parts that have none themselves."""
        return [end for part in self.parts for end in part.ends()] if self.parts else [self]

    def asks_lists(self) -> bool:
        """Whether it asks for lists and nothing else."""
        return all(part.asks_lists() for part in self.parts) if self.parts else self.op in _OF_LISTS

    def asks_values(self) -> bool:
        return all(part.asks_values() for part in self.parts) if self.parts else self.op == "constants"


def asked(condition: Condition, column: Input) -> Asked | None:
    """None where the cell computes, reads another column, or asks for what its column's type cannot be."""
    if condition.constants is not None:
        return _as_compared(Asked("constants" if column.kind.item is None else "list", condition.constants), column)
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
    if isinstance(test, tree.ValueTest | tree.OperatorTest) and isinstance(test.value, tree.ListOf):
        equals = isinstance(test, tree.ValueTest) or test.op == "="
        return _of_list(test.value, text) if equals else None
    constants = constants_of(tree.Tests(test.start, test.end, (test,), False), text)
    return Asked("constants", constants) if constants is not None else None


def _of_list(node: tree.ListOf, text: str) -> Asked | None:
    """`["fragile", "heavy"]`: that list, in this order."""
    known, value = constant_of(text[node.start : node.end])
    return Asked("list", Constants((tuple(value),))) if known else None


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
    if _is_count(node.left) or _is_count(node.right):
        return _counted(_of_comparison(_without_count(node), text))
    op, value = (node.op, node.right) if _is_fact(node.left) else (_MIRRORED[node.op], node.left)
    if not _is_fact(node.left) and not _is_fact(node.right):
        return None
    if op == "!=":
        return _negated(_of_test(tree.OperatorTest(node.start, node.end, "=", value), text))
    return _of_test(tree.OperatorTest(node.start, node.end, op, value), text)


def _of_between(node: Any, text: str) -> Asked | None:
    if _is_count(node.value):
        return _counted(_of_between(replace(node, value=node.value.arguments[0].value), text))
    if not _is_fact(node.value):
        return None
    interval = tree.Interval(node.start, node.end, node.low, node.high, True, True)
    return _of_test(tree.ValueTest(node.start, node.end, interval, False), text)


def _of_in(node: Any, text: str) -> Asked | None:
    if _is_count(node.value):
        return _counted(_of_in(replace(node, value=node.value.arguments[0].value), text))
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


def _is_count(node: tree.Node) -> bool:
    """`count(?)`"""
    if not isinstance(node, tree.Call) or not isinstance(node.function, tree.Name) or node.function.name != "count":
        return False
    return len(node.arguments) == 1 and _is_fact(node.arguments[0].value)


def _without_count(node: Any) -> Any:
    """The comparison as if the fact itself were compared."""
    left, right = (one.arguments[0].value if _is_count(one) else one for one in (node.left, node.right))
    return replace(node, left=left, right=right)


def _counted(found: Asked | None) -> Asked | None:
    """What was read of the fact, asked of the number of its members."""
    if found is None or found.op in {"contains", "list"}:
        return None
    if found.op == "constants":
        return replace(found, op="count") if _are(found, (int, Decimal)) else None
    return _joined(found.op, [_counted(part) for part in found.parts])


def _joined(op: str, parts: Sequence[Asked | None]) -> Asked | None:
    known = tuple(part for part in parts if part is not None)
    return Asked(op, parts=known) if len(known) == len(parts) and known else None


def _negated(part: Asked | None) -> Asked | None:
    return None if part is None else Asked("not", parts=(part,))


def _as_compared(found: Asked, column: Input) -> Asked | None:
    """The constants as FEEL compares them; None where one is of another type than the column."""
    if column.kind.item is not None:
        found = _without_nulls(found)
        return found if found.asks_lists() and _are_members(found, PYTHON_TYPES.get(column.kind.item)) else None
    if not found.asks_values() or not _are(found, PYTHON_TYPES.get(column.kind.name)):
        return None
    return _by_seconds(found) if column.kind.name in CLOCKS else found


def _are(found: Asked, kinds: tuple[type, ...] | None) -> bool:
    """Whether all constants are of one of the types; any will do where there are none."""
    values = [value for leaf in found.leaves() for value in (*leaf.values, *_ends(leaf)) if value is not None]
    return kinds is None or all(type(value) in kinds for value in values)


def _without_nulls(found: Asked) -> Asked:
    """A test for null as one for no list at all: the missing fact has an element of its own."""
    parts = tuple(_without_nulls(part) for part in found.parts)
    only_null = found.op == "constants" and found.constants.values == (None,) and not found.constants.intervals
    if only_null and not parts:
        return Asked("list", Constants(negated=found.constants.negated))
    return replace(found, parts=parts)


def _are_members(found: Asked, kinds: tuple[type, ...] | None) -> bool:
    """The same of the members of lists."""
    asked = [(end.op, value) for end in found.ends() for value in end.constants.values if end.op != "count"]
    members = [one for op, value in asked for one in ((value or ()) if op == "list" else (value,))]
    if kinds is None:  # of any type: values that Python tells apart as FEEL does
        return len({int if type(one) is Decimal else type(one) for one in members}) < 2 and _are_plain(members)
    return all(type(one) in kinds for one in members)


def _are_plain(members: Sequence[Any]) -> bool:
    return not any(isinstance(one, list | tuple | dict) for one in members)


def _ends(constants: Constants) -> list[Any]:
    return [end for interval in constants.intervals for end in (interval.low, interval.high)]


def _by_seconds(found: Asked) -> Asked:
    """FEEL takes two times for equal where their whole seconds are (DMN 1.5, table 42)."""
    seconds = tuple(_second(value) for value in found.constants.values if value is not None)
    constants = Constants((), (*found.constants.intervals, *seconds), found.constants.negated)
    return replace(found, constants=constants, parts=tuple(_by_seconds(part) for part in found.parts))


def _second(value: Any) -> Interval:
    return Interval(value.replace(microsecond=0), value.replace(microsecond=999999))
