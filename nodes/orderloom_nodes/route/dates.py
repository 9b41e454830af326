"""A location and a moment in; when a parcel leaves and arrives, out. Holidays, weekends and clocks are heeded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from orderloom.model import Location
from orderloom_nodes.route.distance import Point

EVENING = time(20, 0)  # a parcel due on a day is there by then
ONE_DAY = timedelta(days=1)
# Our own estimate for ground parcels, as good as nothing better is known: km up to, working days on the way.
TRANSIT_BANDS = ((250, 1), (800, 2), (1600, 3), (3000, 4), (6000, 6))
FARTHEST_DAYS = 8
BORDER_DAYS = 2  # more, where the parcel leaves the customs territory

IsOpen = Callable[[date], bool]


class Closed(NamedTuple):
    """The days of a year on which a country rests."""

    holidays: frozenset[date]
    weekend: frozenset[int]


def ready_at(location: Location, now: datetime) -> datetime:
    """When a parcel ordered now leaves: at the cut-off of the first working day that can take it, in UTC.

    Orders that come at the cut-off or later, or on a day of rest, count as of the next working day's morning. A cut-off
    that the change to summer time leaps over falls as much later; one that comes twice is the first (PEP 495, fold 0).
    """
    day = now.astimezone(ZoneInfo(location.timezone)).date()
    in_time = now < _cut_off(location.timezone, location.cut_off, day)
    address = location.address
    country, region = address.country_code, address.region_code or ""
    return _leaves(location.timezone, location.cut_off, location.handling_days, country, region, day, in_time)


def transit_days(distance_m: int, abroad: bool) -> int:
    """Working days on the way, by distance; an estimate until a carrier's own figure is known."""
    days = next((days for up_to_km, days in TRANSIT_BANDS if distance_m <= up_to_km * 1000), FARTHEST_DAYS)
    return days + (BORDER_DAYS if abroad else 0)


def arrives_at(leaves: datetime, days: int, origin: Point, goal: Point, delivers_on: IsOpen) -> datetime:
    """The evening of the day of delivery at the goal, in UTC.

    The time zone of an address is not known: its clock is taken from its longitude, 15 degrees an hour.
    """
    return evening(after((leaves + solar(origin)).date(), days, delivers_on), goal)


def evening(day: date, goal: Point) -> datetime:
    """By when a parcel that is due on a day is there, in UTC."""
    return _evening(day, _hours(goal))


def after(day: date, days: int, is_open: IsOpen) -> date:
    """The day that is that many open days later."""
    while days > 0:
        day += ONE_DAY
        days -= is_open(day)
    return day


@lru_cache(maxsize=1024)
def working_days(country: str, region: str = "") -> IsOpen:
    """Tells whether a day is worked on there; a country that the package `holidays` does not know has only weekends."""

    @lru_cache(maxsize=4096)
    def is_open(day: date) -> bool:
        closed = _closed(country, region, day.year)
        return day.weekday() not in closed.weekend and day not in closed.holidays

    return is_open


def solar(point: Point) -> timedelta:
    """Local time less UTC, by longitude alone."""
    return timedelta(hours=_hours(point))


def is_holiday(country: str, region: str, day: date) -> bool:
    """Whether the country rests on that day, weekends apart."""
    return day in _closed(country, region, day.year).holidays


def _hours(point: Point) -> int:
    return round(point.longitude / 15)


@lru_cache(maxsize=4096)
def _evening(day: date, hours: int) -> datetime:
    return datetime.combine(day, EVENING, UTC) - timedelta(hours=hours)


@lru_cache(maxsize=4096)
def _leaves(
    zone: str, cut_off: str, handling_days: int, country: str, region: str, day: date, in_time: bool
) -> datetime:
    open_on = working_days(country, region)
    if not open_on(day) or not in_time:
        day = after(day, 1, open_on)
    return _cut_off(zone, cut_off, after(day, handling_days, open_on))


@lru_cache(maxsize=4096)
def _cut_off(zone: str, cut_off: str, day: date) -> datetime:
    return datetime.combine(day, time.fromisoformat(cut_off), ZoneInfo(zone)).astimezone(UTC)


@lru_cache(maxsize=4096)
def _closed(country: str, region: str, year: int) -> Closed:
    import holidays  # noqa: PLC0415 (0.3 s, paid once a date is first asked for)

    for subdivision in dict.fromkeys((region or None, None)):
        try:
            found = holidays.country_holidays(country, subdiv=subdivision, years=year)
        except (NotImplementedError, KeyError):
            continue
        return Closed(frozenset(found.keys()), frozenset(found.weekend))
    return Closed(frozenset(), frozenset({5, 6}))
