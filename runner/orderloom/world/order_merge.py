"""What is known of an order and what a run says of it now in, the order as it stands out.

A run hands over the order as it was captured, or corrected: it does not know what its own steps and other runs have
noted since. So quantities only grow, a payment does not fall back, and a cancelled order stays cancelled; what has left
has left, whoever cancelled it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from orderloom.model import Line, Order, Payment, Shipment

_PAYING = ("voided", "unpaid", "pending", "authorized", "failed", "partially_paid", "paid", "partially_refunded",
           "refunded", "disputed")  # fmt: skip
_SENDING = ("unfulfilled", "scheduled", "on_hold", "in_progress", "partially_fulfilled", "fulfilled", "cancelled")
_NOT_SENT = {"cancelled", "planned"}


def merged(known: Order, new: Order) -> Order:
    """The later word on the order. Of the same revision what is further along stands; a lower one adds its payments."""
    if new.revision < known.revision:
        return known.model_copy(update={"payment": _payment(known.payment, new.payment, known.payment.status)})
    if new.revision > known.revision:
        return new.model_copy(update={"payment": _payment(known.payment, new.payment, new.payment.status)})
    before = {line.line_id: line for line in known.lines}
    status = max(known.payment.status, new.payment.status, key=_PAYING.index)
    return new.model_copy(
        update={
            "payment": _payment(known.payment, new.payment, status),
            "lines": tuple(_line(before.get(line.line_id), line) for line in new.lines),
            "fulfillment_status": max(known.fulfillment_status, new.fulfillment_status, key=_SENDING.index),
            "cancelled_at": new.cancelled_at or known.cancelled_at,
            "cancel_reason": new.cancel_reason or known.cancel_reason,
        }
    )


def with_parcels(order: Order, parcels: Iterable[Shipment]) -> Order:
    """The order with the units of parcels that left counted as shipped."""
    sent: Counter[str] = Counter()
    for parcel in parcels:
        if parcel.direction == "outbound" and parcel.status not in _NOT_SENT:
            sent.update({line.line_id: line.quantity for line in parcel.lines})
    if not sent:
        return order
    lines = tuple(_sent(line, sent[line.line_id]) for line in order.lines)
    open_ = any(line.quantity_open and line.requires_shipping for line in lines)
    return order.model_copy(
        update={"lines": lines, "fulfillment_status": "partially_fulfilled" if open_ else "fulfilled"}
    )


def _payment(known: Payment, new: Payment, status: str) -> Payment:
    """Every transaction that either of the two knows; a later word on one of them stands."""
    moved = {t.transaction_id: t for t in (*known.transactions, *new.transactions)}
    return new.model_copy(update={"transactions": tuple(moved.values()), "status": status})


def _line(known: Line | None, new: Line) -> Line:
    if known is None:
        return new
    shipped = min(max(known.quantity_shipped, new.quantity_shipped), new.quantity)
    cancelled = min(max(known.quantity_cancelled, new.quantity_cancelled), new.quantity - shipped)
    returned = min(max(known.quantity_returned, new.quantity_returned), shipped)
    return new.model_copy(
        update={"quantity_shipped": shipped, "quantity_cancelled": cancelled, "quantity_returned": returned}
    )


def _sent(line: Line, units: int) -> Line:
    shipped = min(line.quantity_shipped + units, line.quantity)
    cancelled = min(line.quantity_cancelled, line.quantity - shipped)
    return line.model_copy(update={"quantity_shipped": shipped, "quantity_cancelled": cancelled})
