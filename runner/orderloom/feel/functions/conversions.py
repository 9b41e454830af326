"""Conversion functions and `not` (DMN 1.5, 10.3.4.1 and 10.3.4.2)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, time, timedelta, timezone
from decimal import Decimal
from typing import Any

from orderloom.feel.formatting import format_string
from orderloom.feel.instants import SECOND, duration_nanos
from orderloom.feel.making import date_part, make_date, make_date_time, make_time, time_part
from orderloom.feel.temporal import parse_date, parse_date_time, parse_duration, parse_time, parse_zone
from orderloom.feel.values import DECIMAL, MonthsDuration, kind, whole
from orderloom.feel.wide import Date, DateTime, Time

_NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,6})?", re.ASCII)


def _date(source: Any, month: Any = None, day: Any = None) -> Date | None:
    if month is not None:
        return make_date(int(source), int(month), int(day))
    if isinstance(source, str):
        return parse_date(source)
    return date_part(source) if kind(source) == "date and time" else source


def _date_time(*parts: Any) -> DateTime | None:
    if len(parts) == 1:
        return _moment(parts[0])
    if len(parts) == 2:
        return make_date_time(*parts)
    day = make_date(*map(int, parts[:3]))
    return None if day is None else make_date_time(day, _clock(*parts[3:]))


def _moment(source: Any) -> DateTime | None:
    if isinstance(source, str):
        return parse_date_time(source)
    return source if kind(source) == "date and time" else make_date_time(source, time())


def _time(source: Any, *parts: Any) -> Time | None:
    if parts:
        return _clock(source, *parts)
    if isinstance(source, str):
        return parse_time(source)
    if kind(source) == "date and time":
        return time_part(source)
    return source if kind(source) == "time" else time(tzinfo=UTC)


def _clock(hour: Any, minute: Any, second: Any, offset: Any = None) -> Time:
    whole_second = int(second)
    nanos = int(DECIMAL.multiply(DECIMAL.subtract(second, whole_second), SECOND))
    return make_time(int(hour), int(minute), whole_second, nanos, _zone(offset))


def _zone(offset: Any) -> Any:
    if isinstance(offset, str):
        return parse_zone(offset if offset.startswith(("+", "-", "Z")) else f"@{offset}")
    if offset is None:
        return None
    is_hours = kind(offset) == "number"
    nanos = int(DECIMAL.multiply(offset, 3600 * SECOND)) if is_hours else duration_nanos(offset)
    if abs(nanos) > 18 * 3600 * SECOND:
        raise ValueError(offset)
    return timezone(timedelta(seconds=nanos // SECOND))


def _number(source: Any, grouping: str | None = None, point: str | None = None) -> int | Decimal | None:
    if not isinstance(source, str):
        return source if isinstance(source, Decimal) else whole(source)
    if grouping not in {None, " ", ",", "."} or point not in {None, ".", ","} or (grouping and grouping == point):
        return None
    text = source.replace(grouping, "") if grouping else source
    text = text.replace(point, ".") if point and point != "." else text
    if not _NUMBER.fullmatch(text):
        return None
    return whole(int(text)) if text.lstrip("-").isdigit() and len(text) < 50 else DECIMAL.create_decimal(text)


def _string(source: Any) -> str | None:
    return None if source is None else format_string(source)


def _duration(source: Any) -> Any:
    return parse_duration(source) if isinstance(source, str) else source


def _months_between(start: Any, end: Any) -> MonthsDuration:
    """Whole months between two dates; the time of day does not count."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and end.day < start.day:
        months -= 1
    elif months < 0 and end.day > start.day:
        months += 1
    return MonthsDuration(months)


BODIES: dict[str, Callable[..., Any]] = {
    "date": _date,
    "date and time": _date_time,
    "time": _time,
    "number": _number,
    "string": _string,
    "duration": _duration,
    "years and months duration": _months_between,
    "not": lambda value: not value if type(value) is bool else None,
}
