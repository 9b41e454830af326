"""What parcels of an order are worth, in such a way that all of them are worth the order's total."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from orderloom import NodeError
from orderloom.model import Money, Order, Shipment
from orderloom_nodes.return_evaluate.refund import PaidOrder, paid_order


def worth(order: Order, parcels: Iterable[Shipment]) -> Money:
    """What these parcels, the first ones of the order, are worth. Raises `NodeError` (invalid) without prices.

    Shipping and fees go with the first unit. Where every unit is in them it is the total that the channel states.
    """
    paid = paid_order(order)
    if paid.unpriced:
        raise NodeError("invalid", paid.unpriced)
    units = _units(order, parcels)
    if not any(units.values()):
        return Money.zero(order.currency)
    whole = order.totals.current_total or order.totals.grand_total
    if all(units[line.line_id] >= line.quantity - line.quantity_cancelled for line in order.lines):
        complete = not any(line.quantity_cancelled for line in order.lines) or order.totals.current_total is not None
        return whole if complete else min(whole, _sum(paid, units))
    return min(whole, _sum(paid, units))


def _sum(paid: PaidOrder, units: Counter[str]) -> Money:
    lines = sum(paid.lines[line_id].share(0, count).both for line_id, count in units.items())
    return paid.money(lines + paid.shipping.both + paid.fees)


def _units(order: Order, parcels: Iterable[Shipment]) -> Counter[str]:
    """How many of each line leave, never more than were ordered."""
    sent: Counter[str] = Counter()
    for parcel in parcels:
        if parcel.direction == "outbound" and parcel.status != "cancelled":
            sent.update({line.line_id: line.quantity for line in parcel.lines})
    return Counter({line.line_id: min(sent[line.line_id], line.quantity) for line in order.lines})
