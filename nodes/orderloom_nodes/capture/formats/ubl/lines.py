"""UBL's order lines in, lines out. `Price` is net by its base quantity; allowances of a line are its discounts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time, tzinfo
from decimal import Decimal

from orderloom.model import Attribute, Discount, ExternalRef, Fee, Line, Money, Period, TaxLine

from ...problems import shown
from ...reading import Reading
from ..told import MOST_UNITS
from .parts import first, many, moment, money, text, texts

_MICRO = Decimal("0.000001")
_PIECES = {"C62", "EA", "H87", "PCE", "NMP", "ST", "1", ""}  # of UN/ECE recommendation 20 what only means: one
_DELETED = "2"  # of the line status codes of PEPPOL's order change
_DATE_LIMITS = (time(0), time(23, 59, 59))


def read_line(entry: Reading, currency: str, zone: tzinfo) -> Line | None:
    """The line, or None after findings."""
    item = first(entry, "LineItem")
    if item is None:
        entry.missing("LineItem")
        return None
    before = len(item.findings.problems)
    quantity, line_id = _quantity(item), text(item, "ID") or ""
    if not line_id:
        item.missing("ID")
    price = _unit_price(item, currency, quantity or 1)
    total = money(item, "LineExtensionAmount", currency)
    taxes = _taxes(item, currency)
    off = tuple(read_allowances(item, currency))
    product = first(item, "Item")
    gone = text(item, "LineStatusCode") == _DELETED
    wanted = first(item, "Delivery", "RequestedDeliveryPeriod")
    if len(item.findings.problems) > before or quantity is None or not currency:
        return None
    return Line(
        line_id=line_id,
        sku=_sku(product),
        gtin=_gtin(product),
        title=text(product, "Name") or text(product, "Description"),
        quantity=quantity,
        quantity_cancelled=quantity if gone else 0,
        unit_price=price or Money.zero(currency),
        discounts=off,
        taxes=taxes,
        line_total=total,
        requested_delivery=_period(wanted, zone),
        attributes=tuple(_attributes(entry, item, product)),
        external_refs=tuple(_references(product)),
    )


def _period(wanted: Reading | None, zone: tzinfo) -> Period | None:
    start, end = _DATE_LIMITS
    earliest = moment(wanted, "StartDate", "StartTime", zone, start)
    latest = moment(wanted, "EndDate", "EndTime", zone, end)
    return Period(earliest=earliest, latest=latest) if earliest or latest else None


def _quantity(item: Reading) -> int | None:
    if not item.has("Quantity"):
        item.missing("Quantity")
        return None
    count = item.number("Quantity")
    if count is None:
        return None
    unit = item.data.get("Quantity@unitCode")
    if count != count.to_integral_value():
        message = f"`{{}}` is {shown(count)} {unit or ''}".rstrip()
        item.find("V018", "Quantity", f"{message}: an order counts whole units", "order it in a smaller unit")
        return None
    if not 1 <= count <= MOST_UNITS:
        item.find("V018", "Quantity", f"`{{}}` is {shown(count)}: a line has from 1 to {MOST_UNITS:,} units")
        return None
    return int(count)


def _unit_price(item: Reading, currency: str, quantity: int) -> Money | None:
    """By `Price`, which may be for a dozen or a hundred; else what the line comes to by its units."""
    price = first(item, "Price")
    told = money(price, "PriceAmount", currency, signed=False)
    if told is not None and price is not None:
        base = price.number("BaseQuantity") or Decimal(1)
        return _each(told, base) if base > 0 else told
    total = money(item, "LineExtensionAmount", currency, signed=False)
    return _each(total, Decimal(quantity)) if total is not None else None


def _each(whole: Money, by: Decimal) -> Money:
    each = (whole.amount / by).quantize(_MICRO)
    return Money(amount=whole.amount if by == 1 else each.normalize() + 0, currency=whole.currency)


def _taxes(item: Reading, currency: str) -> tuple[TaxLine, ...]:
    """UBL 2.0 tells a line's tax as one amount, later versions as totals; a category alone has a rate and no amount."""
    product = first(item, "Item")
    category = first(product, "ClassifiedTaxCategory")
    percent = category.aside().number("Percent") if category is not None else None
    rate = percent / 100 if percent is not None and percent >= 0 else None
    found = [money(item, "TotalTaxAmount", currency)] if item.has("TotalTaxAmount") else []
    found += [money(one, "TaxAmount", currency) for one in many(item, "TaxTotal")] if not found else []
    title = text(category, "TaxScheme", "ID")
    return tuple(TaxLine(title=title, rate=rate, amount=tax) for tax in found if tax is not None and tax.amount)


def read_allowances(read: Reading, currency: str) -> Iterator[Discount]:
    """What is taken off: allowance charges whose indicator says that they are none."""
    for one in many(read, "AllowanceCharge"):
        taken = money(one, "Amount", currency, signed=False)
        if not one.flag("ChargeIndicator", False) and taken is not None and taken.amount:
            title = text(one, "AllowanceChargeReason")
            yield Discount(code=text(one, "AllowanceChargeReasonCode"), title=title, amount=taken)


def read_charges(read: Reading | None, currency: str) -> Iterator[Fee]:
    """What is added."""
    for one in many(read, "AllowanceCharge"):
        added = money(one, "Amount", currency, signed=False)
        if one.flag("ChargeIndicator", False) and added is not None and added.amount:
            kind = text(one, "AllowanceChargeReason") or text(one, "AllowanceChargeReasonCode") or "charge"
            yield Fee(type=kind, amount=added)


def _sku(product: Reading | None) -> str:
    """The seller's own number of it; else the standard's, else the buyer's, so that it can be looked for."""
    ways = ("SellersItemIdentification", "StandardItemIdentification", "BuyersItemIdentification")
    return next((number for way in ways if (number := text(product, way, "ID"))), "")


def _gtin(product: Reading | None) -> str | None:
    number = text(product, "StandardItemIdentification", "ID") or ""
    return number if number.isdigit() and len(number) in (8, 12, 13, 14) else None


def _attributes(entry: Reading, item: Reading, product: Reading | None) -> Iterator[Attribute]:
    unit = str(item.data.get("Quantity@unitCode") or "")
    if unit not in _PIECES:
        yield Attribute(name="unit", value=unit)
    for one in many(product, "AdditionalItemProperty"):
        if name := text(one, "Name"):
            yield Attribute(name=name, value=text(one, "Value"))
    for note in (*texts(entry, "Note"), *texts(item, "Note")):
        yield Attribute(name="note", value=note)


def _references(product: Reading | None) -> Iterator[ExternalRef]:
    ways = {"BuyersItemIdentification": "buyers_item", "ManufacturersItemIdentification": "manufacturers_item",
            "StandardItemIdentification": "standard_item"}  # fmt: skip
    for way, kind in ways.items():
        if number := text(product, way, "ID"):
            yield ExternalRef(system="ubl", type=kind, value=number)
