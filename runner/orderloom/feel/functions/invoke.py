"""Calling a built-in function: arguments into positions, their kinds checked, and nothing raised but a limit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from orderloom.feel.functions import aggregates, contexts, conversions, lists, numbers, ranges, strings, temporals
from orderloom.feel.functions.table import SIGNATURES, Formal, Signature
from orderloom.feel.values import KINDS, Function, clean, items, kind

BODIES: dict[str, Callable[..., Any]] = {
    **conversions.BODIES, **strings.BODIES, **lists.BODIES, **aggregates.BODIES, **numbers.BODIES,
    **temporals.BODIES, **contexts.BODIES, **ranges.BODIES,
}
_UNFIT: Any = object()


def by_name(name: str, names: Sequence[str]) -> tuple[Signature, list[int | None]] | None:
    """The signature that takes arguments of these names, and for each of its positions which of them stands there."""
    if len(set(names)) == len(names):
        for signature in SIGNATURES[name]:
            order = _order(signature, names)
            if order is not None:
                return signature, order
    return None


def _order(signature: Signature, names: Sequence[str]) -> list[int | None] | None:
    wanted = [formal.name for formal in signature.formals]
    last = signature.formals[-1] if signature.formals else None
    if last and last.repeated and last.name not in names:       # `c1`, `c2`… of `c...`
        wanted[-1:] = [f"{last.name}{count + 1}" for count in range(len(names) - len(wanted) + 1)]
    if not set(names) <= set(wanted):
        return None
    order = [names.index(one) if one in names else None for one in wanted]
    while order and order[-1] is None:
        order.pop()
    missing = {wanted[position] for position, argument in enumerate(order) if argument is None}
    optional = {formal.name for formal in signature.formals if formal.optional}
    return order if missing <= optional and len(order) >= signature.least else None


def signatures_for(name: str, count: int) -> list[Signature]:
    return [signature for signature in SIGNATURES[name] if signature.least <= count <= signature.most]


@lru_cache(maxsize=1024)
def caller(name: str, count: int) -> Callable[[Sequence[Any]], Any]:
    """The function for so many arguments; null where they do not fit a signature or it is not defined for them."""
    fitting = signatures_for(name, count)
    body = BODIES.get(name)

    def call(arguments: Sequence[Any]) -> Any:
        for signature in fitting:
            values = fitted(signature, arguments)
            if values is not None and body is not None:
                try:
                    return body(*values)
                except (ArithmeticError, ValueError, LookupError):
                    return None
        return None

    return call


def fitted(signature: Signature, arguments: Sequence[Any]) -> list[Any] | None:
    """The arguments in the kinds that the signature asks for; a list of one and its item stand for each other."""
    values = []
    for position, value in enumerate(arguments):
        formal = signature.formal(position)
        if formal.kinds and KINDS.get(type(value)) not in formal.kinds:
            value = _fit(formal, value)  # noqa: PLW2901 (the argument in the kind that is wanted)
            if value is _UNFIT:
                return None
        values.append(clean(value))
    return values


def _fit(formal: Formal, value: Any) -> Any:
    value = clean(value)
    word = kind(value)
    if word in formal.kinds:
        return value
    if "list" in formal.kinds and value is not None:
        return [value]
    listed = items(value)
    if word == "list" and len(listed) == 1 and kind(listed[0]) in formal.kinds:
        return clean(listed[0])
    return _UNFIT


@lru_cache(maxsize=256)
def builtin(name: str) -> Function:
    """A built-in function as a value, to be passed to another."""
    names = tuple(formal.name for formal in SIGNATURES[name][0].formals)
    return Function(name, names, lambda *arguments: caller(name, len(arguments))(arguments))
