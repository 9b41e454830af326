"""Numeric functions (DMN 1.5, 10.3.4.5)."""

from __future__ import annotations

import decimal
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from orderloom.feel.instants import duration_nanos
from orderloom.feel.making import duration_of
from orderloom.feel.values import DECIMAL, MonthsDuration, whole

Number = int | Decimal
_SCALES = range(-6111, 6177)
_LONG = DECIMAL.copy()          # for quotients of more digits than a number has
_LONG.prec = 400


def rounding(mode: str) -> Callable[..., Number | None]:
    """A function that rounds to so many digits behind the point."""
    context = DECIMAL.copy()
    context.rounding = mode

    def rounded(value: Number, scale: Number = 0) -> Number | None:
        digits = int(scale)
        if digits not in _SCALES:
            return None
        exact = Decimal(value)
        if (type(value) is int or digits <= 0) and int(exact.as_tuple().exponent) >= -digits:
            return value            # it has no digits there to be rounded
        result = context.quantize(exact, Decimal((0, (1,), -digits)))
        return whole(int(result)) if digits <= 0 else result

    return rounded


def _exact(round_: Callable[..., Number | None]) -> Callable[..., Number | None]:
    """A scale finer than the number has digits leaves it as it is."""

    def rounded(value: Number, scale: Number = 0) -> Number | None:
        try:
            return round_(value, scale)
        except decimal.InvalidOperation:
            return value if int(scale) in _SCALES and int(scale) > 0 else None

    return rounded


def _modulo(dividend: Number, divisor: Number) -> Number | None:
    """dividend - divisor * floor(dividend / divisor): the sign is the divisor's."""
    if not divisor:
        return None
    if type(dividend) is int and type(divisor) is int:
        return dividend % divisor
    rest = _LONG.remainder(dividend, divisor)
    return DECIMAL.plus(_LONG.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest)


def _absolute(value: Any) -> Any:
    if isinstance(value, MonthsDuration):
        return MonthsDuration(abs(value.months))
    if isinstance(value, Decimal):
        return value.copy_abs()
    return abs(value) if isinstance(value, int) else duration_of(abs(duration_nanos(value)))


def _root(value: Number) -> Number | None:
    return None if value < 0 else _shortest(DECIMAL.sqrt(Decimal(value)))


def _logarithm(value: Number) -> Number | None:
    return None if value <= 0 else _shortest(DECIMAL.ln(Decimal(value)))


def _shortest(value: Decimal) -> Number:
    """A whole result stays a whole number."""
    return int(value) if value == value.to_integral_value() and abs(value) < 10**15 else value


def _even(value: Number) -> bool:
    return _LONG.remainder(value, 2) == 0


_ROUNDING = {
    "decimal": decimal.ROUND_HALF_EVEN,
    "floor": decimal.ROUND_FLOOR,
    "ceiling": decimal.ROUND_CEILING,
    "round up": decimal.ROUND_UP,
    "round down": decimal.ROUND_DOWN,
    "round half up": decimal.ROUND_HALF_UP,
    "round half down": decimal.ROUND_HALF_DOWN,
    "round half even": decimal.ROUND_HALF_EVEN,
}
BODIES: dict[str, Callable[..., Any]] = {
    **{name: _exact(rounding(mode)) for name, mode in _ROUNDING.items()},
    "abs": _absolute,
    "modulo": _modulo,
    "sqrt": _root,
    "log": _logarithm,
    "exp": lambda value: _shortest(DECIMAL.exp(Decimal(value))),
    "odd": lambda value: abs(_LONG.remainder(value, 2)) == 1,
    "even": _even,
}
