"""Shopify's discounts, taxes, shipping lines, fees and sums in, those of the canonical order out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from orderloom.model import Discount, DiscountType, Fee, Money, ShippingLine, TaxLine, Totals

from ...reading import Reading
from .bags import added, amount, bag_amount
from .fields import KNOWN
from .refunds import read_refunded

_DISCOUNT_TYPES: dict[str, DiscountType] = {
    "fixed_amount": "fixed_amount", "percentage": "percentage", "shipping": "free_shipping",
}


def line_discounts(item: Reading, currency: str) -> tuple[Discount, ...]:
    """What is taken off one line or shipping line: allocations, or what old payloads and drafts have instead."""
    found = []
    for allocation in item.parts("discount_allocations"):
        off = amount(allocation, "amount", currency, payable=False)
        if off is not None:
            found.append(Discount(amount=off))
    if found:
        return tuple(found)
    if applied := item.part("applied_discount"):
        return _applied(applied, currency)
    off = amount(item, "total_discount", currency)
    return (Discount(amount=off),) if off is not None and off.amount else ()


def read_taxes(read: Reading, currency: str) -> tuple[TaxLine, ...]:
    """The tax lines of an order, a line or a shipping line."""
    found = []
    for tax in read.parts("tax_lines"):
        rate, price = tax.number("rate"), amount(tax, "price", currency, payable=False)
        if price is not None:
            found.append(TaxLine(title=tax.text("title"), rate=rate, amount=price))
    return tuple(found)


def read_shipping_lines(order: Reading, currency: str) -> tuple[ShippingLine, ...]:
    """The ways of delivery; a draft order has one, and one that was removed by an edit is left out."""
    items = list(order.parts("shipping_lines"))
    if single := order.part("shipping_line"):
        items.append(single)
    kept = [item for item in items if not item.flag("is_removed", False)]
    return tuple(line for item in kept if (line := _shipping_line(item, currency)))


def _shipping_line(item: Reading, currency: str) -> ShippingLine | None:
    price = amount(item, "price", currency)
    if price is None:
        if not item.has("price") and not item.has("price_set"):
            item.missing("price", ("title", "code"))
        return None
    discounts = line_discounts(item, currency)
    reduced = amount(item, "discounted_price", currency)
    if not discounts and reduced is not None and reduced < price:
        discounts = (Discount(amount=price - reduced),)
    return ShippingLine(
        service_code=item.text("code") or item.text("handle"),
        title=item.text("title"),
        price=price,
        taxes=read_taxes(item, currency),
        discounts=discounts,
    )


def read_fees(order: Reading, currency: str, tips: list[Money]) -> tuple[Fee, ...]:
    """Tips, duties and additional fees, as far as they are not nothing."""
    tip = amount(order, "total_tip_received", currency) or added(tips)
    found = {
        "tip": tip,
        "duties": bag_amount(order, "original_total_duties_set", currency),
        "additional_fees": bag_amount(order, "original_total_additional_fees_set", currency),
    }
    return tuple(Fee(type=kind, amount=fee) for kind, fee in found.items() if fee is not None and fee.amount)


def read_discounts(order: Reading, currency: str) -> tuple[Discount, ...]:
    """Each discount whole: applications with the sum of their allocations; in older payloads the codes."""
    if not currency:
        return ()
    if order.has("discount_applications"):
        items = enumerate(order.parts("discount_applications"))
        return tuple(_application(order, number, item, currency) for number, item in items)
    if applied := order.part("applied_discount"):
        return _applied(applied, currency)
    return tuple(
        Discount(code=item.text("code"), type=_DISCOUNT_TYPES.get(item.text("type") or ""), amount=off)
        for item in order.parts("discount_codes")
        if (off := amount(item, "amount", currency)) is not None
    )


def _applied(applied: Reading, currency: str) -> tuple[Discount, ...]:
    off = amount(applied, "amount", currency)
    if off is None:
        return ()
    kind = _DISCOUNT_TYPES.get(applied.text("value_type") or "")
    title = applied.text("title") or applied.text("description")
    return (Discount(title=title, type=kind, value=_promised(applied), amount=off),)


def _application(order: Reading, number: int, item: Reading, currency: str) -> Discount:
    kind = _DISCOUNT_TYPES.get(item.text("value_type") or "")
    if item.data.get("target_type") == "shipping_line" and kind == "percentage":
        kind = "free_shipping"
    return Discount(
        code=item.text("code"),
        title=item.text("title") or item.text("description"),
        type=kind,
        value=_promised(item),
        amount=sum(_allocated(order, number, currency), Money.zero(currency)),
    )


def _promised(item: Reading) -> Decimal | None:
    value = item.number("value")                # older price rules write 10 percent off as -10.0
    return None if value is None else abs(value)


def _allocated(order: Reading, number: int, currency: str) -> Iterator[Money]:
    for name in ("line_items", "shipping_lines"):
        for item in order.parts(name):
            for allocation in item.parts("discount_allocations"):
                off = amount(allocation, "amount", currency, payable=False)
                if off is not None and allocation.whole("discount_application_index") == number:
                    yield off


def read_totals(order: Reading, currency: str, parts: Mapping[str, Any]) -> Totals | None:
    """The sums as Shopify tells them. Shipping and fees are those of their lines, which are before discounts."""
    grand_total = amount(order, "total_price", currency)
    if grand_total is None and not order.has("total_price") and not order.has("total_price_set"):
        order.missing("total_price", KNOWN)
    subtotal, discount = amount(order, "total_line_items_price", currency), amount(order, "total_discounts", currency)
    told = {
        "discount": _whole_discount(discount, parts),
        "shipping": _shipping(order, parts, currency),
        "fees": added([fee.amount for fee in parts["fees"]]),
        "tax": amount(order, "total_tax", currency),
        "refunded": read_refunded(order, currency),
        "current_total": _current_total(order, currency, grand_total),
        "outstanding": amount(order, "total_outstanding", currency, signed=True),
    }
    if subtotal is None:
        subtotal = _before_discounts(amount(order, "subtotal_price", currency), parts)
    return Totals(grand_total=grand_total, subtotal=subtotal, **told) if grand_total is not None else None


def _before_discounts(after: Money | None, parts: Mapping[str, Any]) -> Money | None:
    """`subtotal_price` is after what was taken off the goods; used where `total_line_items_price` is missing."""
    taken = added([discount.amount for line in parts["lines"] for discount in line.discounts])
    return after if after is None or taken is None else after + taken


def _whole_discount(told: Money | None, parts: Mapping[str, Any]) -> Money | None:
    """Some payloads count in `total_discounts` what was taken off shipping, some do not: the allocations tell."""
    on_lines = added([discount.amount for line in parts["lines"] for discount in line.discounts])
    on_shipping = added([discount.amount for line in parts["shipping_lines"] for discount in line.discounts])
    if told is None or on_shipping is None:
        return told
    without = told == on_lines if on_lines is not None else not told.amount
    return told + on_shipping if without else told


def _shipping(order: Reading, parts: Mapping[str, Any], currency: str) -> Money | None:
    told = bag_amount(order, "total_shipping_price_set", currency)
    return added([line.price for line in parts["shipping_lines"]]) or told


def _current_total(order: Reading, currency: str, total: Money | None) -> Money | None:
    """Where an edit or a refund changed it."""
    found = amount(order.aside(), "current_total_price", currency)
    return None if found is None or found == total else found
