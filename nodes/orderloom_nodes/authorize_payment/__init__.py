"""Sets the money for an order aside, so that it can be taken when the goods leave."""

from __future__ import annotations

from orderloom import HoldingPayments, Later, Outcome, Setting, World, node
from orderloom.model import Order, Payment, Transaction
from orderloom_nodes.authorize_payment.held import held, left_of
from orderloom_nodes.collect_payment.asking import tries
from orderloom_nodes.collect_payment.book import as_noted, is_cancelled, noted, others, without_own
from orderloom_nodes.collect_payment.due import due
from orderloom_nodes.collect_payment.plan import Plan, RetryPlan, RetryTable
from orderloom_nodes.collect_payment.trying import Trying, Unpaid

__all__ = ["Authorized", "Unpaid", "authorize_payment"]


class Authorized(Outcome, name="authorized"):
    """The money is set aside, or none is due now (`why` tells which). `order` holds the payment for later steps."""

    order: Order
    payment: Payment
    transaction: Transaction | None = None
    why: str


@node(
    "authorize-payment", effects="keyed", in_doubt="query", rehearses=True,
    errors=("no_match", "conflict", "missing_fact", "wrong_type"),
)
def authorize_payment(
    order: Order,
    world: World,
    table: RetryTable | None = None,
    retry_plan: Setting[RetryPlan] = (),
    connection: Setting[str] = "payments",
    orders: Setting[str] = "orders",
) -> Authorized | Unpaid | Later:
    """Set aside what is due on an order, exactly once; `capture-payment` takes it.

    What an authorization that is still good holds already is not asked for again. Declines are treated as by
    `collect-payment`: soft ones by `table` or `retry_plan`, at most 15 tries in 30 days.
    """
    known = as_noted(world, orders, order)
    open_ = due(order, others(order, known, world.key))
    if open_.amount is None:
        return Authorized(order=known, payment=known.payment, why=open_.why)
    aside = left_of(held(without_own(known.payment, world.key), world.now()), order.currency)
    rest = open_.amount - aside
    if rest.amount <= 0:
        return Authorized(order=known, payment=known.payment, why=f"{aside} is set aside already")
    if world.rehearsal:
        return Authorized(order=order, payment=order.payment, why=f"a dry run: {rest} would be set aside")
    if is_cancelled(world, orders, order):
        return Unpaid(reason="the order is cancelled: nothing is set aside any more", tries=len(tries(world)))
    gateway = world.connection(connection, HoldingPayments)
    trying = Trying(world, order, orders, "authorization", rest)
    moved = trying.once(gateway, gateway.authorize)
    payment = _with(known.payment, (*tries(world), moved))
    noted(world, orders, order, payment)
    if moved.status == "success":
        done = known.model_copy(update={"payment": payment})
        return Authorized(order=done, payment=payment, transaction=moved, why=f"{rest} set aside{_until(moved)}")
    return trying.declined(Plan(retry_plan, table), payment, moved)


def _with(payment: Payment, moved: tuple[Transaction, ...]) -> Payment:
    known = {one.transaction_id: one for one in (*payment.transactions, *moved) if one.status != "unknown"}
    status = "authorized" if moved[-1].status == "success" else "failed"
    return payment.model_copy(update={"transactions": tuple(known.values()), "status": status})


def _until(moved: Transaction) -> str:
    return f" until {moved.expires_at:%Y-%m-%d %H:%M} UTC" if moved.expires_at else ""
