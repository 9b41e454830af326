"""Shopify's order, as published and of every vintage, in the canonical form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from orderloom.model import Money, Order, Pickup

from .capturing import captured, codes, item, order, problems, shopify, without


def bag(amount: str, currency: str = "USD", seen: str = "1.00", seen_in: str = "NOK") -> dict[str, Any]:
    return {
        "shop_money": {"amount": amount, "currency_code": currency},
        "presentment_money": {"amount": seen, "currency_code": seen_in},
    }


def usd(amount: str) -> Money:
    return Money.of(amount, "USD")


def units(found: Order) -> list[tuple[int, int, int, int]]:
    return [
        (line.quantity, line.quantity_cancelled, line.quantity_shipped, line.quantity_returned) for line in found.lines
    ]


def refund(quantity: int, kind: str | None, **transaction: Any) -> dict[str, Any]:
    return {
        "id": 1,
        "refund_line_items": [{"line_item_id": 11, "quantity": quantity, **({"restock_type": kind} if kind else {})}],
        "transactions": [
            {"id": 2, "kind": "refund", "status": "success", "amount": "18.50", "currency": "USD", **transaction}
        ],
    }


def shipped(quantity: int, status: str | None = "success") -> dict[str, Any]:
    return {"id": 3, "status": status, "line_items": [{"id": 11, "quantity": quantity}]}


def test_the_published_example_is_captured_whole(shared: Path) -> None:
    found = order((shared / "data/shopify/order.json").read_bytes())

    assert (found.order_id, found.order_number, found.currency) == ("shopify:main:450789469", "1001", "USD")
    assert found.model_dump(mode="json")["ordered_at"] == "2008-01-10T16:00:00Z"
    assert found.revision == 1199980800
    assert [line.sku for line in found.lines] == ["IPOD2008GREEN", "IPOD2008RED", "IPOD2008BLACK"]
    assert units(found) == [(1, 0, 0, 0)] * 3  # its one fulfilment failed
    assert (found.payment.status, found.fulfillment_status, found.return_status) == (
        "authorized",
        "unfulfilled",
        "none",
    )
    assert (found.totals.grand_total, found.totals.subtotal, found.totals.tax) == (
        usd("409.94"),
        usd("398.00"),
        usd("11.94"),
    )
    assert [(discount.code, discount.amount) for discount in found.discounts] == [("TENOFF", usd("10.00"))]
    assert found.shipping_address is not None
    assert (found.shipping_address.postal_code, found.shipping_address.latitude) == ("40202", 45.41634)
    assert found.lines[0].attributes[0].value == "Happy Birthday"


def test_a_draft_order_is_an_order_of_type_draft(shared: Path) -> None:
    found = order((shared / "data/shopify/draft_order.json").read_bytes())

    assert (found.order_type, found.payment.status, found.order_number) == ("draft", "unpaid", "D1")
    assert [(line.line_id, line.sku) for line in found.lines] == [("line-1", "IPOD2008GREEN"), ("line-2", "")]
    assert found.lines[1].discounts[0].title == "Custom"
    assert found.shipping_lines[0].price == Money.of("20.00", "CAD")


@pytest.mark.parametrize(
    "file",
    [
        "refund",
        "refund_calculate",
        "fulfillment",
        "go_fulfillment_send",
        "locations",
        "inventory_levels",
        "disputes",
        "shipping_zones",
    ],
)
def test_what_is_no_order_is_refused(shared: Path, file: str) -> None:
    assert codes((shared / f"data/shopify/{file}.json").read_bytes())[0] in {"V001", "V003"}


@pytest.mark.parametrize("told", [450789469, "450789469"])
def test_an_id_may_be_a_number_or_text(told: Any) -> None:
    assert order(shopify(id=told)).order_id == "shopify:main:450789469"


def test_an_order_number_is_kept_as_it_is_printed() -> None:
    assert order(shopify(name="#EU-1001-A")).order_number == "EU-1001-A"
    assert order(without(shopify(), "name")).order_number == "1001"


def test_a_later_change_has_a_higher_revision() -> None:
    assert order(shopify(updated_at="2026-03-02T08:33:00-08:00")).revision > order(shopify()).revision


@pytest.mark.parametrize(
    "moment",
    ["2026-03-02T16:31:04Z", "2026-03-02T08:31:04-08:00", "2026/03/02 08:31:04 -0800", "2026-03-02T08:31:04.000-08:00"],
)
def test_moments_of_every_version_are_read(moment: str) -> None:
    assert order(shopify(created_at=moment)).model_dump(mode="json")["ordered_at"] == "2026-03-02T16:31:04Z"


@pytest.mark.parametrize(
    "moment", ["2026-03-02T08:31:04", "2026-02-30T08:31:04Z", "yesterday", 1772445600, "2026-03-02"]
)
def test_a_moment_without_offset_or_calendar_is_a_problem(moment: Any) -> None:
    assert codes(shopify(created_at=moment)) == ["V017"]


@pytest.mark.parametrize(
    ("price", "code"),
    [
        ("1,234.50", "V012"),
        ("NaN", "V012"),
        ("19.999", "V013"),
        ("-5.00", "V014"),
        (["5"], "V011"),
        ({"amount": 1}, "V011"),
        (True, "V011"),
        ("$5", "V012"),
        ("9" * 16, "V012"),
        ("1e3", "V012"),
        (None, "V010"),
        ("", "V010"),
    ],
)
def test_a_price_that_is_no_price_is_a_problem_with_its_path(price: Any, code: str) -> None:
    found = problems(shopify(line_items=[item(price=price)]))

    assert [problem.code for problem in found] == [code]
    assert "`line_items[0].price`" in found[0].message


def test_money_is_exact_and_has_the_digits_of_its_currency() -> None:
    found = order(
        shopify(
            currency="JPY",
            total_price="1000.00",
            total_line_items_price="1000",
            line_items=[item(price="500.00")],
            shipping_lines=[],
        )
    )

    assert str(found.totals.grand_total) == "1000 JPY"
    assert str(found.lines[0].line_total) == "1000 JPY"
    assert (
        codes(shopify(currency="JPY", total_price="10.005", line_items=[item(price="5")], shipping_lines=[]))
        == ["V013"] * 1
    )
    assert str(order(shopify(currency="KWD", total_price="0.125")).totals.grand_total) == "0.125 KWD"


def test_amounts_are_the_shops_and_the_buyers_currency_is_kept_apart() -> None:
    found = order(shopify(presentment_currency="NOK", total_price_set=bag("44.95", seen="476.47")))

    assert (found.currency, found.presentment_currency) == ("USD", "NOK")
    assert found.totals.grand_total == usd("44.95")
    assert found.metadata["shopify"]["total_price_set"]["presentment_money"]["amount"] == "476.47"


def test_a_bag_serves_where_the_plain_amount_is_missing() -> None:
    document = without(
        shopify(total_price_set=bag("44.95"), line_items=[without(item(price_set=bag("18.50")), "price")]),
        "total_price",
    )

    assert order(document).totals.grand_total == usd("44.95")
    assert order(document).lines[0].unit_price == usd("18.50")


def test_two_currencies_in_one_order_are_a_problem() -> None:
    found = problems(shopify(total_price_set=bag("44.95", "EUR")))

    assert [(problem.code, problem.message) for problem in found] == [
        ("V016", "`total_price_set` is in `EUR`, but the order is in USD")
    ]


@pytest.mark.parametrize("currency", ["usd", "BTC", "Dollars", 7])
def test_an_unknown_currency_is_one_problem_and_not_one_for_every_amount(currency: Any) -> None:
    assert codes(shopify(currency=currency)) == ["V015"]


def test_fulfilments_that_did_not_succeed_ship_nothing() -> None:
    for status in ("failure", "cancelled", "error", "open", "pending"):
        assert units(order(shopify(fulfillments=[shipped(2, status)]))) == [(2, 0, 0, 0)]
    assert units(order(shopify(fulfillments=[shipped(1), shipped(1)]))) == [(2, 0, 2, 0)]


def test_without_fulfilments_the_lines_own_status_tells() -> None:
    assert units(order(shopify(line_items=[item(fulfillment_status="fulfilled", fulfillable_quantity=0)]))) == [
        (2, 0, 2, 0)
    ]
    assert units(order(shopify(line_items=[item(fulfillment_status="partial", fulfillable_quantity=1)]))) == [
        (2, 0, 1, 0)
    ]


@pytest.mark.parametrize(
    ("fulfillments", "refunds", "expected"),
    [
        ([], [refund(1, "cancel")], (2, 1, 0, 0)),
        ([shipped(2)], [refund(1, "return")], (2, 0, 2, 1)),
        ([shipped(2)], [refund(1, "no_restock")], (2, 0, 2, 1)),
        ([shipped(1)], [refund(2, "legacy_restock")], (2, 1, 1, 1)),
        ([shipped(1)], [refund(1, None)], (2, 1, 1, 0)),
        ([shipped(1)], [refund(1, "return")], (2, 0, 1, 1)),
        ([], [refund(5, "cancel")], (2, 2, 0, 0)),
    ],
)
def test_refunded_units_were_cancelled_before_they_left_or_returned_after(
    fulfillments: Any, refunds: Any, expected: Any
) -> None:
    assert units(order(shopify(fulfillments=fulfillments, refunds=refunds))) == [expected]


def test_units_that_an_edit_removed_are_cancelled() -> None:
    assert units(order(shopify(line_items=[item(current_quantity=1)]))) == [(2, 1, 0, 0)]


def test_what_was_refunded_is_the_sum_of_the_successful_transactions() -> None:
    found = order(
        shopify(refunds=[refund(1, "cancel"), refund(0, None, status="failure"), refund(0, None, amount="1.00")])
    )

    assert found.totals.refunded == usd("19.50")


def in_euros(**more: Any) -> dict[str, Any]:
    return {**refund(1, "cancel", currency="EUR", amount="17.00"), **more}


@pytest.mark.parametrize(
    ("given_back", "expected"),
    [
        (in_euros(), None),
        (refund(1, "cancel", currency="EUR", amount_set=bag("18.50")), "18.50"),
        (
            in_euros(refund_line_items=[{"line_item_id": 11, "quantity": 1, "subtotal": 18.5, "total_tax": 1.5}]),
            "20.00",
        ),
        (
            in_euros(
                refund_line_items=[
                    {"line_item_id": 11, "quantity": 1, "subtotal": 18.499999999999998, "subtotal_set": bag("18.50")}
                ],
                order_adjustments=[{"amount": "-7.95", "tax_amount": "0.00"}],
            ),
            "26.45",
        ),
        (in_euros(refund_line_items=[{"line_item_id": 11, "quantity": 1, "subtotal": "much"}]), None),
        ({"id": 1, "transactions": []}, None),
    ],
    ids=["unknown", "by the bag", "by the goods", "by the goods' bags and shipping", "odd", "nothing"],
)
def test_a_refund_in_the_buyers_currency_counts_in_the_shops_or_is_not_known(
    given_back: dict[str, Any], expected: str | None
) -> None:
    found = order(shopify(financial_status="partially_refunded", presentment_currency="EUR", refunds=[given_back]))

    assert found.totals.refunded == (usd(expected) if expected else None)


def test_the_total_after_an_edit_is_kept_where_it_is_another_and_never_spoils_an_order() -> None:
    assert order(shopify(current_total_price="26.45")).totals.current_total == usd("26.45")
    assert order(shopify(current_total_price="44.95")).totals.current_total is None
    assert order(shopify(current_total_price="-1,5")).totals.current_total is None


def test_an_order_to_be_picked_up_says_so_with_its_location_where_one_is_told() -> None:
    store = {"title": "Main Street Store", "code": "Main Street Store", "price": "0.00", "delivery_category": "pickup"}
    by_code = {"title": "Local Pickup", "code": "local pickup", "price": "0.00"}
    sent = {"title": "Standard", "code": "Standard", "price": "7.95"}

    assert order(shopify(shipping_lines=[store], shipping_address=None, location_id=655441491)).pickup == Pickup(
        location_id="655441491"
    )
    assert order(shopify(shipping_lines=[by_code], shipping_address=None)).pickup == Pickup()
    assert order(shopify(shipping_lines=[by_code])).pickup is None
    assert order(shopify(shipping_lines=[store, sent], shipping_address=None)).pickup is None
    assert order(shopify(location_id=1)).pickup is None


@pytest.mark.parametrize(
    "change",
    [
        {"transactions": [{"id": 1, "kind": ["x"], "status": "success", "amount": "1.00"}]},
        {"transactions": [{"id": 1, "kind": {}, "status": "success", "amount": "1.00"}]},
        {"fulfillments": [{"status": ["x"], "line_items": []}]},
        {"refunds": [{"refund_line_items": [{"line_item_id": 11, "quantity": 1, "restock_type": []}]}]},
        {"refunds": [{"refund_line_items": [{"line_item_id": {}, "quantity": 1}]}]},
        {"returns": [{"status": {}}]},
        {"id": 1.5},
    ],
)
def test_a_value_of_the_wrong_kind_is_a_problem_at_its_place(change: dict[str, Any]) -> None:
    assert codes(shopify(**change)) == ["V011"]


def test_gateways_of_the_wrong_kind_say_nothing_of_the_terms() -> None:
    assert order(shopify(gateway=None, payment_gateway_names=5)).payment.terms is None


def test_statuses_in_capitals_are_the_same_statuses() -> None:
    shipped_line = item(fulfillment_status="FULFILLED")
    found = order(
        shopify(financial_status="PARTIALLY_REFUNDED", fulfillment_status="FULFILLED", line_items=[shipped_line])
    )

    assert (found.payment.status, found.fulfillment_status) == ("partially_refunded", "fulfilled")
    assert units(found) == [(2, 0, 2, 0)]


def test_a_whole_id_is_taken_however_it_is_written() -> None:
    found = {order(shopify(id=written)).order_id for written in ("450789469", 450789469, 450789469.0)}

    assert found == {"shopify:main:450789469"}


def test_of_nanoseconds_the_microseconds_are_kept() -> None:
    found = order(shopify(created_at="2026-03-02T08:31:04.123456789Z"))

    assert found.ordered_at.isoformat() == "2026-03-02T08:31:04.123456+00:00"


@pytest.mark.parametrize(
    ("told", "ours"),
    [
        ("pending", "pending"),
        ("authorized", "authorized"),
        ("partially_paid", "partially_paid"),
        ("paid", "paid"),
        ("expired", "voided"),
        ("partially_refunded", "partially_refunded"),
        ("refunded", "refunded"),
        ("voided", "voided"),
        (None, "unpaid"),
    ],
)
def test_the_financial_status_becomes_the_payment_status(told: str | None, ours: str) -> None:
    assert order(shopify(financial_status=told)).payment.status == ours


@pytest.mark.parametrize(
    ("told", "ours"),
    [
        (None, "unfulfilled"),
        ("fulfilled", "fulfilled"),
        ("partial", "partially_fulfilled"),
        ("restocked", "cancelled"),
        ("pending", "unfulfilled"),
    ],
)
def test_the_fulfilment_status_is_its_own_axis(told: str | None, ours: str) -> None:
    assert order(shopify(fulfillment_status=told)).fulfillment_status == ours


def test_a_cancelled_order_keeps_when_and_why() -> None:
    found = order(shopify(cancelled_at="2026-03-03T00:00:00Z", cancel_reason="customer"))

    assert (found.cancel_reason, found.fulfillment_status) == ("customer", "cancelled")
    assert order(shopify(cancelled_at="2026-03-03T00:00:00Z", cancel_reason="bored")).cancel_reason == "other"


def test_discounts_are_whole_on_the_order_and_shared_on_the_lines() -> None:
    found = order(
        shopify(
            total_discounts="3.70",
            discount_applications=[
                {
                    "type": "discount_code",
                    "code": "TEN",
                    "value": "10.0",
                    "value_type": "percentage",
                    "target_type": "line_item",
                }
            ],
            line_items=[item(discount_allocations=[{"amount": "3.70", "discount_application_index": 0}])],
        )
    )

    assert [(discount.code, discount.type, discount.amount) for discount in found.discounts] == [
        ("TEN", "percentage", usd("3.70"))
    ]
    assert found.lines[0].line_total == usd("33.30")
    assert found.totals.discount == usd("3.70")


def test_a_discount_on_shipping_counts_in_the_whole_discount_once() -> None:
    line = {
        "title": "Standard",
        "price": "7.95",
        "discounted_price": "0.00",
        "discount_allocations": [{"amount": "7.95", "discount_application_index": 0}],
    }

    for told in ("7.95", "0.00"):
        found = order(
            shopify(
                total_discounts=told,
                shipping_lines=[line],
                discount_codes=[{"code": "FREE", "amount": "7.95", "type": "shipping"}],
            )
        )

        assert (found.totals.shipping, found.totals.discount) == (usd("7.95"), usd("7.95"))
        assert found.discounts[0].type == "free_shipping"


def test_an_old_line_discount_without_allocations_is_kept() -> None:
    assert order(shopify(line_items=[item(total_discount="5.00")])).lines[0].line_total == usd("32.00")


def test_a_tip_is_a_fee_and_never_a_line_to_ship() -> None:
    found = order(
        shopify(
            total_tip_received="4.00",
            line_items=[item(), item(id=12, title="Tip", price="4.00", quantity=1, tip={"payment_gateway": "x"})],
        )
    )

    assert len(found.lines) == 1
    assert [(fee.type, fee.amount) for fee in found.fees] == [("tip", usd("4.00"))]


def test_duties_are_a_fee() -> None:
    assert order(shopify(original_total_duties_set=bag("12.00"))).totals.fees == usd("12.00")


def test_a_gift_card_needs_no_shipping() -> None:
    line = order(shopify(line_items=[item(gift_card=True, requires_shipping=False, sku=None, grams=0)])).lines[0]

    assert (line.gift_card, line.requires_shipping, line.sku, line.weight) == (True, False, "", None)


@pytest.mark.parametrize(
    "customer", [None, {}, {"id": 1}, {"id": 1, "email": None, "first_name": None, "default_address": None}]
)
def test_an_order_is_captured_however_little_is_told_of_the_customer(customer: Any) -> None:
    found = order(shopify(customer=customer))

    assert found.customer is not None
    assert found.customer.email == "ann@example.test"


def test_without_customer_email_and_phone_there_is_no_party() -> None:
    assert order(without(shopify(), "email")).customer is None


def test_an_address_without_country_code_is_known_by_its_country_name() -> None:
    names = {
        "United States": "US",
        "Norway": "NO",
        "Côte d'Ivoire": "CI",
        "czech republic": "CZ",
        "Korea, Republic of": "KR",
        "gb": "GB",
        "Atlantis": "",
    }
    for name, code in names.items():
        found = order(shopify(shipping_address={"address1": "Street 1", "city": "C", "country": name, "zip": 155}))

        assert found.shipping_address is not None
        assert (found.shipping_address.country_code, found.shipping_address.postal_code) == (code, "155")


@pytest.mark.parametrize("address", [None, {}, {"address1": None, "city": None}])
def test_an_address_of_which_nothing_is_told_is_none(address: Any) -> None:
    assert order(shopify(shipping_address=address)).shipping_address is None


def test_a_redacted_address_keeps_what_is_left() -> None:
    found = order(
        shopify(
            shipping_address={
                "province": "Oregon",
                "country": "United States",
                "country_code": "US",
                "province_code": "OR",
                "address1": None,
            }
        )
    )

    assert found.shipping_address is not None
    assert (found.shipping_address.address_lines, found.shipping_address.region_code) == ((), "OR")


@pytest.mark.parametrize(
    ("value", "kept"), [("45.41634", 45.41634), (45.41634, 45.41634), (None, None), ("", None), (400, None)]
)
def test_coordinates_come_as_text_or_number_or_not_at_all(value: Any, kept: float | None) -> None:
    found = order(shopify(shipping_address={"address1": "S", "country_code": "US", "latitude": value, "longitude": 1}))

    assert found.shipping_address is not None
    assert found.shipping_address.latitude == kept


@pytest.mark.parametrize(
    "properties", [[{"name": "engraving", "value": "Ann"}], {"engraving": "Ann"}, {"name": "engraving", "value": "Ann"}]
)
def test_what_the_buyer_wrote_on_a_line_is_kept_in_either_shape(properties: Any) -> None:
    (attribute,) = order(shopify(line_items=[item(properties=properties)])).lines[0].attributes

    assert (attribute.name, attribute.value) == ("engraving", "Ann")


def test_transactions_keep_kind_status_and_the_last_four_digits() -> None:
    told = {
        "id": 9,
        "kind": "sale",
        "status": "failure",
        "amount": "44.95",
        "gateway": "bogus",
        "error_code": "card_declined",
        "payment_details": {"credit_card_number": "•••• •••• •••• 4242", "credit_card_company": "Visa"},
    }

    (found,) = order(shopify(transactions=[told])).payment.transactions

    assert (found.kind, found.status, found.decline_code) == ("sale", "failure", "card_declined")
    assert found.card is not None
    assert (found.card.brand, found.card.last4) == ("Visa", "4242")


def test_a_transaction_keeps_the_currency_it_was_made_in() -> None:
    (found,) = order(
        shopify(transactions=[{"id": 9, "kind": "sale", "status": "success", "amount": "476.47", "currency": "NOK"}])
    ).payment.transactions

    assert str(found.amount) == "476.47 NOK"


def test_a_test_order_is_tagged() -> None:
    assert order(shopify(tags="vip, wholesale", test=True)).tags == ("vip", "wholesale", "test")


def test_a_removed_way_of_delivery_is_left_out() -> None:
    lines = [{"title": "Old", "price": "9.00", "is_removed": True}, {"title": "New", "price": "7.95"}]

    assert [line.title for line in order(shopify(shipping_lines=lines)).shipping_lines] == ["New"]


def test_what_has_no_place_of_its_own_stays_in_the_metadata_but_no_token() -> None:
    found = order(
        shopify(
            note_attributes=[{"name": "colour", "value": "green"}],
            token="secret",
            order_status_url="https://…?key=secret",
            total_weight=0.5,
        )
    )

    assert found.metadata == {
        "shopify": {"note_attributes": [{"name": "colour", "value": "green"}], "total_weight": "0.5"}
    }
    assert "secret" not in found.model_dump_json()


def test_the_content_hash_tells_two_documents_apart() -> None:
    first, second = order(shopify()), order(shopify(note="x"))

    assert first.raw is not None
    assert second.raw is not None
    assert first.raw.sha256 != second.raw.sha256


@pytest.mark.parametrize("name", ["id", "created_at", "currency", "total_price", "line_items"])
def test_a_field_that_an_order_cannot_do_without_is_missed_by_name(name: str) -> None:
    found = problems(without(shopify(), name), format="shopify")

    assert [(problem.code, problem.message) for problem in found] == [("V010", f"`{name}` is missing")]


def test_two_lines_of_one_id_are_told_apart_by_a_problem() -> None:
    assert codes(shopify(line_items=[item(), item()])) == ["V020"]


def test_ten_thousand_lines_are_legal_and_one_more_is_not() -> None:
    lines = [item(id=number) for number in range(10_001)]

    assert len(order(shopify(line_items=lines[:-1])).lines) == 10_000
    assert codes(shopify(line_items=lines)) == ["V021"]


def test_capturing_changes_nothing_of_a_value_that_is_odd_but_legal() -> None:
    name = "Z͑ôë 🇨🇳 \u202etxt\u200b " + "x" * 300

    found = captured(shopify(shipping_address={"name": name, "address1": name, "country_code": "CN"}))[0].order

    assert found.shipping_address.name == name


def test_a_rate_keeps_every_digit_that_the_shop_wrote() -> None:
    text = b'{"tax_lines": [{"title": "Tax", "price": "3.05", "rate": 0.08249999999999999}], '

    (tax,) = order(text + json.dumps(shopify()).encode()[1:]).taxes

    assert str(tax.rate) == "0.08249999999999999"


def test_an_id_beyond_all_limits_is_a_problem_and_no_traceback() -> None:
    assert codes(shopify(id="9" * 300)) == ["V021"]
    assert codes(shopify(customer={"id": "9" * 300})) == ["V021"]
