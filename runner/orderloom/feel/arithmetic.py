"""+ - * / ** over numbers, texts, dates, times and durations; null where they are not defined (DMN 1.5, 10.3.2.5)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from orderloom.feel.errors import MAX_TEXT, too_long_a_text
from orderloom.feel.instants import duration_nanos
from orderloom.feel.making import duration_of
from orderloom.feel.moving import (
    add_duration,
    add_durations,
    add_months,
    add_to_date,
    add_to_time,
    difference,
    months,
    scale_duration,
    time_difference,
)
from orderloom.feel.values import DECIMAL, MonthsDuration, clean, kind, whole

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
    return duration_of(-duration_nanos(value)) if word == "days and time duration" else None


def _join(left: str, right: str) -> str:
    if len(left) + len(right) > MAX_TEXT:
        raise too_long_a_text()
    return left + right


_D, _T, _DT = "date", "time", "date and time"
_DAYS, _MONTHS, _N = "days and time duration", "years and months duration", "number"
_TABLE: dict[tuple[str, str, str], Callable[[Any, Any], Any]] = {
    ("+", _N, _N): add_numbers,
    ("-", _N, _N): subtract_numbers,
    ("*", _N, _N): multiply_numbers,
    ("/", _N, _N): divide_numbers,
    ("**", _N, _N): power,
    ("+", "string", "string"): _join,
    ("+", _DAYS, _DAYS): lambda a, b: add_durations(a, b, 1),
    ("-", _DAYS, _DAYS): lambda a, b: add_durations(a, b, -1),
    ("*", _DAYS, _N): lambda a, b: scale_duration(a, b, DECIMAL.multiply),
    ("*", _N, _DAYS): lambda a, b: scale_duration(b, a, DECIMAL.multiply),
    ("/", _DAYS, _N): lambda a, b: scale_duration(a, b, DECIMAL.divide) if b else None,
    ("/", _DAYS, _DAYS): lambda a, b: divide_numbers(duration_nanos(a), duration_nanos(b)),
    ("+", _MONTHS, _MONTHS): lambda a, b: months(a.months + b.months),
    ("-", _MONTHS, _MONTHS): lambda a, b: months(a.months - b.months),
    ("*", _MONTHS, _N): lambda a, b: months(multiply_numbers(a.months, b)),
    ("*", _N, _MONTHS): lambda a, b: months(multiply_numbers(a, b.months)),
    ("/", _MONTHS, _N): lambda a, b: months(DECIMAL.divide(a.months, b)) if b else None,
    ("/", _MONTHS, _MONTHS): lambda a, b: divide_numbers(a.months, b.months),
    ("+", _D, _DAYS): lambda a, b: add_to_date(a, b, 1),
    ("+", _DAYS, _D): lambda a, b: add_to_date(b, a, 1),
    ("-", _D, _DAYS): lambda a, b: add_to_date(a, b, -1),
    ("+", _DT, _DAYS): add_duration,
    ("+", _DAYS, _DT): lambda a, b: add_duration(b, a),
    ("-", _DT, _DAYS): lambda a, b: add_duration(a, negate(b)),
    ("+", _T, _DAYS): lambda a, b: add_to_time(a, b, 1),
    ("+", _DAYS, _T): lambda a, b: add_to_time(b, a, 1),
    ("-", _T, _DAYS): lambda a, b: add_to_time(a, b, -1),
    ("-", _T, _T): time_difference,
    **{("-", a, b): difference for a in (_D, _DT) for b in (_D, _DT)},
    **{("+", a, _MONTHS): lambda a, b: add_months(a, b.months) for a in (_D, _DT)},
    **{("+", _MONTHS, a): lambda a, b: add_months(b, a.months) for a in (_D, _DT)},
    **{("-", a, _MONTHS): lambda a, b: add_months(a, -b.months) for a in (_D, _DT)},
}
