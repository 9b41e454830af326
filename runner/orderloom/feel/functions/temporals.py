"""Calendar functions and `is` (DMN 1.5, 10.3.4.6 and 10.3.4.8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from orderloom.feel.comparing import equal
from orderloom.feel.values import kind

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)


def _is(left: Any, right: Any) -> bool:
    """The same value in the same form: two times of one moment in different zones are not the same."""
    if kind(left) != kind(right):
        return False
    if isinstance(left, datetime | time):
        here, there = left.tzinfo, right.tzinfo
        same_zone = (here is None) == (there is None) and left.utcoffset() == right.utcoffset()
        return same_zone and left.replace(tzinfo=None) == right.replace(tzinfo=None)
    return equal(left, right) is True


BODIES: dict[str, Callable[..., Any]] = {
    "is": _is,
    "day of year": lambda on: on.timetuple().tm_yday,
    "day of week": lambda on: _DAYS[on.weekday()],
    "month of year": lambda on: _MONTHS[on.month - 1],
    "week of year": lambda on: on.isocalendar().week,
}
