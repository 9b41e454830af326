"""Shopify's line items, refunds and fulfilments in, lines with their four quantities out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from pydantic import ValidationError

from orderloom.model import Attribute, Line, Measure, Money

from ...problems import shown
from ...reading import Reading
from ...translate import translate
from .amounts import line_discounts, read_taxes
from .bags import amount
from .references import reference

MOST_LINES = 10_000
MOST_UNITS = 1_000_000
_LINE_FIELDS = frozenset(["id", "sku", "title", "name", "price", "quantity", "grams", "product_id", "variant_id"])


@dataclass
class _Moved:
    """Units by line id, as fulfilments and refunds tell them; `told` is whether there is a list of fulfilments."""

    shipped: Counter[str] = field(default_factory=Counter)
    taken_back: Counter[str] = field(default_factory=Counter)      # restocked as a return
    removed: Counter[str] = field(default_factory=Counter)         # any refund: cancelled before or returned after
    told: bool = False


def read_lines(order: Reading, currency: str, draft: bool) -> tuple[tuple[Line, ...], list[Money]]:
    """The lines, and the tips that Shopify puts between them."""
    items = list(order.parts("line_items"))
    tips = [item for item in items if isinstance(item.data.get("tip"), dict)]
    goods = [item for item in items if item not in tips] or items
    if not goods:
        _no_lines(order)
    elif len(goods) > MOST_LINES:
        order.find("V021", "line_items", f"`{{}}` has {len(goods):,} lines; {MOST_LINES:,} are the most of one order")
        return (), []
    moved = _moved(order)
    lines = [_line(item, position, currency, moved, draft) for position, item in enumerate(goods, 1)]
    found = tuple(line for line in lines if line is not None)
    _twice(goods, found)
    return found, [] if goods is items else [tip for item in tips if (tip := amount(item, "price", currency))]


def _no_lines(order: Reading) -> None:
    if order.data.get("line_items") is None:
        order.missing("line_items", frozenset({"id", "name"}))
    elif order.data["line_items"] == []:
        order.find("V019", "line_items", "`{}` is empty: an order has at least one line")


def _twice(goods: list[Reading], lines: tuple[Line, ...]) -> None:
    if len({line.line_id for line in lines}) == len(lines):
        return
    seen: set[str] = set()
    for item in goods:
        own_id = item.identity("id") or ""
        if own_id in seen:
            item.find("V020", "id", f"`{{}}` is {shown(own_id)}, which another line has already")
        seen.add(own_id)


def _line(item: Reading, position: int, currency: str, moved: _Moved, draft: bool) -> Line | None:
    before = len(item.findings.problems)
    line_id = item.identity("id") or (f"line-{position}" if draft else item.required("id", _LINE_FIELDS))
    quantity = _quantity(item)
    price = _price(item, currency)
    fields: dict[str, Any] = {
        "line_id": line_id,
        "sku": item.text("sku") or "",
        "title": item.text("title") or item.text("name"),
        "variant_title": item.text("variant_title"),
        "discounts": line_discounts(item, currency),
        "taxes": read_taxes(item, currency),
        "requires_shipping": item.flag("requires_shipping", True),
        "taxable": item.flag("taxable", True),
        "gift_card": item.flag("gift_card", False),
        "weight": _weight(item),
        "attributes": tuple(_attributes(item)),
        "external_refs": tuple(
            reference(kind, value)
            for kind in ("product", "variant") if (value := item.text(f"{kind}_id"))
        ),
    }
    if len(item.findings.problems) > before or quantity is None or price is None:
        return None
    total = sum((-discount.amount for discount in fields["discounts"]), price * quantity)
    return _made(item, fields | _quantities(item, quantity, line_id, moved)
                 | {"quantity": quantity, "unit_price": price, "line_total": total})


def _made(item: Reading, fields: dict[str, Any]) -> Line | None:
    try:
        return Line(**fields)
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


def _price(item: Reading, currency: str) -> Money | None:
    if not item.has("price") and not item.has("price_set"):
        item.missing("price", _LINE_FIELDS)
        return None
    return amount(item, "price", currency)


def _weight(item: Reading) -> Measure | None:
    grams = item.number("grams")                # 0 is how Shopify says that nobody entered one
    return _grams(grams) if grams is not None and grams > 0 else None


@lru_cache(maxsize=4096)
def _grams(value: Decimal) -> Measure:
    return Measure(value=value, unit="g")


def _attributes(item: Reading) -> list[Attribute]:
    properties = item.data.get("properties")
    if isinstance(properties, dict):         # apps send an object where the resource has a list
        pairs = [(name, value) for name, value in properties.items()]
        if set(properties) == {"name", "value"}:
            pairs = [(properties["name"], properties["value"])]
    else:
        pairs = [(found.data.get("name"), found.data.get("value")) for found in item.parts("properties")]
    return [Attribute(name=str(name), value=None if value is None else str(value)) for name, value in pairs if name]


def _moved(order: Reading) -> _Moved:
    moved = _Moved(told=isinstance(order.data.get("fulfillments"), list))
    for fulfillment in order.parts("fulfillments"):
        if fulfillment.told("status") in ("success", ""):           # failed, cancelled and open ones have sent nothing
            for item in fulfillment.parts("line_items"):
                moved.shipped[item.identity("id") or ""] += max(0, item.whole("quantity") or 0)
    for refund in order.parts("refunds"):
        for item in refund.parts("refund_line_items"):
            line_id, units = item.identity("line_item_id") or "", max(0, item.whole("quantity") or 0)
            moved.removed[line_id] += units
            if item.told("restock_type") == "return":
                moved.taken_back[line_id] += units
    return moved


def _quantities(item: Reading, quantity: int, line_id: str, moved: _Moved) -> dict[str, int]:
    """Units that were refunded before they left are cancelled, the others returned.

    `restock_type` tells them apart (return, cancel); where it says neither (no_restock, legacy_restock, or nothing in
    old payloads) units that never left count as cancelled first.
    """
    current = item.whole("current_quantity")
    removed = min(quantity, max(moved.removed[line_id], quantity - current if current is not None else 0))
    shipped = min(quantity, moved.shipped[line_id] if moved.told else _shipped_by_status(item, quantity, removed))
    returned = min(shipped, max(moved.taken_back[line_id], removed - (quantity - shipped)))
    cancelled = min(removed - min(removed, returned), quantity - shipped)
    return {"quantity_cancelled": cancelled, "quantity_shipped": shipped, "quantity_returned": returned}


def _shipped_by_status(item: Reading, quantity: int, removed: int) -> int:
    status, still_open = item.told("fulfillment_status"), item.whole("fulfillable_quantity")
    if status == "fulfilled":
        return quantity
    return max(0, quantity - removed - still_open) if status == "partial" and still_open is not None else 0
