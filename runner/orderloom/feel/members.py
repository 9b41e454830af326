"""`value.name`: entries of contexts, fields of models, parts of dates, times, durations and ranges; a list maps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from orderloom.feel.arithmetic import negate
from orderloom.feel.budget import spend
from orderloom.feel.instants import SECOND, duration_nanos, nanosecond, same_calendar
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


def _second(value: Any) -> int | Decimal:
    return _with_fraction(value.second, nanosecond(value))


def _with_fraction(seconds: int, nanos: int) -> int | Decimal:
    return DECIMAL.add(seconds, Decimal(nanos).scaleb(-9, DECIMAL)).normalize(DECIMAL) if nanos else seconds


def _zone(value: Any) -> str | None:
    zone = value.tzinfo
    return zone.key if isinstance(zone, ZoneInfo) else None


def _seconds(value: Any) -> Any:
    nanos = abs(duration_nanos(value))
    seconds = _with_fraction(nanos // SECOND % 60, nanos % SECOND)
    return negate(seconds) if duration_nanos(value) < 0 else seconds


def _signed(value: Any, unit_s: int, of: int | None = None) -> int:
    """How many whole units of so many seconds are in a duration, or are left of the next larger unit."""
    nanos = duration_nanos(value)
    count = abs(nanos) // (unit_s * SECOND)
    count = count % of if of else count
    return -count if nanos < 0 else count


def _months(value: MonthsDuration, part: Callable[[int], int]) -> int:
    return part(abs(value.months)) * (-1 if value.months < 0 else 1)


_DATE: dict[str, Callable[[Any], Any]] = {
    "year": lambda v: v.year,
    "month": lambda v: v.month,
    "day": lambda v: v.day,
    "weekday": lambda v: same_calendar(v).isoweekday(),
}
_TIME: dict[str, Callable[[Any], Any]] = {
    "hour": lambda v: v.hour,
    "minute": lambda v: v.minute,
    "second": _second,
    "time offset": lambda v: v.utcoffset(),
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
        "days": lambda v: _signed(v, 86_400),
        "hours": lambda v: _signed(v, 3600, 24),
        "minutes": lambda v: _signed(v, 60, 60),
        "seconds": _seconds,
    },
    "years and months duration": {
        "years": lambda v: _months(v, lambda m: m // 12),
        "months": lambda v: _months(v, lambda m: m % 12),
    },
}
