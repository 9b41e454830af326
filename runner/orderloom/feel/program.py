"""A syntax tree into something that runs: closures over a scope, built once for a formula."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from orderloom.feel import tree
from orderloom.feel.budget import Budget, spend_on
from orderloom.feel.calls import compile_call, compile_function, compile_instance
from orderloom.feel.errors import too_many_calls
from orderloom.feel.instances import NO_TYPES, Types
from orderloom.feel.loops import compile_filter, compile_for, compile_quantified
from orderloom.feel.names import compile_member, compile_name
from orderloom.feel.operators import (
    compile_arithmetic,
    compile_between,
    compile_comparison,
    compile_if,
    compile_in,
    compile_logic,
    compile_negate,
    compile_tests,
)
from orderloom.feel.scope import Compiler, Env, Locals, Run, Scope
from orderloom.feel.values import Range, kind

_PLAIN = Env()
_CELL = Env((("?", 1),))
_FREE_ARGUMENTS = 32
NO_LOCALS: Locals = []      # what a formula that binds nothing is run with


def program(node: tree.Node, types: Types = NO_TYPES) -> Run:
    """A function of the scope and of `NO_LOCALS`. Raises `FeelError` where a limit is reached, and nothing else."""
    compiler = Compiler(_compile, types)
    compiler.loops = _calls_much(node)
    run = compiler.compile(node, _PLAIN)
    if not compiler.needs_locals:
        return run
    rest, builds = [None] * (compiler.size - 1), compiler.builds

    def evaluate(scope: Scope, _locals: Locals) -> Any:
        with Budget() as budget:
            try:
                value = run(scope, [budget, *rest])
                if builds:
                    spend_on(value)
                return value
            except RecursionError:
                raise too_many_calls() from None

    return evaluate


def cell_program(node: tree.Tests, types: Types = NO_TYPES) -> Callable[[Any, Scope], bool | None]:
    """A function of the value in question and the scope."""
    compiler = Compiler(_compile, types)
    compiler.loops = _calls_much(node)
    run = compiler.compile(node, _CELL)
    if not compiler.needs_locals:
        return lambda value, scope: run(scope, [None, value])
    rest = [None] * (compiler.size - 2)

    def matches(value: Any, scope: Scope) -> bool | None:
        with Budget() as budget:
            try:
                answer: bool | None = run(scope, [budget, value, *rest])
                return answer
            except RecursionError:
                raise too_many_calls() from None

    return matches


def _calls_much(node: tree.Node) -> bool:
    """Whether so many arguments are passed that calls outside of loops have to be paid for too."""
    level, found = [node], 0
    while level:
        found += sum(isinstance(part, tree.Argument) for part in level)
        level = [child for part in level for child in tree.children(part)]
    return found > _FREE_ARGUMENTS


def _compile(compiler: Compiler, node: tree.Node, env: Env) -> Run:
    return _FORMS[type(node)](compiler, node, env)


def _literal(_compiler: Compiler, node: tree.Literal, _env: Env) -> Run:
    value = node.value
    return lambda _scope, _locals: value


def _list(compiler: Compiler, node: tree.ListOf, env: Env) -> Run:
    compiler.builds = True
    parts = [compiler.compile(item, env) for item in node.items]
    return lambda scope, locals_: [part(scope, locals_) for part in parts]


def _context(compiler: Compiler, node: tree.Context, env: Env) -> Run:
    compiler.builds = True
    parts = []
    for entry in node.entries:
        slot = compiler.slot()
        inner = Env(((entry.key, slot),), None, env)
        if isinstance(entry.value, tree.Function):      # it may call itself
            part = compile_function(compiler, entry.value, inner, own=slot)
        else:
            part = compiler.compile(entry.value, env)
        parts.append((entry.key, slot, part))
        env = inner

    def run(scope: Scope, locals_: Locals) -> Any:
        made = {}
        for key, slot, part in parts:
            made[key] = locals_[slot] = part(scope, locals_)
        return made

    return run


def _interval(compiler: Compiler, node: tree.Interval, env: Env) -> Run:
    low, high = compiler.compile(node.low, env), compiler.compile(node.high, env)

    def run(scope: Scope, locals_: Locals) -> Any:
        start, end = low(scope, locals_), high(scope, locals_)
        if kind(start) != kind(end) and start is not None and end is not None:
            return None
        return Range(start, end, node.low_closed, node.high_closed)

    return run


def _half_range(compiler: Compiler, node: tree.HalfRange, env: Env) -> Run:
    bound, form = compiler.compile(node.bound, env), node.op
    has_low, has_high = form not in {"<", "<="}, form not in {">", ">="}

    def run(scope: Scope, locals_: Locals) -> Any:
        end = bound(scope, locals_)
        low, high = end if has_low else None, end if has_high else None
        return Range(low, high, form in {">=", "="}, form in {"<=", "="}, form)

    return run


_FORMS: dict[type[tree.Node], Callable[[Compiler, Any, Env], Run]] = {
    tree.Literal: _literal,
    tree.Name: compile_name,
    tree.Member: compile_member,
    tree.Filter: compile_filter,
    tree.Call: compile_call,
    tree.Arithmetic: compile_arithmetic,
    tree.Negate: compile_negate,
    tree.Comparison: compile_comparison,
    tree.Logic: compile_logic,
    tree.Between: compile_between,
    tree.In: compile_in,
    tree.Tests: compile_tests,
    tree.Interval: _interval,
    tree.HalfRange: _half_range,
    tree.ListOf: _list,
    tree.Context: _context,
    tree.If: compile_if,
    tree.For: compile_for,
    tree.Quantified: compile_quantified,
    tree.InstanceOf: compile_instance,
    tree.Function: compile_function,
}
