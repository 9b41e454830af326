"""A connection that asks carriers and a shipment in; their quotes, or why there are none, out."""

from __future__ import annotations

from typing import NamedTuple

from orderloom import ConnectionFailedError, Rates, World
from orderloom.model import RateQuote, Shipment
from orderloom_nodes.choose_carrier.quote import Quote
from orderloom_nodes.choose_carrier.trip import Trip
from orderloom_nodes.route.dates import ONE_DAY, after, evening, is_holiday, transit_days, working_days

_PASSING = frozenset({"timeout", "rate_limited", "unavailable"})


class Answered(NamedTuple):
    """`failure` says why nobody answered; prices of rate cards are estimates then."""

    quotes: tuple[Quote, ...]
    failure: str | None


def ask(world: World, connection: str, shipment: Shipment, trip: Trip) -> Answered:
    """Raises `ConnectionFailedError` where it is not a matter of time: the key is refused, an address is not known."""
    try:
        found = world.connection(connection, Rates).rates(shipment)
    except ConnectionFailedError as failed:
        if failed.error_class not in _PASSING:
            raise
        return Answered((), f"`{connection}` gives no price now: {failed.message}")
    return Answered(tuple(_quote(one, trip) for one in found), None)


def _quote(found: RateQuote, trip: Trip) -> Quote:
    """Days are the carrier's own, counted as working days; where it tells none, by distance as `route` does."""
    goal = trip.goal
    days = found.transit_days
    if days is None:
        days = transit_days(trip.distance_km * 1000, trip.start.country_code != goal.country_code)
    country, region = goal.country_code, goal.region_code or ""
    left = trip.leaves_on
    while not working_days(trip.start.country_code, trip.start.region_code or "")(left):
        left += ONE_DAY
    day = after(left, days, lambda one: one.weekday() < 5 and not is_holiday(country, region, one))
    if found.delivers_by is not None:
        day = found.delivers_by.date()
    return Quote(
        found.carrier_code, found.service_code, f"{found.carrier_code} {found.service_code}", "", days, found.amount,
        day, evening(day, trip.goal_point), None, quote_id=found.quote_id, guaranteed=found.guaranteed,
    )  # fmt: skip
