"""Gives up money that was set aside and not taken: the customer's bank lets go of it."""

from __future__ import annotations

from orderloom import HoldingPayments, Outcome, Setting, World, node
from orderloom.model import Money, Order, Payment, Transaction
from orderloom_nodes.authorize_payment.held import held
from orderloom_nodes.collect_payment.asking import moved_once
from orderloom_nodes.collect_payment.book import as_noted, noted, without_own


class Voided(Outcome, name="voided"):
    """`amount` is set aside no more; nought where nothing was. `order` holds the whole payment."""

    amount: Money
    order: Order
    transactions: tuple[Transaction, ...] = ()


class Kept(Outcome, name="kept"):
    """The gateway does not give it up: it is taken already, and has to go back by `refund`."""

    reason: str
    transactions: tuple[Transaction, ...] = ()


@node("void-payment", effects="keyed", in_doubt="query")
def void_payment(
    order: Order,
    world: World,
    payment: Payment | None = None,
    connection: Setting[str] = "payments",
    orders: Setting[str] = "orders",
) -> Voided | Kept:
    """Give up every open authorization of an order, or of `payment`. The undo of `authorize-payment`."""
    paying = order.model_copy(update={"payment": payment}) if payment else order
    known = as_noted(world, orders, paying)
    gateway = world.connection(connection, HoldingPayments)
    open_ = [one.moved for one in held(without_own(known.payment, world.key), world.now()) if one.open]
    moved = tuple(_voided(world, gateway, one) for one in open_ if gateway.holds(one.transaction_id))
    after = _with(known.payment, moved)
    if moved:
        noted(world, orders, known, after)
    why = next((one for one in moved if one.status != "success"), None)
    if why is not None:
        code = (why.decline_code or why.status).replace("_", " ")
        return Kept(reason=f"the gateway does not give {why.parent_id} up: {code}", transactions=moved)
    given_up = sum((one.amount.amount for one in moved), Money.zero(order.currency).amount)
    done = known.model_copy(update={"payment": after})
    return Voided(amount=Money.of(given_up, order.currency), order=done, transactions=moved)


def _voided(world: World, gateway: HoldingPayments, one: Transaction) -> Transaction:
    key = f"{world.key}-{one.transaction_id}"[:200]

    def call(key: str) -> Transaction:
        return gateway.void(one.transaction_id, key)

    return moved_once(world, gateway, call, key, f"release of {one.amount}")


def _with(payment: Payment, moved: tuple[Transaction, ...]) -> Payment:
    known = {one.transaction_id: one for one in (*payment.transactions, *moved)}
    taken = any(one.kind in {"sale", "capture"} and one.status == "success" for one in known.values())
    gone = any(one.status == "success" for one in moved) and not taken
    update = {"transactions": tuple(known.values())} | ({"status": "voided"} if gone else {})
    return payment.model_copy(update=update)
