"""Ordered values in, the points at which an axis is cut out: what comes next after a value, and a value in between."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any

from orderloom.feel.values import MonthsDuration

Cut = tuple[Any, int]  # just before a value (0), or just after it (1)
_MOMENT = timedelta(microseconds=1)  # the finest step of a time that Python keeps
_A_DAY = date(2026, 1, 1)  # an example where nothing is asked of a date


@dataclass(frozen=True)
class Order:
    """How values of one type lie on a line. `next` gives the following value where there is one; numbers have none."""

    next: Callable[[Any], Any] | None
    between: Callable[[Cut | None, Cut | None], Any]
    ends: tuple[Cut | None, Cut | None] = (None, None)
    first: Callable[[Any], Any] | None = None  # the value at an end, or the next above it, where an end may be none

    def cut(self, value: Any, after: bool) -> Cut | None:
        """A cut in its one form: after the 3rd of March is before the 4th. None lies beyond the last value."""
        if not after or self.next is None:
            return (value if self.first is None else self.first(value), int(after))
        following = self.next(value)
        return None if following is None else (following, 0)


def _stepping(step: Any) -> Callable[[Any], Any]:
    def following(value: Any) -> Any:
        try:
            return value + step
        except OverflowError:
            return None

    return following


def _next_time(value: time) -> time | None:
    later = datetime.combine(_A_DAY, value) + _MOMENT
    return later.timetz() if later.date() == _A_DAY else None


def _next_text(value: str) -> str:
    return value + "\0"


def _first(start: Any, before: Callable[[Any], Any]) -> Callable[[Cut | None, Cut | None], Any]:
    """The first value of a piece; where it has no beginning, one before its end."""

    def between(low: Cut | None, high: Cut | None) -> Any:
        if low is not None:
            later = _next_second(low[0])
            return low[0] if later is None or (high is not None and later >= high[0]) else later
        return start if high is None else before(high[0])

    return between


def _next_second(value: Any) -> Any:
    """The first whole second after a moment that is within one; None for all else."""
    fraction = getattr(value, "microsecond", 0)
    return value + timedelta(microseconds=1_000_000 - fraction) if fraction and isinstance(value, datetime) else None


def _number_between(low: Cut | None, high: Cut | None) -> Any:
    """The number with the fewest digits, towards the lower end."""
    if low is None:
        top = 1 if high is None else high[0]
        return 0 if top > 0 else int(top // 1) - 1
    least = Fraction(low[0])
    for digits in range(80):
        scaled = least * 10**digits
        nearest = -(-scaled.numerator // scaled.denominator)
        if low[1] and nearest == scaled:
            nearest += 1
        if high is None or _before(Fraction(nearest, 10**digits), high):
            return nearest if digits == 0 else Decimal((nearest < 0, _digits(nearest), -digits))
    return low[0]


def _digits(whole: int) -> tuple[int, ...]:
    return tuple(map(int, str(abs(whole))))


def _before(value: Fraction, high: Cut) -> bool:
    end = Fraction(high[0])
    return value <= end if high[1] else value < end


def _text_between(low: Cut | None, high: Cut | None) -> str:
    """A word that can be read, where there is one."""
    first = "" if low is None else low[0]
    stem = first.rstrip("\0")
    tries = [stem, *(stem + letter for letter in "aA0 !")] if stem != first else [first or "a", first]
    return next((word for word in tries if word >= first and (high is None or word < high[0])), first)


def _time_order(zoned: bool) -> Order:
    ends = (None, None) if zoned else ((time.min, 0), None)
    return Order(_next_time, _first(time(12), lambda high: time.min.replace(tzinfo=high.tzinfo)), ends)


NUMBERS = Order(None, _number_between)
WHOLE_NUMBERS = Order(lambda value: floor(value) + 1, _number_between, first=ceil)
TIMES, ZONED_TIMES = _time_order(zoned=False), _time_order(zoned=True)
ORDERS: Mapping[str, Order] = {
    "number": NUMBERS,
    "text": Order(_next_text, _text_between, (("", 0), None)),
    "date": Order(_stepping(timedelta(days=1)), _first(_A_DAY, _stepping(timedelta(days=-1)))),
    "date and time": Order(_stepping(_MOMENT), _first(datetime(2026, 1, 1), _stepping(timedelta(days=-1)))),
    "time": TIMES,
    "days and time duration": Order(_stepping(_MOMENT), _first(timedelta(0), _stepping(timedelta(days=-1)))),
    "years and months duration": Order(
        lambda value: MonthsDuration(value.months + 1),
        _first(MonthsDuration(0), lambda high: MonthsDuration(high.months - 1)),
    ),
}
