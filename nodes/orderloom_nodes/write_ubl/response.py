"""An order in, what answers it out: OrderResponse line by line, or OrderResponseSimple with yes or no."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from orderloom.model import Line, Order

from .parts import buyer, head, item, reference, seller, unit
from .xml import document

Answer = Literal["accepted", "changed", "rejected"]
_CODES = {"accepted": "AP", "changed": "CA", "rejected": "RE"}  # UNCL 4343, as PEPPOL has it
_ACCEPTED, _CHANGED, _NOT_ACCEPTED = "5", "3", "7"  # line status codes of PEPPOL


def answer_of(order: Order) -> Answer:
    """By what is left of its lines."""
    gone = sum(line.quantity_cancelled for line in order.lines)
    if gone == 0:
        return "accepted"
    return "rejected" if gone == sum(line.quantity for line in order.lines) else "changed"


def order_response(order: Order, answer: Answer, reason: str, number: str, now: datetime) -> bytes:
    """Each line with what is left of it, and whether that is what was ordered."""
    return document("OrderResponse", {
        **head(order, number, ("order_response", "ordering"), now),
        "OrderResponseCode": _CODES[answer],
        "Note": reason,
        "DocumentCurrencyCode": order.currency,
        **reference(order),
        "SellerSupplierParty": seller(order),
        "BuyerCustomerParty": buyer(order),
        "OrderLine": [_line(line, answer, order) for line in order.lines] if answer != "rejected" else None,
    })  # fmt: skip


def _line(line: Line, answer: Answer, order: Order) -> dict[str, Any]:
    left = line.quantity - line.quantity_cancelled
    status = _ACCEPTED if left == line.quantity else _CHANGED if left else _NOT_ACCEPTED
    promised = order.promise.latest_delivery if order.promise and answer != "rejected" else None
    return {
        "LineItem": {
            "ID": line.line_id,
            "LineStatusCode": status,
            "Quantity": str(left),
            "Quantity@unitCode": unit(line),
            "Delivery": {"PromisedDeliveryPeriod": {"EndDate": f"{promised:%Y-%m-%d}"}} if promised and left else None,
            "Price": {
                "PriceAmount": f"{line.unit_price.amount:f}",
                "PriceAmount@currencyID": line.unit_price.currency,
            },
            "Item": item(line),
        },
        "OrderLineReference": {"LineID": line.line_id},
    }


def simple_response(order: Order, answer: Answer, reason: str, number: str, now: datetime) -> bytes:
    """Yes or no to the whole order; what is changed is no plain yes, so its reason goes along."""
    accepted = answer != "rejected"
    return document("OrderResponseSimple", {
        **head(order, number, ("order_response", "ordering"), now),
        "Note": reason if accepted else None,
        "AcceptedIndicator": "true" if accepted else "false",
        "RejectionNote": None if accepted else reason or "the order is not accepted",
        **reference(order),
        "SellerSupplierParty": seller(order),
        "BuyerCustomerParty": buyer(order),
    })  # fmt: skip
