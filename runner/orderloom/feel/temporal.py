"""Dates, times and durations from ISO 8601 text and back, as the standard writes them (DMN 1.5, 10.3.2.3)."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from orderloom.feel.values import MonthsDuration

_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(r"(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z][\w+\-/]*)?", re.ASCII)
_MONTHS = re.compile(r"(-?)P(?:(\d{1,12})Y)?(?:(\d{1,12})M)?", re.ASCII)
_DAYS = re.compile(
    r"(-?)P(?:(\d{1,12})D)?(?:T(?=\d|\.)(?:(\d{1,12})H)?(?:(\d{1,12})M)?(?:(\d{0,12}(?:\.\d*)?)S)?)?", re.ASCII
)


def parse_date(text: str) -> date | None:
    found = _DATE.fullmatch(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def parse_time(text: str) -> time | None:
    found = _TIME.fullmatch(text)
    if not found:
        return None
    hour, minute, second, fraction, zone = found.groups()
    try:
        micro = int((fraction or "0")[:6].ljust(6, "0"))
        return time(int(hour), int(minute), int(second), micro, parse_zone(zone) if zone else None)
    except (ValueError, LookupError, OSError):
        return None


def parse_zone(text: str) -> tzinfo:
    """`Z`, `+02:00` or `@Europe/Oslo`. Raises ValueError, LookupError or OSError where there is no such zone."""
    if text == "Z":
        return timezone.utc  # noqa: UP017 (one spelling with the offsets below)
    if text.startswith("@"):
        return ZoneInfo(text[1:])
    hours, minutes, seconds = (*map(int, text[1:].split(":")), 0)[:3]
    if hours > 18 or minutes > 59 or seconds > 59:
        raise ValueError(text)
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return timezone(-offset if text[0] == "-" else offset)


def parse_date_time(text: str) -> datetime | None:
    """A date alone is its midnight."""
    day, separator, clock = text.partition("T")
    on = parse_date(day)
    if clock.startswith("24:00:00"):        # ISO 8601: the end of the day is the start of the next
        clock, on = "00" + clock[2:], on and on + timedelta(days=1)
    at = parse_time(clock) if separator else time()
    return None if on is None or at is None else datetime.combine(on, at)


def parse_duration(text: str) -> timedelta | MonthsDuration | None:
    months = _MONTHS.fullmatch(text)
    if months and (months[2] or months[3]):
        count = int(months[2] or 0) * 12 + int(months[3] or 0)
        return MonthsDuration(-count if months[1] else count)
    days = _DAYS.fullmatch(text)
    if not days or days[5] == "." or not any(days.groups()[1:]):
        return None
    return _days_duration(days)


def _days_duration(found: re.Match[str]) -> timedelta | None:
    seconds, _, fraction = (found[5] or "").partition(".")
    try:
        length = timedelta(
            days=int(found[2] or 0),
            hours=int(found[3] or 0),
            minutes=int(found[4] or 0),
            seconds=int(seconds or 0),
            microseconds=int(fraction[:6].ljust(6, "0")),
        )
    except OverflowError:
        return None
    return -length if found[1] else length


def parse_temporal(text: str) -> Any:
    """What stands in `@"…"`: a date, a time, a date and time, or a duration; None where it is none of them."""
    if text.startswith(("P", "-P")):
        return parse_duration(text)
    if "T" in text.partition("@")[0]:
        return parse_date_time(text)
    return parse_time(text) if ":" in text else parse_date(text)


def format_temporal(value: date | time | timedelta | MonthsDuration) -> str:
    """ISO 8601, with the zone's name behind `@` where it was given by name."""
    if isinstance(value, timedelta):
        return _format_days(value)
    if isinstance(value, time | datetime):
        return _format_clock(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _format_clock(value: time | datetime) -> str:
    bare = value.replace(tzinfo=None).isoformat()
    if value.microsecond:
        bare = bare.rstrip("0")
    if value.tzinfo is None:
        return bare
    if isinstance(value.tzinfo, ZoneInfo):
        return f"{bare}@{value.tzinfo.key}"
    offset = value.tzinfo.utcoffset(None) or (value.utcoffset() or timedelta())
    return bare + ("Z" if not offset else _format_offset(offset))


def _format_offset(offset: timedelta) -> str:
    sign, rest = ("-", -offset) if offset < timedelta() else ("+", offset)
    minutes, seconds = divmod(rest.seconds, 60)
    text = f"{sign}{minutes // 60:02}:{minutes % 60:02}"
    return f"{text}:{seconds:02}" if seconds else text


def _format_days(value: timedelta) -> str:
    sign, rest = ("-", -value) if value < timedelta() else ("", value)
    hours, minutes = divmod(rest.seconds // 60, 60)
    seconds = str(rest.seconds % 60)
    if rest.microseconds:
        seconds = f"{seconds}.{rest.microseconds:06}".rstrip("0")
    clock = "".join(f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if n not in {0, "0"})
    days = f"{rest.days}D" if rest.days else ""
    return f"{sign}P{days}T{clock}" if clock else f"{sign}P{days or 'T0S'}" if days else "PT0S"
