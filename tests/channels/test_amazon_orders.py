"""Amazon's orders, v0 and 2026-01-01: both shapes are the same canonical order, whatever is missing or cancelled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from orderloom.declare import PassedOver, Unreadable
from orderloom.model import Order
from orderloom_nodes.validate.findings import Findings
from orderloom_nodes.validate.totals import check_totals
from tests.nodes.capturing import captured, codes, order, problems, without

from .amazon import dollars, item_2026, item_v0, order_2026, order_v0, part, usd

_OWN = {"raw", "metadata"}  # what the channel sent is not the same, and what it comes to is


def same(one: Order, other: Order) -> bool:
    return one.model_dump(exclude=_OWN) == other.model_dump(exclude=_OWN)


def test_both_shapes_of_an_order_are_the_same_canonical_order() -> None:
    old, new = order(order_v0()), order(order_2026())

    collected = {"taxes": (), "shipping_lines": ()}  # only v0 says who collects the tax
    taken = [one.model_copy(update={**collected, "lines": tuple(
        line.model_copy(update={"taxes": ()}) for line in one.lines)}) for one in (old, new)]
    assert same(*taken)
    assert [tax.amount for tax in old.lines[0].taxes] == [tax.amount for tax in new.lines[0].taxes]
    assert old.totals == new.totals


def test_an_order_says_what_amazon_said() -> None:
    found = order(order_v0())

    assert found.order_id == "amazon:main:111-1111111-1111111"
    assert found.channel.model_dump(exclude_none=True) == {
        "type": "amazon", "account_id": "main", "marketplace_id": "ATVPDKIKX0DER", "source": "Amazon.com",
        "fulfilled_by": "merchant",
    }
    assert found.purchase_order_number == "PO-7"
    assert (found.payment.status, found.fulfillment_status) == ("paid", "unfulfilled")
    [line] = found.lines
    assert (line.line_id, line.sku, line.quantity, str(line.unit_price)) == ("501", "MUG-BLUE", 2, "20.00 USD")
    assert str(line.line_total) == "36.00 USD"
    assert [(one.code, str(one.amount)) for one in line.discounts] == [("SPRING", "4.00 USD")]
    assert found.shipping_preferences is not None
    assert (found.shipping_preferences.gift, found.shipping_preferences.gift_message) == (True, "For you!")
    assert [(fee.type, str(fee.amount)) for fee in found.fees] == [("gift_wrap", "2.00 USD")]
    assert found.tags == ("prime",)


def test_tax_that_the_marketplace_collects_says_so() -> None:
    assert order(order_v0()).lines[0].taxes[0].title == "tax, collected by Amazon Services, Inc."


@pytest.mark.parametrize("document", [order_v0(), order_2026()], ids=["v0", "2026"])
def test_the_sums_of_an_order_add_up(document: dict[str, Any]) -> None:
    found, findings = order(document), Findings(())

    check_totals(found, findings)

    assert findings.errors == []
    assert {name: str(value) for name, value in found.totals if value is not None} == {
        "subtotal": "40.00 USD", "discount": "4.00 USD", "shipping": "5.00 USD", "fees": "2.00 USD",
        "tax": "3.60 USD", "grand_total": "46.60 USD",
    }
    assert not found.taxes_included


def test_where_prices_hold_the_tax_the_sums_tell_so() -> None:
    net = order_v0(OrderTotal=usd("43.00"))

    assert order(net).taxes_included


def test_promise_windows_are_kept() -> None:
    promise = order(order_v0()).promise

    assert promise is not None
    told = promise.model_dump(mode="json", exclude_none=True)
    assert told == {
        "ship_by": "2026-03-03T07:59:59Z", "earliest_delivery": "2026-03-05T08:00:00Z",
        "latest_delivery": "2026-03-09T07:59:59Z", "service_level": "standard", "source": "marketplace",
    }


@pytest.mark.parametrize(
    ("document", "by"),
    [
        (order_v0(FulfillmentChannel="AFN"), "marketplace"),
        (order_v0(FulfillmentChannel="MFN"), "merchant"),
        (order_2026(fulfillment={"fulfillmentStatus": "SHIPPED", "fulfilledBy": "AMAZON"}), "marketplace"),
        (order_2026(fulfillment={"fulfillmentStatus": "UNSHIPPED", "fulfilledBy": "MERCHANT"}), "merchant"),
    ],
)
def test_who_sends_it_is_told(document: dict[str, Any], by: str) -> None:
    assert order(document).channel.fulfilled_by == by


def test_an_address_that_amazon_hides_is_kept_as_far_as_it_is_told() -> None:
    hidden = {"City": "Portland", "StateOrRegion": "OR", "PostalCode": "97204", "CountryCode": "US"}

    found = order(order_v0(ShippingAddress=hidden, BuyerInfo={})).shipping_address

    assert found is not None
    assert (found.name, found.address_lines, found.city, found.country_code) == (None, (), "Portland", "US")
    assert order(without(order_v0(), "ShippingAddress", "BuyerInfo")).shipping_address is None
    assert order(without(order_2026(), "recipient", "buyer")).customer is None


@pytest.mark.parametrize(
    ("status", "ours", "paid"),
    [
        ("Unshipped", "unfulfilled", "paid"),
        ("PartiallyShipped", "partially_fulfilled", "paid"),
        ("Shipped", "fulfilled", "paid"),
        ("InvoiceUnconfirmed", "fulfilled", "paid"),
        ("Unfulfillable", "on_hold", "paid"),
        ("Pending", "on_hold", "pending"),
        ("PendingAvailability", "on_hold", "pending"),
        ("Canceled", "cancelled", "voided"),
    ],
)
def test_each_status_of_v0_is_one_of_ours(status: str, ours: str, paid: str) -> None:
    found = order(order_v0(OrderStatus=status))

    assert (found.fulfillment_status, found.payment.status) == (ours, paid)


@pytest.mark.parametrize(
    ("status", "ours"),
    [
        ("UNSHIPPED", "unfulfilled"),
        ("PARTIALLY_SHIPPED", "partially_fulfilled"),
        ("SHIPPED", "fulfilled"),
        ("UNFULFILLABLE", "on_hold"),
        ("PENDING_AVAILABILITY", "on_hold"),
        ("CANCELLED", "cancelled"),
    ],
)
def test_each_status_of_2026_is_one_of_ours(status: str, ours: str) -> None:
    found = order(order_2026(fulfillment={"fulfillmentStatus": status, "fulfilledBy": "MERCHANT"}))

    assert found.fulfillment_status == ours


def test_a_status_that_is_not_known_is_refused_and_not_taken_for_another() -> None:
    assert codes(order_v0(OrderStatus="Teleported")) == ["V022"]
    assert codes(order_2026(fulfillment={"fulfillmentStatus": "TELEPORTED"})) == ["V022"]


@pytest.mark.parametrize(
    "document",
    [
        without(order_v0(OrderStatus="Pending"), "OrderTotal", "OrderItems"),
        without(order_2026(fulfillment={"fulfillmentStatus": "PENDING"}), "proceeds"),
    ],
    ids=["v0", "2026"],
)
def test_a_pending_order_whose_price_is_kept_back_is_left_out_with_the_reason(document: dict[str, Any]) -> None:
    [found] = captured(document)

    assert isinstance(found, PassedOver)
    assert found.reason.startswith("pending at Amazon")


def test_a_cancelled_order_has_its_moment_and_no_open_units() -> None:
    found = order(order_v0(OrderStatus="Canceled"))

    assert str(found.cancelled_at) == "2026-03-02 10:00:00+00:00"
    assert [(line.quantity, line.quantity_cancelled, line.quantity_open) for line in found.lines] == [(2, 2, 0)]


def test_a_cancelled_item_of_no_units_is_left_out_where_others_are_left() -> None:
    gone = without(item_v0(OrderItemId="502", QuantityOrdered=0), "ItemPrice", "PromotionDiscount", "BuyerInfo")

    assert [line.line_id for line in order(order_v0(OrderItems=[gone, item_v0()])).lines] == ["501"]


def test_an_order_of_nothing_but_cancelled_items_is_still_an_order() -> None:
    gone = {"OrderItemId": "502", "SellerSKU": "MUG", "QuantityOrdered": 0}
    found = order(without(order_v0(OrderStatus="Canceled", OrderItems=[gone]), "OrderTotal"))

    assert [(line.quantity, line.quantity_cancelled) for line in found.lines] == [(1, 1)]
    assert found.totals.grand_total.amount == 0


def test_units_that_were_cancelled_of_an_item_are_told_in_2026() -> None:
    item = item_2026(
        quantityOrdered=3,
        fulfillment={"quantityFulfilled": 1, "quantityUnfulfilled": 1},
        cancellation={"cancellationExecution": {"cancelledBy": "BUYER"}},
    )

    [line] = order(order_2026(orderItems=[item])).lines

    assert (line.quantity_shipped, line.quantity_cancelled, line.quantity_open) == (1, 1, 1)


@pytest.mark.parametrize(
    "document",
    [
        order_v0(OrderItems=[item_v0(BuyerRequestedCancel={"IsBuyerRequestedCancel": "true"})]),
        order_2026(orderItems=[item_2026(cancellation={"cancellationRequest": {"requester": "BUYER"}})]),
    ],
)
def test_a_buyer_who_asks_to_cancel_is_heard(document: dict[str, Any]) -> None:
    assert "cancel-requested" in order(document).tags


def test_a_replacement_names_the_order_that_it_replaces() -> None:
    old = order(order_v0(IsReplacementOrder="true", ReplacedOrderId="111-0000000-0000000"))
    new = order(order_2026(associatedOrders=[
        {"orderId": "111-0000000-0000000", "associationType": "REPLACEMENT_ORIGINAL_ID"}]))

    assert old.order_type == new.order_type == "replacement"
    assert old.original_order_id == new.original_order_id == "amazon:main:111-0000000-0000000"


def test_cash_on_delivery_is_not_paid_yet() -> None:
    found = order(order_v0(PaymentMethod="COD", PaymentExecutionDetail=[
        {"Payment": usd("46.60"), "PaymentMethod": "COD"}]))

    assert (found.payment.status, found.payment.terms and found.payment.terms.type) == ("pending", "cod")
    assert found.payment.transactions == ()


def test_payments_of_several_kinds_are_told_one_by_one() -> None:
    found = order(order_v0(PaymentExecutionDetail=[
        {"Payment": usd("40.00"), "PaymentMethod": "CreditCard"}, {"Payment": usd("6.60"), "PaymentMethod": "GC"}]))

    assert [(one.gateway, str(one.amount)) for one in found.payment.transactions] == [
        ("CreditCard", "40.00 USD"), ("GC", "6.60 USD")]


def test_a_tip_for_the_delivery_is_a_fee() -> None:
    proceeds = {"grandTotal": dollars("51.60"), "breakdowns": [part("ITEM", "40.00"), part("DELIVERY_TIP", "5.00")]}

    assert [(fee.type, str(fee.amount)) for fee in order(order_2026(proceeds=proceeds)).fees] == [
        ("gift_wrap", "2.00 USD"), ("delivery_tip", "5.00 USD")]


def test_a_discount_that_is_written_below_nothing_takes_off_all_the_same() -> None:
    item = item_2026(proceeds={"breakdowns": [part("ITEM", "40.00"), part("DISCOUNT", "-4.00")]})

    assert str(order(order_2026(orderItems=[item])).totals.discount) == "4.00 USD"


def test_promotions_on_several_items_are_told_whole_once() -> None:
    items = [item_v0(), item_v0(OrderItemId="502", PromotionDiscount=usd("1.00"), ShippingDiscount=usd("5.00"))]

    found = order(order_v0(OrderItems=items, OrderTotal=usd("87.20")))

    assert [(one.code, str(one.amount)) for one in found.discounts] == [("SPRING", "10.00 USD")]


def test_two_items_of_one_id_are_refused() -> None:
    assert codes(order_v0(OrderItems=[item_v0(), item_v0()])) == ["V020"]


def test_amounts_of_two_currencies_are_refused_with_their_path() -> None:
    [found] = problems(order_v0(OrderItems=[item_v0(ShippingPrice={"CurrencyCode": "GBP", "Amount": "1.00"})]))

    assert (found.code, "OrderItems[0].ShippingPrice.CurrencyCode" in found.message) == ("V016", True)


@pytest.mark.parametrize("total", ["19940", "19940.00"])
def test_yen_have_no_decimals(total: str) -> None:
    item = item_v0(**dict.fromkeys(("ItemTax", "ShippingPrice", "ShippingTax", "PromotionDiscount", "BuyerInfo")),
                   ItemPrice={"CurrencyCode": "JPY", "Amount": "19940"})
    found = order(order_v0(OrderTotal={"CurrencyCode": "JPY", "Amount": total}, OrderItems=[item]))

    assert (str(found.totals.grand_total), str(found.lines[0].unit_price)) == ("19940 JPY", "9970 JPY")
    assert codes(order_v0(OrderTotal={"CurrencyCode": "JPY", "Amount": "19940.5"}, OrderItems=[item])) == ["V013"]


def test_a_moment_without_an_offset_is_refused() -> None:
    assert codes(order_v0(PurchaseDate="2026-03-01T10:00:00")) == ["V017"]


def test_what_has_no_place_in_our_order_is_kept() -> None:
    kept = order(order_v0(EasyShipShipmentStatus="PendingPickUp", Unheard={"of": 1})).metadata["amazon"]

    assert kept["EasyShipShipmentStatus"] == "PendingPickUp"
    assert kept["Unheard"] == {"of": 1}
    assert order(order_2026(packages=[{"trackingNumber": "1Z"}])).metadata["amazon"]["packages"]


V0 = without(order_v0(), "OrderItems")
ITEMS = {"AmazonOrderId": V0["AmazonOrderId"], "OrderItems": [item_v0()]}
ADDRESS = {"AmazonOrderId": V0["AmazonOrderId"], "ShippingAddress": V0["ShippingAddress"]}


@pytest.mark.parametrize(
    "payload",
    [
        order_v0(),
        {"payload": order_v0()},
        {"payload": {"Orders": [order_v0()]}},
        {"Order": V0, "OrderItems": [item_v0()]},
        {"order": {"payload": V0}, "orderItems": {"payload": ITEMS}},
        [{"payload": V0}, {"payload": ITEMS}],
        [{"payload": ITEMS}, {"payload": {"Orders": [V0]}}],
        [{"payload": without(V0, "ShippingAddress")}, {"payload": ITEMS}, {"payload": ADDRESS}],
    ],
    ids=["alone", "answer", "list", "two answers", "two whole answers", "array", "items first", "address apart"],
)
def test_an_order_of_v0_is_put_together_from_what_amazon_answers(payload: Any) -> None:
    assert same(order(payload), order(order_v0()))


def test_items_of_two_pages_are_all_taken_and_what_the_buyer_wants_of_each_is_added() -> None:
    plain = without(item_v0(), "BuyerInfo")
    more = {**ITEMS, "OrderItems": [{"OrderItemId": "501", "BuyerInfo": item_v0()["BuyerInfo"]},
                                    item_v0(OrderItemId="502")]}

    found = order([V0, {**ITEMS, "OrderItems": [plain]}, more])

    assert [line.line_id for line in found.lines] == ["501", "502"]
    assert found.lines[0].attributes[0].value == "Classic"


def test_an_order_whose_items_did_not_come_says_which_answer_is_missing() -> None:
    [found] = problems({"payload": {"Orders": [V0]}})

    assert found.code == "V010"
    assert found.help is not None
    assert "getOrderItems" in found.help


def test_orders_of_one_list_are_each_read_on_their_own() -> None:
    wrong = order_2026(orderId="2", createdTime="yesterday")

    found = captured({"orders": [order_2026(), wrong, order_2026(orderId="3")]})

    assert [isinstance(one, Unreadable) for one in found] == [False, True, False]


def test_the_samples_of_amazon_itself_are_read(shared: Path) -> None:
    found = captured((shared / "data/amazon/orders_2026_list_sandbox.json").read_bytes())

    assert [str(one.order.totals.grand_total) for one in found] == ["19940 JPY", "34.99 GBP", "1599.90 BRL"]
    assert [one.order.channel.fulfilled_by for one in found] == ["marketplace", "merchant", "merchant"]


def test_of_the_sample_of_v0_nothing_is_invented(shared: Path) -> None:
    found = captured((shared / "data/amazon/orders_v0_list_sandbox.json").read_bytes())

    assert [type(one) for one in found] == [Unreadable, Unreadable, PassedOver]
