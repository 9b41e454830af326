"""Dates, times and durations from ISO 8601 text, as the standard writes them (DMN 1.5, 10.3.2.3)."""

from __future__ import annotations

import re
from datetime import time, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from orderloom.feel.instants import DAY, SECOND, day_number
from orderloom.feel.making import date_of, duration_of, make_date, make_date_time, make_time
from orderloom.feel.values import MonthsDuration
from orderloom.feel.wide import Date, DateTime, Duration, Time

_DATE = re.compile(r"(-?(?:[1-9]\d{4,8}|\d{4}))-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(r"(\d\d):(\d\d):(\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z][\w+\-/]*)?", re.ASCII)
_MONTHS = re.compile(r"(-?)P(?:(\d{1,12})Y)?(?:(\d{1,12})M)?", re.ASCII)
_DAYS = re.compile(
    r"(-?)P(?:(\d{1,12})D)?(?:T(?=\d)(?:(\d{1,12})H)?(?:(\d{1,12})M)?(?:(\d{1,12}(?:\.\d+)?)S)?)?", re.ASCII
)


def parse_date(text: str) -> Date | None:
    found = _DATE.fullmatch(text)
    try:
        return make_date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def parse_time(text: str) -> Time | None:
    """Digits of a second beyond the ninth are dropped."""
    found = _TIME.fullmatch(text)
    if not found:
        return None
    hour, minute, second, fraction, zone = found.groups()
    try:
        nanos = int((fraction or "0")[:9].ljust(9, "0"))
        return make_time(int(hour), int(minute), int(second), nanos, parse_zone(zone) if zone else None)
    except (ValueError, LookupError, OSError):
        return None


def parse_zone(text: str) -> tzinfo:
    """`Z`, `+02:00` or `@Europe/Oslo`. Raises ValueError, LookupError or OSError where there is no such zone."""
    if text in {"Z", "z"}:
        return timezone.utc  # noqa: UP017 (one spelling with the offsets below)
    if text.startswith("@"):
        return ZoneInfo(text[1:])
    hours, minutes, seconds = (*map(int, text[1:].split(":")), 0)[:3]
    if hours > 18 or minutes > 59 or seconds > 59:
        raise ValueError(text)
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return timezone(-offset if text[0] == "-" else offset)


def parse_date_time(text: str) -> DateTime | None:
    """A date alone is its midnight."""
    day, separator, clock = text.partition("T")
    on = parse_date(day)
    if clock.startswith("24:00:00"):        # ISO 8601: the end of the day is the start of the next
        clock, on = "00" + clock[2:], on and date_of(day_number(on.year, on.month, on.day) + 1)
    at = parse_time(clock) if separator else time()
    return None if on is None or at is None else make_date_time(on, at)


def parse_duration(text: str) -> Duration | MonthsDuration | None:
    months = _MONTHS.fullmatch(text)
    if months and (months[2] or months[3]):
        count = int(months[2] or 0) * 12 + int(months[3] or 0)
        return MonthsDuration(-count if months[1] else count)
    days = _DAYS.fullmatch(text)
    if not days or not any(days.groups()[1:]):
        return None
    return _days_duration(days)


def _days_duration(found: re.Match[str]) -> Duration | None:
    seconds, _, fraction = (found[5] or "").partition(".")
    minutes = int(found[3] or 0) * 60 + int(found[4] or 0)
    nanos = int(found[2] or 0) * DAY + (minutes * 60 + int(seconds or 0)) * SECOND + int(fraction[:9].ljust(9, "0"))
    return duration_of(-nanos if found[1] else nanos)


def parse_temporal(text: str) -> Any:
    """What stands in `@"…"`: a date, a time, a date and time, or a duration; None where it is none of them."""
    if text.startswith(("P", "-P")):
        return parse_duration(text)
    if "T" in text.partition("@")[0]:
        return parse_date_time(text)
    return parse_time(text) if ":" in text else parse_date(text)
