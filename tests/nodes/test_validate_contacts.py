"""Phone numbers and e-mail addresses in `validate`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from orderloom.model import Channel, Party
from orderloom_nodes.validate.contacts import normal_email, read_phone
from tests.nodes.orders import address, good_order, normal, notes, problem, problems, to


def by(**contacts: Any) -> Any:
    return good_order(customer=Party(**contacts))


def customer(order: Any) -> Party:
    found = normal(order).customer
    assert found is not None
    return found


def test_a_phone_is_read_with_the_country_of_its_address() -> None:
    there = to(country_code="DE", region_code=None, city="Berlin", postal_code="10115", phone="030 123456")

    assert address(there).phone == "+4930123456"
    assert customer(by(email="a@example.test", phone="(502) 587-1234")).phone == "+15025871234"


def test_an_extension_is_kept_apart_from_the_number() -> None:
    order = normal(to(phone="502-587-1234 ext. 12"))

    assert order.shipping_address is not None
    assert order.shipping_address.phone == "+15025871234"
    assert order.metadata["phone_extensions"] == {"shipping_address.phone": "12"}


def test_a_phone_that_cannot_be_read_is_a_note_while_there_is_an_email_address() -> None:
    order = by(email="ann@example.test", phone="call me")

    assert problems(order) == ()
    assert [(note.code, note.path) for note in notes(order)] == [("V109", "customer.phone")]
    assert customer(order).phone == "call me"


def test_a_phone_that_cannot_be_read_holds_an_order_without_an_email_address() -> None:
    assert problem(by(phone="call me")).path == "customer.phone"


def test_a_number_that_no_network_has_is_kept_as_it_is() -> None:
    order = to(phone="555-625-1199")

    assert problems(order) == ()
    assert address(order).phone == "555-625-1199"
    assert "no number in use in US" in notes(order)[0].message


def test_a_delivery_that_reaches_nobody_is_held_and_a_sale_over_the_counter_is_not() -> None:
    sold = good_order(customer=None, shipping_address=None, channel=Channel(type="in_store"))

    assert problem(good_order(customer=None)).code == "V108"
    assert problem(by(first_name="Ann")).path == "customer.email"
    assert problems(sold) == ()


def test_a_good_phone_alone_is_enough() -> None:
    assert problems(by(phone="502 587 1234")) == ()


def test_a_bad_email_address_is_held_with_the_likely_mend() -> None:
    found = problem(by(email="ann@shop,example.com"))

    assert (found.code, found.path, found.fix) == ("V114", "customer.email", "ann@shop.example.com")
    assert found.message == "`ann@shop,example.com` is not an e-mail address"


@pytest.mark.parametrize(
    ("typed", "normal_form"),
    [
        ("Ann@EXAMPLE.test", "Ann@example.test"),
        ("ann+shop@example.com", "ann+shop@example.com"),
        ("ann@müller.example.com", "ann@müller.example.com"),
        ("ann@xn--mller-kva.example.com", "ann@müller.example.com"),
        ("jose\u0301@example.com", "josé@example.com"),
        ("ann@@example.com", None),
        ("ann@example", None),
        ("ann..lee@example.com", None),
        ("ann@example.com\r\nBcc: x@example.com", None),
        ("", None),
    ],
)
def test_an_email_address_comes_in_one_form(typed: str, normal_form: str | None) -> None:
    assert normal_email(typed) == normal_form


def test_the_published_example_of_every_country_is_read_as_it_is_published(shared: Path) -> None:
    examples = json.loads((shared / "data/phone/examples_mobile_a.json").read_text(encoding="utf-8"))
    unread = [country for country, number in examples.items() if isinstance(number, str) and not _read(number, country)]

    assert unread == []


def _read(number: str, country: str) -> bool:
    phone = read_phone(number, country)
    return phone is not None and phone.number.startswith("+")


def test_a_bad_email_address_beside_a_good_one_is_a_note() -> None:
    order = to(email="ann@@example")

    assert problems(order) == ()
    assert [(note.code, note.path) for note in notes(order)] == [("V114", "shipping_address.email")]


def test_a_bad_email_address_elsewhere_does_not_hide_that_nobody_can_be_reached() -> None:
    order = to(email="ann@@example").model_copy(update={"customer": None})

    assert [found.code for found in problems(order)] == ["V108"]
