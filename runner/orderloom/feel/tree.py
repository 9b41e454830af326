"""The syntax tree of formulas: frozen nodes, each with the offsets of its text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Node:
    """`start` and `end` are offsets into the formula; `end` is exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A constant: number, text, boolean, null, or an `@"…"` date, time or duration."""

    value: Any


@dataclass(frozen=True, slots=True)
class Name(Node):
    name: str


@dataclass(frozen=True, slots=True)
class Member(Node):
    """`base.name`"""

    base: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """`base[condition]`, which may also be an index."""

    base: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Argument(Node):
    """One argument of a call; `name` where it was given by name."""

    name: str | None
    value: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    function: Node
    arguments: tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`op` is one of + - * / **"""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Negate(Node):
    operand: Node


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """`op` is one of = != < <= > >="""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """`op` is `and` or `or`, over two or more parts."""

    op: str
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Between(Node):
    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """`value in tests`: true where any of them holds."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class OperatorTest(Node):
    """A test such as `<= 5`, of the value that stands before `in` or of a table's column."""

    op: str
    value: Node


@dataclass(frozen=True, slots=True)
class ValueTest(Node):
    """A test that is an expression: equal to it, in its list or range, or true where it speaks of `?`."""

    value: Node
    asks: bool


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """A whole cell. No tests at all: anything fits (`-`)."""

    tests: tuple[Node, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Interval(Node):
    """`[low..high)`"""

    low: Node
    high: Node
    low_closed: bool
    high_closed: bool


@dataclass(frozen=True, slots=True)
class HalfRange(Node):
    """`(< 10)`, `(>= 10)`, also `(= 10)` and `(!= 10)`: a range that an operator describes."""

    op: str
    bound: Node


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Entry(Node):
    key: str
    value: Node


@dataclass(frozen=True, slots=True)
class Context(Node):
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class If(Node):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Each(Node):
    """`name in values`, or `name in values..until`."""

    name: str
    values: Node
    until: Node | None


@dataclass(frozen=True, slots=True)
class For(Node):
    iterators: tuple[Each, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`some` or `every`."""

    word: str
    iterators: tuple[Each, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class TypeName(Node):
    """`number`, `list<string>`, `context<a: number>`, `function<string> -> number`, or a name of the host's own.

    `test` is the host's, of a value that is there; without one the name is unknown. `allows` are the allowed values,
    which arguments must be among; `instance of` does not ask for them (DMN 1.5, 10.3.2.9.1).
    """

    name: str
    parameters: tuple[tuple[str, TypeName], ...] = ()
    result: TypeName | None = None
    test: Callable[[Any], bool] | None = field(default=None, compare=False, repr=False)
    allows: Callable[[Any], bool] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    value: Node
    type: TypeName


@dataclass(frozen=True, slots=True)
class Parameter(Node):
    name: str
    type: TypeName | None


@dataclass(frozen=True, slots=True)
class Function(Node):
    parameters: tuple[Parameter, ...]
    body: Node


def children(node: Node) -> Iterator[Node]:
    """The nodes right below, in the order of the text."""
    for name in _parts(type(node)):
        value = getattr(node, name)
        if isinstance(value, Node):
            yield value
        elif type(value) is tuple:
            yield from (part for part in value if isinstance(part, Node))


_PARTS: dict[type[Node], tuple[str, ...]] = {}      # node class → the fields that may hold nodes


def _parts(kind: type[Node]) -> tuple[str, ...]:
    found = _PARTS.get(kind)
    if found is None:
        names = (field.name for field in fields(kind))
        found = _PARTS[kind] = tuple(name for name in names if name not in {"start", "end", "op", "name"})
    return found


def depth_of(node: Node) -> int:
    """How many levels the tree has; counted without recursion, since that is what it guards."""
    depth, level = 0, [node]
    while level:
        depth += 1
        level = [child for parent in level for child in children(parent)]
    return depth
