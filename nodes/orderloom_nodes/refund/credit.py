"""A refund as store credit: one new gift card for all of it, which the captures count as given back."""

from __future__ import annotations

from collections.abc import Callable

from orderloom import GiftCards, World
from orderloom.model import Order, Transaction
from orderloom_nodes.collect_payment.asking import moved_once
from orderloom_nodes.refund.allocate import Allocated


def as_credit(world: World, cards: GiftCards, plan: Allocated, order: Order | None) -> tuple[Transaction, ...]:
    """The movement that gives the card out; none where nothing is to go back."""
    if plan.wanted.amount.amount <= 0:
        return ()
    issue: Callable[[str], Transaction] = _issuing(cards, plan, order.order_id if order else "")
    made = moved_once(world, cards, issue, f"{world.key}-credit", f"store credit of {plan.wanted.amount}")
    return (made,)


def _issuing(cards: GiftCards, plan: Allocated, order_id: str) -> Callable[[str], Transaction]:
    def issue(key: str) -> Transaction:
        return cards.issue(plan.wanted.amount, key, order_id)

    return issue
