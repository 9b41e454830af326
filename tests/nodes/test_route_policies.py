"""What a policy of `route` says: priorities, splits, units for later, what is kept from a channel, proofs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from orderloom.model import Channel, Measure, Order
from orderloom_nodes.route import Routed, Short, route
from orderloom_nodes.route.costs import Costs, Service
from tests.nodes.making import level, line, location, order, world

HEAVY = Measure(value="40", unit="kg")
BOTH = [level("nashville", "A", 1), level("chicago", "B", 1), level("seattle", "A", 1), level("seattle", "B", 1)]


def routed(asked: Order, outside: Any, **settings: Any) -> Routed:
    result = route.call(asked, outside, **settings)
    assert isinstance(result, Routed)
    return result


def towns(result: Routed) -> list[str]:
    return sorted(shipment.location_id for shipment in result.shipments)


def test_priority_asks_the_lower_number_first_whatever_it_costs() -> None:
    places = [location("seattle", priority=1), location("nashville", priority=2), location("miami", priority=3)]
    levels = [level("seattle", "A", 2), level("nashville", "A", 9), level("miami", "A", 9)]

    assert towns(routed(order(line("A", 2)), world(levels, places), strategy="priority")) == ["seattle"]
    assert towns(routed(order(line("A", 3)), world(levels, places), strategy="priority")) == ["nashville", "seattle"]


def test_exact_proves_its_plan_and_says_what_no_plan_can_undercut() -> None:
    result = routed(order(line("A", weight=HEAVY), line("B", weight=HEAVY)), world(BOTH), strategy="exact")

    assert (result.method, result.gap) == ("exact", Decimal("0.0000"))
    assert result.cost == result.lower_bound
    assert str(result.cost) == "34.04 USD"


def test_a_strategy_that_minds_money_last_tells_how_much_cheaper_it_could_be() -> None:
    result = routed(order(line("A", weight=HEAVY), line("B", weight=HEAVY)), world(BOTH), strategy="fewest")

    assert str(result.cost) == "206.11 USD"
    assert str(result.lower_bound) == "34.04 USD"
    assert result.gap == Decimal("0.8349")


def test_a_price_on_splits_keeps_an_order_together() -> None:
    asked = order(line("A", weight=Measure(value="6", unit="kg")), line("B", weight=Measure(value="6", unit="kg")))

    assert towns(routed(asked, world(BOTH))) == ["chicago", "nashville"]
    assert towns(routed(asked, world(BOTH), costs=Costs(split=Decimal(40)))) == ["seattle"]


def test_goods_of_little_worth_leave_together_wherever_one_location_has_them_all() -> None:
    asked = order(line("A", weight=HEAVY), line("B", weight=HEAVY))

    assert towns(routed(asked, world(BOTH), costs=Costs(split_from=Decimal(50)))) == ["seattle"]
    assert towns(routed(asked, world(BOTH), costs=Costs(split_from=Decimal(30)))) == ["chicago", "nashville"]
    assert towns(routed(asked, world(BOTH[:2]), costs=Costs(split_from=Decimal(50)))) == ["chicago", "nashville"]


def test_units_that_are_not_there_are_left_for_later_with_the_day_on_which_more_comes() -> None:
    stock = [level("nashville", "A", 2, expected_at="2026-12-08T06:00:00Z")]

    result = routed(order(line("A", 5)), world(stock), costs=Costs(later=Decimal(9)))

    assert result.shipments[0].lines[0].quantity == 2
    assert [(m.wanted, m.available, str(m.expected_on)) for m in result.later] == [(5, 2, "2026-12-08")]
    short = route.call(order(line("A", 5)), world(stock))
    assert isinstance(short, Short)
    assert str(short.missing[0].expected_on) == "2026-12-08"


def test_what_a_location_keeps_back_from_a_channel_is_not_sent_to_it() -> None:
    stock = [level("nashville", "A", 5, kept_from={"amazon": 3}), level("seattle", "A", 9)]

    assert towns(routed(order(line("A", 3), channel=Channel(type="amazon")), world(stock))) == ["seattle"]
    assert towns(routed(order(line("A", 3), channel=Channel(type="shopify")), world(stock))) == ["nashville"]


def test_the_service_is_chosen_together_with_the_location() -> None:
    courier = Service(name="courier", per_shipment=Decimal(3), per_kg_km=Decimal(1))
    ways, stock = Costs(services=(Service(name="ground"), courier)), world([level("nashville", "A", 1)])

    near = routed(order(line("A", weight=Measure(value="1", unit="g"))), stock, costs=ways, reserve=False)
    far = routed(order(line("A", weight=HEAVY)), stock, costs=ways, reserve=False)

    assert [s.carrier.service_code for s in (*near.shipments, *far.shipments) if s.carrier] == ["courier", "ground"]
