"""Numbers in; dates, times and durations out: of an ordinary class wherever one can hold the value.

None stands for what is beyond the language (DMN 1.5, 10.3.2.3.4: years from -999,999,999 to 999,999,999).
"""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta, tzinfo
from typing import Any

from orderloom.feel.instants import DAY, SECOND, civil, day_number, nanosecond
from orderloom.feel.wide import (
    Date,
    DateTime,
    Duration,
    Time,
    WideDate,
    WideDateTime,
    WideDuration,
    WideTime,
)

LAST_YEAR = 999_999_999
LONGEST = 10**30                    # nanoseconds of the longest duration
_LAST_DAY = LAST_YEAR * 366


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
    parts = (day.year, day.month, day.day, clock.hour, clock.minute, clock.second)
    return WideDateTime(*parts, nanosecond(clock), clock.tzinfo)


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
