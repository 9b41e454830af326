"""The node `route`: which locations send an order, and why not the others."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from orderloom.declare import NodeError, Payload
from orderloom.model import (
    Address,
    Channel,
    Handling,
    Line,
    Measure,
    Order,
    Pickup,
    Promise,
    ShippingPreferences,
)
from orderloom.world import FixedClock, World
from orderloom.world.stock import StockFiles
from orderloom_nodes.capture import capture
from orderloom_nodes.route import Routed, Short, route
from orderloom_nodes.route.sites import Costs
from tests.nodes.making import FLOWS, LOUISVILLE, MONDAY, hazardous, level, line, location, order, world


def routed(asked: Order, outside: World, **settings: Any) -> Routed:
    result = route.call(asked, outside, **settings)
    assert isinstance(result, Routed)
    return result


def short(asked: Order, outside: World, **settings: Any) -> Short:
    result = route.call(asked, outside, **settings)
    assert isinstance(result, Short)
    return result


def sent(result: Routed) -> dict[str, dict[str, int]]:
    return {shipment.location_id: {line.sku: line.quantity for line in shipment.lines} for shipment in result.shipments}


def reason(result: Routed | Short, town: str) -> str:
    return next(passed.reason for passed in result.reasons if passed.location_id == town)


# Choosing


def test_one_location_that_has_everything_sends_everything() -> None:
    result = routed(order(line("A", 2), line("B")), world([level("nashville", "A", 5), level("nashville", "B", 5)]))

    assert sent(result) == {"nashville": {"A": 2, "B": 1}}


def test_of_two_that_have_everything_the_nearer_one_is_cheaper() -> None:
    result = routed(order(line("A")), world([level("nashville", "A", 5), level("seattle", "A", 5)]))

    assert sent(result) == {"nashville": {"A": 1}}
    assert reason(result, "seattle") == "would cost 0.69 USD more (3126 km away)"


def test_one_far_shipment_is_cheaper_than_two_near_ones() -> None:
    levels = [level("nashville", "A", 1), level("chicago", "B", 1), level("seattle", "A", 1), level("seattle", "B", 1)]

    assert sent(routed(order(line("A"), line("B")), world(levels))) == {"seattle": {"A": 1, "B": 1}}


def test_what_no_location_has_whole_is_split() -> None:
    result = routed(order(line("A", 20)), world([level("nashville", "A", 12), level("chicago", "A", 9)]))

    assert sent(result) == {"nashville": {"A": 12}, "chicago": {"A": 8}}
    assert [shipment.shipment_id for shipment in result.shipments] == ["api:main:7/1", "api:main:7/2"]


def test_heavy_goods_are_split_where_the_way_costs_more_than_a_second_shipment() -> None:
    heavy = Measure(value="40", unit="kg")
    levels = [level("nashville", "A", 1), level("chicago", "B", 1), level("seattle", "A", 1), level("seattle", "B", 1)]

    result = routed(order(line("A", weight=heavy), line("B", weight=heavy)), world(levels))

    assert sent(result) == {"chicago": {"B": 1}, "nashville": {"A": 1}}


def test_two_lines_of_one_article_share_its_stock() -> None:
    twice = order(line("A", 3), line("A", 4, line_id="l-2"))

    assert [(m.line_id, m.wanted, m.available) for m in short(twice, world([level("miami", "A", 5)])).missing] == [
        ("l-2", 4, 2)
    ]
    assert sum(found.quantity for found in routed(twice, world([level("miami", "A", 7)])).shipments[0].lines) == 7


def test_reserved_and_safety_stock_are_not_sent() -> None:
    result = short(order(line("A", 4)), world([level("miami", "A", 9, reserved=4, safety_stock=2)]))

    assert [(m.line_id, m.sku, m.wanted, m.available) for m in result.missing] == [("l-A", "A", 4, 3)]
    assert reason(result, "miami") == "3 of 4 wanted are there"


def test_equal_locations_are_decided_by_priority_and_then_by_id() -> None:
    twins = [
        location("dallas", location_id="b"),
        location("dallas", location_id="a"),
        location("dallas", location_id="c", priority=-1),
    ]
    levels = [level("a", "A", 5), level("b", "A", 5)]

    assert sent(routed(order(line("A")), world(levels, twins))) == {"a": {"A": 1}}
    assert sent(routed(order(line("A")), world([*levels, level("c", "A", 5)], twins))) == {"c": {"A": 1}}


@pytest.mark.parametrize(
    ("strategy", "towns"),
    [("cheapest", {"chicago", "nashville"}), ("nearest", {"chicago", "nashville"}), ("fewest", {"seattle"})],
)
def test_the_strategy_says_what_is_minded_first(strategy: str, towns: set[str]) -> None:
    heavy = Measure(value="40", unit="kg")
    levels = [level("nashville", "A", 1), level("chicago", "B", 1), level("seattle", "A", 1), level("seattle", "B", 1)]

    result = routed(order(line("A", weight=heavy), line("B", weight=heavy)), world(levels), strategy=strategy)

    assert sent(result).keys() == towns


def test_fewest_says_what_it_gave_up_for_a_single_shipment() -> None:
    heavy = Measure(value="40", unit="kg")
    levels = [level("nashville", "A", 1), level("chicago", "B", 1), level("seattle", "A", 1), level("seattle", "B", 1)]

    result = routed(order(line("A", weight=heavy), line("B", weight=heavy)), world(levels), strategy="fewest")

    assert (
        reason(result, "chicago")
        == "0 of 1 A are there; would cost 79.96 USD less, but the strategy minds that last (440 km away)"
    )
    assert result.why.endswith("fewest, about 206.11 USD; the cheapest plan costs 34.04 USD or more")


def test_a_shipment_abroad_pays_the_border() -> None:
    toronto = location("dallas", location_id="toronto", address=Address(postal_code="M5V 2T6", country_code="CA"))

    result = routed(
        order(line("A")), world([level("toronto", "A", 5), level("seattle", "A", 5)], [toronto, location("seattle")])
    )

    assert sent(result) == {"seattle": {"A": 1}}
    assert reason(result, "toronto").startswith("would cost 11.4")


def test_lateness_after_the_promise_counts_as_cost() -> None:
    slow = location("nashville", handling_days=5)
    levels = [level("nashville", "A", 5), level("dallas", "A", 5)]
    promise = Promise(latest_delivery="2026-12-05T06:00:00Z")

    in_time = routed(order(line("A"), promise=promise), world(levels, [slow, location("dallas")]))

    assert sent(in_time) == {"dallas": {"A": 1}}
    assert reason(in_time, "nashville") == "would cost 15.78 USD more (248 km away)"
    assert sent(routed(order(line("A")), world(levels, [slow, location("dallas")]))) == {"nashville": {"A": 1}}


def test_a_promise_that_nobody_can_keep_is_told_at_once() -> None:
    promise = Promise(latest_delivery="2026-12-01T06:00:00Z")

    result = routed(order(line("A"), promise=promise), world([level("seattle", "A", 5)]))

    assert result.notes == ("from seattle it would arrive on 2026-12-09, after 2026-12-01 was promised",)


# Who cannot


def test_a_closed_location_is_passed_with_that_reason() -> None:
    places = [location("nashville", enabled=False), location("miami")]

    result = routed(order(line("A")), world([level("nashville", "A", 5), level("miami", "A", 5)], places))

    assert sent(result) == {"miami": {"A": 1}}
    assert reason(result, "nashville") == "closed"


@pytest.mark.parametrize(
    ("goods", "word"),
    [(hazardous("A"), "hazmat"), (line("A", handling=Handling(temperature="frozen")), "cold chain")],
    ids=["hazmat", "frozen"],
)
def test_goods_that_need_care_leave_only_where_it_can_be_given(goods: Line, word: str) -> None:
    places = [location("nashville"), location("chicago", capabilities=(word.replace(" ", "_"),))]

    result = routed(order(goods), world([level("nashville", "A", 5), level("chicago", "A", 5)], places))

    assert sent(result) == {"chicago": {"A": 1}}
    assert reason(result, "nashville") == f"cannot take {word}"
    assert result.shipments[0].hazmat is (word == "hazmat")


def test_a_location_that_can_send_only_the_harmless_line_says_so() -> None:
    places = [location("nashville"), location("miami", capabilities=("hazmat",))]
    levels = [level(town, sku, 5) for town in ("nashville", "miami") for sku in "AB"]

    result = routed(order(hazardous("A"), line("B")), world(levels, places))

    assert sent(result) == {"miami": {"A": 1, "B": 1}}
    assert reason(result, "nashville").startswith("cannot take hazmat (A); would cost 5.")


def test_hazmat_that_nobody_can_take_is_short_with_the_constraint_named() -> None:
    result = short(order(hazardous("A")), world([level("nashville", "A", 5)]))

    assert [(m.sku, m.available) for m in result.missing] == [("A", 0)]
    assert reason(result, "nashville") == "cannot take hazmat"


def test_stock_that_was_counted_too_long_ago_is_not_believed() -> None:
    levels = [
        level("nashville", "A", 5, as_of="2026-11-01T00:00:00Z"),
        level("miami", "A", 5, as_of="2026-11-30T00:00:00Z"),
    ]

    result = routed(order(line("A")), world(levels), max_stock_age_h=24)

    assert sent(result) == {"miami": {"A": 1}}
    assert reason(result, "nashville") == "its stock was counted too long ago to be believed"


def test_negative_stock_is_unknown_stock() -> None:
    assert (
        reason(short(order(line("A")), world([level("miami", "A", -2)])), "miami")
        == "its stock is negative: nobody knows what is there"
    )


# Not splitting


def test_an_order_that_must_not_be_split_takes_one_location_at_any_cost() -> None:
    levels = [level("nashville", "A", 1), level("chicago", "B", 1), level("seattle", "A", 1), level("seattle", "B", 1)]
    heavy = Measure(value="40", unit="kg")
    together = order(
        line("A", weight=heavy), line("B", weight=heavy), shipping_preferences=ShippingPreferences(allow_split=False)
    )

    result = routed(together, world(levels))

    assert sent(result) == {"seattle": {"A": 1, "B": 1}}
    assert reason(result, "chicago") == "0 of 1 A are there; the order must not be split"


def test_an_order_that_must_not_be_split_is_short_where_no_location_has_all() -> None:
    levels = [level("nashville", "A", 1), level("chicago", "B", 3), level("chicago", "A", 1)]
    together = order(line("A", 2), line("B", 3), shipping_preferences=ShippingPreferences(allow_split=False))

    result = short(together, world(levels))

    assert result.why == "the order must not be split and no location has all of it"
    assert [(m.sku, m.wanted, m.available) for m in result.missing] == [("A", 2, 1)]


# What is sent


def test_lines_that_need_no_shipping_and_units_that_are_gone_are_left_out() -> None:
    asked = order(
        line("A", 5, quantity_cancelled=1, quantity_shipped=2),
        line("G", gift_card=True),
        line("S", requires_shipping=False),
    )

    assert sent(routed(asked, world([level("miami", "A", 9)]))) == {"miami": {"A": 2}}


def test_an_order_with_nothing_to_ship_is_the_error_empty() -> None:
    with pytest.raises(NodeError) as failed:
        route.call(order(line("G", gift_card=True)), world())

    assert (failed.value.error_class, failed.value.message) == ("empty", "nothing in this order is left to be shipped")


@pytest.mark.parametrize(
    ("ship_to", "message"),
    [
        (None, "the order has no shipping address: correct it, or route it by hand"),
        (
            Address(city="Atlantis"),
            "nobody knows where an address without a country lies: correct `shipping_address.country_code`",
        ),
        (Address(country_code="ZZ"), "nobody knows where country `ZZ` lies: correct `shipping_address.country_code`"),
    ],
)
def test_an_address_that_leads_nowhere_is_the_error_invalid(ship_to: Address | None, message: str) -> None:
    with pytest.raises(NodeError) as failed:
        route.call(order(line("A"), ship_to=ship_to), world([level("miami", "A", 1)]))

    assert (failed.value.error_class, failed.value.message) == ("invalid", message)


def test_a_shipment_tells_weight_value_dates_and_how_it_was_found() -> None:
    asked = order(line("A", 2), line("B", weight=Measure(value="1", unit="lb")))

    (shipment,) = routed(asked, world([level("newark", "A", 5), level("newark", "B", 5)])).shipments

    assert (shipment.status, shipment.weight_kg, shipment.hazmat) == ("planned", Decimal("1.054"), False)
    assert shipment.value is not None
    assert (shipment.value.amount, shipment.value.currency) == (Decimal("59.97"), "USD")
    assert shipment.ship_to == asked.shipping_address
    assert shipment.ship_from is not None
    assert shipment.ship_from.postal_code == "07114"
    assert shipment.planned_ship_at == datetime(2026, 11, 30, 19, 0, tzinfo=UTC)  # 14:00 in New York
    assert shipment.promised_delivery == datetime(2026, 12, 4, 2, 0, tzinfo=UTC)  # the third evening, in Kentucky
    assert shipment.routing is not None
    assert shipment.routing.method == "exact"
    assert shipment.routing.reasons[0] == "3 of 3 wanted, 1026 km away, leaves 2026-11-30 19:00 UTC, about 6.87 USD"


def test_an_unknown_weight_is_assumed_for_the_cost_and_not_told_as_known() -> None:
    result = routed(order(line("A", weight=None)), world([level("miami", "A", 5)]), costs=Costs(assumed_weight_g=2000))

    assert result.shipments[0].weight_kg is None
    assert result.notes == ("no weight is known for A: 2000 g a unit were assumed for the cost",)


def test_coordinates_far_from_the_postal_code_are_not_believed() -> None:
    ottawa = LOUISVILLE.model_copy(update={"latitude": 45.41634, "longitude": -75.6868})

    result = routed(order(line("A"), ship_to=ottawa), world([level("nashville", "A", 5), level("boston", "A", 5)]))

    assert sent(result) == {"nashville": {"A": 1}}
    (note,) = result.notes
    assert note == (
        "the address's coordinates (45.42, -75.69) lie 1151 km from postal code 402: "
        "its centre (38.21, -85.70) was used instead"
    )


def test_the_reasons_name_every_location_that_sends_nothing_by_its_id() -> None:
    result = routed(order(line("A")), world([level("miami", "A", 5)]))

    assert [passed.location_id for passed in result.reasons] == sorted(
        {"boston", "chicago", "dallas", "denver", "nashville", "newark", "reno", "seattle", "tampa"}
    )


def test_the_shipped_stock_routes_a_small_order_within_the_union_without_a_border() -> None:
    berlin = Address(address_lines=("Unter den Linden 1",), city="Berlin", postal_code="10117", country_code="DE")
    outside = World(FixedClock(MONDAY), {"stock": StockFiles(Path(FLOWS) / "stock")})

    result = routed(order(line("IPOD2008RED"), ship_to=berlin), outside)

    assert sent(result) == {"rotterdam": {"IPOD2008RED": 1}}
    assert "only the country of the address is known" in result.notes[0]


def test_the_order_that_shopify_publishes_leaves_from_the_shipped_stock(shared: Path) -> None:
    payload = Payload((shared / "data" / "shopify" / "order.json").read_bytes(), "order.json")
    (captured,) = capture.call(payload)
    outside = World(FixedClock(MONDAY), {"stock": StockFiles(Path(FLOWS) / "stock")})

    result = routed(captured.order, outside)

    assert sent(result) == {"reno": {"IPOD2008GREEN": 1, "IPOD2008RED": 1, "IPOD2008BLACK": 1}}
    assert reason(result, "newark") == "0 of 1 IPOD2008BLACK are there; would cost 5.39 USD more (1028 km away)"
    assert "lie 1151 km from postal code 402" in result.notes[0]


# What nobody knows


def test_an_article_that_no_location_knows_is_told_apart_from_one_that_is_out() -> None:
    stock = [level("newark", "TEA", 0)]

    unknown = short(order(line("NOSUCH", 2)), world(stock, [location("newark")]))
    out = short(order(line("TEA", 2)), world(stock, [location("newark")]))
    both = short(order(line("TEA", 2), line("NOSUCH")), world(stock, [location("newark")]))

    assert unknown.why == reason(unknown, "newark") == unknown.missing[0].reason == "no location knows NOSUCH"
    assert (reason(out, "newark"), out.missing[0].reason) == ("0 of 2 wanted are there", None)
    assert reason(both, "newark") == "0 of 2 wanted are there; no location knows NOSUCH"


def test_where_only_one_of_two_articles_is_known_the_location_that_has_it_says_so() -> None:
    found = short(order(line("TEA", 2), line("NOSUCH")), world([level("newark", "TEA", 5)], [location("newark")]))

    assert reason(found, "newark") == "no location knows NOSUCH"
    assert [(lacking.sku, lacking.available) for lacking in found.missing] == [("NOSUCH", 0)]


@pytest.mark.parametrize("typed", ["mug-enamel-grn", "MUG-ENAMEL- GRN", "Mug-Enamel-Grn"])
def test_an_article_that_differs_by_case_or_blanks_is_not_taken_but_named(typed: str) -> None:
    found = short(order(line(typed)), world([level("newark", "MUG-ENAMEL-GRN", 5)]))

    assert found.why == f"no location knows {typed}: did you mean MUG-ENAMEL-GRN?"


def test_many_unknown_articles_are_counted_and_not_all_told() -> None:
    found = short(order(*(line(f"NO-{number}") for number in range(5))), world([], [location("newark")]))

    assert found.why == "no location knows NO-0; no location knows NO-1; no location knows NO-2 and 2 more"


# What is not sent


@pytest.mark.parametrize(
    "asked",
    [
        order(line("TEA", 2, quantity_shipped=1, quantity_cancelled=1)),
        order(line("TEA", 2, quantity_shipped=2)),
        order(line("TEA"), pickup=Pickup(location_id="newark")),
        order(line("TEA"), ship_to=None, channel=Channel(type="shopify", source="pos")),
    ],
    ids=["shipped and cancelled", "shipped", "picked up", "over the counter"],
)
def test_an_order_with_nothing_left_to_send_is_empty(asked: Order) -> None:
    with pytest.raises(NodeError) as raised:
        route.call(asked, world([level("newark", "TEA", 5)]))

    assert raised.value.error_class == "empty"


def test_only_what_is_open_is_sent() -> None:
    found = routed(
        order(line("TEA", 5, quantity_shipped=1, quantity_cancelled=1)), world([level("newark", "TEA", 9)])
    )

    assert sent(found) == {"newark": {"TEA": 3}}
