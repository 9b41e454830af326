"""eBay's Fulfillment orders: what the seller is paid, where the parcel goes, what was cancelled and given back."""

from __future__ import annotations

from typing import Any

import pytest

from orderloom_nodes.validate.findings import Findings
from orderloom_nodes.validate.totals import check_totals
from tests.nodes.capturing import captured, codes, order, problems, without

from .ebay import eur, line_item, order_ebay, ship_to


def test_an_order_says_what_ebay_said() -> None:
    found = order(order_ebay())

    assert (found.order_id, found.order_number) == ("ebay:main:03-12345-67890", "03-12345-67890")
    assert (found.channel.type, found.channel.marketplace_id, found.channel.source) == ("ebay", "EBAY_DE", "loom_shop")
    assert (found.payment.status, found.fulfillment_status) == ("paid", "unfulfilled")
    [line] = found.lines
    assert (line.line_id, line.sku, line.quantity, str(line.unit_price)) == ("10001", "MUG-BLUE", 2, "15.00 EUR")
    assert (str(line.line_total), line.attributes[0].value) == ("29.00 EUR", "Blue")
    assert {name: str(value) for name, value in found.totals if value is not None} == {
        "subtotal": "30.00 EUR", "discount": "1.00 EUR", "shipping": "5.00 EUR", "grand_total": "34.00 EUR"}
    assert found.customer is not None
    assert (found.customer.customer_id, found.notes) == ("jostein", ("please ring",))
    assert found.metadata["ebay"]["totalMarketplaceFee"] == eur("3.00")


def test_the_address_is_where_the_parcel_goes() -> None:
    found = order(order_ebay()).shipping_address

    assert found is not None
    assert found.model_dump(exclude_none=True) == {
        "name": "Jo Stein", "address_lines": ("Hauptstr. 1", "Hinterhaus"), "city": "Berlin", "region_code": "BE",
        "postal_code": "10115", "country_code": "DE", "phone": "+49 30 123456", "email": "jo@example.test"}


def taxed(kind: str) -> dict[str, Any]:
    tax = [{"taxType": "STATE_SALES_TAX", "amount": eur("2.00")}]
    summary = order_ebay()["pricingSummary"]
    if kind == "taxes":
        summary = {**summary, "tax": eur("2.00"), "total": eur("36.00")}
    return order_ebay(lineItems=[line_item(**{kind: tax})], pricingSummary=summary, ebayCollectAndRemitTax=True)


def test_a_tax_that_ebay_collects_and_remits_is_no_part_of_what_the_seller_is_paid() -> None:
    found = order(taxed("ebayCollectAndRemitTaxes"))

    assert (str(found.totals.grand_total), found.totals.tax, found.lines[0].taxes) == ("34.00 EUR", None, ())
    assert [(one.name, one.value) for one in found.lines[0].attributes][-1] == (
        "state sales tax, collected by eBay", "2.00 EUR")
    assert found.metadata["ebay"]["ebayCollectAndRemitTax"] is True


def test_a_tax_that_the_seller_owes_is_part_of_the_total() -> None:
    found = order(taxed("taxes"))

    assert (str(found.totals.grand_total), str(found.totals.tax)) == ("36.00 EUR", "2.00 EUR")
    assert found.lines[0].taxes[0].title == "state sales tax"


@pytest.mark.parametrize(
    "document",
    [
        order_ebay(),
        taxed("taxes"),
        taxed("ebayCollectAndRemitTaxes"),
        order_ebay(lineItems=[without(line_item(discountedLineItemCost=eur("29.00")), "appliedPromotions")]),
        order_ebay(pricingSummary={**order_ebay()["pricingSummary"], "deliveryDiscount": eur("-2.00"),
                                   "total": eur("32.00")}),
        order_ebay(pricingSummary={**order_ebay()["pricingSummary"], "adjustment": eur("-4.00"),
                                   "total": eur("30.00")}),
        order_ebay(pricingSummary={**order_ebay()["pricingSummary"], "fee": eur("0.50"), "total": eur("34.50")}),
        order_ebay(lineItems=[line_item(lineItemCost=eur("0.00"), appliedPromotions=[])],
                   pricingSummary={"priceSubtotal": eur("0.0"), "deliveryCost": eur("0.0"), "total": eur("0.0")}),
    ],
    ids=["plain", "taxed", "collected", "reduced", "delivery reduced", "adjusted", "fee", "nothing"],
)
def test_the_sums_add_up(document: dict[str, Any]) -> None:
    findings = Findings(())

    check_totals(order(document), findings)

    assert findings.errors == []


