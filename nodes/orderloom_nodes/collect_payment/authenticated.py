"""What the buyer did since a charge failed: finished it at the bank, or gave another card."""

from __future__ import annotations

from orderloom import Payments, World
from orderloom.model import ExternalRef, Order, Transaction


def authenticated(world: World, connection: str, order: Order) -> Order:
    """The order with charges that asked for the buyer as they stand now: one that is finished is not made again."""
    asked = [one for one in order.payment.transactions if _asked_for_the_buyer(one)]
    if not asked or world.rehearsal:
        return order
    gateway = world.connection(connection, Payments)
    now = {one.transaction_id: found for one in asked if (found := gateway.find(one.idempotency_key or ""))}
    moved = tuple(now.get(one.transaction_id, one) for one in order.payment.transactions)
    return order.model_copy(update={"payment": order.payment.model_copy(update={"transactions": moved})})


def _asked_for_the_buyer(one: Transaction) -> bool:
    return one.kind == "sale" and one.decline_type == "authentication_required" and bool(one.idempotency_key)


def with_method(order: Order, token: str) -> Order:
    """The order with another card to charge: the last reference of its kind stands."""
    ref = ExternalRef(system="payment", type="payment_method", value=token)
    return order.model_copy(update={"external_refs": (*order.external_refs, ref)})
