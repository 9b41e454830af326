"""Stock that is wanted twice, lost or unknown, and routes that cannot be taken (failures.md, rows 33 to 41)."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from orderloom.model import Address, Handling, Location, Promise, Take
from orderloom.testing import StockOf
from orderloom.world import CallLog, FixedClock, World
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.shelf import Shelf
from orderloom.world.stock import StockFiles
from orderloom.world.stock_audit import mend
from orderloom_nodes.reserve_stock import reserve_stock
from orderloom_nodes.route import Routed, Short, route
from orderloom_nodes.route.costs import Costs, Service
from orderloom_nodes.route.plan import conserve
from orderloom_nodes.route.planning import Shelves, weigh
from orderloom_nodes.route.policy import Policy
from tests.nodes.making import LOUISVILLE, MONDAY, hazardous, level, line, location, order, world

LOCATIONS = """
locations:
  - {location_id: nashville, address: {postal_code: "37201", country_code: US}}
"""


def stock_files(folder: Path, levels: str) -> StockFiles:
    """As each process would open them."""
    (folder / "locations.yaml").write_text(LOCATIONS)
    (folder / "levels.csv").write_text(f"location_id,sku,on_hand,as_of\n{levels}\n")
    return StockFiles(folder, Shelf(folder / "world.sqlite"))


def asked_of(stock: object, key: str, now: Any = MONDAY) -> World:
    return World(FixedClock(now), {"stock": stock}, key=key, log=CallLog())


def reason(result: Routed | Short, town: str) -> str:
    return next(passed.reason for passed in result.reasons if passed.location_id == town)


def test_of_eight_orders_that_race_for_the_last_unit_one_has_it_and_the_others_are_told(tmp_path: Path) -> None:
    """Row 33."""
    stock_files(tmp_path, "nashville,A,1,")
    results: list[Routed | Short] = []

    def run(number: int) -> None:
        opened = StockFiles(tmp_path, Shelf(tmp_path / "world.sqlite"))
        found = route.call(order(line("A")), asked_of(opened, f"order {number}"))
        assert isinstance(found, Routed | Short)
        results.append(found)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    lost = [found for found in results if isinstance(found, Short)]
    (level_now,) = stock_files(tmp_path, "nashville,A,1,").levels(["A"])
    assert (len(results), len(lost)) == (8, 7)
    assert (level_now.on_hand, level_now.reserved, level_now.available) == (1, 1, 0)
    assert {found.why for found in lost} == {"there is too little in stock"}


def test_a_reservation_that_a_crash_leaves_behind_is_swept_and_the_sums_add_up(tmp_path: Path) -> None:
    """Row 34."""
    stock = stock_files(tmp_path, "nashville,A,5,")
    reserve_stock.call(order(line("A", 4)), asked_of(stock, "lost"), hold=timedelta(minutes=30))

    later = asked_of(stock, "next", MONDAY + timedelta(minutes=31))
    found = route.call(order(line("A", 5)), later)

    lost = stock.reservation("lost")
    assert isinstance(found, Routed)
    assert (lost and lost.status, stock.levels(["A"])[0].reserved) == ("expired", 5)
    assert stock.probe() == "locations: 1, articles: 1"


def test_sums_that_do_not_add_up_are_found_told_and_mended(tmp_path: Path) -> None:
    """Row 34."""
    stock = stock_files(tmp_path, "nashville,A,5,")
    reserve_stock.call(order(line("A", 2)), asked_of(stock, "kept"))
    shelf = Shelf(tmp_path / "world.sqlite")
    shelf.put("stock-reserved", "A\x1fnashville", 4)

    with pytest.raises(ConnectionFailedError) as failed:
        stock.probe()

    assert failed.value.message == (
        "stock does not add up: A at nashville: 4 stand as reserved, open reservations hold 2; "
        "`orderloom stock audit --mend` counts anew"
    )
    assert [wrong.kept for wrong in mend(shelf)] == [4]
    assert (stock.levels(["A"])[0].reserved, stock.probe()) == (2, "locations: 1, articles: 1")


def test_old_and_negative_stock_counts_as_unknown_and_raises_an_alert() -> None:
    """Row 35."""
    levels = [
        level("nashville", "A", 9, as_of="2026-11-28T15:00:00Z"), level("miami", "A", -3),
        level("dallas", "A", 5, as_of="2026-11-30T09:00:00Z"),
    ]  # fmt: skip

    result = route.call(order(line("A")), world(levels), max_stock_age_h=24)

    assert isinstance(result, Routed)
    assert [shipment.location_id for shipment in result.shipments] == ["dallas"]
    assert result.notes == (
        "stock alert: A at miami is -3, which nobody can have: count it",
        "stock alert: A at nashville was counted on 2026-11-28 15:00: count it, or import anew",
    )


def test_a_location_that_is_closed_at_capacity_or_resting_is_left_out_with_the_reason() -> None:
    """Row 36."""
    places = [
        location("nashville", enabled=False), location("chicago", capacity=3), location("dallas"),
        location("tampa", handling_days=2),
    ]  # fmt: skip
    stock = StockOf([level(place.location_id, "A", 9) for place in places], places)
    stock.reserve("other", [Take(location_id="chicago", sku="A", quantity=3, pick_on=MONDAY.date())], "k", MONDAY)
    promise = Promise(latest_delivery="2026-12-04T06:00:00Z")

    result = route.call(order(line("A"), promise=promise), asked_of(stock, "mine"), promise="must")

    assert isinstance(result, Routed)
    assert [shipment.location_id for shipment in result.shipments] == ["dallas"]
    assert (reason(result, "nashville"), reason(result, "chicago")) == (
        "closed", "at capacity: all 3 units of 2026-11-30 are taken"
    )  # fmt: skip
    assert reason(result, "tampa") == "would arrive on 2026-12-08, after 2026-12-04 was promised"


def test_a_holiday_that_makes_an_order_late_is_named() -> None:
    """Row 36."""
    thanksgiving = MONDAY.replace(day=26)
    promise = Promise(latest_delivery="2026-11-28T06:00:00Z")

    result = route.call(
        order(line("A"), promise=promise), world([level("nashville", "A", 5)], now=thanksgiving), promise="must"
    )

    assert isinstance(result, Short)
    assert result.missing[0].available == 0
    assert "(closed on 2026-11-26)" in result.why


@pytest.mark.parametrize(
    ("goods", "ship_to", "constraint"),
    [
        (hazardous("A"), LOUISVILLE, "hazmat by air, which flies"),
        (
            line("A", handling=Handling(temperature="chilled")), LOUISVILLE,
            "cold goods for 4 days on the way (at most 2)",
        ),
        (
            line("A", handling=Handling(age_restricted=True)), LOUISVILLE.model_copy(update={"kind": "locker"}),
            "age-restricted goods to a locker",
        ),
    ],
    ids=["hazmat by air", "cold for too long", "age-restricted to a locker"],
)  # fmt: skip
def test_a_leg_that_the_goods_must_not_take_is_out_and_where_none_is_left_the_constraint_is_named(
    goods: Any, ship_to: Address, constraint: str
) -> None:
    """Row 37."""
    able = ("hazmat", "cold_chain")
    places = [location("reno", capabilities=able)]
    flying = Costs(services=(Service(name="air", by_air=True, days=4),))

    result = route.call(order(goods, ship_to=ship_to), world([level("reno", "A", 5)], places), costs=flying)

    assert isinstance(result, Short)
    assert [(lacking.sku, lacking.available) for lacking in result.missing] == [("A", 0)]
    assert result.why == f"reno: cannot take {constraint}"


def test_goods_that_may_not_fly_go_by_the_dearer_way_on_the_ground() -> None:
    """Row 37."""
    ways = Costs(services=(Service(name="air", by_air=True, days=1, per_shipment="1"), Service(name="ground")))
    places = [location("reno", capabilities=("hazmat",))]

    result = route.call(order(hazardous("A")), world([level("reno", "A", 5)], places), costs=ways)

    assert isinstance(result, Routed)
    (shipment,) = result.shipments
    assert shipment.carrier is not None
    assert shipment.carrier.service_code == "ground"
    assert result.why.startswith("one shipment from reno by ground")


def test_a_plan_that_would_send_more_than_there_is_never_reaches_the_commit() -> None:
    """Row 39."""
    asked, levels = order(line("A", 5)), (level("nashville", "A", 3), level("dallas", "A", 10))
    places: tuple[Location, ...] = (location("nashville"), location("dallas"))
    weighed = weigh(asked, Policy(), MONDAY, lambda _: Shelves(places, levels, {}))
    by_place = {site.location_id: number for number, site in enumerate(weighed.sites)}
    (goods,) = asked.lines

    split = {by_place["nashville"]: [(goods, 3)], by_place["dallas"]: [(goods, 5)]}
    lost = {by_place["dallas"]: [(goods, 4)]}

    with pytest.raises(AssertionError, match="A: 4 would be sent and 5 are wanted"):
        conserve(weighed.sourcing.items, weighed.sites, lost)
    with pytest.raises(AssertionError, match="line l-A: 8 would be sent and 5 are wanted"):
        conserve(weighed.sourcing.items, weighed.sites, split)
    with pytest.raises(AssertionError, match="A: 5 would leave nashville, which holds 3"):
        conserve(weighed.sourcing.items, weighed.sites, {by_place["nashville"]: [(goods, 5)]})


def test_after_a_short_pick_the_rest_is_routed_without_that_location_and_its_units_are_free() -> None:
    """Rows 35 and 40."""
    places = [location("nashville"), location("seattle")]
    stock = StockOf([level("nashville", "A", 5), level("seattle", "A", 5)], places)
    first = route.call(order(line("A", 3)), asked_of(stock, "first"))
    assert isinstance(first, Routed)
    rest = order(line("A", 3, quantity_shipped=1), promise=Promise(latest_delivery="2026-12-03T06:00:00Z"))

    again = route.call(
        rest, asked_of(stock, "again"), exclude=["nashville"], instead_of=first.reservation
    )

    assert isinstance(again, Routed)
    assert [(s.location_id, s.lines[0].quantity) for s in again.shipments] == [("seattle", 2)]
    assert {found.location_id: found.reserved for found in stock.levels(["A"])} == {"nashville": 0, "seattle": 2}
    assert reason(again, "nashville") == "excluded: it could not send this order"
    assert again.notes == ("from seattle it would arrive on 2026-12-09, after 2026-12-03 was promised",)


def test_a_date_that_cannot_be_kept_is_told_at_once_with_the_upgrade_and_the_new_date() -> None:
    """Row 41."""
    ways = Costs(
        late_day="1", services=(Service(name="ground"), Service(name="air", by_air=True, days=1, per_shipment="40"))
    )
    promise = Promise(latest_delivery="2026-12-03T06:00:00Z")

    result = route.call(order(line("A"), promise=promise), world([level("seattle", "A", 5)]), costs=ways)

    assert isinstance(result, Routed)
    (late,) = result.late
    assert (f"{late.arrives}", f"{late.promised}", late.upgrade) == ("2026-12-09", "2026-12-03", "air")
    assert str(late.more) == "34.00 USD"
    assert result.notes == ("from seattle it would arrive on 2026-12-09, after 2026-12-03 was promised",)
