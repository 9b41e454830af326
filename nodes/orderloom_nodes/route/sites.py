"""What an order wants, the locations and their stock in; the sites that can ship, with cost and dates, out.

A location that cannot ship at all is passed with its reason. Sums are whole millionths of the currency, so that
plans compare exactly whatever the order in which they were added up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo

from orderloom.model import Address, Line, Location, Model, Order, StockLevel
from orderloom_nodes.route.coordinates import locate
from orderloom_nodes.route.costs import MICRO, Costs, Service
from orderloom_nodes.route.dates import arrives_at, is_holiday, ready_at, transit_days, working_days
from orderloom_nodes.route.distance import Point, distance_m

MOST_LATE_DAYS = 30  # later than that is no worse: the sum stays one that people can read
# The customs territory of the European Union, by its member states (Regulation (EU) 952/2013, article 4).
UNION = frozenset("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())  # noqa: SIM905


class Item(NamedTuple):
    """One article over all lines that ask for it."""

    sku: str
    wanted: int
    grams: int
    needs: frozenset[str]
    lines: tuple[Line, ...]


class Passed(Model):
    """A location that sends nothing, and why."""

    location_id: str
    reason: str


@dataclass(frozen=True)
class Site:
    """A location that could send something by one of its services. Costs in millionths."""

    location: Location
    point: Point
    distance_m: int
    leaves: datetime
    arrives: datetime
    fixed: int
    unit: tuple[int, ...]
    stock: tuple[int, ...]
    lacks: Mapping[str, str]  # article → what the location, which has it, cannot take: "hazmat"
    service: str = ""  # empty where the costs name no services
    room: int | None = None  # units that it can still pick on the day on which it leaves
    shelf: tuple[int, ...] = ()  # what lies there, whatever the service takes

    @property
    def day(self) -> date:
        """The day on which it leaves, by the location's own calendar."""
        return self.leaves.astimezone(ZoneInfo(self.location.timezone)).date()

    @property
    def location_id(self) -> str:
        return self.location.location_id


def wanted_items(order: Order, costs: Costs) -> tuple[Item, ...]:
    """What is still to be shipped, by article; gift cards and what needs no shipping are left out."""
    by_sku: dict[str, list[Line]] = {}
    for line in order.lines:
        if line.requires_shipping and not line.gift_card and line.quantity_open:
            by_sku.setdefault(line.sku, []).append(line)
    return tuple(_item(sku, lines, costs) for sku, lines in by_sku.items())


def known_grams(line: Line) -> int | None:
    """A unit's weight in whole grams; a weight of 0 is one that nobody has entered."""
    return max(1, round(line.weight.grams)) if line.weight and line.weight.value else None


def _item(sku: str, lines: Sequence[Line], costs: Costs) -> Item:
    grams = [known for line in lines if (known := known_grams(line))]
    needs = frozenset(need for line in lines for need in _needs(line))
    return Item(
        sku, sum(line.quantity_open for line in lines), max(grams, default=costs.assumed_weight_g), needs, tuple(lines)
    )


def _needs(line: Line) -> Iterable[str]:
    if line.handling and line.handling.hazmat:
        yield "hazmat"
    if line.handling and line.handling.temperature != "ambient":
        yield "cold_chain"
    if line.handling and line.handling.age_restricted:
        yield "age_restricted"


Busy = Callable[[str, date], int]  # units that are promised to leave a location on a day


def NOT_BUSY(location_id: str, day: date) -> int:  # noqa: ARG001, N802 (the constant of a kind)
    """Nothing is known to leave."""
    return 0


class Sourcing(NamedTuple):
    """The question that all locations are asked."""

    items: tuple[Item, ...]
    goal: Point
    ship_to: Address
    costs: Costs
    now: datetime
    promise: datetime | None
    oldest: datetime | None  # a level counted before this moment is not believed
    unheard: Mapping[str, str] = MappingProxyType({})  # article → that no location knows it
    channel: str = ""  # who sells: locations may keep some back from it
    must: bool = False  # the promise is kept or the location is out
    without: Mapping[str, str] = MappingProxyType({})  # location → why it is not asked
    busy: Busy = NOT_BUSY


