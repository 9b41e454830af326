"""`value.name`: entries of contexts, fields of models, parts of dates, times, durations and ranges; a list maps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from orderloom.feel.arithmetic import negate
from orderloom.feel.budget import spend
from orderloom.feel.values import DECIMAL, FIELDS, PLAIN, MonthsDuration, Range, clean, fields_of, kind


def member(value: Any, name: str) -> Any:
    """Null where there is no such member."""
    found = raw_member(value, name)
    return found if type(found) in PLAIN else clean(found)


def raw_member(value: Any, name: str) -> Any:
    if type(value) is dict:
        return value.get(name)
    fields = FIELDS.get(type(value))
    if fields is not None:
        return value.__dict__.get(name) if name in fields else None
    if isinstance(value, BaseModel):
        return value.__dict__.get(name) if name in fields_of(type(value)) else None
    if isinstance(value, list | tuple):
        spend(len(value))
        return [member(item, name) for item in value]
    if isinstance(value, Mapping):
        return value.get(name)
    part = PARTS.get(kind(value), {}).get(name)
    return part(value) if part else None


def has_member(value: Any, name: str) -> bool:
    """Whether a name inside a filter means the member of the item, rather than something outside."""
    fields = FIELDS.get(type(value))
    if fields is not None:
        return name in fields
    if isinstance(value, BaseModel):
        return name in fields_of(type(value))
    if isinstance(value, Mapping):
        return name in value
    return name in PARTS.get(kind(value), {})


def _second(value: time | datetime) -> int | Decimal:
    if not value.microsecond:
        return value.second
    return DECIMAL.add(value.second, Decimal(value.microsecond).scaleb(-6, DECIMAL))


def _offset(value: time | datetime) -> timedelta | None:
    return value.utcoffset()


def _zone(value: time | datetime) -> str | None:
    zone = value.tzinfo
    return zone.key if isinstance(zone, ZoneInfo) else None


def _seconds(value: timedelta) -> Any:
    rest = abs(value)
    seconds: int | Decimal = rest.seconds % 60
    if rest.microseconds:
        seconds = DECIMAL.add(seconds, Decimal(rest.microseconds).scaleb(-6, DECIMAL))
    return negate(seconds) if value < timedelta() else seconds


def _signed(value: timedelta, part: Callable[[timedelta], int]) -> int:
    return -part(-value) if value < timedelta() else part(value)


def _months(value: MonthsDuration, part: Callable[[int], int]) -> int:
    return part(abs(value.months)) * (-1 if value.months < 0 else 1)


_DATE: dict[str, Callable[[Any], Any]] = {
    "year": lambda v: v.year,
    "month": lambda v: v.month,
    "day": lambda v: v.day,
    "weekday": date.isoweekday,
}
_TIME: dict[str, Callable[[Any], Any]] = {
    "hour": lambda v: v.hour,
    "minute": lambda v: v.minute,
    "second": _second,
    "time offset": _offset,
    "timezone": _zone,
}
_RANGE: dict[str, Callable[[Range], Any]] = {
    "start": lambda v: v.low,
    "end": lambda v: v.high,
    "start included": lambda v: v.low_closed,
    "end included": lambda v: v.high_closed,
}
PARTS: dict[str, dict[str, Callable[[Any], Any]]] = {
    "date": _DATE,
    "time": _TIME,
    "date and time": _DATE | _TIME,
    "range": _RANGE,
    "days and time duration": {
        "days": lambda v: _signed(v, lambda d: d.days),
        "hours": lambda v: _signed(v, lambda d: d.seconds // 3600),
        "minutes": lambda v: _signed(v, lambda d: d.seconds // 60 % 60),
        "seconds": _seconds,
    },
    "years and months duration": {
        "years": lambda v: _months(v, lambda m: m // 12),
        "months": lambda v: _months(v, lambda m: m % 12),
    },
}
