"""List functions (DMN 1.5, 10.3.4.4) and `sort`. Positions count from 1, or from the end when negative."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import cmp_to_key
from itertools import islice
from typing import Any

from orderloom.feel.budget import spend
from orderloom.feel.comparing import ORDERED, equal, key
from orderloom.feel.errors import MAX_LIST, too_long_a_list
from orderloom.feel.values import Function, clean, items, kind


def _limited(values: Iterable[Any]) -> list[Any]:
    found = list(islice(values, MAX_LIST + 1))
    if len(found) > MAX_LIST:
        raise too_long_a_list()
    return found


def _sublist(values: Any, start: Any, length: Any = None) -> Any:
    position = int(start)
    if position == 0 or abs(position) > len(values):
        return None
    first = position - 1 if position > 0 else len(values) + position
    if length is None:
        return list(values[first:])
    count = int(length)
    return None if count < 1 or first + count > len(values) else list(values[first : first + count])


def _index(values: Any, position: Any, *, past_end: int = 0) -> int | None:
    at = int(position)
    if at == 0 or abs(at) > len(values) + (past_end if at > 0 else 0):
        return None
    return at - 1 if at > 0 else len(values) + at


def _insert(values: Any, position: Any, item: Any) -> Any:
    at = _index(values, position)
    return None if at is None else _limited([*values[:at], item, *values[at:]])


def _remove(values: Any, position: Any) -> Any:
    at = _index(values, position)
    return None if at is None else [*values[:at], *values[at + 1 :]]


def _replace(values: Any, where: Any, item: Any) -> Any:
    if not isinstance(where, Function):
        at = _index(values, where)
        return None if at is None else [*values[:at], item, *values[at + 1 :]]
    answers = [where.call(clean(value), item) for value in values]
    if any(type(answer) is not bool for answer in answers):
        return None
    return [item if answer else value for value, answer in zip(values, answers, strict=True)]


def _distinct(values: Iterable[Any]) -> list[Any]:
    found: dict[Any, Any] = {}
    for value in values:
        found.setdefault(key(value), value)
    return _limited(found.values())


def _duplicates(values: Any) -> list[Any]:
    counts = Counter(key(value) for value in values)
    return _distinct(value for value in values if counts[key(value)] > 1)


def _flatten(values: Any) -> list[Any]:
    found: list[Any] = []
    waiting = [iter(values)]
    while waiting:
        for value in waiting[-1]:
            if isinstance(value, list | tuple):
                spend(1)
                waiting.append(iter(value))
                break
            found.append(value)
            if len(found) > MAX_LIST:
                raise too_long_a_list()
        else:
            waiting.pop()
    return found


def _concatenated(lists: tuple[Any, ...]) -> Iterable[Any]:
    return (item for part in lists for item in items(part))


def _sort(values: Any, precedes: Function | None = None) -> Any:
    if precedes is None:
        return _sort_plain(values)
    if len(precedes.parameters) != 2:
        return None

    def order(left: Any, right: Any) -> int:
        if precedes.call(left, right) is True:
            return -1
        return 1 if precedes.call(right, left) is True else 0

    return sorted((clean(value) for value in values), key=cmp_to_key(order))


def _sort_plain(values: Any) -> Any:
    kinds = {kind(value) for value in values}
    if len(kinds) > 1 or not kinds <= ORDERED:
        return None
    try:
        return sorted(clean(value) for value in values)
    except TypeError:
        return None


BODIES: dict[str, Callable[..., Any]] = {
    "list contains": lambda values, element: any(equal(value, element) is True for value in values),
    "sublist": _sublist,
    "append": lambda values, *more: _limited([*values, *more]),
    "concatenate": lambda *lists: _limited(_concatenated(lists)),
    "insert before": _insert,
    "remove": _remove,
    "list replace": _replace,
    "reverse": lambda values: list(values)[::-1],
    "index of": lambda values, match: [n for n, value in enumerate(values, 1) if equal(value, match) is True],
    "union": lambda *lists: _distinct(_concatenated(lists)),
    "distinct values": _distinct,
    "duplicate values": _duplicates,
    "flatten": _flatten,
    "sort": _sort,
}
