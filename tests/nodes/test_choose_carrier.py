"""The node `choose-carrier`: what each service costs, what the table says of it, and which one carries the shipment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom import Document
from orderloom.declare import NodeError
from orderloom.model import Address, Dimensions, Measure, Money, Order, Package, Promise, Shipment, ShipmentLine
from orderloom.problems import Place, ProblemsError
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


# Where a courier does not go


def test_a_courier_that_does_not_go_to_a_po_box_is_left_out_and_the_post_takes_it(
    shipped: tuple[RateCards, DecisionTable],
) -> None:
    """Row 27 of the failures, the carrier's half."""
    box = LOUISVILLE.model_copy(update={"kind": "po_box"})

    result = chosen(shipment(ship_to=box), *shipped)

    assert result.shipment.carrier is not None
    assert result.shipment.carrier.carrier_code == "usps"
    said = {one.reason for one in result.reasons if one.carrier_code in {"ups", "fedex", "dhl"}}
    assert "does not deliver to a PO box" in said


def test_where_no_courier_goes_to_a_locker_none_fits_and_each_says_why() -> None:
    """Row 27: held, for a person to ask the customer."""
    rates = cards(ground={"not_to": ["locker"]}, air={"not_to": ["locker", "po_box"]})
    to = LOUISVILLE.model_copy(update={"kind": "locker"})

    result = choose_carrier.call(shipment(ship_to=to), ORDER, rates, ANY, world())

    assert isinstance(result, NoneFits)
    assert result.shipment.carrier is None
    assert [one.reason for one in result.reasons] == ["does not deliver to a locker"] * 2


# How weights are rounded


@pytest.mark.parametrize(
    ("step_kg", "step_cm", "billed"),
    [(None, None, "4.8"), ("0.5", None, "5.0"), (None, "25", "12.5"), ("1", "25", "13")],
)  # fmt: skip
def test_sides_and_billable_weight_are_rounded_up_as_the_card_says(
    step_kg: str | None, step_cm: str | None, billed: str
) -> None:
    sides = Decimal(40), Decimal(30), Decimal(20)
    parcel = Parcel(Decimal("0.9"), Decimal(24_000), Decimal(40), sides)
    steps = [None if step is None else Decimal(step) for step in (step_kg, step_cm)]

    assert billable_kg(parcel, Decimal(5000), *steps) == Decimal(billed)


# Several currencies


def in_euros(**services: Mapping[str, Any]) -> dict[str, Any]:
    return {**card("dhl", **services), "currency": "EUR"}


def read(*documents: dict[str, Any]) -> RateCards:
    return RateCards.read([Document(f"{n}.yaml", "", data, {}, {}) for n, data in enumerate(documents)])


def test_prices_of_two_currencies_are_compared_by_the_rates_given_and_told_in_both() -> None:
    rates = read(card(ground={}), in_euros(post={}), {"currency": "USD", "rates": {"EUR": Decimal("0.5")}})

    result = chosen(shipment(), rates, ANY)

    assert result.why.startswith("dhl post: any (rank 0), 8.10 EUR (4.05 USD)")
    assert [quote.amount for quote in result.shipment.rate_quotes] == [Money.of("8.10", "EUR"), Money.of("8.10", "USD")]
    assert result.reasons[0].reason == "4.05 USD dearer than dhl post"


def test_a_card_whose_currency_has_no_rate_is_refused_before_it_runs() -> None:
    with pytest.raises(ProblemsError) as caught:
        read(card(ground={}), in_euros(post={}), {"currency": "USD", "rates": {"GBP": Decimal("1.27")}})

    assert [problem.code for problem in caught.value.problems] == ["C209"]


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ({"currency": "USD", "rates": {"EURO": 1}}, "C206"), ({"currency": "US", "rates": {"EUR": 1}}, "C206"),
        ({"currency": "USD", "rates": {"EUR": 0}}, "C205"), ({"rates": {"EUR": 1}}, "C204"),
    ],
)  # fmt: skip
def test_a_wrong_table_of_rates_is_told(table: dict[str, Any], code: str) -> None:
    with pytest.raises(ProblemsError) as caught:
        read(card(ground={}), table)

    assert [problem.code for problem in caught.value.problems] == [code]


# Prices as a table


CARD = """
carrier: acme
currency: USD
services:
  ground:
    from: [US]
    zones: {near: {to: [US], up_to_km: 300, transit_days: 1}, far: {to: [US], transit_days: 4}}
    brackets: ground.csv
"""


def from_files(tmp_path: Path, prices: str) -> RateCards:
    (tmp_path / "rates").mkdir()
    (tmp_path / "rates" / "acme.yaml").write_text(CARD, encoding="utf-8")
    (tmp_path / "rates" / "ground.csv").write_text(prices, encoding="utf-8")
    return RateCards.load_setting("rates/", HERE, [tmp_path])


@pytest.mark.parametrize(
    "prices",
    ["up_to_kg,near,far\n1,7.40,9.20\n5,8.60,11.90\n", "\ufeffup_to_kg;near;far\n1;7,40;9,20\n\n5;8,60;11,90\n"],
)
def test_prices_may_stand_in_a_csv_beside_the_card(tmp_path: Path, prices: str) -> None:
    assert priced(shipment("2"), from_files(tmp_path, prices)).amount == Decimal("11.90")


@pytest.mark.parametrize(
    ("prices", "place", "told"),
    [
        ("up_to_kg,near,far\n1,7.40,9 USD\n", "ground.csv:2:8", "`far` is a number"),
        ("up_to_kg,near,far\n5,7.40,9\n1,3,4\n", "ground.csv:3:1", "not above 5 kg"),
        ("up_to_kg,near,fra\n1,7.40,9\n", "ground.csv:2:8", "`fra` is no key"),
        ("1,7.40,9\n", "ground.csv:1:1", "does not name `up_to_kg`"),
    ],
)
def test_a_wrong_cell_of_a_price_table_is_told_with_its_place(
    tmp_path: Path, prices: str, place: str, told: str
) -> None:
    with pytest.raises(ProblemsError) as caught:
        from_files(tmp_path, prices)

    [problem] = [one for one in caught.value.problems if told in one.message]
    assert str(problem.place).endswith(place)


# Rules about lines


def test_a_rule_asks_for_any_line_or_for_every_line_of_an_order_of_several() -> None:
    """What ShipStation's rules on articles do not do: they pass over orders of more than one line."""
    by_lines = table(
        inputs={
            "any glass": {"is": 'some one in order.lines satisfies starts with(one.sku, "GLASS")', "type": "boolean"},
            "all books": {"is": 'every one in order.lines satisfies starts with(one.sku, "BOOK")', "type": "boolean"},
            "service": {"is": "quote.service_code", "type": "text"},
        },
        rows=[
            {"id": "g", "any glass": True, "service": "not(air)", "rank": None, "why": "glass flies"},
            {"id": "b", "all books": True, "service": "media", "rank": 0, "why": "books go as media mail"},
            {"id": "m", "service": "media", "rank": None, "why": "media mail is for books alone"},
            {"id": "e", "rank": 1, "why": "any"},
        ],
    )
    rates = cards(air={}, ground={}, media={})

    def carried(*skus: str) -> str | None:
        asked = order(*(line(sku) for sku in skus))
        taken = chosen(shipment(), rates, by_lines, asked).shipment.carrier
        return taken and taken.service_code

    assert carried("MUG", "GLASS-RED", "BOOK-1") == "air"
    assert carried("BOOK-1", "BOOK-2") == "media"
    assert carried("BOOK-1", "MUG") == "air"  # by name: both cost the same
