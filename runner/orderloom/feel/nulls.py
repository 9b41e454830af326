"""A formula that gave null and its scope in; the part that made null of what was there out.

A null that was given, that is written, or that a member holds is meant, and has no such part.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from orderloom.feel import tree
from orderloom.feel.budget import aside
from orderloom.feel.errors import FeelError
from orderloom.feel.formula import Expression
from orderloom.feel.functions.table import SIGNATURES
from orderloom.feel.instances import is_instance
from orderloom.feel.members import has_member
from orderloom.feel.values import Function

Scope = Mapping[str, Any]
_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"|/\*.*?\*/|//[^\n]*|[()]', re.DOTALL)
STEPS = 100_000  # what looking for a reason may cost


@dataclass(frozen=True)
class Origin:
    """The part of the formula's text that is null, and what it was made of: text and value, constants left out."""

    start: int
    end: int
    of: tuple[tuple[str, Any], ...]


def origin_of_null(formula: Expression, scope: Scope) -> Origin | None:
    """None where null is meant, and where it would take too long to find out."""
    try:
        with aside(STEPS):
            return _Search(formula, scope).origin(formula.tree)
    except FeelError:
        return None


class _Search:
    def __init__(self, formula: Expression, scope: Scope) -> None:
        self._formula, self._scope = formula, scope

    def origin(self, node: tree.Node) -> Origin | None:
        """Of a node whose value is null."""
        if isinstance(node, tree.If):
            return self._of_branch(node)
        parts = list(_parts(node))
        values = [self._value(part) for part in parts]
        nulls = [part for part, value in zip(parts, values, strict=True) if value is None]
        if nulls:
            return next(filter(None, map(self.origin, nulls)), None)
        if not self._is_made(node, values):
            return None
        text = self._formula.text
        told = [
            (text[slice(*_whole(part, self._formula))], value)
            for part, value in zip(parts, values, strict=True)
            if not isinstance(part, tree.Literal)
        ]
        return Origin(*_whole(node, self._formula), tuple(told))

    def _value(self, node: tree.Node) -> Any:
        return Expression(self._formula.text, node, self._formula.names, self._formula.types).evaluate(self._scope)

    def _of_branch(self, node: tree.If) -> Origin | None:
        branch = node.then if self._value(node.condition) is True else node.otherwise
        return self.origin(branch) if self._value(branch) is None else None

    def _is_made(self, node: tree.Node, values: list[Any]) -> bool:
        """Whether the node itself turned values into null, in place of handing on a null that is meant."""
        if isinstance(node, tree.Literal | tree.Name):
            return False
        if isinstance(node, tree.Member):
            return not has_member(values[0], node.name)
        if isinstance(node, tree.Call) and not _is_builtin(node):
            return self._is_unfit(node, values)
        return True

    def _is_unfit(self, node: tree.Call, values: list[Any]) -> bool:
        """Whether a function of the host's was not entered: what is null in its body is told there."""
        function = self._value(node.function)
        if not isinstance(function, Function):
            return function is not None
        if len(values) != len(function.parameters):
            return True
        typed = zip(values, function.types, strict=False)
        return any(
            wanted is not None and is_instance(value, wanted, self._formula.types) is False for value, wanted in typed
        )


def _whole(node: tree.Node, formula: Expression) -> tuple[int, int]:
    """The span of the node with the brackets that belong to its first and last part, as of `(a + b) * c`."""
    start, end = node.start, node.end
    for opening, closing in _brackets(formula):
        if opening < start <= closing < end:
            start = opening
        elif start <= opening < end <= closing:
            end = closing + 1
    return start, end


def _brackets(formula: Expression) -> list[tuple[int, int]]:
    """Pairs of round brackets, the inner ones first; those of intervals, as in `[1..3)`, are none."""
    ends, pairs, opened = _interval_ends(formula.tree), [], []
    for found in _BRACKET.finditer(formula.text):
        at = found.start()
        if found[0] == "(" and at not in ends:
            opened.append(at)
        elif found[0] == ")" and at not in ends:
            pairs.append((opened.pop(), at))
    return pairs


def _interval_ends(whole: tree.Node) -> set[int]:
    ends: set[int] = set()
    level = [whole]
    while level:
        for node in level:
            if isinstance(node, tree.Interval):
                ends |= {node.start, node.end - 1}
        level = [child for node in level for child in tree.children(node)]
    return ends


def _is_builtin(node: tree.Call) -> bool:
    return isinstance(node.function, tree.Name) and node.function.name in SIGNATURES


_CHILDREN: dict[type[tree.Node], Callable[[Any], Iterator[tree.Node]]] = {
    tree.Arithmetic: tree.children,
    tree.Negate: tree.children,
    tree.Comparison: tree.children,
    tree.Logic: tree.children,
    tree.Between: tree.children,
    tree.Interval: tree.children,
    tree.Member: tree.children,
    tree.In: lambda node: iter((node.value,)),
    tree.Filter: lambda node: iter((node.base,)),
    tree.Call: lambda node: (argument.value for argument in node.arguments),
    tree.For: lambda node: iter((node.iterators[0].values,)),
    tree.Quantified: lambda node: iter((node.iterators[0].values,)),
}


def _parts(node: tree.Node) -> Iterator[tree.Node]:
    """The parts that have a value of their own: none that speak of names which the node binds."""
    parts = _CHILDREN.get(type(node))
    return parts(node) if parts else iter(())
