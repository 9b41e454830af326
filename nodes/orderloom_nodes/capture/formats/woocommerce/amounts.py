"""WooCommerce's shipping, fees, coupons, taxes and sums in, those of the canonical order out."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from orderloom.model import Discount, DiscountType, Fee, Money, ShippingLine, TaxLine, Totals

from ...reading import Reading
from .refunds import refunded

_COUPONS: dict[str, DiscountType] = {
    "percent": "percentage", "fixed_cart": "fixed_amount", "fixed_product": "fixed_amount",
}


def item_taxes(item: Reading, currency: str) -> tuple[TaxLine, ...]:
    """The taxes of a line, a fee or a shipping line: by rate where they are listed, else in one."""
    listed = [item.money("total", currency, payable=False) for item in item.parts("taxes") if item.has("total")]
    found = [tax for tax in listed if tax is not None and tax.amount > 0]
    if not found:
        whole = item.money("total_tax", currency, payable=False, signed=True)
        found = [whole] if whole is not None and whole.amount > 0 else []
    return tuple(TaxLine(amount=tax) for tax in found)


def read_shipping_lines(items: Iterable[Reading], currency: str) -> tuple[ShippingLine, ...]:
    """The ways of delivery; WooCommerce knows no discount on them but a lower price."""
    found = []
    for item in items:
        price = item.money("total", currency, payable=False)
        if price is not None:
            found.append(ShippingLine(
                service_code=item.text("method_id"), title=item.text("method_title"), price=price,
                taxes=item_taxes(item, currency),
            ))
    return tuple(found)


def read_fees(read: Reading, currency: str) -> tuple[Fee, ...]:
    """What is charged besides; a negative fee is a discount."""
    return tuple(Fee(type=item.text("name"), amount=fee) for item, fee in _fees(read, currency) if fee.amount > 0)


def read_discounts(read: Reading, currency: str) -> tuple[Discount, ...]:
    """Each coupon whole, and negative fees."""
    found = []
    for item in read.parts("coupon_lines"):
        off = item.money("discount", currency, payable=False)
        if off is not None:
            kind = _COUPONS.get(item.told("discount_type"))
            found.append(Discount(code=item.text("code"), type=kind, value=_promised(item), amount=off))
    for item, fee in _fees(read, currency):
        if fee.amount < 0:
            found.append(Discount(title=item.text("name"), type="manual", amount=_positive(fee)))
    return tuple(found)


def read_taxes(read: Reading, currency: str) -> tuple[TaxLine, ...]:
    """Each tax whole, with that on shipping."""
    found = []
    for item in read.parts("tax_lines"):
        own = item.money("tax_total", currency, payable=False, signed=True)
        carried = item.money("shipping_tax_total", currency, payable=False, signed=True)
        sums = [one for one in (own, carried) if one is not None]
        if sums:
            percent = item.aside().number("rate_percent")
            rate = percent / 100 if percent is not None and percent >= 0 else None
            title = item.text("label") or item.text("rate_code")
            found.append(TaxLine(title=title, rate=rate, amount=sum(sums[1:], sums[0])))
    return tuple(found)


def read_totals(read: Reading, currency: str) -> Totals | None:
    """The sums as WooCommerce tells them; its subtotal is that of the lines, before coupons and without tax."""
    grand_total = read.money("total", currency)
    if grand_total is None:
        if not read.has("total"):
            read.missing("total")
        return None
    lines = [read_ for item in read.parts("line_items") if (read_ := line_amount(item, "subtotal", currency))]
    discount = read.money("discount_total", currency, payable=False)
    fees = [fee for _, fee in _fees(read, currency)]
    below = [_positive(fee) for fee in fees if fee.amount < 0]
    above = [fee for fee in fees if fee.amount > 0]
    return Totals(
        subtotal=sum(lines[1:], lines[0]) if lines else None,
        discount=sum(below, discount) if discount is not None else None,
        shipping=read.money("shipping_total", currency, payable=False),
        fees=sum(above[1:], above[0]) if above else None,
        tax=read.money("total_tax", currency, payable=False),
        grand_total=grand_total,
        refunded=refunded(read, currency),
    )


def line_amount(item: Reading, name: str, currency: str) -> Money | None:
    """A line's `subtotal` or `total`; each stands for the other where only one is told."""
    other = "total" if name == "subtotal" else "subtotal"
    return item.money(name if item.has(name) else other, currency, payable=False, signed=True)


def _fees(read: Reading, currency: str) -> list[tuple[Reading, Money]]:
    items = [(item, item.money("total", currency, payable=False, signed=True)) for item in read.parts("fee_lines")]
    return [(item, fee) for item, fee in items if fee is not None]


def _positive(money: Money) -> Money:
    return Money(amount=abs(money.amount), currency=money.currency)


def _promised(item: Reading) -> Decimal | None:
    value = item.aside().number("nominal_amount")
    return abs(value) if value is not None else None
