"""eBay's pricing summary and delivery costs in, sums, delivery, fees, discounts and taxes of the order out."""

from __future__ import annotations

from typing import Any

from orderloom.model import Discount, Fee, Money, ShippingLine, TaxLine, Totals

from ...reading import Reading
from ..told import amount, discounts, off, total
from .lines import NAMES, read_discounts, read_taxes

_FEES = {"fee": "fee", "adjustment": "adjustment"}
_OF_DELIVERY = ("handlingCost", "importCharges", "shippingIntermediationFee")


def read_sums(read: Reading, goods: list[Reading], currency: str) -> dict[str, Any]:
    """Fields of the order that are about money."""
    summary = read.part("pricingSummary")
    if summary is None:
        read.missing("pricingSummary")
        return {}
    whole = amount(summary, "total", currency, NAMES, payable=True)
    if whole is None and not summary.has("total"):
        summary.missing("total")
    shipping = _delivery(summary, goods, currency)
    fees, lowered = _fees(summary, currency)
    taxes = _taxes(summary, goods, currency)
    taken = _discounts(goods, currency, summary)
    if whole is None:
        return {}
    reduced = _off_delivery(summary, goods, currency)
    return {
        "shipping_lines": (_shipping_line(read, shipping, reduced),) if shipping else (),
        "fees": fees,
        "discounts": (*taken, *lowered),
        "taxes": taxes,
        "totals": Totals(
            grand_total=whole,
            subtotal=amount(summary, "priceSubtotal", currency, NAMES),
            discount=total(one.amount for one in (*taken, *lowered)),
            shipping=shipping,
            fees=total(fee.amount for fee in fees),
            tax=total(one.amount for one in taxes),
            refunded=_refunded(read, currency),
        ),
    }


def _delivery(summary: Reading, goods: list[Reading], currency: str) -> Money | None:
    """As the summary says, else what the lines come to, with handling and what is paid at the border."""
    told = amount(summary, "deliveryCost", currency, NAMES)
    if told is not None:
        return told
    costs = [part for item in goods if (part := item.part("deliveryCost"))]
    return total(
        amount(part, name, currency, NAMES) for part in costs for name in ("shippingCost", *_OF_DELIVERY)
    )


def _off_delivery(summary: Reading, goods: list[Reading], currency: str) -> Money | None:
    told = off(amount(summary, "deliveryDiscount", currency, NAMES, signed=True))
    costs = [part for item in goods if (part := item.part("deliveryCost"))]
    return told or total(off(amount(part, "discountAmount", currency, NAMES, signed=True)) for part in costs)


def _shipping_line(read: Reading, price: Money, taken: Money | None) -> ShippingLine:
    steps = [one.part("shippingStep") for one in read.parts("fulfillmentStartInstructions")]
    step = next((one for one in steps if one is not None), None)
    service = step.text("shippingServiceCode") if step else None
    return ShippingLine(service_code=service, title=service, price=price, discounts=discounts(taken))


def _fees(summary: Reading, currency: str) -> tuple[tuple[Fee, ...], tuple[Discount, ...]]:
    """Fees; an adjustment below nothing is a discount that the seller gave by hand."""
    found = {kind: amount(summary, name, currency, NAMES, signed=True) for name, kind in _FEES.items()}
    above = tuple(Fee(type=kind, amount=fee) for kind, fee in found.items() if fee is not None and fee.amount > 0)
    below = tuple(
        Discount(title=kind, type="manual", amount=taken)
        for kind, fee in found.items()
        if fee is not None and fee.amount < 0 and (taken := off(fee)) is not None
    )
    return above, below


def _taxes(summary: Reading, goods: list[Reading], currency: str) -> tuple[TaxLine, ...]:
    """What the seller is to pay on; the whole as the summary tells it, else by the lines."""
    told = amount(summary, "tax", currency, NAMES)
    if told is not None:
        return (TaxLine(title="tax", amount=told),) if told.amount else ()
    by_title: dict[str, Money] = {}
    for tax in (one for item in goods for one in read_taxes(item, "taxes", currency)):
        title = tax.title or "tax"
        by_title[title] = by_title[title] + tax.amount if title in by_title else tax.amount
    return tuple(TaxLine(title=title, amount=tax) for title, tax in by_title.items())


def _discounts(goods: list[Reading], currency: str, summary: Reading) -> tuple[Discount, ...]:
    """Each promotion whole, and what is taken off delivery; else the one sum that the summary tells."""
    by_code: dict[tuple[str | None, str | None], Money] = {}
    for item in goods:
        for one in read_discounts(item, currency, amount(item, "lineItemCost", currency, NAMES)):
            key = (one.code, one.title)
            by_code[key] = by_code[key] + one.amount if key in by_code else one.amount
    found = [Discount(code=code, title=title, amount=taken) for (code, title), taken in by_code.items()]
    if not found:
        told = off(amount(summary, "priceDiscount", currency, NAMES, signed=True))
        told = told or off(amount(summary, "priceDiscountSubtotal", currency, NAMES, signed=True))
        found = list(discounts(told))
    return (*found, *discounts(_off_delivery(summary, goods, currency), title="delivery"))


def _refunded(read: Reading, currency: str) -> Money | None:
    paid = read.part("paymentSummary")
    return total(
        amount(one, "amount", currency, NAMES)
        for one in (paid.parts("refunds") if paid else ())
        if one.told("refundStatus") in ("refunded", "")
    )
