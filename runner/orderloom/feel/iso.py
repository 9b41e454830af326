"""Dates, times and durations of any class as ISO 8601 text, with the zone's name behind `@` where it has one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from orderloom.feel.instants import DAY, SECOND, duration_nanos, nanosecond


def date_text(value: Any) -> str:
    sign = "-" if value.year < 0 else ""
    return f"{sign}{abs(value.year):04}-{value.month:02}-{value.day:02}"


def clock_text(value: Any) -> str:
    """A time, or a date and time."""
    bare = f"{value.hour:02}:{value.minute:02}:{value.second:02}" + _fraction(nanosecond(value))
    if hasattr(value, "year"):
        bare = f"{date_text(value)}T{bare}"
    if value.tzinfo is None:
        return bare
    if isinstance(value.tzinfo, ZoneInfo):
        return f"{bare}@{value.tzinfo.key}"
    offset = value.tzinfo.utcoffset(None) or (value.utcoffset() or timedelta())
    return bare + ("Z" if not offset else _offset(offset))


def days_text(length: Any) -> str:
    """A days and time duration."""
    nanos = duration_nanos(length)
    days, within = divmod(abs(nanos), DAY)
    seconds, fraction = divmod(within, SECOND)
    counts = ((seconds // 3600, "H"), (seconds // 60 % 60, "M"))
    clock = "".join(f"{count}{unit}" for count, unit in counts if count)
    if seconds % 60 or fraction:
        clock += f"{seconds % 60}{_fraction(fraction)}S"
    shown = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return ("-P" if nanos < 0 else "P") + (shown or "T0S")


def months_text(months: int) -> str:
    """A years and months duration."""
    years, left = divmod(abs(months), 12)
    parts = (f"{years}Y" if years else "") + (f"{left}M" if left else "")
    return ("-P" if months < 0 else "P") + (parts or "0M")


def _fraction(nanos: int) -> str:
    return f".{nanos:09}".rstrip("0") if nanos else ""


def _offset(offset: timedelta) -> str:
    sign, rest = ("-", -offset) if offset < timedelta() else ("+", offset)
    minutes, seconds = divmod(rest.seconds, 60)
    text = f"{sign}{minutes // 60:02}:{minutes % 60:02}"
    return f"{text}:{seconds:02}" if seconds else text
