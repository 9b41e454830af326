"""Orders that somebody takes by phone or at the counter: a form is an order, checked as those of the web."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderloom import Unreadable
from orderloom.model import Order
from orderloom_nodes.validate.findings import Findings
from orderloom_nodes.validate.totals import check_totals
from tests.nodes.capturing import captured, codes, order, problems

SAMPLE = Path(__file__).parents[2] / "flows/orderloom_flows/samples/phone-order.json"


def form(**changes: Any) -> dict[str, Any]:
    return {
        "form": "phone",
        "number": "P-1",
        "taken_at": "2026-03-02T10:00:00+01:00",
        "currency": "EUR",
        "customer": {"name": "Ann Lee", "email": "ann@example.test", "phone": "030 123456"},
        "ship_to": {
            "name": "Ann Lee",
            "street": "Hauptstr. 1",
            "postal_code": "10115",
            "city": "Berlin",
            "country": "DE",
        },
        "lines": [{"sku": "MUG", "quantity": 2, "price": "18.50"}],
        **changes,
    }


def test_the_sample_is_an_order_by_phone() -> None:
    [found] = captured(SAMPLE.read_bytes(), name="phone-order.json")

    read = found.order
    assert (read.order_id, read.channel.source, str(read.totals.grand_total)) == (
        "phone:main:P-1001",
        "Jo",
        "44.95 USD",
    )
    assert (read.shipping_address.postal_code, read.shipping_address.region_code) == ("97204", "OR")
    assert (read.payment.status, read.notes) == ("paid", ("Leave it with the neighbour.",))


def test_yaml_and_json_say_the_same() -> None:
    text = "\n".join(f"{name}: {json.dumps(value)}" for name, value in form().items())

    [by_yaml] = captured(text.encode(), name="order.yaml")

    assert by_yaml.order.model_dump(exclude={"raw"}) == order(form()).model_dump(exclude={"raw"})


def test_a_postal_code_without_quotes_keeps_its_zero() -> None:
    text = json.dumps(form()).replace('"10115"', "01067")

    [found] = captured(text.encode(), name="order.yaml")

    assert found.order.shipping_address.postal_code == "01067"


@pytest.mark.parametrize(
    ("changes", "total"),
    [
        ({}, "37.00 EUR"),
        ({"shipping": "5.00"}, "42.00 EUR"),
        ({"discount": "7.00"}, "30.00 EUR"),
        ({"lines": [{"sku": "MUG", "quantity": 2, "price": "18.50", "discount": "1.50"}]}, "35.50 EUR"),
        ({"tax": "7.03"}, "44.03 EUR"),
        ({"tax": "5.91", "prices_include_tax": True}, "37.00 EUR"),
        ({"lines": [{"sku": "GIFT", "quantity": 1, "price": "0"}]}, "0.00 EUR"),
    ],
)
def test_what_it_comes_to_is_what_stands_on_it(changes: dict[str, Any], total: str) -> None:
    found, findings = order(form(**changes)), Findings(())

    check_totals(found, findings)

    assert (str(found.totals.grand_total), findings.errors) == (total, [])


@pytest.mark.parametrize(
    ("paid", "status", "terms"),
    [
        (None, "unpaid", None),
        ("cash", "paid", None),
        ("card", "paid", None),
        ("on_delivery", "unpaid", "cod"),
        ("invoice", "unpaid", "net"),
    ],
)
def test_how_it_is_paid_is_told(paid: str | None, status: str, terms: str | None) -> None:
    payment = order(form(paid=paid)).payment

    assert (payment.status, payment.terms and payment.terms.type) == (status, terms)


def test_what_is_bought_at_the_counter_is_taken_along() -> None:
    counter = {name: value for name, value in form(form="in_store").items() if name != "ship_to"}

    assert order(counter).is_collected
    assert not order(form(form="in_store")).is_collected


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"numbr": "x"}, "V030", "numbr"),
        ({"lines": [{"sku": "MUG", "quantity": 1, "prise": "1"}]}, "V030", "lines[0].prise"),
        ({"customer": {"mail": "x"}}, "V030", "customer.mail"),
        ({"form": "letter"}, "V022", "form"),
        ({"number": None}, "V010", "number"),
        ({"taken_at": "2026-03-02 10:00"}, "V017", "taken_at"),
        ({"taken_at": None}, "V010", "taken_at"),
        ({"currency": "EURO"}, "V015", "currency"),
        ({"lines": []}, "V019", "lines"),
        ({"lines": [{"sku": "", "quantity": 1, "price": "1"}]}, "V010", "lines[0].sku"),
        ({"lines": [{"sku": "A", "quantity": 0, "price": "1"}]}, "V018", "lines[0].quantity"),
        ({"lines": [{"sku": "A", "quantity": 1, "price": "1,50"}]}, "V012", "lines[0].price"),
        ({"lines": [{"sku": "A", "quantity": 1}]}, "V010", "lines[0].price"),
        ({"discount": "-1"}, "V014", "discount"),
        ({"paid": "maybe"}, "V022", "paid"),
    ],
)
def test_what_is_wrong_is_told_with_its_field(changes: dict[str, Any], code: str, path: str) -> None:
    found = problems(form(**changes))

    assert code in [one.code for one in found]
    assert any(f"`{path}`" in one.message for one in found)


def test_a_form_that_is_no_yaml_is_told_with_its_line() -> None:
    [found] = captured(b"form: phone\nlines: [\n", name="order.yaml")

    assert isinstance(found, Unreadable)
    assert found.problems[0].place.line >= 2


def test_a_key_that_stands_twice_is_refused() -> None:
    assert codes(b"form: phone\nnumber: 1\nnumber: 2\n", name="order.yaml") == ["Y024"]


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(1, 99), st.decimals(0, 999, places=2)), min_size=1, max_size=6),
    st.decimals(0, 99, places=2),
)
def test_the_sums_of_a_form_always_add_up(lines: list[Any], shipping: Any) -> None:
    rows = [{"sku": f"S{at}", "quantity": units, "price": str(price)} for at, (units, price) in enumerate(lines)]
    found, findings = order(form(lines=rows, shipping=str(shipping))), Findings(())
    assert isinstance(found, Order)

    check_totals(found, findings)

    assert findings.errors == []