def look_around(
    sourcing: Sourcing, locations: Iterable[Location], levels: Iterable[StockLevel]
) -> tuple[tuple[Site, ...], list[Passed]]:
    """The sites in the order in which ties fall to them (priority, then id), and the locations that cannot ship."""
    by_place = {(level.location_id, level.sku): level for level in levels}
    sites: list[Site] = []
    passed: list[Passed] = []
    for location in sorted(locations, key=lambda found: (found.priority, found.location_id)):
        stock = tuple(_usable(by_place.get((location.location_id, item.sku)), sourcing) for item in sourcing.items)
        lacks = dict(_lacks(location, stock, sourcing))
        able = tuple(0 if item.sku in lacks else n for n, item in zip(stock, sourcing.items, strict=True))
        point = _point(location)
        reason = _unable(location, point, sourcing, by_place, lacks, able)
        if reason or point is None:
            passed.append(Passed(location_id=location.location_id, reason=reason or "nobody knows where it lies"))
            continue
        legs = [_site(location, point, able, lacks, sourcing, service) for service in sourcing.costs.ways]
        fit = [leg for leg in legs if not _unfit(leg, sourcing)]
        sites += fit
        if not fit:
            reasons = dict.fromkeys(_unfit(leg, sourcing) or "" for leg in legs)
            passed.append(Passed(location_id=location.location_id, reason="; ".join(reasons)))
    return tuple(sites), passed


def _unfit(leg: Site, sourcing: Sourcing) -> str | None:
    """Why nothing can leave by this service, or None."""
    by = f" by {leg.service}" if leg.service else ""
    if sourcing.must and sourcing.promise and leg.arrives > sourcing.promise:
        told = f"would arrive{by} on {leg.arrives:%Y-%m-%d}, after {sourcing.promise:%Y-%m-%d} was promised"
        return f"{told}{_holidays(leg, sourcing)}"
    if leg.room is not None and leg.room <= 0:
        return f"at capacity: all {leg.location.capacity} units of {leg.day} are taken"
    if not any(leg.stock):
        return f"cannot take {' and '.join(sorted(set(leg.lacks.values())))}"
    return None


def _holidays(leg: Site, sourcing: Sourcing) -> str:
    """The days of rest, weekends apart, that a parcel from there waits for."""
    address = leg.location.address
    day = sourcing.now.astimezone(ZoneInfo(leg.location.timezone)).date()
    rests = []
    while day < leg.day:
        if is_holiday(address.country_code, address.region_code or "", day):
            rests.append(f"{day}")
        day += timedelta(days=1)
    return f" (closed on {' and '.join(rests)})" if rests else ""


def _usable(level: StockLevel | None, sourcing: Sourcing) -> int:
    return 0 if level is None or _stale(level, sourcing.oldest) else level.available_to(sourcing.channel)


def _stale(level: StockLevel, oldest: datetime | None) -> bool:
    return oldest is not None and level.as_of is not None and level.as_of < oldest


def _point(location: Location) -> Point | None:
    if location.latitude is not None and location.longitude is not None:
        return Point(location.latitude, location.longitude)
    found = locate(location.address)
    return found.point if found else None


def _unable(
    location: Location,
    point: Point | None,
    sourcing: Sourcing,
    by_place: Mapping[tuple[str, str], StockLevel],
    lacks: Mapping[str, str],
    able: tuple[int, ...],
) -> str | None:
    """Why the location cannot send anything, or None."""
    if location.location_id in sourcing.without:
        return sourcing.without[location.location_id]
    if not location.enabled:
        return "closed"
    if point is None:
        return "nobody knows where it lies: give it coordinates or a country"
    if any(able):
        return None
    if lacks:
        return f"cannot take {' and '.join(sorted(set(lacks.values())))}"
    levels = [level for item in sourcing.items if (level := by_place.get((location.location_id, item.sku)))]
    if any(_stale(level, sourcing.oldest) for level in levels):
        return "its stock was counted too long ago to be believed"
    if any(level.on_hand < 0 for level in levels):
        return "its stock is negative: nobody knows what is there"
    wanted = sum(item.wanted for item in sourcing.items if item.sku not in sourcing.unheard)
    return few([*([f"0 of {wanted} wanted are there"] if wanted else []), *sourcing.unheard.values()], "; ")


