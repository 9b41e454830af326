"""An order of eBay's Fulfillment API (v1) in, the canonical order out.

Fields are those of the published Order type of the API (developer.ebay.com, getOrder; known by their names, no sample
of eBay's own is free). Amounts are what the seller is paid in; what the buyer saw stands in `convertedFrom…`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from orderloom.model import MINOR_DIGITS, Channel, ExternalRef, Order, Raw, order_identity

from ...problems import Findings
from ...reading import Reading
from ...translate import translate
from ..kept import kept
from ..shopify import content_hash
from ..told import currency_of, the_lines, told_twice
from .lines import NAMES, read_line
from .party import read_buyer, read_destination
from .payment import read_payment
from .promise import read_promise
from .sums import read_sums

MAPPED = frozenset((
    "orderId", "creationDate", "lastModifiedDate", "orderFulfillmentStatus", "orderPaymentStatus", "sellerId", "buyer",
    "buyerCheckoutNotes", "pricingSummary", "cancelStatus", "paymentSummary", "fulfillmentStartInstructions",
    "lineItems", "legacyOrderId", "salesRecordReference",
))
_FULFILLMENT = {"not_started": "unfulfilled", "in_progress": "partially_fulfilled", "fulfilled": "fulfilled"}
_REASONS = {
    "buyer_asked_cancel": "customer", "buyer_cancel_order": "customer", "order_mistake": "customer",
    "found_cheaper_price": "customer", "price_too_high": "customer", "would_not_arrive_in_time": "customer",
    "wont_arrive_in_time": "customer", "wrong_shipping_address": "customer", "wrong_shipping_method": "customer",
    "wrong_payment_method": "customer", "accidental_purchase": "customer", "out_of_stock": "inventory",
    "out_of_stock_or_cannot_fulfill": "inventory", "order_unpaid": "declined", "buyer_no_show": "customer",
    "address_issues": "other", "fraudulent_order": "fraud",
}  # fmt: skip


def read_order(data: Mapping[str, Any], account: str, findings: Findings) -> Order | None:
    """The order, or None after findings."""
    try:
        return _read(Reading(data, (), findings), account, findings)
    except ValidationError as error:  # a limit of ours (an id of 200 letters): told in our words
        translate(error, Order, findings)
        return None


def _read(read: Reading, account: str, findings: Findings) -> Order | None:
    goods = the_lines(read, "lineItems", MAPPED)
    told_twice(goods, "lineItemId")
    currency = currency_of(_prices(read, goods), NAMES)
    cancelled = _is_cancelled(read)
    lines = [line for item in goods if (line := read_line(item, currency, cancelled)) is not None]
    status = read.word("orderFulfillmentStatus", _FULFILLMENT, "fulfilment status of eBay")
    fields: dict[str, Any] = _head(read, account) | _cancelling(read, cancelled)
    fields |= read_destination(read)
    fields |= {
        "currency": currency,
        "presentment_currency": _seen_in(read),
        "lines": tuple(lines),
        "customer": read_buyer(read),
        "payment": read_payment(read, currency, cancelled),
        "promise": read_promise(read, goods),
        "fulfillment_status": "cancelled" if cancelled else status or "unfulfilled",
    }
    fields |= read_sums(read, goods, currency)
    return None if findings.problems else Order(**fields)


def _prices(read: Reading, goods: list[Reading]) -> Iterator[tuple[Reading | None, str]]:
    yield read.part("pricingSummary"), "total"
    for item in goods:
        yield item, "lineItemCost"


def _seen_in(read: Reading) -> str | None:
    summary = read.part("pricingSummary")
    whole = summary.part("total") if summary else None
    code = whole.text("convertedFromCurrency") if whole else None
    return code if code in MINOR_DIGITS else None


def _is_cancelled(read: Reading) -> bool:
    cancel = read.part("cancelStatus")
    return cancel is not None and cancel.told("cancelState") == "canceled"


def _cancelling(read: Reading, cancelled: bool) -> dict[str, Any]:
    """When and why; a cancellation that is only asked for is a tag, so that somebody answers it."""
    cancel = read.part("cancelStatus")
    requests = list(cancel.parts("cancelRequests")) if cancel else []
    asked = cancel is not None and cancel.told("cancelState") == "in_progress"
    if not cancelled or cancel is None:
        return {"tags": ("cancel-requested",)} if asked else {}
    reason = next((one.told("cancelReason") for one in requests if one.has("cancelReason")), "")
    when = cancel.moment("cancelledDate") or read.moment("lastModifiedDate") or read.moment("creationDate")
    return {"cancelled_at": when, "cancel_reason": _REASONS.get(reason, "other")}


def _head(read: Reading, account: str) -> dict[str, Any]:
    own_id, ordered = read.required("orderId", MAPPED), read.moment("creationDate")
    updated = read.moment("lastModifiedDate")
    if ordered is None and not read.has("creationDate"):
        read.missing("creationDate", MAPPED)
    record = read.text("salesRecordReference")
    marketplaces = [item.text("listingMarketplaceId") for item in read.parts("lineItems")]
    return {
        "order_id": order_identity("ebay", account, own_id),
        "order_number": own_id or None,
        "revision": max(0, int(changed.timestamp())) if (changed := updated or ordered) else 0,
        "channel": Channel(
            type="ebay",
            account_id=account,
            marketplace_id=next((one for one in marketplaces if one), None),
            source=read.text("sellerId"),
            fulfilled_by="marketplace" if _by_ebay(read) else "merchant",
        ),
        "external_refs": tuple(_references(read, own_id, record)),
        "ordered_at": ordered,
        "updated_at": updated,
        "notes": (note,) if (note := read.text("buyerCheckoutNotes")) else (),
        "metadata": kept("ebay", read.data, MAPPED),
        "raw": Raw(media_type="application/json", sha256=content_hash(read.data)),
    }


def _by_ebay(read: Reading) -> bool:
    kinds = {one.told("fulfillmentInstructionsType") for one in read.parts("fulfillmentStartInstructions")}
    return "fulfilled_by_ebay" in kinds


def _references(read: Reading, own_id: str, record: str | None) -> Iterator[ExternalRef]:
    legacy = read.text("legacyOrderId")
    found = {"order": own_id, "legacy_order": legacy if legacy != own_id else None, "sales_record": record}
    yield from (ExternalRef(system="ebay", type=kind, value=value) for kind, value in found.items() if value)
