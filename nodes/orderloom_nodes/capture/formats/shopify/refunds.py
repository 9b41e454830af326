"""Shopify's refunds in, what was given back out: in the shop's currency, or nothing where that is not known."""

from __future__ import annotations

from orderloom.model import Money

from ...reading import Reading
from .bags import added, amount, bag_amount

_OF_GOODS = ("subtotal", "total_tax")
_OF_ADJUSTMENTS = ("amount", "tax_amount")


def read_refunded(order: Reading, currency: str) -> Money | None:
    """What was given back, or None where nobody can tell in the shop's currency."""
    if not order.has("refunds") or not currency:
        return None
    sums = [_given_back(refund, currency) for refund in order.parts("refunds")]
    known = [found for found in sums if found is not None]
    total = added([Money.zero(currency), *known])
    nothing_seen = not (total and total.amount) and order.told("financial_status") in ("refunded", "partially_refunded")
    return None if nothing_seen or len(known) < len(sums) else total


def _given_back(refund: Reading, currency: str) -> Money | None:
    """By its transactions; in the buyer's currency they say nothing here, and what was refunded is added up."""
    sums = [
        _in_shop_currency(paid, currency)
        for paid in refund.parts("transactions")
        if paid.told("kind") == "refund" and paid.told("status") == "success"
    ]
    known = [found for found in sums if found is not None]
    if len(known) < len(sums):
        return _refunded_goods(refund, currency)
    return added([Money.zero(currency), *known])


def _in_shop_currency(paid: Reading, currency: str) -> Money | None:
    if (paid.text("currency") or currency) == currency:
        return paid.money("amount", currency)
    bag = paid.data.get("amount_set")
    shop = bag.get("shop_money") if isinstance(bag, dict) else None
    told = isinstance(shop, dict) and shop.get("currency_code") == currency
    return bag_amount(paid, "amount_set", currency) if told else None


def _refunded_goods(refund: Reading, currency: str) -> Money | None:
    """Goods with their tax, less what was adjusted (shipping is a negative adjustment); None where one is not clear."""
    aside = refund.aside()
    goods = [_shop_amount(item, name, currency) for item in aside.parts("refund_line_items") for name in _OF_GOODS]
    less = [_shop_amount(item, name, currency) for item in aside.parts("order_adjustments") for name in _OF_ADJUSTMENTS]
    known = [found for found in goods if found] + [-found for found in less if found]
    total = added(known)
    if total is None or aside.findings.problems:
        return None
    return total.rounded() if total.amount > 0 else None


def _shop_amount(item: Reading, name: str, currency: str) -> Money | None:
    bag = f"{name}_set"                         # exact, where the plain number has gone through a float
    only = Reading({bag: item.data[bag]}, item.path, item.findings) if item.has(bag) else item
    return amount(only, name, currency, payable=False, signed=True)
