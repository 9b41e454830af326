"""A purchase order that Amazon gives its vendors (Vendor Orders v1) in, the canonical order out.

Fields are those of the published model vendorOrders.json (amzn/selling-partner-api-models, read November 2026). What
Amazon orders by the case is told in single units, as its costs are; an attribute of the line says how it was ordered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from orderloom import PassedOver
from orderloom.model import (
    Address,
    Attribute,
    Channel,
    ExternalRef,
    Line,
    Money,
    Order,
    Party,
    Payment,
    PaymentTerms,
    Promise,
    Raw,
    Substitution,
    TaxId,
    Totals,
    order_identity,
)

from ...problems import Findings
from ...reading import Reading
from ..kept import kept
from ..shopify import content_hash
from ..told import Names, amount, currency_of, the_lines, told_twice, units
from .address import VENDOR, read_address
from .words import references

NAMES = Names("amount", "currencyCode")
_MAPPED = frozenset((
    "purchaseOrderDate", "purchaseOrderChangedDate", "purchaseOrderStateChangedDate", "items", "shipToParty",
    "billToParty", "shipWindow", "deliveryWindow", "buyingParty",
))
_STATES = {"new": "New", "acknowledged": "Acknowledged", "closed": "Closed"}
_TERMS: dict[str, PaymentTerms] = {
    "invoice": PaymentTerms(type="net"), "prepaid": PaymentTerms(type="immediate"),
    "creditcard": PaymentTerms(type="immediate"),
}  # fmt: skip


def read_order(data: Mapping[str, Any], account: str, findings: Findings) -> Order | PassedOver | None:
    """The order; left out where Amazon has closed it; None after findings."""
    read = Reading(data, (), findings)
    state = read.word("purchaseOrderState", _STATES, "state of a purchase order")
    if state == "Closed":
        return PassedOver("closed at Amazon: nothing of such a purchase order is to be sent any more")
    details = read.part("orderDetails")
    if details is None:
        mend = "ask for purchase orders with `includeDetails=true`"
        read.find("V010", "orderDetails", "`{}` is missing, and with it what is ordered", mend)
        return None
    goods = the_lines(details, "items", _MAPPED)
    currency = currency_of([(item, name) for name in ("netCost", "listPrice") for item in goods], NAMES)
    told_twice(goods, "itemSequenceNumber")
    lines = [line for item in goods if (line := _line(item, currency)) is not None]
    fields = _fields(read, details, account)
    if findings.problems or not lines:
        if not findings.problems:
            details.find("V019", "items", "`{}` orders no units: every item of it was cancelled")
        return None
    return _order(fields, lines, currency)


def _order(fields: dict[str, Any], lines: list[Line], currency: str) -> Order:
    """Amazon tells no sums: the total is what the lines come to."""
    whole = sum((line.unit_price * line.quantity for line in lines), Money.zero(currency)).rounded()
    return Order(
        **fields, currency=currency, lines=tuple(lines), totals=Totals(grand_total=whole, subtotal=whole)
    )


def _fields(read: Reading, details: Reading, account: str) -> dict[str, Any]:
    number = read.required("purchaseOrderNumber")
    ordered, changed = details.moment("purchaseOrderDate"), details.moment("purchaseOrderChangedDate")
    turned = details.moment("purchaseOrderStateChangedDate")
    if ordered is None and not details.has("purchaseOrderDate"):
        details.missing("purchaseOrderDate", _MAPPED)
    updated = max((one for one in (changed, turned) if one is not None), default=None)
    ship, deliver = _window(details, "shipWindow"), _window(details, "deliveryWindow")
    promise = Promise(ship_by=ship[1], earliest_delivery=deliver[0], latest_delivery=deliver[1], source="marketplace")
    return {
        "order_id": order_identity("amazon", account, number),
        "order_number": number,
        "purchase_order_number": number,
        "revision": max(0, int(moment.timestamp())) if (moment := updated or ordered) else 0,
        "channel": Channel(type="amazon", account_id=account, source="vendor", fulfilled_by="merchant"),
        "external_refs": references(number, {}),
        "order_type": "wholesale",
        "ordered_at": ordered,
        "updated_at": updated,
        "customer": _buyer(details.part("buyingParty")),
        "billing_address": _party(details.part("billToParty")),
        "shipping_address": _party(details.part("shipToParty")),
        "payment": Payment(status="unpaid", terms=_TERMS.get(details.told("paymentMethod"))),
        "promise": promise if any((*ship, *deliver)) else None,
        "metadata": kept("amazon", details.data, _MAPPED),
        "raw": Raw(media_type="application/json", sha256=content_hash(read.data)),
    }


def _window(details: Reading, name: str) -> tuple[datetime | None, datetime | None]:
    """`2019-08-21T07:00:00Z--2019-08-27T07:00:00Z`: from and until."""
    start, _, end = (details.text(name) or "").partition("--")
    apart = Reading({name: start, "end": end}, details.path, details.findings)
    first = apart.moment(name)
    return first, Reading({name: end}, details.path, details.findings).moment(name)


def _buyer(found: Reading | None) -> Party | None:
    if found is None:
        return None
    own_id, taxed = found.text("partyId"), found.part("taxInfo")
    number = taxed.text("taxRegistrationNumber") if taxed else None
    return Party(
        customer_id=own_id,
        company=_name(found) or "Amazon",
        tax_ids=(TaxId(scheme=taxed.text("taxRegistrationType"), value=number),) if taxed and number else (),
        external_refs=(ExternalRef(system="amazon", type="party", value=own_id),) if own_id else (),
    )


def _name(found: Reading) -> str | None:
    address = found.part("address")
    return address.text("name") if address else None


def _party(found: Reading | None) -> Address | None:
    """The address; where only the code of a warehouse is told, an address that bears no more than that."""
    if found is None:
        return None
    return read_address(found.part("address"), VENDOR) or Address(company=found.text("partyId"))


def _line(item: Reading, currency: str) -> Line | None:
    """None after findings, and for an item of no units: that is how Amazon tells a cancelled one."""
    before = len(item.findings.problems)
    ordered = item.part("orderedQuantity")
    if ordered is None:
        item.missing("orderedQuantity")
        return None
    count, line_id = units(ordered, "amount"), item.required("itemSequenceNumber")
    by_list = not item.has("netCost") and item.has("listPrice")
    cost = amount(item, "listPrice" if by_list else "netCost", currency, NAMES)
    if cost is None and not item.has("netCost") and not by_list:
        item.missing("netCost")
    if len(item.findings.problems) > before or not count or cost is None:
        return None
    by_case = ordered.told("unitOfMeasure") == "cases"
    size = max(1, ordered.whole("unitSize") or 1) if by_case else 1
    asin, own = item.text("amazonProductIdentifier"), item.text("vendorProductIdentifier")
    return Line(
        line_id=line_id,
        sku=own or asin or "",
        quantity=count * size,
        unit_price=cost,
        line_total=(cost * (count * size)).rounded(),
        substitution=Substitution(allowed=False),
        attributes=tuple(_attributes(f"{count} cases of {size}" if by_case else None, by_list=by_list)),
        external_refs=(ExternalRef(system="amazon", type="asin", value=asin),) if asin else (),
    )


def _attributes(cases: str | None, *, by_list: bool) -> Iterator[Attribute]:
    if cases:
        yield Attribute(name="ordered as", value=cases)
    if by_list:
        yield Attribute(name="price", value="the list price: Amazon told no cost")
