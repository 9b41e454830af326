"""Equality and order of values, three-valued: None where two values cannot be compared (DMN 1.5, 10.3.2.13)."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from operator import ge, gt, le, lt
from typing import Any
from zoneinfo import ZoneInfo

from orderloom.feel.budget import spend
from orderloom.feel.instants import SECOND, instant, nanosecond, time_instant
from orderloom.feel.values import Function, Range, clean, entries, kind

ORDERED = frozenset(
    {"number", "string", "date", "time", "date and time", "days and time duration", "years and months duration"}
)
ORDERS: dict[str, Callable[[Any, Any], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


def equal(left: Any, right: Any) -> bool | None:
    """`left = right`; values of different kinds cannot be compared, but anything differs from null."""
    if left is right or left is None or right is None:
        return left is right
    left_kind, right_kind = kind(left), kind(right)
    if left_kind != right_kind:
        return None
    special = _EQUALS.get(left_kind)
    return special(left, right) if special else bool(clean(left) == clean(right))


def _equal_lists(left: Any, right: Any) -> bool | None:
    if len(left) != len(right):
        return False
    spend(len(left))
    return _all_equal(equal(a, b) for a, b in zip(left, right, strict=True))


def _equal_contexts(left: Any, right: Any) -> bool | None:
    ours, theirs = entries(left), entries(right)
    if ours.keys() != theirs.keys():
        return False
    spend(len(ours))
    return _all_equal(equal(value, theirs[key]) for key, value in ours.items())


def _all_equal(parts: Any) -> bool | None:
    known: bool | None = True
    for part in parts:
        if part is False:
            return False
        known = known and part
    return known


def _equal_ranges(left: Range, right: Range) -> bool | None:
    if (left.low_closed, left.high_closed, left.form) != (right.low_closed, right.high_closed, right.form):
        return False
    return _all_equal([equal(left.low, right.low), equal(left.high, right.high)])


def _equal_times(left: Any, right: Any) -> bool:
    """The standard compares whole seconds (table 42: its `value` functions take no fractions)."""
    return _seconds(time_instant(left)) == _seconds(time_instant(right))


def _equal_moments(left: Any, right: Any) -> bool:
    if type(left.tzinfo) is type(right.tzinfo) is not ZoneInfo and nanosecond(left) == nanosecond(right) == 0:
        return bool(left == right)
    return _seconds(instant(left)) == _seconds(instant(right))


def _seconds(placed: tuple[bool, int]) -> tuple[bool, int]:
    return placed[0], placed[1] // SECOND


def _same(left: Any, right: Any) -> bool:
    return left is right


_EQUALS: dict[str, Callable[[Any, Any], bool | None]] = {
    "time": _equal_times,
    "date and time": _equal_moments,
    "list": _equal_lists,
    "context": _equal_contexts,
    "range": _equal_ranges,
    "function": _same,
    "unknown": _same,
}


def ordered(operator: str, left: Any, right: Any) -> bool | None:
    """`left < right` and its like."""
    left_kind = kind(left)
    if left_kind != kind(right) or left_kind not in ORDERED:
        return None
    try:
        return bool(ORDERS[operator](clean(left), clean(right)))
    except TypeError:       # one has a time zone and the other has none
        return None


def compare(operator: str, left: Any, right: Any) -> bool | None:
    """Any of = != < <= > >="""
    if operator == "=":
        return equal(left, right)
    if operator == "!=":
        same = equal(left, right)
        return None if same is None else not same
    return ordered(operator, left, right)


def contains(values: Range, point: Any) -> bool | None:
    """Whether the range holds the point."""
    if values.form == "!=":
        return compare("!=", point, values.low)
    if not values.form and (values.low is None or values.high is None):
        return None
    low = True if values.low is None else ordered(">=" if values.low_closed else ">", point, values.low)
    high = True if values.high is None else ordered("<=" if values.high_closed else "<", point, values.high)
    if low is False or high is False:
        return False
    return None if low is None or high is None else True


def fits(value: Any, test: Any) -> bool | None:
    """`value in test`: in its range or list, or equal to it."""
    test_kind = kind(test)
    if test_kind == "range":
        return equal(value, test) if kind(value) == "range" else contains(test, value)
    if test_kind == "list":
        if kind(value) == "list" and equal(value, test):
            return True
        return _any_fits(value, test)
    return equal(value, test)


def _any_fits(value: Any, tests: Any) -> bool | None:
    answer: bool | None = False
    for test in tests:
        part = fits(value, test) if kind(test) == "range" else equal(value, test)
        if part:
            return True
        if part is None and kind(test) == "range":
            answer = None
    return answer


def key(value: Any) -> Hashable:
    """Equal values have equal keys, values of different kinds never."""
    word = kind(value)
    if word == "list":
        spend(len(value))
        return (word, tuple(key(item) for item in value))
    if word == "context":
        spend(len(entries(value)))
        return (word, frozenset((name, key(item)) for name, item in entries(value).items()))
    if isinstance(value, Range):
        return (word, key(value.low), key(value.high), value.low_closed, value.high_closed, value.form)
    if word in {"time", "date and time"}:
        return (word, *_seconds((time_instant if word == "time" else instant)(value)))
    return (word, id(value) if isinstance(value, Function) or word == "unknown" else clean(value))
