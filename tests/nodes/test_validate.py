"""The node `validate`: which orders go on, which wait for a person, which end."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderloom.declare import Payload
from orderloom.model import Address, Channel, Discount, Line, Order, Party, Pickup, Totals
from orderloom_nodes.capture import capture
from orderloom_nodes.validate import Fixable, Rejected, Valid, validate
from tests.nodes.orders import HOME, address, costing, good_order, mug, normal, notes, problem, problems, to, usd


def test_a_good_order_is_valid_and_unchanged_but_for_the_verdict_on_its_address() -> None:
    order = good_order()

    result = validate(order)

    assert isinstance(result, Valid)
    assert result.notes == ()
    assert result.order.shipping_address.validation.status == "valid"  # type: ignore[union-attr]
    assert result.order.model_copy(update={"shipping_address": order.shipping_address}) == order


def test_shopifys_published_order_is_fixable_with_the_sum_and_the_difference(shared: Path) -> None:
    (captured,) = capture(payload=Payload((shared / "data/shopify/order.json").read_bytes(), "order.json"))

    result = validate(captured.order)

    assert isinstance(result, Fixable)
    (found,) = result.problems
    assert found.path == "totals.grand_total.amount"
    assert found.message == (
        "the parts add up to 598.94 USD (597.00 goods − 10.00 discount + 11.94 tax), "
        "the order says 409.94 USD: 189.00 USD less"
    )
    assert found.fix == "598.94"
    assert "its subtotal says 398.00, its lines cost 597.00" in (found.help or "")


def test_shopifys_published_order_goes_on_once_its_total_is_corrected(shared: Path) -> None:
    (captured,) = capture(payload=Payload((shared / "data/shopify/order.json").read_bytes(), "order.json"))
    totals = captured.order.totals.model_copy(update={"grand_total": usd("598.94")})

    result = validate(captured.order.model_copy(update={"totals": totals}))

    assert isinstance(result, Valid)
    assert [note.path for note in result.notes] == ["shipping_address.phone"]


def test_everything_that_is_wrong_is_told_at_once_by_its_path() -> None:
    lines = (mug(sku=""), mug(line_id="2", quantity=1_000_000, unit_price=usd("0")))
    order = good_order(lines=lines, shipping_address=Address(**{**HOME, "city": None, "postal_code": "1"}))

    found = {one.path for one in problems(order)}

    assert found == {
        "lines[0].sku",
        "lines[1].quantity",
        "lines[1].unit_price",
        "shipping_address.city",
        "shipping_address.postal_code",
    }


def test_every_hold_names_how_to_mend_it_or_what_stands_there() -> None:
    order = good_order(lines=(mug(sku=""),), shipping_address=Address(**{**HOME, "country_code": "UK"}))

    assert all(found.help or found.fix for found in problems(order))


@pytest.mark.parametrize("change", [{"cancelled_at": "2026-03-01T10:00:00Z"}, {"fulfillment_status": "cancelled"}])
def test_a_cancelled_order_is_rejected(change: dict[str, str]) -> None:
    result = validate(good_order(**change))

    assert isinstance(result, Rejected)
    assert result.problems[0].code == "V110"


def test_an_order_of_cancelled_lines_alone_is_rejected() -> None:
    assert isinstance(validate(good_order(lines=(mug(quantity_cancelled=2),))), Rejected)


def test_two_currencies_are_rejected_and_the_presentment_currency_is_not_one_of_them() -> None:
    mixed = good_order(lines=(mug(unit_price={"amount": "12.50", "currency": "EUR"}),))
    presented = good_order(presentment_currency="CAD")

    assert [(found.code, found.path) for found in problems(mixed)] == [("V130", "lines[0].unit_price")]
    assert isinstance(validate(mixed), Rejected)
    assert isinstance(validate(presented), Valid)


def test_a_draft_waits_and_is_not_rejected() -> None:
    assert problem(good_order(order_type="draft")).code == "V111"


def test_an_order_whose_payment_was_given_back_is_held() -> None:
    assert problem(good_order(payment={"status": "voided"})).path == "payment.status"


def test_an_order_that_is_shipped_already_is_valid_and_whatever_is_odd_about_it_is_a_note() -> None:
    gone = (mug(sku="", quantity_shipped=2),)
    order = good_order(lines=gone, shipping_address=None, customer=None, totals=Totals(grand_total=usd("1.00")))
    given_back = good_order(lines=gone, payment={"status": "refunded"})

    assert problems(order) == ()
    assert [note.code for note in notes(order)] == ["V131", "V122", "V121"]
    assert [note.code for note in notes(given_back)] == ["V122", "V121"]


def test_what_is_partly_shipped_is_checked_like_any_other() -> None:
    assert problem(good_order(lines=(mug(quantity_shipped=1),), shipping_address=None)).code == "V101"


def test_a_missing_article_number_names_the_line() -> None:
    order = good_order(lines=(mug(unit_price=usd("12.50"), quantity=1), mug(line_id="2", sku=" ", quantity=1)))

    found = problem(order)

    assert found.path == "lines[1].sku"
    assert found.message == "line 2 (Blue mug) has no article number"


def test_an_article_number_loses_the_blanks_around_it() -> None:
    assert normal(good_order(lines=(mug(sku=" MUG\u200b "),))).lines[0].sku == "MUG"


def test_a_million_units_are_asked_about_and_may_be_confirmed() -> None:
    lines = (mug(quantity=1_000_000, unit_price=usd("0.01")),)

    assert problem(costing("10000.00", lines=lines)).code == "V120"
    assert problems(costing("10000.00", lines=lines, tags=("confirmed:V120",))) == ()


def test_the_limit_of_units_is_a_setting() -> None:
    result = validate(good_order(), most_per_line=1)

    assert isinstance(result, Fixable)
    assert result.problems[0].message == "line 1 (Blue mug) is for 2 units, unusual beyond 1"


def test_a_line_for_nothing_is_held_unless_a_discount_says_why() -> None:
    free = mug(unit_price=usd("0"))
    given = mug(unit_price=usd("0"), discounts=(Discount(title="gift", amount=usd("0")),))

    assert problem(costing("0.00", lines=(free,))).code == "V123"
    assert problems(costing("0.00", lines=(given,))) == ()
    assert problems(costing("0.00", lines=(free,), order_type="replacement")) == ()


def test_a_negative_price_cannot_be_confirmed_away() -> None:
    lines = (mug(quantity=1, unit_price=usd("30.00")), mug(line_id="2", quantity=1, unit_price=usd("-5.00")))

    assert problem(good_order(lines=lines, tags=("confirmed:V125",))).code == "V125"


@pytest.mark.parametrize(
    "line", [mug(gift_card=True, sku=""), mug(requires_shipping=False, sku="")], ids=["gift card", "download"]
)
def test_what_is_not_shipped_needs_no_address_and_no_article_number(line: Line) -> None:
    assert problems(good_order(shipping_address=None, lines=(line,))) == ()


def test_goods_to_deliver_need_an_address_and_the_billing_address_is_shown_for_it() -> None:
    found = problem(good_order(shipping_address=None, billing_address=Address(**HOME)))

    assert found.path == "shipping_address"
    assert "Chestnut Street 92, Louisville" in (found.help or "")


@pytest.mark.parametrize(
    "order",
    [
        good_order(shipping_address=None, pickup=Pickup(location_id="store-1")),
        good_order(shipping_address=None, channel=Channel(type="in_store"), customer=None),
        good_order(shipping_address=None, channel=Channel(type="shopify", source="pos"), customer=None),
        good_order(shipping_address=None, pickup=Pickup(), customer=None, lines=(mug(sku=""),)),
    ],
    ids=["picked up", "over the counter", "over the shop's own counter", "picked up somewhere"],
)
def test_what_the_buyer_fetches_needs_no_address(order: Order) -> None:
    assert problems(order) == ()
    assert [note.code for note in notes(order)] == ["V115"]


def test_what_is_sold_over_the_counter_and_sent_needs_an_address_that_is_right() -> None:
    wrong = Address(**{**HOME, "region_code": "CA"})

    assert problem(good_order(shipping_address=wrong, channel=Channel(type="shopify", source="pos"))).code == "V105"


def test_a_bad_billing_address_is_only_a_note() -> None:
    order = good_order(billing_address=Address(**{**HOME, "postal_code": "10001"}))

    assert problems(order) == ()
    assert [note.path for note in notes(order)] == ["billing_address.postal_code"]


def test_one_address_that_stands_twice_is_told_once() -> None:
    same = Address(**{**HOME, "postal_code": "10001"})
    order = good_order(shipping_address=same, billing_address=same)

    assert [found.path for found in problems(order)] == ["shipping_address.postal_code"]
    assert notes(order) == ()


def test_a_name_of_more_than_300_letters_is_held() -> None:
    assert problem(to(name="A" * 301)).path == "shipping_address.name"
    assert problem(good_order(customer=Party(email="a@example.test", last_name="é" * 301))).path == "customer.last_name"
    assert problems(to(name="A" * 300)) == ()


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("Ann\u202eeeL", "AnneeL"),                                 # direction override
        ("An\u200bn\ufeff Lee", "Ann Lee"),                         # zero-width
        ("Jose\u0301", "José"),                                     # NFD
        ("Ann\x00\x07 \t Lee", "Ann Lee"),                          # control characters
        ("王小明", "王小明"),
        ("Ann \U0001f600", "Ann \U0001f600"),
        ("می\u200cخواهم", "می\u200cخواهم"),                         # a joiner is spelling in Persian
        ("Ann\u200c Lee", "Ann Lee"),                               # and nothing in Latin
    ],
)
def test_names_are_stripped_of_what_cannot_be_seen(typed: str, clean: str) -> None:
    assert address(to(name=typed)).name == clean


def test_the_address_as_received_is_kept_when_it_is_changed() -> None:
    changed, unchanged = address(to(name="Ann\u202e", region_code="Kentucky")), address(to())

    assert changed.original is not None
    assert (changed.original["name"], changed.original["region_code"]) == ("Ann\u202e", "Kentucky")
    assert unchanged.original is None