def few(told: Sequence[str], between: str) -> str:
    """The first three of many sentences, and how many more there are."""
    return between.join(told[:3]) + (f" and {len(told) - 3} more" if len(told) > 3 else "")


def _lacks(location: Location, stock: tuple[int, ...], sourcing: Sourcing) -> Iterable[tuple[str, str]]:
    to_locker = sourcing.ship_to.kind == "locker"
    for item, there in zip(sourcing.items, stock, strict=True):
        if not there:
            continue
        lacking = item.needs.difference(location.capabilities, ("age_restricted",))
        told = sorted(need.replace("_", " ") for need in lacking)
        if to_locker and "age_restricted" in item.needs:
            told.append("age-restricted goods to a locker")
        if told:
            yield item.sku, " and ".join(told)


def _site(
    location: Location,
    point: Point,
    stock: tuple[int, ...],
    lacks: Mapping[str, str],
    sourcing: Sourcing,
    service: Service,
) -> Site:
    costs, address = sourcing.costs, sourcing.ship_to
    away = distance_m(point, sourcing.goal)
    abroad = _abroad(location.address.country_code, address.country_code)
    leaves = ready_at(location, sourcing.now)
    delivers_on = working_days(address.country_code, address.region_code or "")
    days = transit_days(away, abroad) if service.days is None else service.days
    arrives = arrives_at(leaves, days, point, sourcing.goal, delivers_on)
    per_shipment = costs.per_shipment if service.per_shipment is None else service.per_shipment
    per_kg_km = costs.per_kg_km if service.per_kg_km is None else service.per_kg_km
    fixed = per_shipment + (costs.border if abroad else 0) + costs.late_day * late_days(arrives, sourcing.promise)
    # grams by metres are millionths of kilograms by kilometres
    unit = tuple(int(per_kg_km * item.grams * away) for item in sourcing.items)
    refused = {**lacks, **dict(_refused(service, days, stock, sourcing))}
    able = tuple(0 if item.sku in refused else n for n, item in zip(stock, sourcing.items, strict=True))
    name = service.name if costs.services else ""
    made = Site(location, point, away, leaves, arrives, int(fixed * MICRO), unit, able, refused, name, shelf=stock)
    room = None if location.capacity is None else location.capacity - sourcing.busy(location.location_id, made.day)
    return replace(made, room=room)


def _refused(service: Service, days: int, stock: tuple[int, ...], sourcing: Sourcing) -> Iterable[tuple[str, str]]:
    """Article → what this service does not take."""
    for item, there in zip(sourcing.items, stock, strict=True):
        if there and service.by_air and "hazmat" in item.needs:
            yield item.sku, f"hazmat by {service.name}, which flies"
        elif there and "cold_chain" in item.needs and days > sourcing.costs.cold_days:
            yield item.sku, f"cold goods for {days} days on the way (at most {sourcing.costs.cold_days})"


def _abroad(start: str, end: str) -> bool:
    return start != end and not (start in UNION and end in UNION)


def late_days(arrives: datetime, promise: datetime | None) -> int:
    """Whole days after the promise, `MOST_LATE_DAYS` at most."""
    if promise is None or arrives <= promise:
        return 0
    return min(MOST_LATE_DAYS, -((promise - arrives) // timedelta(days=1)))


def late_cost(arrives: datetime, sourcing: Sourcing) -> int:
    """What being late is taken to cost, in millionths."""
    return int(sourcing.costs.late_day * late_days(arrives, sourcing.promise) * MICRO)
