"""Amounts that Shopify gives twice: plain in the shop's currency, and as a bag of shop and presentment money."""

from __future__ import annotations

from orderloom.model import Money

from ...problems import shown
from ...reading import Reading


def amount(read: Reading, name: str, currency: str, *, payable: bool = True, signed: bool = False) -> Money | None:
    """The plain amount, or the bag's shop money where there is no plain one; the bag's currency must be the order's."""
    bag = read.data.get(f"{name}_set")
    if isinstance(bag, dict) and isinstance(shop := bag.get("shop_money"), dict):
        code = shop.get("currency_code")
        if currency and code is not None and code != currency:
            read.find("V016", f"{name}_set", f"`{{}}` is in {shown(code)}, but the order is in {currency}",
                      "the shop_money of every amount is in the order's currency")
            return None
    if read.has(name):
        return read.money(name, currency, payable=payable, signed=signed)
    return bag_amount(read, f"{name}_set", currency, payable=payable, signed=signed)


def bag_amount(read: Reading, name: str, currency: str, *, payable: bool = True, signed: bool = False) -> Money | None:
    """The shop money of a bag, if the bag is there."""
    found = read.part(name) if read.has(name) else None
    shop = found.part("shop_money") if found else None
    return shop.money("amount", currency, payable=payable, signed=signed) if shop else None


def added(amounts: list[Money]) -> Money | None:
    """Their sum; None where there are none."""
    return sum(amounts[1:], amounts[0]) if amounts else None
