"""Dates, times and durations moved, subtracted and scaled, in whole nanoseconds (DMN 1.5, 10.3.2.5)."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from orderloom.feel.instants import (
    DAY,
    clock_nanos,
    duration_nanos,
    instant,
    local_nanos,
    offset_at,
    offset_nanos,
    time_instant,
)
from orderloom.feel.making import (
    LONGEST,
    date_of,
    date_time_of,
    duration_of,
    make_date,
    make_date_time,
    time_of,
    time_part,
)
from orderloom.feel.values import MonthsDuration, kind
from orderloom.feel.wide import WideDuration


def add_months(to: Any, months: int) -> Any:
    """The same day of a later month, or that month's last day; the time of day stays."""
    year, month = divmod(to.year * 12 + to.month - 1 + months, 12)
    last = calendar.monthrange(2000 + year % 400, month + 1)[1]
    moved = make_date(year, month + 1, min(to.day, last))
    if moved is None or kind(to) == "date":
        return moved
    return make_date_time(moved, time_part(to))


def difference(left: Any, right: Any) -> Any:
    """A date beside a date and time counts as midnight UTC; null where only one of two has a zone."""
    if type(left) is type(right) and _is_simple(left) and _is_simple(right):
        return left - right
    zoned = kind(left) != kind(right)
    (left_zoned, first), (right_zoned, second) = (_placed(side, zoned) for side in (left, right))
    return duration_of(first - second) if left_zoned == right_zoned else None


def _is_simple(value: Any) -> bool:
    """Whether Python reckons with it as the standard does: a date, or a date and time of a zone that never changes."""
    return type(value) is date or (type(value) is datetime and not isinstance(value.tzinfo, ZoneInfo))


def _placed(value: Any, zoned: bool) -> tuple[bool, int]:
    return (zoned, local_nanos(value)) if kind(value) == "date" else instant(value)


def add_duration(to: Any, length: Any) -> Any:
    """A later date and time: clocks that are put forward or back count what has passed."""
    if _is_simple(to) and type(length) is timedelta:
        try:
            return to + length
        except OverflowError:
            pass
    moved = local_nanos(to) + duration_nanos(length)
    offset = offset_nanos(to)
    shown = date_time_of(moved, to.tzinfo)
    if shown is None or offset is None or not isinstance(to.tzinfo, ZoneInfo):
        return shown
    return _in_zone(moved - offset, to.tzinfo)


def _in_zone(utc: int, zone: ZoneInfo) -> Any:
    """What the clocks of a zone show at an instant."""
    moment = date_time_of(utc, UTC)
    if isinstance(moment, datetime) and MINYEAR < moment.year < MAXYEAR:
        return moment.astimezone(zone)
    return moment and date_time_of(utc + duration_nanos(offset_at(moment, zone)), zone)


def add_to_date(to: Any, length: Any, sign: int) -> Any:
    if type(to) is date and type(length) is timedelta:
        try:
            return to + length * sign
        except OverflowError:
            pass
    return date_of((local_nanos(to) + sign * duration_nanos(length)) // DAY)


def add_to_time(clock: Any, length: Any, sign: int) -> Any:
    return time_of((clock_nanos(clock) + sign * duration_nanos(length)) % DAY, clock.tzinfo)


def time_difference(left: Any, right: Any) -> Any:
    (left_zoned, first), (right_zoned, second) = time_instant(left), time_instant(right)
    return duration_of(first - second) if left_zoned == right_zoned else None


def add_durations(left: Any, right: Any, sign: int) -> Any:
    return duration_of(duration_nanos(left) + sign * duration_nanos(right))


def scale_duration(length: Any, factor: Any, scale: Callable[[Any, Any], Decimal]) -> Any:
    """A length in whole microseconds stays one."""
    unit = 1 if isinstance(length, WideDuration) else 1000
    scaled = scale(duration_nanos(length) // unit, factor)
    return duration_of(int(scaled) * unit) if abs(scaled) < LONGEST else None


def months(count: int | Decimal) -> MonthsDuration | None:
    whole = int(count)
    return MonthsDuration(whole) if abs(whole) < LONGEST else None
