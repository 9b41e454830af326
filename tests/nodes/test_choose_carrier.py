"""The node `choose-carrier`: what each service costs, what the table says of it, and which one carries the shipment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.declare import NodeError
from orderloom.model import Address, Dimensions, Measure, Money, Order, Package, Promise, Shipment, ShipmentLine
from orderloom.problems import Place
from orderloom.rules import DecisionTable
from orderloom_nodes.choose_carrier import Chosen, NoneFits, choose_carrier
from orderloom_nodes.choose_carrier.quote import Quote, Refused, billable_kg, quote
from orderloom_nodes.choose_carrier.rates import RateCards
from orderloom_nodes.choose_carrier.trip import Parcel, Trip, trip_of
from tests.nodes.making import FLOWS, LOUISVILLE, MONDAY, line, order, world

HERE = Place("test")
NEWARK = Address(city="Newark", region_code="NJ", postal_code="07114", country_code="US")
ORDER = order(line("A"))
TABLE = {
    "table": "pick",
    "hit": "first",
    "inputs": {"service": {"is": "quote.service_code", "type": "text"}},
    "outputs": {"rank": {"type": "number", "default": None}, "why": {"type": "text"}},
    "rows": [
        {"id": "r1", "service": "never", "rank": None, "why": "not this one"},
        {"id": "r2", "rank": 0, "why": "any"},
    ],
}


def card(carrier: str = "acme", **services: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "carrier": carrier,
        "currency": "USD",
        "services": {code: service(**given) for code, given in services.items()},
    }


def service(**more: Any) -> dict[str, Any]:
    zones = {"home": {"to": ["US"], "transit_days": 2}}
    brackets = [{"up_to_kg": 1, "home": Decimal("8.10")}, {"up_to_kg": 5, "home": Decimal("12.55")}]
    return {"from": ["US"], "zones": zones, "brackets": brackets, **more}


def cards(**services: Mapping[str, Any]) -> RateCards:
    return RateCards.load_setting(card(**services), HERE, [])


def table(**more: Any) -> DecisionTable:
    return DecisionTable.load_setting({**TABLE, **more}, HERE, [])


def shipment(weight_kg: str | None = "0.9", **more: Any) -> Shipment:
    given_fields: dict[str, Any] = {
        "shipment_id": "s1",
        "order_id": ORDER.order_id,
        "location_id": "newark",
        "ship_from": NEWARK,
        "ship_to": LOUISVILLE,
        "lines": (ShipmentLine(line_id="l-A", sku="A", quantity=1),),
        "weight_kg": weight_kg,
        "planned_ship_at": datetime(2026, 12, 1, 19, 0, tzinfo=UTC),  # a Tuesday
    }
    return Shipment(**{**given_fields, **more})


def priced(asked: Shipment, rates: RateCards, document: Order = ORDER) -> Quote:
    (found,) = [quote(found, trip_of(asked, document, MONDAY)) for found in rates.services]
    assert isinstance(found, Quote), found
    return found


def refused(asked: Shipment, rates: RateCards, document: Order = ORDER) -> str:
    (found,) = [quote(found, trip_of(asked, document, MONDAY)) for found in rates.services]
    assert isinstance(found, Refused), found
    return found.why


def chosen(asked: Shipment, rates: RateCards, by: DecisionTable, document: Order = ORDER) -> Chosen:
    result = choose_carrier.call(asked, document, rates, by, world())
    assert isinstance(result, Chosen)
    return result


ANY = table()


# Prices


@pytest.mark.parametrize(("weight", "amount"), [("0.9", "8.10"), ("1", "8.10"), ("1.001", "12.55"), ("5", "12.55")])
def test_a_bracket_holds_up_to_and_including_its_weight(weight: str, amount: str) -> None:
    assert priced(shipment(weight), cards(ground={})).amount == Decimal(amount)


def test_a_parcel_above_the_last_bracket_is_refused() -> None:
    assert refused(shipment("5.001"), cards(ground={})) == "its prices for zone home end below 5.001 kg"


def test_a_large_light_parcel_is_paid_by_its_volume() -> None:
    box = line("A", dimensions=Dimensions(length="40", width="30", height="20", unit="cm"))

    found = priced(shipment(), cards(ground={"divisor": 5000}), order(box))

    assert (found.billable_kg, found.amount) == (Decimal("4.8"), Decimal("12.55"))
    assert priced(shipment(), cards(ground={}), order(box)).billable_kg == Decimal("0.9")


def test_packages_that_are_weighed_are_paid_one_by_one() -> None:
    boxes = tuple(Package(package_id=str(n), weight=Measure(value="900", unit="g")) for n in range(3))

    assert priced(shipment(packages=boxes), cards(ground={})).amount == Decimal("24.30")


@pytest.mark.parametrize(
    ("surcharges", "more", "amount"),
    [
        ({"fuel_percent": Decimal("12.5")}, {}, "9.11"),  # 8.10 + 1.0125, each to the cent
        ({"fuel_percent": Decimal("12.5")}, {"weight_kg": "2"}, "14.12"),  # 12.55 + 1.56875
        ({"residential": 4}, {"ship_to": LOUISVILLE.model_copy(update={"kind": "residential"})}, "12.10"),
        ({"residential": 4}, {}, "8.10"),
        ({"remote": {"amount": 5, "postal": {"US": ["402"]}}}, {}, "13.10"),
        ({"remote": {"amount": 5, "postal": {"US": ["403"], "CA": ["402"]}}}, {}, "8.10"),
        ({"hazmat": 30}, {"hazmat": True}, "38.10"),
        ({"oversize": {"amount": 20, "over_cm": 50}}, {}, "8.10"),
    ],
)
def test_surcharges_are_added_where_they_apply(
    surcharges: Mapping[str, Any], more: dict[str, Any], amount: str
) -> None:
    assert priced(shipment(**more), cards(ground={"surcharges": surcharges, "hazmat": True})).amount == Decimal(amount)


def test_an_oversize_side_costs_more_and_one_over_the_limit_is_refused() -> None:
    pole = order(line("A", dimensions=Dimensions(length="60", width="2", height="2", unit="in")))
    over = {"surcharges": {"oversize": {"amount": 20, "over_cm": 120}}}

    assert priced(shipment(), cards(ground=over), pole).amount == Decimal("28.10")
    assert refused(shipment(), cards(ground={"max_length_cm": 150}), pole) == "152.4 cm is over its 150 cm"


def test_prices_in_yen_have_no_decimals() -> None:
    yen = {**card(ground={"surcharges": {"fuel_percent": Decimal("12.5")}}), "currency": "JPY"}
    yen["services"]["ground"]["brackets"] = [{"up_to_kg": 1, "home": 810}]

    assert priced(shipment(), RateCards.load_setting(yen, HERE, [])).price == Money.of("911", "JPY")


@pytest.mark.parametrize(
    ("more", "given_card", "why"),
    [
        ({"ship_from": Address(country_code="NL")}, {}, "does not collect in NL"),
        (
            {"ship_to": Address(country_code="CA", postal_code="K1A 0B1")},
            {},
            "does not deliver to K1A 0B1, CA from 534 km away",
        ),
        ({"hazmat": True}, {}, "takes no dangerous goods"),
        ({"weight_kg": "4"}, {"max_weight_kg": 3}, "4 kg is over its 3 kg"),
    ],
)
def test_a_service_that_cannot_says_why(more: dict[str, Any], given_card: dict[str, Any], why: str) -> None:
    assert refused(shipment(**more), cards(ground=given_card)) == why


def test_the_first_zone_that_fits_is_taken() -> None:
    zones = {
        "kentucky": {"to": ["US"], "postal": ["402"], "transit_days": 1},
        "near": {"to": ["US"], "up_to_km": 200, "transit_days": 2},
        "far": {"to": ["US"], "transit_days": 5},
    }
    rates = cards(ground={"zones": zones, "brackets": [{"up_to_kg": 5, "kentucky": 1, "near": 2, "far": 3}]})
    philadelphia, reno = (
        LOUISVILLE.model_copy(update={"postal_code": "19104"}),
        LOUISVILLE.model_copy(update={"postal_code": "89502"}),
    )

    found = [priced(shipment(ship_to=goal), rates).zone for goal in (LOUISVILLE, philadelphia, reno)]

    assert found == ["kentucky", "near", "far"]


@given(
    st.decimals("0.001", "5", places=3),
    st.decimals("0", "30000", places=1),
    st.sampled_from([None, Decimal(4000), Decimal(5000)]),
)
def test_who_sends_more_never_pays_less(weight: Decimal, volume: Decimal, divisor: Decimal | None) -> None:
    lighter, heavier = Parcel(weight, volume, None), Parcel(weight + 1, volume + 500, None)

    assert weight <= billable_kg(lighter, divisor) <= billable_kg(heavier, divisor)


# Days


@pytest.mark.parametrize(
    ("planned", "more", "day"),
    [
        ("2026-12-01T19:00:00Z", {}, "2026-12-03"),  # Tuesday
        ("2026-12-03T19:00:00Z", {}, "2026-12-07"),  # over a weekend
        ("2026-12-03T19:00:00Z", {"delivery_days": ["mon", "tue", "wed", "thu", "fri", "sat"]}, "2026-12-05"),
        ("2026-12-01T19:00:00Z", {"pickup_days": ["fri"]}, "2026-12-08"),
        ("2026-12-24T19:00:00Z", {}, "2026-12-29"),  # over Christmas
    ],
)
def test_the_day_of_arrival_heeds_pickups_deliveries_and_holidays(planned: str, more: dict[str, Any], day: str) -> None:
    found = priced(shipment(planned_ship_at=planned), cards(ground=more))

    assert found.day.isoformat() == day
    assert found.arrives == datetime.fromisoformat(f"{day}T20:00:00-06:00")


def test_a_plan_of_the_past_leaves_now() -> None:
    assert trip_of(shipment(planned_ship_at="2026-01-01T00:00:00Z"), ORDER, MONDAY).leaves_on == MONDAY.date()


# The choice


def test_of_equal_ranks_the_cheapest_is_chosen_and_the_others_say_how_much_dearer() -> None:
    rates = cards(air={"brackets": [{"up_to_kg": 5, "home": 20}]}, ground={})

    result = chosen(shipment(), rates, table())

    assert result.why == "acme ground: any (rank 0), 8.10 USD, there on 2026-12-03"
    assert [(r.service_code, r.reason) for r in result.reasons] == [("air", "11.90 USD dearer than acme ground")]


def test_the_shipment_holds_the_carrier_every_quote_and_the_arrival() -> None:
    rates = cards(air={"brackets": [{"up_to_kg": 5, "home": 20}]}, ground={}, never={})

    carried = chosen(shipment(), rates, table()).shipment

    assert carried.carrier is not None
    assert (carried.carrier.carrier_code, carried.carrier.service_code) == ("acme", "ground")
    assert carried.estimated_delivery == datetime(2026, 12, 4, 2, 0, tzinfo=UTC)
    assert [(q.service_code, str(q.amount.amount), q.eligible, q.rejected_because) for q in carried.rate_quotes] == [
        ("ground", "8.10", True, ()),
        ("air", "20.00", True, ("11.90 USD dearer than acme ground",)),
        ("never", "8.10", False, ("not this one",)),
    ]
    assert Shipment.model_validate_json(carried.model_dump_json()) == carried


def test_a_lower_rank_is_taken_at_any_price() -> None:
    rows = [{"id": "r1", "service": "air", "rank": 0, "why": "fast"}, {"id": "r2", "rank": 1, "why": "slow"}]

    result = chosen(shipment(), cards(air={"brackets": [{"up_to_kg": 5, "home": 20}]}, ground={}), table(rows=rows))

    assert result.why.startswith("acme air: fast (rank 0), 20.00 USD")
    assert [r.reason for r in result.reasons] == ["rank 1, and acme air has 0: slow"]


def test_equal_rank_and_cost_fall_to_the_first_by_name() -> None:
    result = chosen(shipment(), cards(b={}, a={}), table())

    assert result.why.startswith("acme a:")
    assert [r.reason for r in result.reasons] == ["costs the same as acme a, which comes first by name"]


def test_the_table_is_asked_once_per_quote_and_each_answer_is_logged() -> None:
    outside = world()

    choose_carrier.call(shipment(), ORDER, cards(air={}, ground={}, never={}), table(), outside)

    assert [decision.rows for decision in outside.log.decisions] == [("r2",), ("r2",), ("r1",)]


def test_no_carrier_fits_where_the_table_rules_out_all_and_each_says_why() -> None:
    result = choose_carrier.call(shipment(), ORDER, cards(never={}, far={"from": ["NL"]}), table(), world())

    assert isinstance(result, NoneFits)
    assert [(r.service_code, r.reason) for r in result.reasons] == [
        ("never", "not this one"),
        ("far", "does not collect in US"),
    ]


def test_a_shipment_without_weight_is_not_priced_and_its_lines_are_named() -> None:
    result = choose_carrier.call(shipment(None), order(line("A", weight=None)), cards(ground={}), table(), world())

    assert isinstance(result, NoneFits)
    assert [r.reason for r in result.reasons] == ["no weight is known for lines l-A: enter it"]


def test_a_shipment_that_starts_nowhere_is_the_error_invalid() -> None:
    with pytest.raises(NodeError) as failed:
        choose_carrier.call(shipment(ship_from=None), ORDER, cards(ground={}), table(), world())

    assert (failed.value.error_class, failed.value.message) == (
        "invalid",
        "shipment s1 has no `ship_from` whose country is known",
    )


def test_a_table_without_a_rank_is_the_error_wrong_type() -> None:
    odd = table(outputs={"order": {"type": "number"}}, rows=[{"id": "r1", "order": 1}])

    with pytest.raises(NodeError) as failed:
        choose_carrier.call(shipment(), ORDER, cards(ground={}), odd, world())

    assert failed.value.error_class == "wrong_type"
    assert failed.value.message == "table `pick` must give one row with an output `rank` for each quote"


# What is shipped with it


SHIPPED = RateCards.load_setting("rates/", HERE, [FLOWS])


@pytest.fixture(scope="module")
def shipped() -> tuple[RateCards, DecisionTable]:
    return SHIPPED, DecisionTable.load_setting("rules/carrier-choice.table.yaml", HERE, [FLOWS])


def offers(trip: Trip, rates: RateCards) -> list[str]:
    return [found.name for found in (quote(service, trip) for service in rates.services) if isinstance(found, Quote)]


def test_at_home_the_contract_carrier_is_chosen_though_nothing_was_promised(
    shipped: tuple[RateCards, DecisionTable],
) -> None:
    result = chosen(shipment(), *shipped)

    assert result.why == "usps ground: contract at home (rank 0), 10.60 USD, there on 2026-12-07"


def test_what_would_come_too_late_ranks_behind_what_comes_in_time(shipped: tuple[RateCards, DecisionTable]) -> None:
    urgent = order(line("A"), promise=Promise(latest_delivery="2026-12-03T06:00:00Z"))

    result = chosen(shipment(), *shipped, urgent)

    assert result.why == "fedex overnight: in time (rank 1), 51.16 USD, there on 2026-12-02"
    assert "rank 2, and fedex overnight has 1: would arrive after the promise" in [r.reason for r in result.reasons]


def test_dangerous_goods_go_with_the_one_that_takes_them(shipped: tuple[RateCards, DecisionTable]) -> None:
    rotterdam = Address(city="Rotterdam", postal_code="3089 JW", country_code="NL")
    berlin = Address(city="Berlin", postal_code="10117", country_code="DE")

    result = chosen(shipment(hazmat=True, ship_from=rotterdam, ship_to=berlin), *shipped)

    assert result.shipment.carrier is not None
    assert (result.shipment.carrier.carrier_code, result.shipment.carrier.service_code) == ("dhl", "parcel")


@pytest.mark.parametrize(
    ("start", "goal", "some"),
    [
        ("NL", "NO", "dhl parcel"),
        ("CA", "CA", "dhl express"),
        ("US", "JP", "fedex international_economy"),
        ("US", "AU", "dhl express"),
    ],
)
def test_the_shipped_cards_serve_the_world(
    shipped: tuple[RateCards, DecisionTable], start: str, goal: str, some: str
) -> None:
    trip = trip_of(shipment(ship_from=Address(country_code=start), ship_to=Address(country_code=goal)), ORDER, MONDAY)

    assert some in offers(trip, shipped[0])


@given(st.decimals("0.01", "29", places=2), st.sampled_from(["40202", "96701", "99501", "10001", "94110"]))
def test_the_chosen_one_is_never_dearer_than_another_of_its_rank(weight: Decimal, postal_code: str) -> None:
    goal = LOUISVILLE.model_copy(update={"postal_code": postal_code, "region_code": None})
    turned = replace(SHIPPED, services=SHIPPED.services[::-1])
    asked = shipment(str(weight), ship_to=goal)

    result = chosen(asked, SHIPPED, ANY)

    quotes = result.shipment.rate_quotes
    assert min(found.amount.amount for found in quotes) == quotes[0].amount.amount
    assert quotes[0].amount.is_whole
    assert chosen(asked, turned, ANY).shipment == result.shipment
