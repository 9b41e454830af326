"""The next day on which people are paid: a decline for want of money is best tried again then."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

MORNING = time(9)  # by then the banks have booked


def next_pay_day(after: datetime, days: tuple[int, ...], zone: tzinfo = UTC) -> datetime:
    """The first morning after a moment that is a pay day; `days` of the month, 0 for its last.

    What falls on a Saturday or Sunday is paid on the Friday before it.
    """
    local = after.astimezone(zone)
    mornings = (datetime.combine(day, MORNING, zone) for day in _pay_days(local.date(), days))
    return next(morning for morning in mornings if morning >= local).astimezone(UTC)


def _pay_days(since: date, days: tuple[int, ...]) -> Iterator[date]:
    year, month = since.year, since.month
    while True:
        last = monthrange(year, month)[1]
        yield from sorted({_on_a_workday(date(year, month, min(day, last) if day else last)) for day in days})
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def _on_a_workday(day: date) -> date:
    return day - timedelta(days=max(0, day.weekday() - 4))


def days_of(told: str) -> tuple[int, ...]:
    """`1, 15, last`. Raises `ValueError` with a sentence."""
    found = []
    for word in (part.strip() for part in told.split(",")):
        if word != "last" and not (word.isdecimal() and 1 <= int(word) <= 31):
            raise ValueError(f"`{word}` is no day of the month: write 1 to 31, or last")
        found.append(0 if word == "last" else int(word))
    return tuple(found)
