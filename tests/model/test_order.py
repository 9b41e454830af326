"""The canonical order and its fellows: what they hold together."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from orderloom.model import (
    Address,
    Dimensions,
    Line,
    Location,
    Measure,
    Money,
    Order,
    Return,
    Shipment,
    StockLevel,
    order_identity,
)

PRICE = {"amount": "5.00", "currency": "USD"}


def line(**changes: Any) -> dict[str, Any]:
    return {"line_id": "1", "sku": "A", "quantity": 3, "unit_price": PRICE, **changes}


def order(**changes: Any) -> dict[str, Any]:
    return {
        "order_id": "api:main:1",
        "channel": {"type": "api"},
        "ordered_at": "2026-03-02T10:00:00+02:00",
        "currency": "USD",
        "lines": [line()],
        "totals": {"grand_total": {"amount": "15.00", "currency": "USD"}},
        "payment": {"status": "paid"},
        **changes,
    }


def test_an_order_is_named_by_channel_account_and_the_channels_own_id() -> None:
    assert order_identity("shopify", "main", 450789469) == "shopify:main:450789469"


def test_a_moment_is_kept_in_utc_and_written_with_z() -> None:
    found = Order.model_validate(order())

    assert found.ordered_at == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert found.model_dump(mode="json")["ordered_at"] == "2026-03-02T08:00:00Z"


@pytest.mark.parametrize(
    "moment",
    [
        "2026-03-02",
        "2026-03-02T10:00:00",
        "2026-02-30T10:00:00Z",
        "0001-01-01T00:00:00+14:00",
        1772445600,
        "yesterday",
        None,
    ],
)
def test_a_moment_without_offset_or_outside_the_calendar_is_refused(moment: object) -> None:
    with pytest.raises(ValidationError):
        Order.model_validate(order(ordered_at=moment))


@pytest.mark.parametrize(
    "quantities",
    [
        {"quantity": 0},
        {"quantity": -1},
        {"quantity": 1_000_001},
        {"quantity": 1.0},
        {"quantity": True},
        {"quantity_shipped": 4},
        {"quantity_cancelled": 1, "quantity_shipped": 3},
        {"quantity_shipped": 1, "quantity_returned": 2},
        {"quantity_cancelled": -1},
    ],
)
def test_quantities_that_do_not_go_together_are_refused(quantities: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Line.model_validate(line(**quantities))


def test_what_is_open_is_neither_cancelled_nor_shipped() -> None:
    assert Line.model_validate(line(quantity=5, quantity_cancelled=1, quantity_shipped=2)).quantity_open == 2


def test_two_lines_of_an_order_have_two_ids() -> None:
    with pytest.raises(ValidationError, match="two lines have the same line_id"):
        Order.model_validate(order(lines=[line(), line()]))


def test_a_line_is_found_by_its_id() -> None:
    found = Order.model_validate(order())

    assert found.line("1") is found.lines[0]
    assert found.line("2") is None


def test_documents_are_closed_and_frozen() -> None:
    with pytest.raises(ValidationError):
        Order.model_validate(order(colour="green"))
    with pytest.raises(ValidationError):
        Order.model_validate(order()).currency = "EUR"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("value", "unit", "grams"),
    [("1.5", "kg", "1500"), ("1", "lb", "453.59237"), ("2", "oz", "56.69904625"), ("200", "g", "200")],
)
def test_a_weight_is_known_in_grams(value: str, unit: str, grams: str) -> None:
    assert Measure.model_validate({"value": value, "unit": unit}).grams == Decimal(grams)


def test_a_length_has_no_grams() -> None:
    with pytest.raises(ValueError, match="cm is no unit of weight"):
        _ = Measure(value=Decimal(1), unit="cm").grams


def test_a_box_is_known_in_centimetres() -> None:
    box = Dimensions.model_validate({"length": "10", "width": "5", "height": "2.5", "unit": "in"})

    assert box.cm == (Decimal("25.4"), Decimal("12.7"), Decimal("6.35"))


def test_an_address_is_kept_however_little_is_known_of_it() -> None:
    assert Address().country_code == ""
    with pytest.raises(ValidationError):
        Address(country_code="USA")


def test_reserved_and_safety_stock_are_not_available_and_the_rest_never_below_nothing() -> None:
    assert StockLevel(location_id="l", sku="A", on_hand=10, reserved=3, safety_stock=2).available == 5
    assert StockLevel(location_id="l", sku="A", on_hand=-4).available == 0


def test_a_location_names_a_zone_and_an_hour_that_exist() -> None:
    place = {"location_id": "l", "address": {"country_code": "US"}}

    assert Location.model_validate({**place, "timezone": "America/New_York", "cut_off": "15:30"}).handling_days == 0
    for wrong in ({"timezone": "Mars/Olympus"}, {"cut_off": "25:00"}, {"timezone": "../etc/passwd"}):
        with pytest.raises(ValidationError):
            Location.model_validate({**place, **wrong})


def test_a_return_may_carry_the_order_as_its_sender_knows_it() -> None:
    request = Return.model_validate(
        {
            "return_id": "r1",
            "order_id": "api:main:1",
            "requested_at": "2026-03-10T00:00:00Z",
            "order": order(),
            "lines": [{"line_id": "1", "quantity": 1, "reason": "damaged"}],
        }
    )

    assert request.order is not None
    assert request.order.lines[0].unit_price == Money.of("5.00", "USD")
    assert request.status == "requested"


def test_a_planned_shipment_has_no_packages_yet() -> None:
    shipment = Shipment.model_validate(
        {
            "shipment_id": "s1",
            "order_id": "api:main:1",
            "location_id": "reno",
            "weight_kg": "1.25",
            "lines": [{"line_id": "1", "quantity": 2}, {"line_id": "2", "quantity": 1}],
        }
    )

    assert (shipment.quantity, shipment.packages, shipment.weight_kg) == (3, (), Decimal("1.25"))
