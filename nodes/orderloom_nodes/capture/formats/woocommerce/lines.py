"""WooCommerce's line items in, the order's lines out."""

from __future__ import annotations

import html
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from orderloom.model import Attribute, Discount, ExternalRef, Line, Money

from ...problems import shown
from ...reading import Reading
from ...translate import translate
from .amounts import item_taxes, line_amount

MOST_LINES, MOST_UNITS = 10_000, 1_000_000
_LINE_FIELDS = frozenset((
    "id", "name", "product_id", "variation_id", "quantity", "tax_class", "subtotal", "subtotal_tax", "total",
    "total_tax", "taxes", "meta_data", "sku", "price", "image", "parent_name", "global_unique_id",
))
_MICRO = Decimal("0.000001")


def read_lines(order: Reading, currency: str, *, shipped: bool) -> tuple[Line, ...]:
    """Every line; what is wrong with one is found with its path."""
    items = list(order.parts("line_items"))
    if order.data.get("line_items") is None:
        order.missing("line_items", frozenset({"id"}))
    elif not items:
        order.find("V019", "line_items", "`{}` is empty: an order has at least one line")
    elif len(items) > MOST_LINES:
        order.find("V021", "line_items", f"`{{}}` has {len(items):,} lines; {MOST_LINES:,} are the most of one order")
        return ()
    seen: set[str] = set()
    return tuple(line for item in items if (line := _line(item, currency, seen, shipped)) is not None)


def _line(item: Reading, currency: str, seen: set[str], shipped: bool) -> Line | None:
    before = len(item.findings.problems)
    line_id, quantity = item.required("id", _LINE_FIELDS), _quantity(item)
    if line_id in seen:
        item.find("V020", "id", f"`{{}}` is {shown(line_id)}, which another line has already")
    seen.add(line_id)
    subtotal, total = line_amount(item, "subtotal", currency), line_amount(item, "total", currency)
    if subtotal is None and not item.has("subtotal") and not item.has("total"):
        item.missing("subtotal", _LINE_FIELDS)
    taxes = item_taxes(item, currency)
    if len(item.findings.problems) > before or quantity is None or subtotal is None or total is None:
        return None
    try:
        return Line(
            line_id=line_id, quantity=quantity, quantity_shipped=quantity if shipped else 0, taxes=taxes,
            unit_price=_unit_price(subtotal, quantity), discounts=_discounts(subtotal, total), line_total=total,
            **_article(item),
        )
    except ValidationError as error:
        translate(error, Line, item.findings, item.path)
        return None


def _quantity(item: Reading) -> int | None:
    value = item.data.get("quantity")
    if value is None:
        item.missing("quantity", _LINE_FIELDS)
        return None
    if isinstance(value, Decimal) and value != value.to_integral_value():
        item.find("V018", "quantity", f"`{{}}` is {shown(value)}: an order counts whole units")
        return None
    quantity = item.whole("quantity")
    if quantity is not None and not 1 <= quantity <= MOST_UNITS:
        item.find("V018", "quantity", f"`{{}}` is {quantity:,}: a line has from 1 to {MOST_UNITS:,} units")
        return None
    return quantity


def _unit_price(subtotal: Money, quantity: int) -> Money:
    """Before coupons; a third of a cent is kept to six decimals, the most that a unit price has."""
    return Money(amount=(subtotal.amount / quantity).quantize(_MICRO).normalize() + 0, currency=subtotal.currency)


def _discounts(subtotal: Money, total: Money) -> tuple[Discount, ...]:
    off = subtotal - total
    return (Discount(amount=off),) if off.amount > 0 else ()


def _article(item: Reading) -> dict[str, Any]:
    names = {"product": item.identity("product_id"), "variant": item.identity("variation_id")}
    gtin = item.told("global_unique_id")
    return {
        "sku": item.text("sku") or "",
        "gtin": gtin if gtin.isdigit() and len(gtin) in (8, 12, 13, 14) else None,
        "title": html.unescape(title) if (title := item.text("name")) else None,
        "attributes": tuple(_attributes(item)),
        "external_refs": tuple(
            ExternalRef(system="woocommerce", type=kind, value=value)
            for kind, value in names.items() if value and value != "0"
        ),
    }


def _attributes(item: Reading) -> Iterator[Attribute]:
    """What the buyer chose; names that begin with `_` are the shop's own."""
    for meta in item.parts("meta_data"):
        name, value = meta.aside().text("key") or "", meta.data.get("display_value", meta.data.get("value"))
        if name and not name.startswith("_") and not isinstance(value, dict | list):
            shown_name = meta.aside().text("display_key") or name
            yield Attribute(name=shown_name, value=None if value is None else html.unescape(str(value)))
