"""UBL's anticipated total, allowances, charges and taxes in, the order's sums out."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from orderloom import did_you_mean
from orderloom.model import MINOR_DIGITS, Line, Money, TaxLine, Totals

from ...problems import shown
from ...reading import Reading
from ..told import total
from .lines import read_allowances, read_charges
from .parts import first, many, money, text

_TOTALS = ("PayableAmount", "TaxInclusiveAmount", "LineExtensionAmount")


def currency_of(read: Reading, entries: Sequence[Reading]) -> str:
    """The document's currency, else that of its total or of its first line; empty after a finding."""
    sums = first(read, "AnticipatedMonetaryTotal")
    told = [text(read, "DocumentCurrencyCode"), *(sums.data.get(f"{name}@currencyID") for name in _TOTALS if sums)]
    for entry in entries:
        item = first(entry, "LineItem")
        price = first(item, "Price")
        told.append(item.data.get("LineExtensionAmount@currencyID") if item else None)
        told.append(price.data.get("PriceAmount@currencyID") if price else None)
    code = next((one for one in told if one), None)
    if code in MINOR_DIGITS:
        return str(code)
    if code is None:
        read.missing("DocumentCurrencyCode")
    else:
        mend = did_you_mean(str(code), MINOR_DIGITS) or "it is three capitals of ISO 4217, such as EUR"
        read.find("V015", "DocumentCurrencyCode", f"`{{}}` is {shown(code)}, which is no currency", mend)
    return ""


def read_sums(read: Reading, entries: Sequence[Reading], lines: Sequence[Line], currency: str) -> dict[str, Any]:
    """Fields of the order that are about money. Without an anticipated total it is what the lines come to."""
    sums = first(read, "AnticipatedMonetaryTotal")
    items = [first(entry, "LineItem") for entry in entries]
    whole_off = tuple(read_allowances(read, currency))
    fees = (*read_charges(read, currency), *(fee for item in items for fee in read_charges(item, currency)))
    taxes = _taxes(read, currency)
    tax = total(one.amount for one in taxes) or total(tax.amount for line in lines for tax in line.taxes)
    goods = total(line.unit_price * line.quantity for line in lines) or Money.zero(currency)
    subtotal = _told(sums, items, lines, currency) or goods
    off = total(one.amount for one in (*whole_off, *(one for line in lines for one in line.discounts)))
    added = total(fee.amount for fee in fees)
    net = subtotal - (off or Money.zero(currency)) + (added or Money.zero(currency))
    grand = _grand(sums, currency) or (net + tax if tax else net).rounded()
    return {
        "discounts": whole_off,
        "fees": fees,
        "taxes": taxes,
        "taxes_included": tax is not None and tax.amount != 0 and grand == net,
        "totals": Totals(subtotal=subtotal, discount=off, fees=added, tax=tax, grand_total=grand),
    }


def _told(
    sums: Reading | None, items: Sequence[Reading | None], lines: Sequence[Line], currency: str
) -> Money | None:
    """What the lines come to before their allowances and charges, which UBL counts into it."""
    told = money(sums, "LineExtensionAmount", currency)
    off = total(one.amount for line in lines for one in line.discounts)
    charged = total(fee.amount for item in items for fee in read_charges(item, currency))
    if told is None:
        return None
    whole = told + off if off else told
    return whole - charged if charged else whole


def _grand(sums: Reading | None, currency: str) -> Money | None:
    """What is to be paid for it in all, whatever of that was paid before."""
    payable = money(sums, "PayableAmount", currency, payable=True)
    prepaid = money(sums, "PrepaidAmount", currency)
    told = payable + prepaid if payable and prepaid else payable
    return told or money(sums, "TaxInclusiveAmount", currency, payable=True)


def _taxes(read: Reading, currency: str) -> tuple[TaxLine, ...]:
    """Each rate by itself where subtotals tell it, else the total."""
    found = []
    for one in many(read, "TaxTotal"):
        parts = [(part, money(part, "TaxAmount", currency)) for part in many(one, "TaxSubtotal")]
        known = [(part, tax) for part, tax in parts if tax is not None and tax.amount]
        whole = money(one, "TaxAmount", currency)
        if known and total(tax for _, tax in known) == whole:
            found += [TaxLine(title=_scheme(part), rate=_rate(part), amount=tax) for part, tax in known]
        elif whole is not None and whole.amount:
            found.append(TaxLine(title="VAT", amount=whole))
    return tuple(found)


def _scheme(part: Reading) -> str | None:
    return text(part, "TaxCategory", "TaxScheme", "ID")


def _rate(part: Reading) -> Decimal | None:
    category = first(part, "TaxCategory")
    percent = category.aside().number("Percent") if category is not None else None
    return percent / 100 if percent is not None and percent >= 0 else None
