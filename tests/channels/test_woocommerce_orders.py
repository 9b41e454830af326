"""WooCommerce's orders and refunds in their variants: coupons, fees, variations, refunds, statuses, missing parts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from orderloom.declare import PassedOver
from orderloom_nodes.validate.findings import Findings
from orderloom_nodes.validate.totals import check_totals
from tests.nodes.capturing import captured, codes, order, without


def woo_line(**changes: Any) -> dict[str, Any]:
    return {
        "id": 315,
        "name": "Mug",
        "product_id": 93,
        "variation_id": 0,
        "quantity": 2,
        "tax_class": "",
        "sku": "MUG",
        "subtotal": "20.00",
        "subtotal_tax": "2.00",
        "total": "20.00",
        "total_tax": "2.00",
        "price": 10,
        "taxes": [{"id": 75, "total": "2.000000", "subtotal": "2.000000"}],
        "meta_data": [],
        **changes,
    }


def woo(**changes: Any) -> dict[str, Any]:
    return {
        "id": 727,
        "parent_id": 0,
        "number": "727",
        "order_key": "wc_order_58d2d042d1d",
        "status": "processing",
        "currency": "EUR",
        "date_created_gmt": "2026-03-02T19:28:02",
        "date_modified_gmt": "2026-03-02T19:28:08",
        "discount_total": "0.00",
        "discount_tax": "0.00",
        "shipping_total": "5.00",
        "shipping_tax": "0.50",
        "cart_tax": "2.00",
        "total": "27.50",
        "total_tax": "2.50",
        "prices_include_tax": False,
        "customer_id": 1,
        "customer_note": "ring twice",
        "payment_method": "bacs",
        "payment_method_title": "Bank",
        "date_paid_gmt": "2026-03-02T19:28:08",
        "created_via": "checkout",
        "billing": {
            "first_name": "Jo",
            "last_name": "Doe",
            "company": "",
            "address_1": "969 Market",
            "address_2": "",
            "city": "San Francisco",
            "state": "CA",
            "postcode": "94103",
            "country": "US",
            "email": "jo@example.test",
            "phone": "555",
        },
        "shipping": {
            "first_name": "Jo",
            "last_name": "Doe",
            "company": "",
            "address_1": "1 Elm",
            "address_2": "Apt 2",
            "city": "San Francisco",
            "state": "CA",
            "postcode": "94103",
            "country": "US",
        },
        "line_items": [woo_line()],
        "tax_lines": [
            {
                "id": 318,
                "rate_code": "VAT",
                "label": "Tax",
                "tax_total": "2.00",
                "shipping_tax_total": "0.50",
                "rate_percent": 10,
            }
        ],
        "shipping_lines": [
            {
                "id": 317,
                "method_title": "Flat",
                "method_id": "flat_rate",
                "total": "5.00",
                "total_tax": "0.50",
                "taxes": [],
            }
        ],
        "fee_lines": [],
        "coupon_lines": [],
        "refunds": [],
        **changes,
    }


COUPON = {
    "id": 1,
    "code": "SPRING",
    "discount": "4.00",
    "discount_tax": "0.40",
    "discount_type": "percent",
    "nominal_amount": 20,
}
COUPONED = {
    "line_items": [woo_line(total="16.00", total_tax="1.60")],
    "coupon_lines": [COUPON],
    "discount_total": "4.00",
    "discount_tax": "0.40",
    "total": "23.10",
    "total_tax": "2.10",
    "cart_tax": "1.60",
    "tax_lines": [{"label": "Tax", "tax_total": "1.60", "shipping_tax_total": "0.50"}],
}
FEE = {"id": 2, "name": "Gift wrap", "total": "3.00", "total_tax": "0.30", "taxes": []}
FEED = {
    "fee_lines": [FEE],
    "total": "30.80",
    "total_tax": "2.80",
    "tax_lines": [{"label": "Tax", "tax_total": "2.30", "shipping_tax_total": "0.50"}],
}
LESS = {
    "fee_lines": [{**FEE, "name": "Loyalty", "total": "-3.00", "total_tax": "-0.30"}],
    "total": "24.20",
    "total_tax": "2.20",
    "tax_lines": [{"label": "Tax", "tax_total": "1.70", "shipping_tax_total": "0.50"}],
}
FREE = {
    "line_items": [woo_line(subtotal="0", total="0", total_tax="0", taxes=[])],
    "shipping_lines": [],
    "total": "0.00",
    "tax_lines": [],
    "shipping_total": "0.00",
    "shipping_tax": "0.00",
    "cart_tax": "0.00",
    "total_tax": "0.00",
}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        COUPONED,
        FEED,
        LESS,
        FREE,
        {
            "line_items": [woo_line(), woo_line(id=316)],
            "total": "49.50",
            "total_tax": "4.50",
            "cart_tax": "4.00",
            "tax_lines": [{"label": "Tax", "tax_total": "4.00", "shipping_tax_total": "0.50"}],
        },
    ],
    ids=["plain", "coupon", "fee", "a fee below nothing", "free", "two lines"],
)
def test_the_sums_add_up(changes: dict[str, Any]) -> None:
    findings = Findings(())

    check_totals(order(woo(**changes)), findings)

    assert findings.errors == []


def test_a_coupon_is_a_discount_of_the_lines_and_whole_on_the_order() -> None:
    found = order(woo(**COUPONED))

    assert [(one.code, one.type, str(one.amount)) for one in found.discounts] == [("SPRING", "percentage", "4.00 EUR")]
    assert [str(one.amount) for one in found.lines[0].discounts] == ["4.00 EUR"]
    assert str(found.lines[0].line_total) == "16.00 EUR"


def test_a_fee_is_a_fee_and_one_below_nothing_a_discount() -> None:
    above, below = order(woo(**FEED)), order(woo(**LESS))

    assert [(fee.type, str(fee.amount)) for fee in above.fees] == [("Gift wrap", "3.00 EUR")]
    assert (below.fees, [(one.title, str(one.amount)) for one in below.discounts]) == ((), [("Loyalty", "3.00 EUR")])


def test_a_variation_keeps_what_was_chosen_and_both_of_its_ids() -> None:
    meta = [
        {"id": 1, "key": "pa_size", "value": "xl", "display_key": "Size", "display_value": "XL"},
        {"id": 2, "key": "_reduced_stock", "value": "2"},
    ]
    [line] = order(woo(line_items=[woo_line(variation_id=99, meta_data=meta, parent_name="Mug")])).lines

    assert [(one.name, one.value) for one in line.attributes] == [("Size", "XL")]
    assert {one.type: one.value for one in line.external_refs} == {"product": "93", "variant": "99"}


def test_an_empty_sku_stays_empty_and_is_not_guessed() -> None:
    assert order(woo(line_items=[woo_line(sku="")])).lines[0].sku == ""


def test_refunds_of_an_order_are_transactions_and_a_sum() -> None:
    found = order(woo(refunds=[{"id": 726, "reason": "", "total": "-10.00"}, {"id": 725, "total": "-2.50"}]))

    assert (found.payment.status, str(found.totals.refunded)) == ("partially_refunded", "12.50 EUR")
    assert [(one.kind, str(one.amount)) for one in found.payment.transactions] == [
        ("sale", "27.50 EUR"),
        ("refund", "10.00 EUR"),
        ("refund", "2.50 EUR"),
    ]


@pytest.mark.parametrize(
    ("status", "paid", "sent"),
    [
        ("pending", "pending", "unfulfilled"),
        ("processing", "pending", "unfulfilled"),
        ("on-hold", "pending", "on_hold"),
        ("completed", "unpaid", "fulfilled"),
        ("cancelled", "voided", "cancelled"),
        ("refunded", "refunded", "unfulfilled"),
        ("failed", "failed", "cancelled"),
        ("wc-shipped", "unpaid", "unfulfilled"),
        ("checkout-draft", "unpaid", "unfulfilled"),
    ],
)
def test_a_status_says_what_it_says_of_money_and_of_parcels(status: str, paid: str, sent: str) -> None:
    found = order(woo(status=status, date_paid_gmt=None))

    assert (found.payment.status, found.fulfillment_status) == (paid, sent)


def test_an_empty_shipping_address_means_that_of_the_bill() -> None:
    empty = dict.fromkeys(woo()["shipping"], "")

    found = order(woo(shipping=empty)).shipping_address

    assert found is not None
    assert found.address_lines == ("969 Market",)


def test_a_local_pickup_is_collected() -> None:
    found = order(
        woo(
            shipping_lines=[{"id": 1, "method_id": "local_pickup", "method_title": "Shop", "total": "0.00"}],
            shipping_total="0.00",
        )
    )

    assert found.is_collected


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"id": None}, "V010"),
        ({"currency": None}, "V010"),
        ({"currency": "EURO"}, "V015"),
        ({"total": None}, "V010"),
        ({"total": "27,50"}, "V012"),
        ({"total": "27.505"}, "V013"),
        ({"line_items": []}, "V019"),
        ({"line_items": [woo_line(quantity=0)]}, "V018"),
        ({"line_items": [woo_line(quantity=1.5)]}, "V018"),
        ({"line_items": [woo_line(), woo_line()]}, "V020"),
        ({"date_created_gmt": "soon"}, "V017"),
        ({"date_created_gmt": None, "date_created": "2026-03-02T10:00:00"}, "V017"),
        ({"billing": "none"}, "V011"),
    ],
)
def test_what_is_wrong_is_told(changes: dict[str, Any], code: str) -> None:
    assert code in codes(woo(**changes))


def test_what_plugins_add_is_kept_and_the_buyers_key_is_not() -> None:
    kept = json.dumps(order(woo(_wc_order_attribution={"source": "ads"})).metadata)

    assert "ads" in kept
    assert "wc_order_58d2d042d1d" not in kept


def refund(**changes: Any) -> dict[str, Any]:
    back = woo_line(id=330, quantity=-1, total="-10.00", meta_data=[{"key": "_refunded_item_id", "value": "315"}])
    return {
        "id": 726,
        "date_created_gmt": "2026-03-05T20:07:11",
        "amount": "10.00",
        "reason": "broken",
        "refunded_by": 1,
        "line_items": [back],
        "_links": {"up": [{"href": "https://x/wp-json/wc/v3/orders/727"}]},
        **changes,
    }


def test_a_refund_of_goods_is_a_return_that_names_the_lines_of_its_order() -> None:
    [found] = captured(refund(), document="return")

    assert (found.request.return_id, found.request.order_id) == ("woocommerce:main:726", order(woo()).order_id)
    assert [(line.line_id, line.quantity) for line in found.request.lines] == [("315", 1)]


def test_a_refund_of_money_alone_brings_nothing_back(shared: Path) -> None:
    [found] = captured((shared / "data/woocommerce/refund_726.json").read_bytes(), document="return")

    assert isinstance(found, PassedOver)


def test_a_refund_that_names_no_order_is_told() -> None:
    assert codes(without(refund(), "_links"), document="return") == ["V010"]


def test_the_sample_of_the_documentation_is_read(shared: Path) -> None:
    found = order((shared / "data/woocommerce/order_727_processing.json").read_bytes())

    assert (found.order_id, str(found.totals.grand_total), len(found.lines)) == ("woocommerce:main:727", "29.35 USD", 2)
