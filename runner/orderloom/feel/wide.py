"""Dates, times and durations that `datetime` cannot hold: years beyond 1 to 9999, nanoseconds, very long durations.

They are made by `making`, and only where an ordinary class cannot hold the value, so that each value has one form.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from operator import ge, gt, le, lt
from typing import Any

from orderloom.feel.instants import duration_nanos, instant, offset_at, time_instant
from orderloom.feel.iso import clock_text, date_text, days_text


class _Ordered:
    """Compares with its own kind and with the ordinary class of `datetime`."""

    __slots__ = ()

    def _key(self, other: Any) -> Any:
        raise NotImplementedError

    def _compared(self, other: Any, holds: Callable[[Any, Any], bool]) -> Any:
        ours, theirs = self._key(self), self._key(other)
        if theirs is None:
            return NotImplemented
        if ours[0] != theirs[0]:
            raise TypeError("one has a time zone and the other has none")
        return holds(ours, theirs)

    def __lt__(self, other: Any) -> Any:
        return self._compared(other, lt)

    def __le__(self, other: Any) -> Any:
        return self._compared(other, le)

    def __gt__(self, other: Any) -> Any:
        return self._compared(other, gt)

    def __ge__(self, other: Any) -> Any:
        return self._compared(other, ge)

    def __eq__(self, other: object) -> bool:
        theirs = self._key(other)
        return theirs is not None and bool(self._key(self) == theirs)

    def __hash__(self) -> int:
        return hash(self._key(self))


@dataclass(frozen=True, slots=True, eq=False)
class WideDate(_Ordered):
    """A date of a year before 1 or after 9999."""

    year: int
    month: int
    day: int

    def __str__(self) -> str:
        return date_text(self)

    def _key(self, other: Any) -> Any:
        plain = isinstance(other, WideDate) or type(other) is date
        return (False, other.year, other.month, other.day) if plain else None


@dataclass(frozen=True, slots=True, eq=False)
class WideTime(_Ordered):
    """A time of day with nanoseconds."""

    hour: int
    minute: int
    second: int
    nanosecond: int
    tzinfo: tzinfo | None = None

    def utcoffset(self) -> timedelta | None:
        return self.tzinfo.utcoffset(None) if self.tzinfo else None

    def __str__(self) -> str:
        return clock_text(self)

    def _key(self, other: Any) -> Any:
        return time_instant(other) if isinstance(other, WideTime | time) else None


@dataclass(frozen=True, slots=True, eq=False)
class WideDateTime(_Ordered):
    """A date and time of any year, with nanoseconds."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    nanosecond: int
    tzinfo: tzinfo | None = None

    def utcoffset(self) -> timedelta | None:
        return offset_at(self, self.tzinfo)

    def __str__(self) -> str:
        return clock_text(self)

    def _key(self, other: Any) -> Any:
        return instant(other) if isinstance(other, WideDateTime | datetime) else None


@dataclass(frozen=True, slots=True, eq=False)
class WideDuration(_Ordered):
    """A days and time duration with nanoseconds, or one of more than 999,999,999 days."""

    nanos: int

    def __str__(self) -> str:
        return days_text(self)

    def _key(self, other: Any) -> Any:
        return (False, duration_nanos(other)) if isinstance(other, WideDuration | timedelta) else None


Date = date | WideDate
Time = time | WideTime
DateTime = datetime | WideDateTime
Duration = timedelta | WideDuration
