"""What a formula's value will be, as far as its outermost form tells: the result type of a function without one."""

from __future__ import annotations

from orderloom.feel.instances import ANY, UNKNOWN, conforms
from orderloom.feel.tree import (
    Between,
    Comparison,
    Context,
    Function,
    In,
    InstanceOf,
    ListOf,
    Literal,
    Logic,
    Node,
    Quantified,
    TypeName,
)
from orderloom.feel.values import kind

_TRUTHS = (Between, Comparison, In, InstanceOf, Logic, Quantified)


def static_type(node: Node) -> TypeName:
    """`UNKNOWN` where only its evaluation would tell."""
    if isinstance(node, Literal):
        return UNKNOWN if node.value is None else TypeName(0, 0, kind(node.value))
    if isinstance(node, _TRUTHS):
        return TypeName(0, 0, "boolean")
    if isinstance(node, Context):
        return TypeName(0, 0, "context", tuple((entry.key, static_type(entry.value)) for entry in node.entries))
    if isinstance(node, ListOf):
        return TypeName(0, 0, "list", (("", _common([static_type(item) for item in node.items])),))
    if isinstance(node, Function):
        parameters = tuple(("", parameter.type or ANY) for parameter in node.parameters)
        return TypeName(0, 0, "function", parameters, static_type(node.body))
    return UNKNOWN


def _common(kinds: list[TypeName]) -> TypeName:
    widest = kinds[0] if kinds else UNKNOWN
    for one in kinds:
        if not conforms(one, widest):
            widest = one if conforms(widest, one) else ANY
    return widest
