"""What an order wants, the locations and their stock in; the sites that can ship, with cost and dates, out.

A location that cannot ship at all is passed with its reason. Sums are whole millionths of the currency, so that
plans compare exactly whatever the order in which they were added up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from pydantic import Field

from orderloom.model import Address, Line, Location, Model, Order, StockLevel
from orderloom.model.base import NotNegative
from orderloom.model.money import Currency
from orderloom_nodes.route.coordinates import locate
from orderloom_nodes.route.dates import arrives_at, ready_at, transit_days, working_days
from orderloom_nodes.route.distance import Point, distance_m

MICRO = 1_000_000
MOST_LATE_DAYS = 30  # later than that is no worse: the sum stays one that people can read
# The customs territory of the European Union, by its member states (Regulation (EU) 952/2013, article 4).
UNION = frozenset("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())  # noqa: SIM905


class Costs(Model):
    """What sending is taken to cost while no carrier has been asked; amounts are in `currency`."""

    currency: Currency = "USD"
    per_shipment: NotNegative = Field(default=Decimal("6.00"), description="each shipment: picking, box, pickup")
    per_kg_km: NotNegative = Field(default=Decimal("0.0008"), description="each kilogram, each kilometre")
    border: NotNegative = Field(default=Decimal("12.00"), description="a shipment that clears customs")
    late_day: NotNegative = Field(default=Decimal("4.00"), description="a shipment, each day after the promise")
    assumed_weight_g: int = Field(default=500, ge=1, description="a unit whose weight nobody knows")


ESTIMATE = Costs()


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
    """A location that could send something. Costs in millionths."""

    location: Location
    point: Point
    distance_m: int
    leaves: datetime
    arrives: datetime
    fixed: int
    unit: tuple[int, ...]
    stock: tuple[int, ...]
    lacks: Mapping[str, str]  # article → what the location, which has it, cannot take: "hazmat"

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


def look_around(
    sourcing: Sourcing, locations: Iterable[Location], levels: Iterable[StockLevel]
) -> tuple[tuple[Site, ...], list[Passed]]:
    """The sites in the order in which ties fall to them (priority, then id), and the locations that cannot ship."""
    by_place = {(level.location_id, level.sku): level for level in levels}
    sites: list[Site] = []
    passed: list[Passed] = []
    for location in sorted(locations, key=lambda found: (found.priority, found.location_id)):
        stock = tuple(
            _usable(by_place.get((location.location_id, item.sku)), sourcing.oldest) for item in sourcing.items
        )
        lacks = dict(_lacks(location, stock, sourcing.items))
        able = tuple(0 if item.sku in lacks else n for n, item in zip(stock, sourcing.items, strict=True))
        point = _point(location)
        reason = _unable(location, point, sourcing, by_place, lacks, able)
        if reason or point is None:
            passed.append(Passed(location_id=location.location_id, reason=reason or "nobody knows where it lies"))
        else:
            sites.append(_site(location, point, able, lacks, sourcing))
    return tuple(sites), passed


def _usable(level: StockLevel | None, oldest: datetime | None) -> int:
    return 0 if level is None or _stale(level, oldest) else level.available


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


def _lacks(location: Location, stock: tuple[int, ...], items: tuple[Item, ...]) -> Iterable[tuple[str, str]]:
    for item, there in zip(items, stock, strict=True):
        lacking = item.needs.difference(location.capabilities) if there else ()
        if lacking:
            yield item.sku, " and ".join(sorted(need.replace("_", " ") for need in lacking))


def _site(
    location: Location, point: Point, stock: tuple[int, ...], lacks: Mapping[str, str], sourcing: Sourcing
) -> Site:
    costs, address = sourcing.costs, sourcing.ship_to
    away = distance_m(point, sourcing.goal)
    abroad = _abroad(location.address.country_code, address.country_code)
    leaves = ready_at(location, sourcing.now)
    delivers_on = working_days(address.country_code, address.region_code or "")
    arrives = arrives_at(leaves, transit_days(away, abroad), point, sourcing.goal, delivers_on)
    fixed = (
        costs.per_shipment + (costs.border if abroad else 0) + costs.late_day * _late_days(arrives, sourcing.promise)
    )
    # grams by metres are millionths of kilograms by kilometres
    unit = tuple(int(costs.per_kg_km * item.grams * away) for item in sourcing.items)
    return Site(location, point, away, leaves, arrives, int(fixed * MICRO), unit, stock, lacks)


def _abroad(start: str, end: str) -> bool:
    return start != end and not (start in UNION and end in UNION)


def _late_days(arrives: datetime, promise: datetime | None) -> int:
    if promise is None or arrives <= promise:
        return 0
    return min(MOST_LATE_DAYS, -((promise - arrives) // timedelta(days=1)))
