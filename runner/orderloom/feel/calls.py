"""Calls, function definitions and `instance of`, compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from orderloom.feel import tree
from orderloom.feel.budget import Budget
from orderloom.feel.coercion import coerced
from orderloom.feel.functions.invoke import by_name, caller
from orderloom.feel.functions.patterns import pattern_work
from orderloom.feel.functions.table import SIGNATURES
from orderloom.feel.instances import is_instance
from orderloom.feel.scope import BUDGET, NOW, Compiler, Env, Locals, Run, Scope
from orderloom.feel.static_types import static_type
from orderloom.feel.values import Function, clean

Parts = list[Run]
_PATTERNS = {"matches": 2, "split": 2, "replace": 3}        # at which position their flags stand


def compile_call(compiler: Compiler, node: tree.Call, env: Env) -> Run:
    parts = [compiler.compile(argument.value, env) for argument in node.arguments]
    names = [argument.name for argument in node.arguments if argument.name is not None]
    target = node.function
    if isinstance(target, tree.Name) and target.name in SIGNATURES and env.slots(target.name)[1] is None:
        special = _SPECIAL.get(target.name)
        if special:
            return special(parts)
        return _builtin(compiler, target.name, parts, names)
    return _any_function(compiler, compiler.compile(target, env), parts, names)


def _builtin(compiler: Compiler, name: str, parts: Parts, names: list[str]) -> Run:
    ordered = _in_position(name, parts, names) if names else parts
    if ordered is None:
        return lambda _scope, _locals: None
    call = caller(name, len(ordered))
    if not compiler.loops:
        return lambda scope, locals_: call([part(scope, locals_) for part in ordered])

    compiler.needs_locals = True

    def run(scope: Scope, locals_: Locals) -> Any:
        values = [part(scope, locals_) for part in ordered]
        locals_[BUDGET].spend(1 + _weight(name, values))
        return call(values)

    return run


def _weight(name: str, values: list[Any]) -> int:
    """Inside loops, work over long lists and texts is paid for by their length, patterns by what they may cost."""
    lists = sum(len(value) for value in values if isinstance(value, list | tuple))
    texts = [value for value in values if type(value) is str]
    if name in _PATTERNS and len(texts) > 1:
        flags = texts[_PATTERNS[name]] if len(texts) > _PATTERNS[name] else ""
        lists += pattern_work(texts[1], flags, len(texts[0])) >> 10
    return lists + (sum(map(len, texts)) >> 6)


def _in_position(name: str, parts: Parts, names: list[str]) -> Parts | None:
    found = by_name(name, names)
    return found and [_null if argument is None else parts[argument] for argument in found[1]]


def _null(_scope: Scope, _locals: Locals) -> None:
    return None


def _any_function(compiler: Compiler, target: Run, parts: Parts, names: list[str]) -> Run:
    compiler.needs_locals = True

    def run(scope: Scope, locals_: Locals) -> Any:
        function = target(scope, locals_)
        values = [part(scope, locals_) for part in parts]
        if not isinstance(function, Function):
            return None
        if not names:
            return function.call(*values)
        given = dict(zip(names, values, strict=True))
        if set(given) != set(function.parameters) or len(given) != len(names):
            return None
        return function.call(*(given[name] for name in function.parameters))

    return run


# Two of our own, and the clock

def _coalesce(parts: Parts) -> Run:
    def run(scope: Scope, locals_: Locals) -> Any:
        for part in parts:
            value = part(scope, locals_)
            if value is not None:
                return value
        return None

    return run


def _has(parts: Parts) -> Run:
    if len(parts) != 1:
        return _null
    return lambda scope, locals_: parts[0](scope, locals_) is not None


def _now(_parts: Parts) -> Run:
    return lambda scope, _locals: clean(scope.get(NOW)) if not _parts else None


def _today(_parts: Parts) -> Run:
    def run(scope: Scope, _locals: Locals) -> Any:
        now = scope.get(NOW)
        return None if now is None or _parts else now.date()

    return run


_SPECIAL: dict[str, Callable[[Parts], Run]] = {"coalesce": _coalesce, "has": _has, "now": _now, "today": _today}


# Functions that the formula defines

def compile_function(compiler: Compiler, node: tree.Function, env: Env, own: int | None = None) -> Run:
    """`own` is the slot by which the function is known in its own body."""
    slots = [compiler.slot() for _ in node.parameters]
    names = tuple(parameter.name for parameter in node.parameters)
    types = tuple(parameter.type for parameter in node.parameters)
    known, result = compiler.types, static_type(node.body)
    compiler.loops += 1
    body = compiler.compile(node.body, Env(tuple(zip(names, slots, strict=True)), None, env))
    compiler.loops -= 1

    def run(scope: Scope, locals_: Locals) -> Any:
        captured = list(locals_)

        def call(*values: Any) -> Any:
            arguments = coerced(values, types, known)
            if arguments is None:
                return None
            inner = list(captured)
            for slot, value in zip(slots, arguments, strict=True):
                inner[slot] = value
            return _entered(captured[BUDGET], lambda: body(scope, inner))

        made = Function("", names, call, types, result)
        if own is not None:
            captured[own] = made
        return made

    return run


def _entered(budget: Budget, body: Callable[[], Any]) -> Any:
    budget.enter()
    try:
        return body()
    finally:
        budget.calls += 1


def compile_instance(compiler: Compiler, node: tree.InstanceOf, env: Env) -> Run:
    value, types = compiler.compile(node.value, env), compiler.types
    return lambda scope, locals_: is_instance(value(scope, locals_), node.type, types)
