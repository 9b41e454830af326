"""Takes the money that was set aside for an order: all of it, an amount, or what the parcels that leave are worth."""

from __future__ import annotations

from typing import Literal

from orderloom import HoldingPayments, Orders, Outcome, Setting, World, node
from orderloom.model import Money, Order, Payment, Shipment, Transaction
from orderloom_nodes.authorize_payment.held import held
from orderloom_nodes.capture_payment.taking import Short, Taking
from orderloom_nodes.capture_payment.worth import worth
from orderloom_nodes.collect_payment.book import as_noted, is_cancelled, noted, others, without_own
from orderloom_nodes.collect_payment.due import captured, due
from orderloom_nodes.collect_payment.plan import Ask


class Captured(Outcome, name="captured"):
    """`amount` was taken by `transactions`; nought where the money is here already or comes later. `why` tells."""

    amount: Money
    order: Order
    payment: Payment
    transactions: tuple[Transaction, ...] = ()
    why: str


class NotCaptured(Outcome, name="not_captured"):
    """`missing` could not be taken, `amount` was: the goods should wait. `expired`: the authorization is over.

    `ask` is what the buyer can do about it.
    """

    amount: Money
    missing: Money
    order: Order
    payment: Payment
    reason: str
    expired: bool = False
    ask: Ask | None = None
    link: str | None = None


@node("capture-payment", effects="keyed", in_doubt="query", rehearses=True)
def capture_payment(
    order: Order,
    world: World,
    shipments: list[Shipment] | None = None,
    amount: Money | None = None,
    expired: Setting[Literal["authorize_again", "hold"]] = "authorize_again",
    connection: Setting[str] = "payments",
    orders: Setting[str] = "orders",
) -> Captured | NotCaptured:
    """Take what was set aside, once: for these parcels, this amount, or all that is due.

    Parcels are worth what their units were paid, exactly; shipping and fees go with the first one, and all captures
    together are the order's total to the minor unit. What is set aside is taken from the authorization that expires
    first. Where one has expired, or a gateway allows only one capture of it, the rest is set aside anew and taken;
    `expired: hold` leaves it `not_captured` for somebody to decide. Never more than is due is taken.
    """
    known = as_noted(world, orders, order)
    before = known.model_copy(update={"payment": without_own(known.payment, world.key)})
    open_ = due(order, others(order, known, world.key))
    nothing = Money.zero(order.currency)
    if open_.amount is None:
        return Captured(amount=nothing, order=known, payment=known.payment, why=open_.why)
    book = world.optional(orders, Orders)
    record = book.find(order.order_id) if book is not None else None
    parcels = _worth(before, shipments, record.shipments if record else ())
    wanted = min(open_.amount, amount or parcels or open_.amount)
    if wanted.amount <= 0 or world.rehearsal:
        why = f"a dry run: {wanted} would be taken" if world.rehearsal else "these parcels are paid"
        return Captured(amount=nothing, order=known, payment=known.payment, why=why)
    if is_cancelled(world, orders, order):
        told = "the order is cancelled: nothing is taken any more"
        return NotCaptured(amount=nothing, missing=wanted, order=known, payment=known.payment, reason=told)
    gateway = world.connection(connection, HoldingPayments)
    taking = Taking(world, gateway, before, orders, again=expired == "authorize_again")
    moved, short = taking.take(wanted, held(before.payment, world.now()), last=wanted == open_.amount)
    return _told(world, orders, known, moved, wanted, short)


def _told(
    world: World, orders: str, known: Order, moved: tuple[Transaction, ...], wanted: Money, short: Short | None
) -> Captured | NotCaptured:
    payment = _with(known, moved)
    noted(world, orders, known, payment)
    done = known.model_copy(update={"payment": payment})
    taken = captured(moved, wanted.currency)
    if short is None:
        return Captured(amount=taken, order=done, payment=payment, transactions=moved, why=f"{taken} taken")
    return NotCaptured(
        amount=taken, missing=wanted - taken, order=done, payment=payment, reason=short.reason, expired=short.expired,
        ask=short.ask, link=short.link,
    )  # fmt: skip


def _worth(order: Order, shipments: list[Shipment] | None, earlier: tuple[Shipment, ...]) -> Money | None:
    """What is to be taken with these parcels: what they and those before them are worth, less what came in."""
    if shipments is None:
        return None
    now = {one.shipment_id for one in shipments}
    gone = [one for one in earlier if one.shipment_id not in now and one.status != "planned"]
    taken = captured([one for one in order.payment.transactions if one.kind != "refund"], order.currency)
    return max(Money.zero(order.currency), worth(order, [*gone, *shipments]) - taken)


def _with(order: Order, moved: tuple[Transaction, ...]) -> Payment:
    payment = order.payment
    told = {one.idempotency_key for one in moved}
    kept = (one for one in payment.transactions if one.status != "unknown" or one.idempotency_key not in told)
    known = {one.transaction_id: one for one in (*kept, *moved)}
    there = captured([one for one in known.values() if one.kind != "refund"], order.currency)
    whole = order.totals.current_total or order.totals.grand_total
    status = "paid" if there >= whole else "partially_paid" if there.amount > 0 else payment.status
    return payment.model_copy(update={"transactions": tuple(known.values()), "status": status})
