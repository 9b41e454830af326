"""eBay's line items in, lines out. Taxes that eBay collects itself are no part of what the seller is paid."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.model import Attribute, Discount, ExternalRef, Line, Money, TaxLine

from ...problems import shown
from ...reading import Reading
from ..told import Names, amount, off, total, unit_price, units

NAMES = Names("value", "currency")
KNOWN = frozenset(("lineItemId", "legacyItemId", "sku", "title", "lineItemCost", "quantity", "total", "deliveryCost"))


def read_line(item: Reading, currency: str, cancelled: bool) -> Line | None:
    """The line, or None after findings. `lineItemCost` is that of all units before discounts."""
    before = len(item.findings.problems)
    quantity, line_id = units(item, "quantity", KNOWN), item.required("lineItemId", KNOWN)
    cost = amount(item, "lineItemCost", currency, NAMES)
    if cost is None and not item.has("lineItemCost"):
        item.missing("lineItemCost", KNOWN)
    if quantity == 0:
        item.find("V018", "quantity", f"`{{}}` is {shown(0)}: a line has from 1 to 1,000,000 units")
    found = tuple(read_discounts(item, currency, cost))
    taxes = read_taxes(item, "taxes", currency)
    if len(item.findings.problems) > before or not quantity or cost is None:
        return None
    taken = total(one.amount for one in found)
    sent = quantity if item.told("lineItemFulfillmentStatus") == "fulfilled" else 0
    return Line(
        line_id=line_id,
        sku=item.text("sku") or "",
        title=item.text("title"),
        quantity=quantity,
        quantity_shipped=sent,
        quantity_cancelled=quantity - sent if cancelled else 0,
        unit_price=unit_price(cost, quantity),
        discounts=found,
        taxes=taxes,
        line_total=cost - taken if taken else cost,
        attributes=tuple(_attributes(item)),
        external_refs=tuple(_references(item)),
    )


def read_discounts(item: Reading, currency: str, cost: Money | None) -> Iterator[Discount]:
    """Each promotion; where none is listed, what `discountedLineItemCost` is below the cost."""
    listed = [
        Discount(amount=taken, code=one.text("promotionId"), title=one.text("description"))
        for one in item.parts("appliedPromotions")
        if (taken := off(amount(one, "discountAmount", currency, NAMES, signed=True))) is not None and taken.amount
    ]
    yield from listed
    reduced = amount(item, "discountedLineItemCost", currency, NAMES)
    if not listed and cost is not None and reduced is not None and reduced < cost:
        yield Discount(amount=cost - reduced)


def read_taxes(item: Reading, name: str, currency: str) -> tuple[TaxLine, ...]:
    """Taxes of a line, as `taxes` (the seller's to pay) or as `ebayCollectAndRemitTaxes` (eBay's)."""
    return tuple(
        TaxLine(title=(one.text("taxType") or "tax").lower().replace("_", " "), amount=tax)
        for one in item.parts(name)
        if (tax := amount(one, "amount", currency, NAMES)) is not None and tax.amount
    )


def _attributes(item: Reading) -> Iterator[Attribute]:
    for one in item.parts("variationAspects"):
        if name := one.text("name"):
            yield Attribute(name=name, value=one.text("value"))
    gift = item.part("giftDetails")
    if gift is not None and (message := gift.text("message")):
        yield Attribute(name="gift message", value=message)
    collected = [one for one in item.parts("ebayCollectAndRemitTaxes") if one.has("amount")]
    for one in collected:
        part = one.part("amount")
        kind = (one.text("taxType") or "tax").lower().replace("_", " ")
        if part is not None:
            yield Attribute(name=f"{kind}, collected by eBay", value=f"{part.text('value')} {part.text('currency')}")


def _references(item: Reading) -> Iterator[ExternalRef]:
    found = {"item": item.text("legacyItemId"), "variation": item.text("legacyVariationId")}
    yield from (
        ExternalRef(system="ebay", type=kind, value=value) for kind, value in found.items() if value and value != "0"
    )
