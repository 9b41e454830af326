"""What both shapes of an Amazon order say, in one form; from that the canonical order is made, the same for both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from orderloom.model import (
    Attribute,
    Discount,
    ExternalRef,
    Fee,
    Line,
    Money,
    Order,
    ShippingLine,
    ShippingPreferences,
    TaxLine,
    Totals,
)

from ..told import discounts, total, unit_price

_NET = {"ATVPDKIKX0DER", "A2EUQ1WTGCTBG2"}  # in the US and Canada prices are without tax; elsewhere they hold it
_TAX = "tax"


@dataclass(frozen=True)
class Item:
    """One item: what it costs in all and what goes with it. `quantity` 0 is what Amazon says of a cancelled one."""

    line_id: str
    sku: str
    title: str | None
    asin: str | None
    quantity: int
    shipped: int = 0
    cancelled: int = 0
    price: Money | None = None
    tax: Money | None = None
    discount: Money | None = None
    shipping: Money | None = None
    shipping_tax: Money | None = None
    shipping_discount: Money | None = None
    gift_wrap: Money | None = None
    cod_fee: Money | None = None
    other: Money | None = None
    fee_tax: Money | None = None
    fee_discount: Money | None = None
    promotions: tuple[str, ...] = ()
    gift_message: str | None = None
    wrapped: str | None = None
    asked_to_cancel: bool = False
    tax_collector: str | None = None
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True)
class Head:
    """What stands above the items; `fields` are the canonical order's own."""

    currency: str
    grand_total: Money
    service: str | None
    is_cancelled: bool
    marketplace: str | None
    fields: dict[str, Any]
    fees: tuple[Fee, ...] = ()
    tags: tuple[str, ...] = ()
    is_gift: bool = field(default=False)


def order_of(head: Head, items: Sequence[Item]) -> Order:
    """The order. Items of no units are left out, unless there are no others: then each is a unit that was cancelled."""
    sold = [item for item in items if item.quantity] or list(items)
    lines = tuple(_line(item, head) for item in sold)
    fees = (*_fees(sold), *head.fees)
    shipping = _shipping(sold, head)
    totals = _totals(head, sold, fees)
    return Order(
        **head.fields,
        currency=head.currency,
        lines=lines,
        shipping_lines=shipping,
        fees=fees,
        discounts=_whole_discounts(sold),
        taxes=_whole_taxes(sold),
        taxes_included=_tax_within(head, totals),
        totals=totals,
        shipping_preferences=_gift(head, sold),
        tags=tuple(dict.fromkeys((*head.tags, *_asked(sold)))),
    )


def _line(item: Item, head: Head) -> Line:
    quantity = item.quantity or 1
    price = item.price or Money.zero(head.currency)
    cancelled = quantity - item.shipped if head.is_cancelled or not item.quantity else item.cancelled
    off = discounts(item.discount, ", ".join(item.promotions) or None)
    return Line(
        line_id=item.line_id,
        sku=item.sku,
        title=item.title,
        quantity=quantity,
        quantity_shipped=min(item.shipped, quantity),
        quantity_cancelled=max(0, min(cancelled, quantity - item.shipped)),
        unit_price=unit_price(price, quantity),
        discounts=off,
        taxes=_taxes(item.tax, item.tax_collector),
        line_total=price - item.discount if item.discount else price,
        attributes=tuple(_gift_words(item)) + item.attributes,
        external_refs=(ExternalRef(system="amazon", type="asin", value=item.asin),) if item.asin else (),
    )


def _gift_words(item: Item) -> Iterable[Attribute]:
    if item.wrapped:
        yield Attribute(name="gift wrap", value=item.wrapped)
    if item.gift_message:
        yield Attribute(name="gift message", value=item.gift_message)


def _taxes(amount: Money | None, collector: str | None) -> tuple[TaxLine, ...]:
    if amount is None or not amount.amount:
        return ()
    return (TaxLine(title=f"{_TAX}, collected by {collector}" if collector else _TAX, amount=amount),)


def _fees(items: Sequence[Item]) -> tuple[Fee, ...]:
    found = {name: total(getattr(item, name) for item in items) for name in ("gift_wrap", "cod_fee", "other")}
    return tuple(Fee(type=name, amount=fee) for name, fee in found.items() if fee is not None and fee.amount)


def _shipping(items: Sequence[Item], head: Head) -> tuple[ShippingLine, ...]:
    price = total(item.shipping for item in items)
    if price is None and head.service is None:
        return ()
    collector = next((item.tax_collector for item in items if item.tax_collector), None)
    line = ShippingLine(
        service_code=head.service,
        title=head.service,
        price=price or Money.zero(head.currency),
        taxes=_taxes(total(item.shipping_tax for item in items), collector),
        discounts=discounts(total(item.shipping_discount for item in items)),
    )
    return (line,)


def _whole_discounts(items: Sequence[Item]) -> tuple[Discount, ...]:
    """Each promotion whole: what the items of the same promotions take off, with that on shipping and fees."""
    sums: dict[tuple[str, ...], Money] = {}
    for item in items:
        taken = total((item.discount, item.shipping_discount, item.fee_discount))
        if taken is not None and taken.amount:
            before = sums.get(item.promotions)
            sums[item.promotions] = taken if before is None else before + taken
    return tuple(Discount(code=", ".join(codes) or None, amount=taken) for codes, taken in sums.items())


def _whole_taxes(items: Sequence[Item]) -> tuple[TaxLine, ...]:
    collector = next((item.tax_collector for item in items if item.tax_collector), None)
    return _taxes(_tax(items), collector)


def _tax(items: Sequence[Item]) -> Money | None:
    return total(one for item in items for one in (item.tax, item.shipping_tax, item.fee_tax))


def _totals(head: Head, items: Sequence[Item], fees: Sequence[Fee]) -> Totals:
    def whole(*of: Callable[[Item], Money | None]) -> Money | None:
        return total(read(item) for item in items for read in of)

    return Totals(
        grand_total=head.grand_total,
        subtotal=whole(lambda item: item.price),
        discount=whole(lambda item: item.discount, lambda item: item.shipping_discount, lambda item: item.fee_discount),
        shipping=whole(lambda item: item.shipping),
        fees=total(fee.amount for fee in fees),
        tax=_tax(items),
    )


def _tax_within(head: Head, totals: Totals) -> bool:
    """Whether the prices hold the tax. The sums tell; where they agree with neither, the marketplace does."""
    if totals.tax is None or not totals.tax.amount or totals.subtotal is None:
        return False
    added = total((totals.subtotal, totals.shipping, totals.fees)) or totals.subtotal
    net = added - totals.discount if totals.discount is not None else added
    if net + totals.tax == totals.grand_total:
        return False
    return net == totals.grand_total or (head.marketplace is not None and head.marketplace not in _NET)


def _gift(head: Head, items: Sequence[Item]) -> ShippingPreferences | None:
    message = next((item.gift_message for item in items if item.gift_message), None)
    if message or head.is_gift or any(item.wrapped for item in items):
        return ShippingPreferences(gift=True, gift_message=message)
    return None


def _asked(items: Sequence[Item]) -> Iterable[str]:
    if any(item.asked_to_cancel for item in items):
        yield "cancel-requested"
