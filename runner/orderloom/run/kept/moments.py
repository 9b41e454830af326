"""Dates, times and durations as JSON that loses nothing, and back: far years, nanoseconds, named zones, the hour that
comes twice when clocks are put back. The text of a formula can say neither of the last two together.

    date        ISO text                    of a far year: year, month, day
    time        ISO text                    in a named zone, or finer: its parts, and the zone
    date and time   as the two
    duration    whole microseconds          finer or longer: whole nanoseconds, as text
    months      how many
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from orderloom.feel import MonthsDuration
from orderloom.feel.wide import WideDate, WideDateTime, WideDuration, WideTime

_MICROSECOND = timedelta(microseconds=1)
_PARTS = ("year", "month", "day", "hour", "minute", "second")


def letter_of(value: Any) -> str | None:
    """The letter of its kind; None for what is no moment and no duration."""
    found = _LETTERS.get(type(value))
    return found or next((letter for base, letter in _LETTERS.items() if isinstance(value, base)), None)


def written(value: Any) -> Any:
    """JSON data that says all of it."""
    if isinstance(value, MonthsDuration):
        return value.months
    if isinstance(value, timedelta):
        return value // _MICROSECOND
    if isinstance(value, WideDuration):
        return str(value.nanos)
    if isinstance(value, WideDate):
        return [value.year, value.month, value.day]
    if isinstance(value, (WideTime, WideDateTime)):
        return [_parts(value), _zone(value.tzinfo)]
    if isinstance(value, (time, datetime)) and isinstance(value.tzinfo, ZoneInfo):
        return [value.replace(tzinfo=None, fold=0).isoformat(), value.tzinfo.key, value.fold]
    text: str = value.isoformat()
    return text


def _parts(value: Any) -> list[int]:
    return [*(getattr(value, name) for name in _PARTS if hasattr(value, name)), value.nanosecond]


def _zone(zone: tzinfo | None) -> Any:
    """Its name, or its distance from UTC in microseconds."""
    if zone is None:
        return None
    if isinstance(zone, ZoneInfo):
        return zone.key
    offset = zone.utcoffset(None)
    assert offset is not None
    return offset // _MICROSECOND


def _zone_of(said: Any) -> tzinfo | None:
    if said is None:
        return None
    return ZoneInfo(said) if isinstance(said, str) else timezone(timedelta(microseconds=said))


def _clock(plain: Any, wide: Any) -> Callable[[Any], Any]:
    """Reads a time, or a date and time: text, text in a named zone, or parts of a finer one."""

    def of(said: Any) -> Any:
        if isinstance(said, str):
            return plain.fromisoformat(said)
        if isinstance(said[0], str):
            return plain.fromisoformat(said[0]).replace(tzinfo=ZoneInfo(said[1]), fold=said[2])
        return wide(*said[0], _zone_of(said[1]))

    return of


def _date(said: Any) -> Any:
    return date.fromisoformat(said) if isinstance(said, str) else WideDate(*said)


def _duration(said: Any) -> Any:
    return WideDuration(int(said)) if isinstance(said, str) else timedelta(microseconds=said)


_LETTERS: Mapping[type, str] = {  # a datetime is a date too: it comes first
    datetime: "M", WideDateTime: "M", date: "D", WideDate: "D", time: "T", WideTime: "T",
    timedelta: "P", WideDuration: "P", MonthsDuration: "Y",
}  # fmt: skip
READERS: Mapping[str, Callable[[Any], Any]] = {
    "M": _clock(datetime, WideDateTime),
    "D": _date,
    "T": _clock(time, WideTime),
    "P": _duration,
    "Y": MonthsDuration,
}
