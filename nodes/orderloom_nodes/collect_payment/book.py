"""What the book of orders says of an order's payment, and is told of it."""

from __future__ import annotations

from orderloom import Orders, World
from orderloom.model import Order, Payment, Transaction
from orderloom_nodes.collect_payment.asking import is_own


def is_cancelled(world: World, orders: str, order: Order) -> bool:
    """Whether the order is cancelled, or was while its next try was waited for."""
    book = world.optional(orders, Orders)
    record = book.find(order.order_id) if book is not None else None
    return order.cancelled_at is not None or (record is not None and record.order.cancelled_at is not None)


def as_noted(world: World, orders: str, order: Order) -> Order:
    """The order with every movement that the book knows to be of a call of ours.

    What has no key moved in the channel, whose own word on the order stands.
    """
    book = world.optional(orders, Orders)
    record = book.find(order.order_id) if book is not None else None
    if record is None:
        return order
    known = {moved.transaction_id: moved for moved in order.payment.transactions}
    known |= {moved.transaction_id: moved for moved in record.order.payment.transactions if moved.idempotency_key}
    payment = order.payment.model_copy(update={"transactions": tuple(known.values())})
    return order.model_copy(update={"payment": payment})


def others(order: Order, noted_: Order, key: str) -> list[Transaction]:
    """What moved unknown to the order, by another call than the one with this key."""
    own = {one.transaction_id for one in order.payment.transactions}
    moved = noted_.payment.transactions
    return [one for one in moved if one.transaction_id not in own and not is_own(one, key)]


def without_own(payment: Payment, key: str) -> Payment:
    """The payment as it was before the call with this key."""
    moved = tuple(one for one in payment.transactions if not is_own(one, key))
    return payment.model_copy(update={"transactions": moved})


def noted(world: World, orders: str, order: Order, payment: Payment) -> None:
    """Leave word in the book of orders, where the project has one."""
    book = world.optional(orders, Orders)
    if book is not None:
        status = f"{world.key}:payment:{len(payment.transactions)}:{payment.status}"
        book.note(order.model_copy(update={"payment": payment}), status)
