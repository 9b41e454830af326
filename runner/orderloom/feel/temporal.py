"""Dates, times and durations from ISO 8601 text and back, as the standard writes them (DMN 1.5, 10.3.2.3)."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from orderloom.feel.instants import DAY, SECOND, day_number, duration_nanos, nanosecond
from orderloom.feel.values import MonthsDuration
from orderloom.feel.wide import (
    Date,
    DateTime,
    Duration,
    Time,
    WideDateTime,
    WideDuration,
    WideTime,
    date_of,
    duration_of,
    make_date,
    make_date_time,
    make_time,
)

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


def format_temporal(value: Any) -> str:
    """A date, a time or a duration in ISO 8601, with the zone's name behind `@` where it was given by name."""
    if isinstance(value, timedelta | WideDuration):
        return _format_days(duration_nanos(value))
    if isinstance(value, time | datetime | WideTime | WideDateTime):
        return _format_clock(value)
    return str(value) if isinstance(value, MonthsDuration) else _format_date(value)


def _format_date(value: Any) -> str:
    sign = "-" if value.year < 0 else ""
    return f"{sign}{abs(value.year):04}-{value.month:02}-{value.day:02}"


def _format_clock(value: Any) -> str:
    bare = f"{value.hour:02}:{value.minute:02}:{value.second:02}" + _fraction(nanosecond(value))
    if hasattr(value, "year"):
        bare = f"{_format_date(value)}T{bare}"
    if value.tzinfo is None:
        return bare
    if isinstance(value.tzinfo, ZoneInfo):
        return f"{bare}@{value.tzinfo.key}"
    offset = value.tzinfo.utcoffset(None) or (value.utcoffset() or timedelta())
    return bare + ("Z" if not offset else _format_offset(offset))


def _fraction(nanos: int) -> str:
    return f".{nanos:09}".rstrip("0") if nanos else ""


def _format_offset(offset: timedelta) -> str:
    sign, rest = ("-", -offset) if offset < timedelta() else ("+", offset)
    minutes, seconds = divmod(rest.seconds, 60)
    text = f"{sign}{minutes // 60:02}:{minutes % 60:02}"
    return f"{text}:{seconds:02}" if seconds else text


def _format_days(nanos: int) -> str:
    days, within = divmod(abs(nanos), DAY)
    seconds, fraction = divmod(within, SECOND)
    counts = ((seconds // 3600, "H"), (seconds // 60 % 60, "M"))
    clock = "".join(f"{count}{unit}" for count, unit in counts if count)
    if seconds % 60 or fraction:
        clock += f"{seconds % 60}{_fraction(fraction)}S"
    shown = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return ("-P" if nanos < 0 else "P") + (shown or "T0S")
