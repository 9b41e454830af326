"""Shopify's customer and addresses in, Party and Address out; any part of them may be missing, null or redacted."""

from __future__ import annotations

from decimal import Decimal

from orderloom.model import Address, Party

from ...countries import country_code
from ...reading import Reading
from .references import reference


def read_customer(order: Reading) -> Party | None:
    """Who ordered. The order's own e-mail and phone come before those of the customer's account."""
    customer = order.part("customer")
    about = customer or Reading({}, (), order.findings)
    email = order.text("email") or order.text("contact_email") or about.text("email")
    phone = order.text("phone") or about.text("phone")
    if customer is None and not email and not phone:
        return None
    own_id = about.text("id")
    count = about.whole("orders_count")
    return Party(
        customer_id=own_id,
        first_name=about.text("first_name"),
        last_name=about.text("last_name"),
        email=email,
        phone=phone,
        locale=order.text("customer_locale"),
        accepts_marketing=_consent(order, about),
        tags=tuple(tag.strip() for tag in (about.text("tags") or "").split(",") if tag.strip()),
        orders_count=count if count is None or count >= 0 else None,
        external_refs=(reference("customer", own_id),) if own_id else (),
    )


def _consent(order: Reading, customer: Reading) -> bool | None:
    if customer.has("accepts_marketing"):
        return customer.flag("accepts_marketing", False)
    if consent := customer.part("email_marketing_consent"):
        return consent.data.get("state") == "subscribed"
    return order.flag("buyer_accepts_marketing", False) if order.has("buyer_accepts_marketing") else None


def read_address(found: Reading | None) -> Address | None:
    """An address with as much as is told; None where nothing is."""
    if found is None or not any(value for value in found.data.values()):
        return None
    name = found.text("name") or " ".join(filter(None, (found.text("first_name"), found.text("last_name"))))
    lines = [line for line in (found.text("address1"), found.text("address2")) if line]
    return Address(
        name=name or None,
        company=found.text("company"),
        address_lines=tuple(lines),
        city=found.text("city"),
        region_code=found.text("province_code"),
        region_name=found.text("province"),
        postal_code=found.text("zip"),
        country_code=_country(found),
        phone=found.text("phone"),
        latitude=_coordinate(found, "latitude", 90),
        longitude=_coordinate(found, "longitude", 180),
    )


def _country(found: Reading) -> str:
    code = (found.text("country_code") or "").upper()
    if len(code) == 2 and code.isascii() and code.isalpha():
        return code
    name = found.text("country") or found.text("country_name") or ""
    if len(name) == 2 and name.isascii() and name.isalpha():
        return name.upper()
    return country_code(name) or ""


def _coordinate(found: Reading, name: str, most: int) -> float | None:
    value = found.data.get(name)                # a coordinate only helps: one that is odd is left out, not refused
    try:
        number = float(value) if isinstance(value, str | int | Decimal) and not isinstance(value, bool) else None
    except (ValueError, OverflowError):
        return None
    return number if number is not None and abs(number) <= most else None
