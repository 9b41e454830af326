"""Small orders, locations and stock for the tests of `route` and `choose-carrier`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orderloom.model import (
    Address,
    Channel,
    Handling,
    Hazmat,
    Line,
    Location,
    Measure,
    Money,
    Order,
    Payment,
    StockLevel,
    Totals,
)
from orderloom.testing import StockOf
from orderloom.world import CallLog, FixedClock, World

MONDAY = datetime(2026, 11, 30, 15, 0, tzinfo=UTC)  # 10:00 in New York; no holiday near
FLOWS = Path(__file__).parents[2] / "flows" / "orderloom_flows"

LOUISVILLE = Address(
    address_lines=("Chestnut Street 92",), city="Louisville", region_code="KY", postal_code="40202", country_code="US"
)
TOWNS = {
    "boston": "02108",
    "chicago": "60601",
    "dallas": "75201",
    "denver": "80202",
    "miami": "33131",
    "nashville": "37201",
    "newark": "07114",
    "reno": "89502",
    "seattle": "98101",
    "tampa": "33602",
}


def line(sku: str, quantity: int = 1, **more: Any) -> Line:
    weight = Measure(value="300", unit="g")
    given = {
        "line_id": f"l-{sku}",
        "sku": sku,
        "quantity": quantity,
        "unit_price": Money.of("19.99", "USD"),
        "weight": weight,
        **more,
    }
    return Line(**given)


def hazardous(sku: str, quantity: int = 1) -> Line:
    return line(sku, quantity, handling=Handling(hazmat=Hazmat(un_number="UN1263")))


def order(*lines: Line, ship_to: Address | None = LOUISVILLE, **more: Any) -> Order:
    return Order(
        order_id="api:main:7",
        ordered_at="2026-11-30T14:00:00Z",
        currency="USD",
        lines=lines,
        totals=Totals(grand_total=Money.of("1", "USD")),
        payment=Payment(status="paid"),
        **{"channel": Channel(type="api"), "shipping_address": ship_to, **more},
    )


def location(town: str, **more: Any) -> Location:
    address = Address(city=town.title(), postal_code=TOWNS[town], country_code="US")
    return Location(**{"location_id": town, "address": address, "timezone": "America/New_York", **more})


def level(town: str, sku: str, on_hand: int, **more: Any) -> StockLevel:
    return StockLevel(location_id=town, sku=sku, on_hand=on_hand, **more)


def world(
    levels: Iterable[StockLevel] = (), locations: Iterable[Location] | None = None, now: datetime = MONDAY
) -> World:
    """Every town is a location unless others are given."""
    places = tuple(locations) if locations is not None else tuple(location(town) for town in TOWNS)
    return World(FixedClock(now), {"stock": StockOf(tuple(levels), places)}, log=CallLog())
