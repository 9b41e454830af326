"""Dates, times and durations that `datetime` cannot hold: years beyond 1 to 9999, nanoseconds, very long durations.

The makers at the end give an ordinary `date`, `time`, `datetime` or `timedelta` wherever one can hold the value, so
that each value has one form; None where it is beyond what the language has.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta, tzinfo
from operator import ge, gt, le, lt
from typing import Any

from orderloom.feel.instants import DAY, SECOND, civil, day_number, duration_nanos, instant, offset_at, time_instant

LAST_YEAR = 999_999_999             # DMN 1.5, 10.3.2.3.4: dates from the year -999,999,999 to 999,999,999
LONGEST = 10**30                    # nanoseconds of the longest duration
_LAST_DAY = LAST_YEAR * 366


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

    def _key(self, other: Any) -> Any:
        return instant(other) if isinstance(other, WideDateTime | datetime) else None


@dataclass(frozen=True, slots=True, eq=False)
class WideDuration(_Ordered):
    """A days and time duration with nanoseconds, or one of more than 999,999,999 days."""

    nanos: int

    def _key(self, other: Any) -> Any:
        return (False, duration_nanos(other)) if isinstance(other, WideDuration | timedelta) else None


Date = date | WideDate
Time = time | WideTime
DateTime = datetime | WideDateTime
Duration = timedelta | WideDuration


def make_date(year: int, month: int, day: int) -> Date | None:
    """Raises ValueError where there is no such day."""
    if MINYEAR <= year <= MAXYEAR:
        return date(year, month, day)
    day_number(year, month, day)
    return WideDate(year, month, day) if abs(year) <= LAST_YEAR else None


def make_time(hour: int, minute: int, second: int, nanosecond: int, zone: tzinfo | None) -> Time:
    """Raises ValueError where there is no such time."""
    plain = time(hour, minute, second, nanosecond // 1000, zone)
    return WideTime(hour, minute, second, nanosecond, zone) if nanosecond % 1000 else plain


def make_date_time(day: Any, clock: Any) -> DateTime:
    """The date of `day` with the time and the zone of `clock`."""
    if isinstance(day, date) and isinstance(clock, time):
        return datetime.combine(day, clock)
    nanos = clock.nanosecond if isinstance(clock, WideTime | WideDateTime) else clock.microsecond * 1000
    parts = (day.year, day.month, day.day, clock.hour, clock.minute, clock.second)
    return WideDateTime(*parts, nanos, clock.tzinfo)


def date_of(number: int) -> Date | None:
    """The date of a day number."""
    return make_date(*civil(number)) if abs(number) <= _LAST_DAY else None


def time_of(nanos: int, zone: tzinfo | None) -> Time:
    """The time so many nanoseconds after midnight."""
    seconds, nanosecond = divmod(nanos, SECOND)
    return make_time(seconds // 3600, seconds // 60 % 60, seconds % 60, nanosecond, zone)


def date_time_of(nanos: int, zone: tzinfo | None) -> DateTime | None:
    """The date and time that shows so many nanoseconds on its own calendar and clock (`local_nanos`)."""
    number, within = divmod(nanos, DAY)
    day = date_of(number)
    return None if day is None else make_date_time(day, time_of(within, zone))


def duration_of(nanos: int) -> Duration | None:
    """A days and time duration of so many nanoseconds."""
    if not nanos % 1000:
        try:
            return timedelta(microseconds=nanos // 1000)
        except OverflowError:
            pass
    return WideDuration(nanos) if abs(nanos) <= LONGEST else None


def date_part(moment: Any) -> Date:
    """The date of a date and time."""
    if isinstance(moment, datetime):
        return moment.date()
    found = make_date(moment.year, moment.month, moment.day)
    assert found is not None
    return found


def time_part(moment: Any) -> Time:
    """The time of a date and time, with its zone."""
    if isinstance(moment, datetime):
        return moment.timetz()
    return make_time(moment.hour, moment.minute, moment.second, moment.nanosecond, moment.tzinfo)
