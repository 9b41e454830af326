"""Dates, times and durations as whole numbers, for any year: days since 0001-01-01, nanoseconds, offsets from UTC."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from typing import Any

SECOND = 1_000_000_000              # nanoseconds
DAY = 86_400 * SECOND
_CYCLE_YEARS, _CYCLE_DAYS = 400, 146_097        # after 400 years the Gregorian calendar repeats itself, weekdays too


def day_number(year: int, month: int, day: int) -> int:
    """As `date.toordinal`: 0001-01-01 is 1; years below 1 go on as in ISO 8601."""
    cycles, within = divmod(year - 1, _CYCLE_YEARS)
    return cycles * _CYCLE_DAYS + date(within + 1, month, day).toordinal()


def civil(number: int) -> tuple[int, int, int]:
    """Year, month and day of a day number."""
    cycles, within = divmod(number - 1, _CYCLE_DAYS)
    day = date.fromordinal(within + 1)
    return cycles * _CYCLE_YEARS + day.year, day.month, day.day


def same_calendar(value: Any) -> date:
    """The day of a year between 2000 and 2399 that has the same weekday, day of the year and week."""
    return date(2000 + value.year % _CYCLE_YEARS, value.month, value.day)


def nanosecond(clock: Any) -> int:
    """Nanoseconds within the second."""
    fine = getattr(clock, "nanosecond", None)
    found: int = clock.microsecond * 1000 if fine is None else fine
    return found


def clock_nanos(clock: Any) -> int:
    """Nanoseconds since midnight."""
    seconds: int = clock.hour * 3600 + clock.minute * 60 + clock.second
    return seconds * SECOND + nanosecond(clock)


def offset_at(value: Any, zone: tzinfo | None) -> timedelta | None:
    """The offset of a zone from UTC at a local date and time of any year; far years follow the rules of near ones."""
    if zone is None:
        return None
    year = value.year
    if not 1 <= year <= 9999:
        year = 9200 + year % _CYCLE_YEARS if year > 0 else _CYCLE_YEARS + year % _CYCLE_YEARS
    return zone.utcoffset(datetime(year, value.month, value.day, value.hour, value.minute, value.second))


def offset_nanos(value: Any) -> int | None:
    """The offset of a time or a date and time; None for a local one, and for a time in a zone that has no date."""
    length = value.utcoffset()
    return None if length is None else duration_nanos(length)


def local_nanos(value: Any) -> int:
    """Nanoseconds on the calendar and clock that are shown; a date counts as its midnight."""
    clock = clock_nanos(value) if hasattr(value, "hour") else 0
    return day_number(value.year, value.month, value.day) * DAY + clock


def instant(value: Any) -> tuple[bool, int]:
    """Whether a date and time has a zone, and its nanoseconds in UTC or else on its own clock."""
    offset = offset_nanos(value)
    return offset is not None, local_nanos(value) - (offset or 0)


def time_instant(clock: Any) -> tuple[bool, int]:
    """As `instant`, for a time of day."""
    offset = offset_nanos(clock)
    return offset is not None, clock_nanos(clock) - (offset or 0)


def duration_nanos(length: Any) -> int:
    """The length of a days and time duration."""
    if isinstance(length, timedelta):
        return (length.days * 86_400 + length.seconds) * SECOND + length.microseconds * 1000
    nanos: int = length.nanos
    return nanos
