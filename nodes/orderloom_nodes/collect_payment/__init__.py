"""Takes the money for an order once, or finds that it is there already; a soft decline is tried again by plan."""

from __future__ import annotations

from orderloom import Later, Outcome, Setting, World, node
from orderloom.model import Order, Payment, Transaction
from orderloom_nodes.collect_payment.charge import charge, tries
from orderloom_nodes.collect_payment.due import due, with_transaction
from orderloom_nodes.collect_payment.plan import RetryPlan, is_cancelled, next_try, noted


class Paid(Outcome, name="paid"):
    """The money is here, or the terms say that it comes later (`why` tells which); `payment` is the whole payment."""

    payment: Payment
    transaction: Transaction | None = None
    why: str


class Unpaid(Outcome, name="unpaid"):
    """The money does not come. `payment` is there, with every try in it, where a part had come before."""

    payment: Payment | None = None
    reason: str
    decline_code: str | None = None
    decline_type: str | None = None


@node("collect-payment", effects="keyed", in_doubt="query", rehearses=True)
def collect_payment(
    order: Order,
    world: World,
    retry_plan: Setting[RetryPlan] = (),
    connection: Setting[str] = "payments",
    orders: Setting[str] = "orders",
) -> Paid | Unpaid | Later:
    """Charge what is due on an order, exactly once.

    Nothing is charged where the channel has the money already, nothing is due, or the terms are cash on delivery or
    net. A soft decline is tried again after each time of `retry_plan` (such as [4h, 1d, 3d]; none by default: networks
    allow 15 tries in 30 days). A hard decline and one that asks the buyer to authenticate are `unpaid` at once. Where
    no answer comes, the gateway is asked what became of the call before anything else is done. An order that is
    cancelled, by its own word or by the book of orders, is `unpaid` and not charged.
    """
    open_ = due(order)
    if open_.amount is None:
        return Paid(payment=order.payment, why=open_.why)
    if world.rehearsal:
        return Paid(payment=order.payment, why=f"a dry run: {open_.amount} would be charged")
    if is_cancelled(world, orders, order):
        held = order.payment if _holds_money(order.payment) else None
        return Unpaid(payment=held, reason="the order is cancelled: nothing is charged any more")
    moved = charge(world, connection, order, open_.amount)
    payment = with_transaction(order.payment, (*tries(world), moved), open_.amount)
    noted(world, orders, order, payment)
    if moved.status == "success":
        return Paid(payment=payment, transaction=moved, why=f"{open_.amount} charged")
    later = next_try(world, retry_plan, moved)
    if later is not None:
        return later
    code = moved.decline_code or "declined"
    return Unpaid(
        payment=payment if _holds_money(payment) else None,
        reason=f"the charge of {open_.amount} failed: {code.replace('_', ' ')}",
        decline_code=moved.decline_code, decline_type=moved.decline_type,
    )


def _holds_money(payment: Payment) -> bool:
    """Whether an undo has anything to give back."""
    return any(moved.kind in {"sale", "capture"} and moved.status == "success" for moved in payment.transactions)
