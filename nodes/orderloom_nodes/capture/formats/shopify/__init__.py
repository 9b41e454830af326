"""Shopify's order (REST Admin API and webhooks, every version; draft orders too) in, the canonical order out.

Fields are those of the published Order resource, versions 2013 to 2025-10. Amounts are the shop's; what the buyer
saw in another currency stays in the metadata. Conventions that the resource leaves open are said where they are used.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from pydantic import ValidationError

from orderloom import did_you_mean
from orderloom.model import (
    MINOR_DIGITS,
    Address,
    ExternalRef,
    Line,
    Order,
    Raw,
    order_identity,
)

from ...problems import Findings, shown
from ...reading import Reading
from ...translate import translate
from .amounts import read_discounts, read_fees, read_shipping_lines, read_taxes, read_totals
from .fields import KNOWN, MAPPED, NEVER_KEPT
from .lines import read_lines
from .party import read_address, read_customer
from .payment import read_payment
from .pickup import read_pickup
from .references import channel, reference

_CANCEL_REASONS = {"customer", "inventory", "fraud", "declined", "staff", "other"}
_FULFILLMENT = {
    "fulfilled": "fulfilled", "partial": "partially_fulfilled", "restocked": "cancelled", "unfulfilled": "unfulfilled",
    "unshipped": "unfulfilled", "pending": "unfulfilled", "open": "in_progress", "in_progress": "in_progress",
    "pending_fulfillment": "in_progress", "on_hold": "on_hold", "scheduled": "scheduled",
    "partially_fulfilled": "partially_fulfilled", "incomplete": "partially_fulfilled", "shipped": "fulfilled",
    "request_declined": "unfulfilled", "not_eligible": "unfulfilled",
}
_NOT_KEPT = MAPPED | NEVER_KEPT
_COMPACT = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, default=str)


def read_order(data: Mapping[str, Any], account: str, findings: Findings) -> Order | None:
    """The order, or None after findings."""
    try:
        return _read(Reading(data, (), findings), account, findings)
    except ValidationError as error:            # a limit of ours (an id of 200 letters): told in our words
        translate(error, Order, findings)
        return None


def _read(read: Reading, account: str, findings: Findings) -> Order | None:
    data = read.data
    draft = is_draft(data)
    currency = _currency(read)
    own_id = _own_id(read)
    fields = _head(read, account, own_id) | _states(read, draft)
    billing, shipping = _addresses(read)
    lines, tips = read_lines(read, currency, draft)
    fields |= {
        "currency": currency,
        "presentment_currency": _presentment(read),
        "taxes_included": read.flag("taxes_included", False),
        "customer": read_customer(read),
        "billing_address": billing,
        "shipping_address": shipping,
        "pickup": read_pickup(read, shipping),
        "lines": lines,
        "shipping_lines": read_shipping_lines(read, currency),
        "fees": read_fees(read, currency, tips),
        "discounts": read_discounts(read, currency),
        "taxes": read_taxes(read, currency),
        "payment": read_payment(read, currency, draft),
    }
    fields["totals"] = read_totals(read, currency, fields)
    fields["fulfillment_status"] = _fulfillment_status(read, lines)
    fields["return_status"] = _return_status(read, lines)
    return None if findings.problems else Order(**fields)


def _addresses(read: Reading) -> tuple[Address | None, Address | None]:
    """Billing and shipping: most orders bear one address twice, which is read once unless something is amiss in it."""
    billing = read_address(read.part("billing_address"))
    if not read.findings.problems and read.data.get("billing_address") == read.data.get("shipping_address"):
        return billing, billing
    return billing, read_address(read.part("shipping_address"))


def is_draft(data: Mapping[str, Any]) -> bool:
    """A draft order has an invoice and no payment status."""
    return bool(data.keys() & {"invoice_url", "invoice_sent_at", "applied_discount"}) and "financial_status" not in data


def _currency(read: Reading) -> str:
    code = read.text("currency") or _bag_currency(read)
    if code in MINOR_DIGITS:
        return str(code)
    if code is None:
        if not read.has("currency"):
            read.missing("currency", KNOWN)
    else:
        mend = did_you_mean(code, MINOR_DIGITS) or "it is three capitals of ISO 4217, such as USD"
        read.find("V015", "currency", f"`{{}}` is {shown(code)}, which is no currency", mend)
    return ""


def _presentment(read: Reading) -> str | None:
    code = read.text("presentment_currency")
    return code if code in MINOR_DIGITS else None


def _bag_currency(read: Reading) -> str | None:
    bag = read.data.get("total_price_set")
    shop = bag.get("shop_money") if isinstance(bag, dict) else None
    code = shop.get("currency_code") if isinstance(shop, dict) else None
    return code if isinstance(code, str) else None


def _own_id(read: Reading) -> str:
    if not read.has("id") and isinstance(gid := read.data.get("admin_graphql_api_id"), str) and "/" in gid:
        return gid.rpartition("/")[2]           # gid://shopify/Order/450789469
    if read.data.get("id") in (None, ""):
        read.missing("id", KNOWN)
    return read.identity("id") or ""


def _head(read: Reading, account: str, own_id: str) -> dict[str, Any]:
    name = read.text("name")
    created, processed, updated = read.moment("created_at"), read.moment("processed_at"), read.moment("updated_at")
    ordered = created or processed
    if ordered is None and not read.has("created_at"):
        read.missing("created_at", KNOWN)
    return {
        "order_id": order_identity("shopify", account, own_id),
        "order_number": name.removeprefix("#") if name else read.text("order_number") or read.text("number"),
        "revision": _revision(updated or ordered),
        "channel": channel(account, read.text("source_name") or read.text("source")),
        "external_refs": tuple(_references(read, own_id, name)),
        "purchase_order_number": read.text("po_number"),
        "ordered_at": ordered,
        "updated_at": updated,
        "cancelled_at": read.moment("cancelled_at"),
        "tags": tuple(_tags(read)),
        "notes": (note,) if (note := read.text("note")) else (),
        "metadata": _metadata(read.data),
        "raw": Raw(media_type="application/json", sha256=content_hash(read.data)),
    }


def _revision(moment: datetime | None) -> int:
    return max(0, int(moment.timestamp())) if moment else 0


def _references(read: Reading, own_id: str, name: str | None) -> Iterator[ExternalRef]:
    found = {"order": own_id, "order_name": name, "source_identifier": read.text("source_identifier")}
    yield from (reference(kind, value) for kind, value in found.items() if value)


def _tags(read: Reading) -> Iterator[str]:
    tags = read.data.get("tags")
    words = tags if isinstance(tags, list) else (read.text("tags") or "").split(",")
    yield from (str(word).strip() for word in words if str(word).strip())
    if read.flag("test", False):
        yield "test"


def _states(read: Reading, draft: bool) -> dict[str, Any]:
    wholesale = isinstance(read.data.get("company"), dict)       # an order of a B2B customer names its company
    kind = "draft" if draft else "wholesale" if wholesale else "sale"
    if read.data.get("source_name") in ("subscription_contract", "subscription_contract_checkout_one"):
        kind = "subscription"
    reason = read.told("cancel_reason") or None
    return {
        "order_type": kind,
        "cancel_reason": reason if reason in _CANCEL_REASONS or reason is None else "other",
    }


def _fulfillment_status(read: Reading, lines: tuple[Line, ...]) -> str:
    told = read.word("fulfillment_status", _FULFILLMENT, "fulfilment status of Shopify")
    shipped = sum(line.quantity_shipped for line in lines)
    if read.has("cancelled_at") and not shipped:
        return "cancelled"
    if told:
        return told
    still_open = any(line.quantity_open for line in lines)
    return "unfulfilled" if not shipped else "partially_fulfilled" if still_open else "fulfilled"


def _return_status(read: Reading, lines: tuple[Line, ...]) -> str:
    shipped = sum(line.quantity_shipped for line in lines)
    returned = sum(line.quantity_returned for line in lines)
    if returned:
        return "returned" if returned == shipped else "partially_returned"
    states = {item.told("status") for item in read.parts("returns")}
    return "in_progress" if "open" in states else "requested" if "requested" in states else "none"


def _metadata(data: Mapping[str, Any]) -> dict[str, Any]:
    kept = {
        name: _plain(value)
        for name, value in data.items()
        if value is not None and name not in _NOT_KEPT and value not in ("", [], {})
    }
    return {"shopify": kept} if kept else {}


def _plain(value: Any) -> Any:
    kind = type(value)                          # JSON as it was parsed: no subclasses
    if kind is dict:
        return {name: _plain(member) for name, member in value.items()}
    if kind is list:
        return [_plain(item) for item in value]
    return str(value) if kind is Decimal else value


def content_hash(data: Mapping[str, Any]) -> str:
    """Of the document as compact JSON: the same whether it came alone, wrapped or in a list."""
    return sha256(_COMPACT.encode(data).encode()).hexdigest()
