"""Finds an earlier order with its payments, shipments and refunds, for whoever bought it."""

from __future__ import annotations

from datetime import timedelta

from orderloom import Orders, Outcome, Setting, World, node
from orderloom.model import Order, OrderRecord, Party, Refund, Return, ReturnHistory, Shipment

YEAR = timedelta(days=365)


class Found(Outcome, name="found"):
    """The order as it stands now. `history` is what its customer bought and sent back in the last 12 months."""

    order: Order
    shipments: tuple[Shipment, ...] = ()
    refunds: tuple[Refund, ...] = ()
    returns: tuple[Return, ...] = ()
    history: ReturnHistory


class Unknown(Outcome, name="unknown"):
    """There is no such order for this address: whether the number exists is not told."""

    order_id: str
    reasons: tuple[str, ...]


@node("find-order")
def find_order(
    order_id: str, world: World, email: Party | str | None = None, connection: Setting[str] = "orders"
) -> Found | Unknown:
    """Look an order up by our id, its number, or an id of the shop's.

    Where `email` is given (an address, or who asks) and the order has one, they must be the same, capitals aside.
    """
    book = world.connection(connection, Orders)
    record = book.find(order_id.strip().removeprefix("#"))
    asked = (email.email if isinstance(email, Party) else email) or ""
    if record is None or not _is_theirs(record.order, asked):
        who = " of this e-mail address" if asked else ""
        return Unknown(order_id=order_id, reasons=(f"no order `{order_id}`{who} is known",))
    return Found(
        order=record.order, shipments=record.shipments, refunds=record.refunds, returns=record.returns,
        history=_history(record, book, world),
    )


def _is_theirs(order: Order, asked: str) -> bool:
    known = order.customer.email if order.customer else None
    return not asked or not known or asked.strip().casefold() == known.strip().casefold()


def _history(record: OrderRecord, book: Orders, world: World) -> ReturnHistory:
    customer = record.order.customer
    records = book.of_customer(customer.email) if customer and customer.email else (record,)
    since = world.now() - YEAR
    recent = [one for one in records if one.order.ordered_at >= since]
    back = [request for one in records for request in one.returns if request.requested_at >= since]
    refunds = [refund for one in recent for refund in one.refunds if refund.status == "success"]
    return ReturnHistory(orders_12m=len(recent), returns_12m=len(back), refunds_12m=len(refunds))
