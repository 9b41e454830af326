"""Shopify's shipping lines in, the pickup at a shop out, where that is what the buyer chose."""

from __future__ import annotations

from orderloom.model import Address, Pickup

from ...reading import Reading

# what `code` and `title` say in payloads without a delivery category; with an address they may name a service
_WORDS = frozenset({"pickup", "pick up", "local pickup", "store pickup", "in-store pickup", "pick up in store"})


def read_pickup(order: Reading, shipping: Address | None) -> Pickup | None:
    """The pickup, with its location where the order names one; None as soon as one way of delivery is another."""
    ways = [way for way in order.parts("shipping_lines") if not way.flag("is_removed", False)]
    if not ways or not all(_is_pickup(way, shipping) for way in ways):
        return None
    location = order.data.get("location_id")
    known = location if isinstance(location, str | int) and not isinstance(location, bool) else None
    return Pickup(location_id=str(known) if known else None)


def _is_pickup(way: Reading, shipping: Address | None) -> bool:
    if way.data.get("delivery_category") is not None:
        return way.told("delivery_category") in ("pickup", "pick_up")
    return shipping is None and bool({way.told("code"), way.told("title")} & _WORDS)
