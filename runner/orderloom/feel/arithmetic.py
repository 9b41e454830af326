"""+ - * / ** over numbers, texts, dates, times and durations; null where they are not defined (DMN 1.5, 10.3.2.5)."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from orderloom.feel.errors import MAX_TEXT, too_long_a_text
from orderloom.feel.values import DECIMAL, MonthsDuration, clean, kind, whole

_MICRO = timedelta(microseconds=1)
Number = int | Decimal


def add_numbers(left: Number, right: Number) -> Number:
    if type(left) is int and type(right) is int:
        return whole(left + right)
    return DECIMAL.add(left, right)


def subtract_numbers(left: Number, right: Number) -> Number:
    if type(left) is int and type(right) is int:
        return whole(left - right)
    return DECIMAL.subtract(left, right)


def multiply_numbers(left: Number, right: Number) -> Number:
    if type(left) is int and type(right) is int:
        return whole(left * right)
    return DECIMAL.multiply(left, right)


def divide_numbers(left: Number, right: Number) -> Number | None:
    if not right:
        return None
    if type(left) is int and type(right) is int:
        quotient, rest = divmod(left, right)
        if not rest:
            return quotient
    return DECIMAL.divide(left, right)


def power(left: Number, right: Number) -> Number | None:
    if type(left) is int and type(right) is int and 0 <= right <= 128 and left.bit_length() * right <= 128:
        return whole(left**right)
    if not left and not right:
        return 1
    result = DECIMAL.power(left, right)
    return result if result.is_finite() else None


def compute(operator: str, left: Any, right: Any) -> Any:
    """The result, or None where the kinds do not go together or the result is out of bounds."""
    function = _TABLE.get((operator, kind(left), kind(right)))
    if function is None:
        return None
    try:
        return function(clean(left), clean(right))
    except (ArithmeticError, InvalidOperation, ValueError, TypeError):   # out of range; one zoned time and one without
        return None


def negate(value: Any) -> Any:
    word = kind(value)
    if word == "years and months duration":
        return MonthsDuration(-value.months)
    if word == "number":
        return DECIMAL.minus(exact) if isinstance(exact := clean(value), Decimal) else -exact
    return -value if word == "days and time duration" else None


def _join(left: str, right: str) -> str:
    if len(left) + len(right) > MAX_TEXT:
        raise too_long_a_text()
    return left + right


def add_months(to: Any, months: int) -> Any:
    """The same day of a later month, or that month's last day."""
    year, month = divmod(to.year * 12 + to.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return to.replace(year=year, month=month + 1, day=min(to.day, last))


def midnight(value: date) -> datetime:
    return value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)


def _difference(left: date, right: date) -> timedelta:
    first, second = midnight(left), midnight(right)
    if type(left) is not type(right):       # a date beside a date and time counts as midnight UTC
        first = first if isinstance(left, datetime) else first.replace(tzinfo=UTC)
        second = second if isinstance(right, datetime) else second.replace(tzinfo=UTC)
    if first.tzinfo and second.tzinfo:
        first, second = first.astimezone(UTC), second.astimezone(UTC)
    return first - second


def _time_plus(clock: time, length: timedelta) -> time:
    moved = datetime.combine(date(2000, 1, 1), clock.replace(tzinfo=None)) + timedelta(
        seconds=length.seconds, microseconds=length.microseconds
    )
    return moved.time().replace(tzinfo=clock.tzinfo)


def _time_minus(left: time, right: time) -> timedelta:
    day = date(2000, 1, 1)
    return datetime.combine(day, left) - datetime.combine(day, right)


def _scaled(length: timedelta, factor: Number) -> timedelta:
    return timedelta(microseconds=int(DECIMAL.multiply(length // _MICRO, factor)))


def _divided(length: timedelta, divisor: Number) -> timedelta | None:
    return timedelta(microseconds=int(DECIMAL.divide(length // _MICRO, divisor))) if divisor else None


_D, _T, _DT = "date", "time", "date and time"
_DAYS, _MONTHS, _N = "days and time duration", "years and months duration", "number"
_TABLE: dict[tuple[str, str, str], Callable[[Any, Any], Any]] = {
    ("+", _N, _N): add_numbers,
    ("-", _N, _N): subtract_numbers,
    ("*", _N, _N): multiply_numbers,
    ("/", _N, _N): divide_numbers,
    ("**", _N, _N): power,
    ("+", "string", "string"): _join,
    ("+", _DAYS, _DAYS): lambda a, b: a + b,
    ("-", _DAYS, _DAYS): lambda a, b: a - b,
    ("*", _DAYS, _N): _scaled,
    ("*", _N, _DAYS): lambda a, b: _scaled(b, a),
    ("/", _DAYS, _N): _divided,
    ("/", _DAYS, _DAYS): lambda a, b: divide_numbers(a // _MICRO, b // _MICRO),
    ("+", _MONTHS, _MONTHS): lambda a, b: MonthsDuration(a.months + b.months),
    ("-", _MONTHS, _MONTHS): lambda a, b: MonthsDuration(a.months - b.months),
    ("*", _MONTHS, _N): lambda a, b: MonthsDuration(int(multiply_numbers(a.months, b))),
    ("*", _N, _MONTHS): lambda a, b: MonthsDuration(int(multiply_numbers(a, b.months))),
    ("/", _MONTHS, _N): lambda a, b: MonthsDuration(int(DECIMAL.divide(a.months, b))) if b else None,
    ("/", _MONTHS, _MONTHS): lambda a, b: divide_numbers(a.months, b.months),
    ("+", _D, _DAYS): lambda a, b: (midnight(a) + b).date(),
    ("+", _DAYS, _D): lambda a, b: (midnight(b) + a).date(),
    ("-", _D, _DAYS): lambda a, b: (midnight(a) - b).date(),
    ("+", _DT, _DAYS): lambda a, b: a + b,
    ("+", _DAYS, _DT): lambda a, b: b + a,
    ("-", _DT, _DAYS): lambda a, b: a - b,
    ("+", _T, _DAYS): _time_plus,
    ("+", _DAYS, _T): lambda a, b: _time_plus(b, a),
    ("-", _T, _DAYS): lambda a, b: _time_plus(a, -b),
    ("-", _T, _T): _time_minus,
    **{("-", a, b): _difference for a in (_D, _DT) for b in (_D, _DT)},
    **{("+", a, _MONTHS): lambda a, b: add_months(a, b.months) for a in (_D, _DT)},
    **{("+", _MONTHS, a): lambda a, b: add_months(b, a.months) for a in (_D, _DT)},
    **{("-", a, _MONTHS): lambda a, b: add_months(a, -b.months) for a in (_D, _DT)},
}
