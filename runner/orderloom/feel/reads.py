"""Which names a formula reads from the scope around it, with the members behind them, and how: hard or softly."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from orderloom.feel import tree
from orderloom.feel.functions.table import SIGNATURES

SOFT = frozenset({"coalesce", "has"})


@dataclass(frozen=True, slots=True)
class Read:
    """`order.lines` in a formula: `path` as far as it is static; `soft` inside `coalesce(…)` and `has(…)`."""

    path: tuple[str, ...]
    soft: bool
    start: int
    end: int


def reads_of(node: tree.Node, names: Collection[str]) -> tuple[Read, ...]:
    """In the order of the text. Inside a filter a name is a read only if it is among `names`: it may be a member."""
    return tuple(sorted(_reads(node, frozenset(), False, None, frozenset(names)), key=lambda read: read.start))


def _reads(
    node: tree.Node, bound: frozenset[str], soft: bool, known: frozenset[str] | None, names: frozenset[str]
) -> Iterator[Read]:
    """`known` limits what counts as a read inside a filter."""
    base, path = _path(node)
    if isinstance(base, tree.Name):
        counts = base.name not in bound and (known is None or base.name in known)
        if counts and not _is_function(base.name, path, names):
            yield Read((base.name, *path), soft, node.start, node.end)
        return
    if base is not node:
        yield from _reads(base, bound, soft, known, names)
        return
    for child, inner, softly, limited in _scopes(node, bound, soft, known, names):
        yield from _reads(child, inner, softly, limited, names)


def _is_function(name: str, path: tuple[str, ...], names: frozenset[str]) -> bool:
    return name in SIGNATURES and not path and name not in names


def _path(node: tree.Node) -> tuple[tree.Node, tuple[str, ...]]:
    names: list[str] = []
    while isinstance(node, tree.Member):
        names.append(node.name)
        node = node.base
    return node, tuple(reversed(names))


_Scoped = tuple[tree.Node, frozenset[str], bool, frozenset[str] | None]


def _scopes(
    node: tree.Node, bound: frozenset[str], soft: bool, known: frozenset[str] | None, names: frozenset[str]
) -> Iterator[_Scoped]:
    """The children of a node, each with what holds inside it."""
    if isinstance(node, tree.Filter):
        yield node.base, bound, soft, known
        yield node.condition, bound | {"item"}, soft, names
    elif isinstance(node, tree.Call):
        yield from _call_scopes(node, bound, soft, known)
    elif isinstance(node, tree.For | tree.Quantified):
        for iterator in node.iterators:
            yield from ((part, bound, soft, known) for part in (iterator.values, iterator.until) if part)
            bound = bound | {iterator.name}
        body = node.body if isinstance(node, tree.For) else node.condition
        yield body, bound | {"partial"} if isinstance(node, tree.For) else bound, soft, known
    elif isinstance(node, tree.Context):
        for entry in node.entries:
            itself = {entry.key} if isinstance(entry.value, tree.Function) else set()
            yield entry.value, bound | itself, soft, known
            bound = bound | {entry.key}
    elif isinstance(node, tree.Function):
        yield node.body, bound | {parameter.name for parameter in node.parameters}, soft, known
    else:
        yield from ((child, _with_question(node, bound), soft, known) for child in tree.children(node))


def _call_scopes(
    node: tree.Call, bound: frozenset[str], soft: bool, known: frozenset[str] | None
) -> Iterator[_Scoped]:
    name = node.function.name if isinstance(node.function, tree.Name) else ""
    if name not in SIGNATURES:
        yield node.function, bound, soft, known
    for argument in node.arguments:
        yield argument.value, bound, soft or name in SOFT, known


def _with_question(node: tree.Node, bound: frozenset[str]) -> frozenset[str]:
    return bound | {"?"} if isinstance(node, tree.Tests | tree.In) else bound