def test_several_lines_of_one_promotion_tell_it_whole_once() -> None:
    two = [line_item(), line_item(lineItemId="10002")]
    summary = {"priceSubtotal": eur("60.00"), "priceDiscount": eur("-2.00"), "deliveryCost": eur("5.00"),
               "total": eur("63.00")}

    found = order(order_ebay(lineItems=two, pricingSummary=summary))

    assert [(one.code, one.title, str(one.amount)) for one in found.discounts] == [("P1", "two for less", "2.00 EUR")]
    assert [line.line_id for line in found.lines] == ["10001", "10002"]


def test_what_the_buyer_saw_in_another_currency_is_told_beside_what_is_paid() -> None:
    seen = {"convertedFromValue": "37.00", "convertedFromCurrency": "USD"}
    summary = {**order_ebay()["pricingSummary"], "total": eur("34.00", **seen)}

    found = order(order_ebay(pricingSummary=summary))

    assert (found.currency, found.presentment_currency, str(found.totals.grand_total)) == ("EUR", "USD", "34.00 EUR")


def test_amounts_of_two_currencies_are_refused() -> None:
    odd = line_item(lineItemCost={"value": "30.00", "currency": "USD"})

    assert codes(order_ebay(lineItems=[odd])) == ["V016"]


def test_a_cancelled_order_has_its_moment_its_reason_and_no_open_units() -> None:
    cancel = {"cancelState": "CANCELED", "cancelledDate": "2026-03-02T09:00:00.000Z",
              "cancelRequests": [{"cancelReason": "OUT_OF_STOCK_OR_CANNOT_FULFILL", "cancelRequestState": "COMPLETED"}]}

    found = order(order_ebay(cancelStatus=cancel, orderPaymentStatus="FULLY_REFUNDED"))

    assert (str(found.cancelled_at), found.cancel_reason) == ("2026-03-02 09:00:00+00:00", "inventory")
    assert (found.fulfillment_status, found.payment.status) == ("cancelled", "refunded")
    assert [line.quantity_open for line in found.lines] == [0]


def test_a_cancellation_that_is_asked_for_is_not_one_that_has_happened() -> None:
    found = order(order_ebay(cancelStatus={"cancelState": "IN_PROGRESS", "cancelRequests": [
        {"cancelReason": "BUYER_ASKED_CANCEL"}]}))

    assert (found.cancelled_at, found.fulfillment_status, found.tags) == (None, "unfulfilled", ("cancel-requested",))


def test_an_order_that_is_cancelled_before_it_was_paid_is_voided() -> None:
    found = order(order_ebay(cancelStatus={"cancelState": "CANCELED"}, orderPaymentStatus="PENDING"))

    assert found.payment.status == "voided"
    assert found.cancelled_at == found.updated_at


def test_refunds_are_transactions_and_a_sum() -> None:
    refunds = [{"refundId": "R1", "refundDate": "2026-03-03T10:00:00.000Z", "amount": eur("10.00"),
                "refundStatus": "REFUNDED"},
               {"refundId": "R2", "amount": eur("4.00"), "refundStatus": "PENDING"}]
    paid = {**order_ebay()["paymentSummary"], "refunds": refunds}

    found = order(order_ebay(paymentSummary=paid, orderPaymentStatus="PARTIALLY_REFUNDED"))

    assert (found.payment.status, str(found.totals.refunded)) == ("partially_refunded", "10.00 EUR")
    assert [(one.kind, one.status, str(one.amount)) for one in found.payment.transactions] == [
        ("sale", "success", "34.00 EUR"), ("refund", "success", "10.00 EUR"), ("refund", "pending", "4.00 EUR")]


def test_a_pickup_has_its_shop_and_no_address() -> None:
    pickup = {"fulfillmentInstructionsType": "PICKUP", "pickupStep": {"merchantLocationKey": "SHOP-7"}}

    found = order(order_ebay(fulfillmentStartInstructions=[pickup]))

    assert found.pickup is not None
    assert (found.pickup.location_id, found.shipping_address, found.is_collected) == ("SHOP-7", None, True)


