"""What is known of an order and what a run says of it now in, the order as it stands out.

A run hands over the order as it was captured, or corrected: it does not know what its own steps and other runs have
noted since. So quantities only grow, a payment does not fall back, and a cancelled order stays cancelled; what has left
has left, whoever cancelled it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from orderloom.model import Line, Order, Payment, Shipment

_PAYING = ("voided", "unpaid", "failed", "pending", "authorized", "partially_paid", "paid", "partially_refunded",
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
    status = _paying(known.payment, new.payment)
    return new.model_copy(
        update={
            "payment": _payment(known.payment, new.payment, status),
            "lines": tuple(_line(before.get(line.line_id), line) for line in new.lines),
            "fulfillment_status": max(known.fulfillment_status, new.fulfillment_status, key=_SENDING.index),
            "cancelled_at": new.cancelled_at or known.cancelled_at,
            "cancel_reason": new.cancel_reason or known.cancel_reason,
        }
    )


def with_parcels(order: Order, parcels: Iterable[Shipment], known: Iterable[Shipment] = ()) -> Order:
    """The order with the units of parcels that left counted as shipped, and those of parcels that stay after all not.

    What was counted already is in `known`; the same word on a parcel again changes nothing.
    """
    counted = {parcel.shipment_id for parcel in known if _leaves(parcel)}
    sent: Counter[str] = Counter()
    stay: Counter[str] = Counter()
    for parcel in parcels:
        if _leaves(parcel) and parcel.shipment_id not in counted:
            sent.update({line.line_id: line.quantity for line in parcel.lines})
        elif not _leaves(parcel) and parcel.shipment_id in counted:
            stay.update({line.line_id: line.quantity for line in parcel.lines})
    if not sent and not stay:
        return order
    gone = order.cancelled_at is not None
    lines = tuple(_sent(_kept(line, stay[line.line_id], gone), sent[line.line_id]) for line in order.lines)
    return order.model_copy(update={"lines": lines, "fulfillment_status": _sending(lines, cancelled=gone)})


def _leaves(parcel: Shipment) -> bool:
    return parcel.direction == "outbound" and parcel.status not in _NOT_SENT


def _sending(lines: Sequence[Line], *, cancelled: bool) -> str:
    """How far the order has left, by its units."""
    if not any(line.quantity_shipped for line in lines):
        return "cancelled" if cancelled else "unfulfilled"
    open_ = any(line.quantity_open and line.requires_shipping for line in lines)
    return "partially_fulfilled" if open_ else "fulfilled"


def _paying(known: Payment, new: Payment) -> str:
    """How far it is paid. What was set aside and given up falls back, by its own word alone."""
    if new.status == "voided" and known.status in {"authorized", "pending", "failed"}:
        return "voided"
    return max(known.status, new.status, key=_PAYING.index)


def _payment(known: Payment, new: Payment, status: str) -> Payment:
    """Every transaction that either of the two knows; a later word on one of them stands.

    A call of which nobody knew what became of it is gone once its key tells.
    """
    moved = {t.transaction_id: t for t in (*known.transactions, *new.transactions)}
    told = {t.idempotency_key for t in moved.values() if t.idempotency_key and t.status != "unknown"}
    kept = (t for t in moved.values() if t.status != "unknown" or t.idempotency_key not in told)
    return new.model_copy(update={"transactions": tuple(kept), "status": status})


def _line(known: Line | None, new: Line) -> Line:
    if known is None:
        return new
    shipped = min(max(known.quantity_shipped, new.quantity_shipped), new.quantity)
    cancelled = min(max(known.quantity_cancelled, new.quantity_cancelled), new.quantity - shipped)
    returned = min(max(known.quantity_returned, new.quantity_returned), shipped)
    return new.model_copy(
        update={"quantity_shipped": shipped, "quantity_cancelled": cancelled, "quantity_returned": returned}
    )


def _kept(line: Line, units: int, cancelled: bool) -> Line:
    """Units that did not leave; where the order is cancelled, they are too."""
    shipped = max(line.quantity_shipped - units, line.quantity_returned)
    more = line.quantity_shipped - shipped if cancelled else 0
    return line.model_copy(
        update={"quantity_shipped": shipped, "quantity_cancelled": line.quantity_cancelled + more}
    )


def _sent(line: Line, units: int) -> Line:
    shipped = min(line.quantity_shipped + units, line.quantity)
    cancelled = min(line.quantity_cancelled, line.quantity - shipped)
    return line.model_copy(update={"quantity_shipped": shipped, "quantity_cancelled": cancelled})
