"""Calendar functions and `is` (DMN 1.5, 10.3.4.6 and 10.3.4.8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from orderloom.feel.comparing import equal
from orderloom.feel.instants import clock_nanos, day_number, offset_nanos, same_calendar
from orderloom.feel.values import kind

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)


def _is(left: Any, right: Any) -> bool:
    """The same value in the same form: two times of one moment in different zones are not the same."""
    word = kind(left)
    if word != kind(right):
        return False
    if word in {"time", "date and time"}:
        return _shown(left) == _shown(right)
    return equal(left, right) is True


def _shown(value: Any) -> tuple[int, int, int | None]:
    day = day_number(value.year, value.month, value.day) if hasattr(value, "year") else 0
    return day, clock_nanos(value), offset_nanos(value)


BODIES: dict[str, Callable[..., Any]] = {
    "is": _is,
    "day of year": lambda on: same_calendar(on).timetuple().tm_yday,
    "day of week": lambda on: _DAYS[same_calendar(on).weekday()],
    "month of year": lambda on: _MONTHS[on.month - 1],
    "week of year": lambda on: same_calendar(on).isocalendar().week,
}
