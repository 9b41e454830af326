"""How points and ranges lie to one another (DMN 1.5, 10.3.4.9, table 78), and `range` of a text."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from orderloom.feel.comparing import ORDERED, contains, equal, ordered
from orderloom.feel.errors import FeelSyntaxError
from orderloom.feel.literals import number_value, text_value
from orderloom.feel.scanner import Scanner
from orderloom.feel.temporal import parse_date, parse_date_time, parse_duration, parse_temporal, parse_time
from orderloom.feel.values import Range, kind

_RANGE = re.compile(r"\s*([\[(\]])(.*)\.\.(.*)([\[)\]])\s*", re.DOTALL)
_CALL = re.compile(r'(@|date and time|date|time|duration)\s*\(?\s*("(?:[^"\\]|\\.)*")\s*\)?', re.DOTALL)
_READ: dict[str, Callable[[str], Any]] = {
    "@": parse_temporal, "date": parse_date, "time": parse_time,
    "date and time": parse_date_time, "duration": parse_duration,
}


def _span(value: Any) -> Range:
    """A point is the range that holds only it."""
    return value if isinstance(value, Range) else Range(value, value)


def _less(left: Any, right: Any) -> bool | None:
    return ordered("<", left, right)


def _before(left: Any, right: Any) -> bool | None:
    first, second = _span(left), _span(right)
    less, same = _less(first.high, second.low), equal(first.high, second.low)
    if less is None or same is None:
        return None
    return less or (same and not (first.high_closed and second.low_closed))


def _meets(left: Range, right: Range) -> bool | None:
    same = equal(left.high, right.low)
    return None if same is None else same and left.high_closed and right.low_closed


def _low(left: Range, right: Range) -> int | None:
    """Which range begins first: -1, 0, 1."""
    less, same = _less(left.low, right.low), equal(left.low, right.low)
    if less is None or same is None:
        return None
    if same:
        return int(right.low_closed) - int(left.low_closed)
    return -1 if less else 1


def _high(left: Range, right: Range) -> int | None:
    """Which range ends first: -1, 0, 1."""
    less, same = _less(left.high, right.high), equal(left.high, right.high)
    if less is None or same is None:
        return None
    if same:
        return int(left.high_closed) - int(right.high_closed)
    return -1 if less else 1


def _overlaps(left: Range, right: Range) -> bool | None:
    first, second = _before(left, right), _before(right, left)
    return None if first is None or second is None else not (first or second)


def _overlaps_before(left: Range, right: Range) -> bool | None:
    overlap, low, high = _overlaps(left, right), _low(left, right), _high(left, right)
    if overlap is None or low is None or high is None:
        return None
    return overlap and low < 0 and high <= 0


def _includes(outer: Range, point: Any) -> bool | None:
    if not isinstance(point, Range):
        return contains(outer, point)
    low, high = _low(outer, point), _high(outer, point)
    return None if low is None or high is None else low <= 0 <= high


def _finishes(point: Any, outer: Range) -> bool | None:
    span = _span(point)
    low, high = _low(outer, span), _high(outer, span)
    return None if low is None or high is None else high == 0 and low <= 0 and (outer.high_closed or span is point)


def _starts(point: Any, outer: Range) -> bool | None:
    span = _span(point)
    low, high = _low(outer, span), _high(outer, span)
    return None if low is None or high is None else low == 0 and high >= 0 and (outer.low_closed or span is point)


def _coincides(left: Any, right: Any) -> bool | None:
    return equal(_span(left), _span(right)) if kind(left) == kind(right) else None


def _range(text: str) -> Range | None:
    """A range of constants; null where an end is left out, is no constant, or the ends are the wrong way round."""
    found = _RANGE.fullmatch(text)
    if not found:
        return None
    low, high = _end(found[2]), _end(found[3])
    if kind(low) != kind(high) or kind(low) not in ORDERED or ordered("<=", low, high) is not True:
        return None
    return Range(low, high, found[1] == "[", found[4] == "]")


def _end(text: str) -> Any:
    call = _CALL.fullmatch(text.strip())
    if call:
        return _READ[call[1]](call[2][1:-1])
    scanner = Scanner(text.strip())
    try:
        sign = scanner.peek().text == "-" and scanner.next()
        token, rest = scanner.next(), scanner.peek()
        if rest.kind != "end" or token.kind not in {"number", "text"}:
            return None
        if token.kind == "text":
            return None if sign else text_value(token)
        return -number_value(token) if sign else number_value(token)
    except FeelSyntaxError:
        return None


BODIES: dict[str, Callable[..., Any]] = {
    "range": _range,
    "before": _before,
    "after": lambda left, right: _before(right, left),
    "meets": _meets,
    "met by": lambda left, right: _meets(right, left),
    "overlaps": _overlaps,
    "overlaps before": _overlaps_before,
    "overlaps after": lambda left, right: _overlaps_before(right, left),
    "finishes": _finishes,
    "finished by": lambda outer, point: _finishes(point, outer),
    "includes": _includes,
    "during": lambda point, outer: _includes(outer, point),
    "starts": _starts,
    "started by": lambda outer, point: _starts(point, outer),
    "coincides": _coincides,
}
