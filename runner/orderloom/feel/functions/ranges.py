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


class _Endless:
    """Where a range like `(< 5)` has no end: before or after everything."""


_FIRST, _LAST = _Endless(), _Endless()


def _span(value: Any) -> Range:
    """A point is the range that holds only it; `(!= 5)` is none."""
    if not isinstance(value, Range):
        return Range(value, value)
    if value.form in {"<", "<="}:
        return Range(_FIRST, value.high, False, value.high_closed)
    if value.form in {">", ">="}:
        return Range(value.low, _LAST, value.low_closed, False)
    return Range(None, None) if value.form == "!=" else value


def _order(left: Any, right: Any) -> int | None:
    """Which end comes first: -1, 0, 1; None where they cannot be compared."""
    if isinstance(left, _Endless) or isinstance(right, _Endless):
        return 0 if left is right else -1 if left is _FIRST or right is _LAST else 1
    less, same = ordered("<", left, right), equal(left, right)
    if less is None or same is None:
        return None
    return 0 if same else -1 if less else 1


def _before(left: Any, right: Any) -> bool | None:
    first, second = _span(left), _span(right)
    order = _order(first.high, second.low)
    if order is None or order:
        return None if order is None else order < 0
    return not (first.high_closed and second.low_closed)


def _meets(left: Range, right: Range) -> bool | None:
    first, second = _span(left), _span(right)
    order = _order(first.high, second.low)
    return None if order is None else order == 0 and first.high_closed and second.low_closed


def _low(left: Range, right: Range) -> int | None:
    """Which range begins first: -1, 0, 1."""
    return _order(left.low, right.low) or _closed(left.low, right.low, right.low_closed, left.low_closed)


def _high(left: Range, right: Range) -> int | None:
    """Which range ends first: -1, 0, 1."""
    return _order(left.high, right.high) or _closed(left.high, right.high, left.high_closed, right.high_closed)


def _closed(left: Any, right: Any, one: bool, other: bool) -> int | None:
    """The order of two ends at the same point; None where they cannot be compared."""
    return None if _order(left, right) is None else int(one) - int(other)


def _overlaps(left: Range, right: Range) -> bool | None:
    first, second = _before(left, right), _before(right, left)
    return None if first is None or second is None else not (first or second)


def _overlaps_before(left: Range, right: Range) -> bool | None:
    overlap, (low, high) = _overlaps(left, right), _ends(left, right)
    if overlap is None or low is None or high is None:
        return None
    return overlap and low < 0 and high <= 0


def _ends(left: Any, right: Any) -> tuple[int | None, int | None]:
    """How the one begins and ends beside the other."""
    first, second = _span(left), _span(right)
    return _low(first, second), _high(first, second)


def _includes(outer: Range, point: Any) -> bool | None:
    if not isinstance(point, Range):
        return contains(outer, point)
    low, high = _ends(outer, point)
    return None if low is None or high is None else low <= 0 <= high


def _finishes(point: Any, outer: Range) -> bool | None:
    low, high = _ends(outer, point)
    fits = outer.high_closed or isinstance(point, Range)
    return None if low is None or high is None else high == 0 and low <= 0 and fits


def _starts(point: Any, outer: Range) -> bool | None:
    low, high = _ends(outer, point)
    fits = outer.low_closed or isinstance(point, Range)
    return None if low is None or high is None else low == 0 and high >= 0 and fits


def _coincides(left: Any, right: Any) -> bool | None:
    return equal(_span(left), _span(right)) if kind(left) == kind(right) else None


def _range(text: str) -> Range | None:
    """A range of constants; null where an end is no constant, or the ends are the wrong way round."""
    found = _RANGE.fullmatch(text)
    if not found:
        return None
    if not found[2].strip() or not found[3].strip():
        return _half_open(*found.groups())
    low, high = _end(found[2]), _end(found[3])
    if kind(low) != kind(high) or kind(low) not in ORDERED or ordered("<=", low, high) is not True:
        return None
    return Range(low, high, found[1] == "[", found[4] == "]")


def _half_open(left: str, start: str, end: str, right: str) -> Range | None:
    """`[2..)` has no end, `(..2]` no start; a closed bracket where nothing stands makes no range (10.3.1.2)."""
    if end.strip():
        bound, form, open_side = _end(end), "<=" if right == "]" else "<", left != "["
    else:
        bound, form, open_side = _end(start), ">=" if left == "[" else ">", right != "]"
    if not open_side or kind(bound) not in ORDERED:
        return None
    low, high = (None, bound) if form[0] == "<" else (bound, None)
    return Range(low, high, form == ">=", form == "<=", form)


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
