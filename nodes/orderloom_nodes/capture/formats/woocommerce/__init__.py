"""WooCommerce's order (REST API v3, and the webhooks order.created and order.updated) in, the canonical order out.

Fields are those of the published Order resource (woocommerce.github.io/woocommerce-rest-api-docs, read 2026-11-23).
Line amounts of that resource are always without tax, whatever `prices_include_tax` says of the shop.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from orderloom import did_you_mean
from orderloom.model import (
    MINOR_DIGITS,
    Channel,
    ExternalRef,
    Order,
    Party,
    Pickup,
    Raw,
    order_identity,
)

from ...problems import Findings, shown
from ...reading import Reading
from ...translate import translate
from ..shopify import content_hash
from .amounts import read_discounts, read_fees, read_shipping_lines, read_taxes, read_totals
from .lines import read_lines
from .moments import moment
from .party import read_address
from .payment import read_payment

KNOWN = frozenset((
    "id", "parent_id", "number", "order_key", "created_via", "version", "status", "currency", "currency_symbol",
    "date_created", "date_created_gmt", "date_modified", "date_modified_gmt", "discount_total", "discount_tax",
    "shipping_total", "shipping_tax", "cart_tax", "total", "total_tax", "prices_include_tax", "customer_id",
    "customer_ip_address", "customer_user_agent", "customer_note", "billing", "shipping", "payment_method",
    "payment_method_title", "transaction_id", "date_paid", "date_paid_gmt", "date_completed", "date_completed_gmt",
    "cart_hash", "meta_data", "line_items", "tax_lines", "shipping_lines", "fee_lines", "coupon_lines", "refunds",
    "payment_url", "is_editable", "needs_payment", "needs_processing", "set_paid", "_links",
))
_KEPT = ("prices_include_tax", "payment_method_title", "version", "status", "meta_data", "parent_id")
_PICKUP = {"local_pickup", "pickup_location"}


def read_order(data: Mapping[str, Any], account: str, findings: Findings) -> Order | None:
    """The order, or None after findings."""
    try:
        return _read(Reading(data, (), findings), account, findings)
    except ValidationError as error:  # a limit of ours (an id of 200 letters): told in our words
        translate(error, Order, findings)
        return None


def _read(read: Reading, account: str, findings: Findings) -> Order | None:
    currency = _currency(read)
    status = read.told("status").removeprefix("wc-")
    shipping = read_address(read.part("shipping"))
    billing = read_address(read.part("billing"))
    carried = list(read.parts("shipping_lines"))
    lines = read_lines(read, currency, shipped=status == "completed")
    fields: dict[str, Any] = _head(read, account) | {
        "currency": currency,
        "customer": _customer(read),
        "billing_address": billing,
        "shipping_address": shipping or (billing if carried else None),  # an empty one means: the billing address
        "pickup": Pickup() if any(item.told("method_id") in _PICKUP for item in carried) else None,
        "order_type": "draft" if status in {"checkout-draft", "auto-draft"} else "sale",
        "lines": lines,
        "shipping_lines": read_shipping_lines(carried, currency),
        "fees": read_fees(read, currency),
        "discounts": read_discounts(read, currency),
        "taxes": read_taxes(read, currency),
        "payment": read_payment(read, currency, status),
        "totals": read_totals(read, currency),
        "fulfillment_status": _fulfillment(status),
    }
    fields |= _cancelled(read, status, fields["updated_at"])
    return None if findings.problems else Order(**fields)


def _currency(read: Reading) -> str:
    code = read.text("currency")
    if code is None:
        read.missing("currency", KNOWN)
    elif code not in MINOR_DIGITS:
        mend = did_you_mean(code, MINOR_DIGITS) or "it is three capitals of ISO 4217, such as USD"
        read.find("V015", "currency", f"`{{}}` is {shown(code)}, which is no currency", mend)
    return code if code in MINOR_DIGITS else ""


def _head(read: Reading, account: str) -> dict[str, Any]:
    own_id = read.identity("id") or ""
    if not read.has("id"):
        read.missing("id", KNOWN)
    created, updated = moment(read, "date_created"), moment(read, "date_modified")
    if created is None and not read.has("date_created") and not read.has("date_created_gmt"):
        read.missing("date_created_gmt", KNOWN)
    number = read.text("number")
    return {
        "order_id": order_identity("woocommerce", account, own_id),
        "order_number": number or own_id or None,
        "revision": max(0, int(changed.timestamp())) if (changed := updated or created) else 0,
        "channel": Channel(type="woocommerce", account_id=account, source=read.text("created_via")),
        "external_refs": tuple(_references(own_id, number)),
        "ordered_at": created,
        "updated_at": updated,
        "notes": (note,) if (note := read.text("customer_note")) else (),
        "metadata": _metadata(read.data),
        "raw": Raw(media_type="application/json", sha256=content_hash(read.data)),
    }


def _references(own_id: str, number: str | None) -> Iterator[ExternalRef]:
    if own_id:
        yield ExternalRef(system="woocommerce", type="order", value=own_id)
    if number and number != own_id:
        yield ExternalRef(system="woocommerce", type="order_number", value=number)


def _customer(read: Reading) -> Party | None:
    billing = read.part("billing")
    about = billing or Reading({}, (), read.findings)
    own_id = read.identity("customer_id") if read.has("customer_id") else None
    own_id = own_id if own_id != "0" else None  # 0 is a guest
    if own_id is None and not any(about.text(name) for name in ("first_name", "last_name", "email", "phone")):
        return None
    return Party(
        customer_id=own_id,
        first_name=about.text("first_name"),
        last_name=about.text("last_name"),
        company=about.text("company"),
        email=about.text("email"),
        phone=about.text("phone"),
        external_refs=(ExternalRef(system="woocommerce", type="customer", value=own_id),) if own_id else (),
    )


def _fulfillment(status: str) -> str:
    if status in {"cancelled", "failed", "trash"}:
        return "cancelled"
    return {"completed": "fulfilled", "on-hold": "on_hold"}.get(status, "unfulfilled")


def _cancelled(read: Reading, status: str, updated: datetime | None) -> dict[str, Any]:
    """WooCommerce has no moment of cancelling: the last change is the nearest to it that is told."""
    if status not in {"cancelled", "trash"}:
        return {}
    return {"cancelled_at": updated or moment(read, "date_created"), "cancel_reason": "other"}


def _metadata(data: Mapping[str, Any]) -> dict[str, Any]:
    """What is not mapped, and what plugins have added; the key to the buyer's own order page is never kept."""
    kept = {
        name: _plain(value)
        for name, value in data.items()
        if (name in _KEPT or name not in KNOWN) and value not in (None, "", [], {}, 0)
    }
    return {"woocommerce": kept} if kept else {}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Decimal) else value
