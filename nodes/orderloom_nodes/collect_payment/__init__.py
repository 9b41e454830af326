"""Takes the money for an order once, or finds that it is there already; a soft decline is tried again by plan."""

from __future__ import annotations

from orderloom import Later, Outcome, Payments, Setting, World, node
from orderloom.model import Money, Order, Payment, Transaction
from orderloom_nodes.collect_payment.asking import tries
from orderloom_nodes.collect_payment.authenticated import authenticated, with_method
from orderloom_nodes.collect_payment.book import as_noted, is_cancelled, noted, others
from orderloom_nodes.collect_payment.due import captured, due, with_transactions
from orderloom_nodes.collect_payment.gift_cards import redeemed
from orderloom_nodes.collect_payment.plan import Plan, RetryPlan, RetryTable
from orderloom_nodes.collect_payment.trying import Trying, Unpaid

__all__ = ["Paid", "Unpaid", "collect_payment"]


class Paid(Outcome, name="paid"):
    """The money is here, or the terms say that it comes later (`why` tells which); `payment` is the whole payment."""

    payment: Payment
    transaction: Transaction | None = None
    why: str


@node(
    "collect-payment", effects="keyed", in_doubt="query", rehearses=True,
    errors=("no_match", "conflict", "missing_fact", "wrong_type"),
)
def collect_payment(
    order: Order,
    world: World,
    gift_cards: list[str] | None = None,
    payment_method: str | None = None,
    table: RetryTable | None = None,
    retry_plan: Setting[RetryPlan] = (),
    connection: Setting[str] = "payments",
    cards: Setting[str] = "gift-cards",
    orders: Setting[str] = "orders",
) -> Paid | Unpaid | Later:
    """Charge what is due on an order, exactly once.

    Nothing is charged where the channel has the money already, nothing is due, or the terms are cash on delivery or
    net. Gift cards pay first, as much as they hold. A soft decline is tried again as `table` says, or after each time
    of `retry_plan` (such as [4h, 1d, 3d]; none by default); never more than 15 tries in 30 days, which is what card
    networks allow. The table is asked about `decline` (its `code` and `type`), `attempt`, `days since first` and
    `order`; it says `retry` (with `after`, and `pay_days` to wait for the next one), `new_card`, `authenticate` or
    `give_up`. A hard decline and one that asks the buyer to authenticate are `unpaid` at once; `payment_method` is the
    gateway's token of a card that the buyer gave since, and a charge that was finished at the buyer's bank meanwhile
    is found and not made again. Where no answer comes, the gateway is asked what became of the call before anything
    else is done. An order that is cancelled, by its own word or by the book of orders, is `unpaid` and not charged.
    """
    order = order if payment_method is None else with_method(order, payment_method)
    noted_ = authenticated(world, connection, as_noted(world, orders, order))
    open_ = due(order, others(order, noted_, world.key))
    if open_.amount is None:
        return Paid(payment=_settled(world, orders, noted_), why=open_.why)
    if world.rehearsal:
        return Paid(payment=order.payment, why=f"a dry run: {open_.amount} would be charged")
    if is_cancelled(world, orders, order):
        held = noted_.payment if captured(noted_.payment.transactions, order.currency).amount > 0 else None
        told = "the order is cancelled: nothing is charged any more"
        return Unpaid(payment=held, reason=told, tries=len(tries(world)))
    by_card = redeemed(world, cards, gift_cards or (), open_.amount)
    rest = open_.amount - captured(by_card, order.currency)
    trying = Trying(world, order, orders, "sale", rest, by_card)
    moved = by_card[-1] if rest.amount <= 0 else _charged(trying, world.connection(connection, Payments))
    payment = with_transactions(noted_.payment, (*by_card, *tries(world), moved), open_.amount)
    noted(world, orders, order, payment)
    if moved.status == "success":
        return Paid(payment=payment, transaction=moved, why=_told(rest, by_card))
    return trying.declined(Plan(retry_plan, table), payment, moved)


def _settled(world: World, orders: str, order: Order) -> Payment:
    """The payment of an order on which nothing is due; what was paid since a charge failed is noted as paid."""
    if order.payment.status not in {"failed", "unpaid", "pending"} or world.rehearsal:
        return order.payment
    if captured(order.payment.transactions, order.currency).amount <= 0:
        return order.payment
    paid = order.payment.model_copy(update={"status": "paid"})
    noted(world, orders, order, paid)
    return paid


def _charged(trying: Trying, gateway: Payments) -> Transaction:
    return trying.once(gateway, gateway.collect)


def _told(rest: Money, by_card: tuple[Transaction, ...]) -> str:
    parts = [f"{one.amount} by gift card" for one in by_card]
    return " and ".join([*parts, *([f"{rest} charged"] if rest.amount > 0 else [])])
