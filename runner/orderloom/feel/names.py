"""Names and the paths behind them, compiled: the commonest formulas are a single walk over models and dicts."""

from __future__ import annotations

from typing import Any

from orderloom.feel.functions.invoke import builtin
from orderloom.feel.functions.table import SIGNATURES
from orderloom.feel.members import has_member, member, raw_member
from orderloom.feel.scope import Compiler, Env, Locals, Run, Scope
from orderloom.feel.tree import Member, Name, Node
from orderloom.feel.values import FIELDS, MISSING, PLAIN, clean


def compile_name(_compiler: Compiler, node: Name, env: Env) -> Run:
    name = node.name
    filtered, slot = env.slots(name)
    outer = _local(slot) if slot is not None else _from_scope(name)
    if slot is not None and filtered == (slot,):
        return _item(slot)
    return _member_of_item(name, filtered, outer) if filtered else outer


def _item(slot: int) -> Run:
    """`item` in a filter, unless the item itself has an entry of that name."""

    def run(_scope: Scope, locals_: Locals) -> Any:
        value = locals_[slot]
        if type(value) is dict:
            value = value.get("item", value)
        elif has_member(value, "item"):
            return member(value, "item")
        return value if type(value) in PLAIN else clean(value)

    return run


def _local(slot: int) -> Run:
    def run(_scope: Scope, locals_: Locals) -> Any:
        value = locals_[slot]
        return value if type(value) in PLAIN else clean(value)

    return run


def _from_scope(name: str) -> Run:
    fallback = builtin(name) if name in SIGNATURES else None

    def run(scope: Scope, _locals: Locals) -> Any:
        value = scope.get(name, fallback)
        return value if type(value) in PLAIN else clean(value)

    return run


def _member_of_item(name: str, items: tuple[int, ...], outer: Run) -> Run:
    first, *others = items

    def run(scope: Scope, locals_: Locals) -> Any:
        item = locals_[first]
        if type(item) is dict:
            value = item.get(name, MISSING)
            if value is not MISSING:
                return value if type(value) in PLAIN else clean(value)
        elif (fields := FIELDS.get(type(item))) is not None and name in fields:
            value = item.__dict__.get(name)
            return value if type(value) in PLAIN else clean(value)
        elif has_member(item, name):
            return member(item, name)
        for slot in others:
            if has_member(locals_[slot], name):
                return member(locals_[slot], name)
        return outer(scope, locals_)

    return run


def compile_member(compiler: Compiler, node: Member, env: Env) -> Run:
    base, path = _path(node)
    if isinstance(base, Name) and env.slots(base.name) == ((), None) and base.name not in SIGNATURES:
        return _path_from_scope(base.name, path)
    start = compiler.compile(base, env)

    def run(scope: Scope, locals_: Locals) -> Any:
        return walk(start(scope, locals_), path)

    return run


def _path(node: Node) -> tuple[Node, tuple[str, ...]]:
    names: list[str] = []
    while isinstance(node, Member):
        names.append(node.name)
        node = node.base
    return node, tuple(reversed(names))


def _path_from_scope(name: str, path: tuple[str, ...]) -> Run:
    def run(scope: Scope, _locals: Locals) -> Any:
        return walk(scope.get(name), path)

    return run


def walk(value: Any, path: tuple[str, ...]) -> Any:
    """The value at the end of a path of members."""
    for name in path:
        if type(value) is dict:
            value = value.get(name)
        elif (fields := FIELDS.get(type(value))) is not None:
            value = value.__dict__.get(name) if name in fields else None
        elif value is None:
            return None
        else:
            value = raw_member(value, name)
    return value if type(value) in PLAIN else clean(value)
