"""Amazon's purchase orders to its vendors, and the returns of its External Fulfillment API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from orderloom.declare import PassedOver
from orderloom.model import Return
from tests.nodes.capturing import captured, codes, order, problems, without

from .amazon import dollars, purchase_order, purchased


def test_a_purchase_order_is_a_wholesale_order_with_the_sum_of_its_lines() -> None:
    found = order({"payload": {"orders": [purchase_order(items=[purchased(), purchased(itemSequenceNumber="2")])]}})

    assert (found.order_id, found.order_type, found.purchase_order_number) == (
        "amazon:main:2JK3S9VC", "wholesale", "2JK3S9VC")
    assert str(found.totals.grand_total) == "75.00 USD"
    assert found.payment.terms is not None
    assert (found.payment.status, found.payment.terms.type) == ("unpaid", "net")
    assert found.promise is not None
    assert str(found.promise.ship_by) == "2026-03-09 08:00:00+00:00"


def test_cases_are_told_as_single_units_for_costs_are_by_the_unit() -> None:
    cases = purchased(orderedQuantity={"amount": 5, "unitOfMeasure": "Cases", "unitSize": 10})

    [line] = order(purchase_order(items=[cases])).lines

    assert (line.quantity, str(line.line_total), line.attributes[0].value) == (50, "625.00 USD", "5 cases of 10")


def test_a_cancelled_item_has_no_units_and_is_left_out() -> None:
    gone = purchased(itemSequenceNumber="2", orderedQuantity={"amount": 0, "unitOfMeasure": "Eaches"})

    assert [line.line_id for line in order(purchase_order(items=[gone, purchased()])).lines] == ["1"]
    assert codes(purchase_order(items=[gone])) == ["V019"]


def test_a_warehouse_that_is_named_by_its_code_stays_so_and_one_with_an_address_has_it() -> None:
    address = {"name": "Amazon PHX3", "addressLine1": "6835 W Buckeye Rd", "city": "Phoenix", "stateOrRegion": "AZ",
               "postalCode": "85043", "countryCode": "US"}

    by_code = order(purchase_order()).shipping_address
    by_address = order(purchase_order(shipToParty={"partyId": "PHX3", "address": address})).shipping_address

    assert by_code is not None
    assert by_code.company == "ABCD"
    assert by_address is not None
    assert (by_address.city, by_address.region_code, by_address.country_code) == ("Phoenix", "AZ", "US")


def test_a_closed_purchase_order_is_left_out_with_the_reason() -> None:
    [found] = captured(purchase_order(state="Closed"))

    assert isinstance(found, PassedOver)
    assert found.reason.startswith("closed at Amazon")


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({"purchaseOrderNumber": "1", "purchaseOrderState": "New"}, "V010"),
        (purchase_order(items=[]), "V019"),
        (purchase_order(items=[without(purchased(), "netCost")]), "V010"),
        (purchase_order(items=[purchased(netCost=dollars("1,5"))]), "V012"),
        (purchase_order(items=[purchased(), purchased()]), "V020"),
        (purchase_order(purchaseOrderDate="2026-03-01"), "V017"),
        (purchase_order(state="Odd"), "V022"),
        (purchase_order(items=[purchased(orderedQuantity={"amount": 1.5, "unitOfMeasure": "Eaches"})]), "V018"),
    ],
)
def test_what_is_wrong_with_a_purchase_order_is_told(document: dict[str, Any], code: str) -> None:
    assert code in codes(document)


def returned(**changes: Any) -> dict[str, Any]:
    return {
        "id": "ee39cdd9",
        "merchantSku": "MUG",
        "numberOfUnits": 2,
        "creationDateTime": "2026-03-09T18:13:18Z",
        "returnType": "CUSTOMER",
        "status": "CREATED",
        "marketplaceChannelDetails": {"customerOrderId": "407-7727827-8514700", "shipmentId": "S1"},
        "returnMetadata": {"rmaId": "RMA-1", "returnReason": "Item arrived DAMAGED"},
        "returnShippingInfo": {"reverseTrackingInfo": {"carrierName": "UPSN", "trackingId": "100"}},
        **changes,
    }


def the_return(document: Any) -> Return:
    [found] = captured(document, document="return")
    assert isinstance(found.request, Return)
    return found.request


def test_a_return_names_its_order_its_article_and_why() -> None:
    found = the_return({"returns": [returned()]})

    assert (found.return_id, found.order_id, found.rma_number) == (
        "amazon:main:ee39cdd9", "amazon:main:407-7727827-8514700", "RMA-1")
    [line] = found.lines
    assert (line.sku, line.quantity, line.reason, line.customer_note) == ("MUG", 2, "damaged", "Item arrived DAMAGED")
    assert ("return_tracking", "100") in [(one.type, one.value) for one in found.external_refs]


@pytest.mark.parametrize(
    ("status", "ours"),
    [("IN_TRANSIT", "in_transit"), ("DELIVERED", "received"), ("PROCESSED", "closed"), ("REJECTED", "declined"),
     ("CANCELLED", "cancelled"), ("PICKED_FROM_CUSTOMER", "in_transit")],
)
def test_how_far_a_return_is_told(status: str, ours: str) -> None:
    assert the_return(returned(status=status)).status == ours


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (without(returned(), "id"), "V010"),
        (returned(numberOfUnits=0), "V018"),
        (returned(marketplaceChannelDetails={}), "V010"),
        (returned(creationDateTime="2026-02-30T10:00:00Z"), "V017"),
        (returned(status="LOST_IN_SPACE"), "V022"),
    ],
)
def test_a_return_that_cannot_be_read_says_why(document: dict[str, Any], code: str) -> None:
    assert code in [one.code for one in problems(document, document="return")]


def test_the_samples_of_amazon_itself_are_read(shared: Path) -> None:
    data = shared / "data/amazon"
    returns = captured((data / "external_fulfillment_returns_sandbox.json").read_bytes(), document="return")
    orders = captured((data / "vendor_purchase_orders_sandbox.json").read_bytes())

    assert all(isinstance(one.request, Return) for one in returns)
    first = orders[0].order
    assert (first.order_number, str(first.totals.grand_total), len(first.lines)) == ("2JK3S9VC", "6170.44 USD", 3)
    assert sum(hasattr(one, "order") for one in orders) > len(orders) // 2