def test_global_shipping_goes_to_the_hub_with_its_reference_and_keeps_where_it_ends() -> None:
    instruction = ship_to(ebaySupportedFulfillment=True, finalDestinationAddress={"city": "Oslo", "countryCode": "NO"})
    instruction["shippingStep"]["shipToReferenceId"] = "8732-11"

    found = order(order_ebay(fulfillmentStartInstructions=[instruction])).shipping_address

    assert found is not None
    assert found.address_lines[-1] == "Reference 8732-11"
    assert found.original == {"final_destination": {"city": "Oslo", "countryCode": "NO"}}


def test_the_promise_is_the_earliest_of_the_lines() -> None:
    later = {"shipByDate": "2026-03-09T22:59:59.000Z"}

    promise = order(order_ebay(lineItems=[
        line_item(lineItemId="2", lineItemFulfillmentInstructions=later), line_item()])).promise

    assert promise is not None
    assert str(promise.ship_by) == "2026-03-04 22:59:59+00:00"
    assert str(promise.latest_delivery) == "2026-03-07 08:00:00+00:00"


@pytest.mark.parametrize(
    ("status", "ours"),
    [("NOT_STARTED", "unfulfilled"), ("IN_PROGRESS", "partially_fulfilled"), ("FULFILLED", "fulfilled")],
)
def test_each_fulfilment_status_is_one_of_ours(status: str, ours: str) -> None:
    assert order(order_ebay(orderFulfillmentStatus=status)).fulfillment_status == ours


def test_lines_that_left_are_told_one_by_one() -> None:
    lines = [line_item(lineItemFulfillmentStatus="FULFILLED"), line_item(lineItemId="2")]

    found = order(order_ebay(lineItems=lines, orderFulfillmentStatus="IN_PROGRESS"))

    assert [line.quantity_shipped for line in found.lines] == [2, 0]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"orderId": None}, "V010"),
        ({"creationDate": "2026-02-30T10:00:00.000Z"}, "V017"),
        ({"creationDate": "2026-03-01T10:00:00"}, "V017"),
        ({"orderPaymentStatus": "MAYBE"}, "V022"),
        ({"orderFulfillmentStatus": "MAYBE"}, "V022"),
        ({"pricingSummary": None}, "V010"),
        ({"pricingSummary": {"total": {"value": "1.234,50", "currency": "EUR"}}}, "V012"),
        ({"pricingSummary": {"total": {"value": "34.00", "currency": "EURO"}}}, "V015"),
        ({"lineItems": []}, "V019"),
        ({"lineItems": None}, "V010"),
        ({"lineItems": [line_item(quantity=0)]}, "V018"),
        ({"lineItems": [line_item(quantity=1.5)]}, "V018"),
        ({"lineItems": [line_item(), line_item()]}, "V020"),
        ({"lineItems": [line_item(lineItemCost=None)]}, "V010"),
        ({"lineItems": "none"}, "V011"),
    ],
)
def test_what_is_wrong_is_told(changes: dict[str, Any], code: str) -> None:
    assert code in codes(order_ebay(**changes))


@pytest.mark.parametrize(
    "payload", [order_ebay(), {"orders": [order_ebay()], "total": 1, "href": "https://x"}, [order_ebay()]]
)
def test_an_order_is_the_same_alone_and_in_an_answer(payload: Any) -> None:
    assert order(payload) == order(order_ebay())


def test_members_that_are_null_or_missing_are_no_mistake() -> None:
    bare = {name: order_ebay()[name] for name in ("orderId", "creationDate", "lineItems")}
    document = {**bare, "buyer": None, "pricingSummary": {"total": eur("29.00")}}
    document["lineItems"] = [without(line_item(), "sku", "deliveryCost", "legacyVariationId")]

    found = order(document)

    assert (found.lines[0].sku, found.customer, found.shipping_address, found.payment.status) == (
        "", None, None, "unpaid")


def test_an_id_without_end_is_told_in_our_words() -> None:
    assert [one.code for one in problems(order_ebay(orderId="9" * 300))] == ["V021"]


def test_every_order_of_an_answer_is_read_on_its_own() -> None:
    found = captured({"orders": [order_ebay(), order_ebay(orderId="2", lineItems=[])]})

    assert [hasattr(one, "order") for one in found] == [True, False]
