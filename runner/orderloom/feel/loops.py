"""`for`, `some`, `every` and filters, compiled; each round is paid for from the budget."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from orderloom.feel import tree
from orderloom.feel.comparing import ordered
from orderloom.feel.errors import MAX_LIST, too_long_a_list
from orderloom.feel.instants import day_number
from orderloom.feel.making import date_of
from orderloom.feel.scope import BUDGET, Compiler, Env, Locals, Run, Scope
from orderloom.feel.values import FIELDS, Range, clean, items, kind

Domain = Callable[[Scope, Locals], Sequence[Any] | None]


def compile_for(compiler: Compiler, node: tree.For, env: Env) -> Run:
    compiler.builds = True
    domains, inner = _iterators(compiler, node.iterators, env)
    partial = compiler.slot()
    body = compiler.compile(node.body, Env((("partial", partial),), None, inner))
    compiler.loops -= 1
    keeps_partial = _mentions(node.body, "partial")

    def run(scope: Scope, locals_: Locals) -> Any:
        results: list[Any] = []
        rounds = _rounds(domains, scope, locals_)
        for known in rounds:
            if not known:
                return None
            if keeps_partial:
                locals_[BUDGET].spend(len(results))
                locals_[partial] = tuple(results)
            results.append(body(scope, locals_))
            if len(results) > MAX_LIST:
                raise too_long_a_list()
        return results

    return run


def compile_quantified(compiler: Compiler, node: tree.Quantified, env: Env) -> Run:
    domains, inner = _iterators(compiler, node.iterators, env)
    condition = compiler.compile(node.condition, inner)
    compiler.loops -= 1
    decides = node.word == "some"

    def run(scope: Scope, locals_: Locals) -> Any:
        answer: bool | None = not decides
        for known in _rounds(domains, scope, locals_):
            if not known:
                return None
            value = condition(scope, locals_)
            if value is decides:
                return decides
            if type(value) is not bool:
                answer = None
        return answer

    return run


def _iterators(
    compiler: Compiler, iterators: tuple[tree.Each, ...], env: Env
) -> tuple[list[tuple[int, Domain]], Env]:
    found: list[tuple[int, Domain]] = []
    compiler.loops += 1
    for iterator in iterators:
        domain = _domain(compiler, iterator, env)
        slot = compiler.slot()
        env = Env(((iterator.name, slot),), None, env)
        found.append((slot, domain))
    return found, env


def _domain(compiler: Compiler, node: tree.Each, env: Env) -> Domain:
    first = compiler.compile(node.values, env)
    last = compiler.compile(node.until, env) if node.until else None

    def values(scope: Scope, locals_: Locals) -> Sequence[Any] | None:
        start = first(scope, locals_)
        if last is not None:
            return counted(start, last(scope, locals_))
        if isinstance(start, Range):
            return counted_range(start)
        return None if start is None else items(start)

    return values


def counted(start: Any, end: Any) -> Sequence[Any] | None:
    """`start..end`, upwards or downwards; None unless both are whole numbers or both dates."""
    if kind(start) == kind(end) == "date":
        return _days(*(day_number(day.year, day.month, day.day) for day in (start, end)))
    if not (_is_whole(start) and _is_whole(end)):
        return None
    first, last = _as_int(start), _as_int(end)
    _check_length(abs(last - first))
    return range(first, last + 1) if first <= last else range(first, last - 1, -1)


def _days(first: int, last: int) -> Sequence[Any]:
    _check_length(abs(last - first))
    step = 1 if first <= last else -1
    return [date_of(number) for number in range(first, last + step, step)]


def counted_range(values: Range) -> Sequence[Any] | None:
    """The members of a range of whole numbers or dates, its open ends left out."""
    if ordered("<=", values.low, values.high) is not True:
        return None
    found = counted(values.low, values.high)
    if found is None:
        return None
    first = 0 if values.low_closed else 1
    return found[first:] if values.high_closed else found[first:-1]


def _is_whole(value: Any) -> bool:
    return type(value) is int or (hasattr(value, "to_integral_value") and value == value.to_integral_value())


def _as_int(number: Any) -> int:
    return int(number)


def _check_length(length: int) -> None:
    if length > MAX_LIST:
        raise too_long_a_list()


def _rounds(domains: list[tuple[int, Domain]], scope: Scope, locals_: Locals) -> Iterator[bool]:
    """Sets the slots and yields True for each combination; yields False once where a domain is no list."""
    (slot, domain), rest = domains[0], domains[1:]
    values = domain(scope, locals_)
    if values is None:
        yield False
        return
    locals_[BUDGET].spend(len(values))
    for value in values:
        locals_[slot] = clean(value)
        if not rest:
            yield True
            continue
        yield from _rounds(rest, scope, locals_)


def _mentions(node: tree.Node, name: str) -> bool:
    level = [node]
    while level:
        if any(isinstance(part, tree.Name) and part.name == name for part in level):
            return True
        level = [child for part in level for child in tree.children(part)]
    return False


def compile_filter(compiler: Compiler, node: tree.Filter, env: Env) -> Run:
    base = compiler.compile(node.base, env)
    if isinstance(node.condition, tree.Literal) and type(node.condition.value) is int:
        position = node.condition.value
        return lambda scope, locals_: at_position(base(scope, locals_), position)
    slot = compiler.slot()
    compiler.loops += 1
    condition = compiler.compile(node.condition, Env((("item", slot),), slot, env))
    compiler.loops -= 1

    def run(scope: Scope, locals_: Locals) -> Any:
        values = base(scope, locals_)
        listed = values if type(values) is list or type(values) is tuple else items(values)
        locals_[BUDGET].spend(len(listed))
        found = []
        for value in listed:
            locals_[slot] = value if type(value) in FIELDS else clean(value)
            keep = condition(scope, locals_)
            if keep is True:
                found.append(value)
            elif type(keep) is not bool and keep is not None:
                return at_position(values, keep)
        return found

    return run


def at_position(values: Any, position: Any) -> Any:
    """The item at a position that counts from 1, or from the end when negative; null where there is none."""
    listed = items(values)
    if not _is_whole(position) or type(position) is bool:
        return None
    index = int(position)
    if index == 0 or abs(index) > len(listed):
        return None
    return clean(listed[index - 1 if index > 0 else index])

