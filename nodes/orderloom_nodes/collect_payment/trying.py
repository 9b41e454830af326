"""One try to get money at the gateway, and what follows where it declines; for charging and for setting aside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from orderloom import Later, Outcome, World
from orderloom.model import Money, Order, Payment, Transaction
from orderloom_nodes.collect_payment.asking import Finding, key_of_try, moved_once, not_known, tries
from orderloom_nodes.collect_payment.book import noted
from orderloom_nodes.collect_payment.due import captured, with_transactions
from orderloom_nodes.collect_payment.plan import Ask, Plan


class Unpaid(Outcome, name="unpaid"):
    """The money does not come. `payment` is there, with every try in it, where a part had come before.

    `ask` is what the buyer can do about it: give another card, or authenticate with the bank at `link`.
    """

    payment: Payment | None = None
    reason: str
    decline_code: str | None = None
    decline_type: str | None = None
    ask: Ask | None = None
    link: str | None = None
    tries: int = 0


@dataclass(frozen=True)
class Trying:
    """An order's money is asked for; `orders` names the book that is told, `before` what moved for it already."""

    world: World
    order: Order
    orders: str
    kind: Literal["sale", "authorization"]
    amount: Money
    before: tuple[Transaction, ...] = ()

    def once(self, gateway: Finding, call: Callable[[Order, Money, str], Transaction]) -> Transaction:
        """This try. While nobody knows what became of it, the book says so. Raises `NodeError` (unavailable)."""
        attempt = len(tries(self.world)) + 1
        key = key_of_try(self.world, attempt - 1)
        moved = moved_once(
            self.world, gateway, lambda key: call(self.order, self.amount, key), key, self._what,
            lambda: self._unknown(key),
        )  # fmt: skip
        return moved.model_copy(update={"attempt": attempt})

    def declined(self, plan: Plan, payment: Payment, moved: Transaction) -> Unpaid | Later:
        """Another try at its time, or the end with what the buyer can do."""
        tried = (*tries(self.world), moved)
        then = plan.after(self.order, tried, self.world.now())
        if then.at is not None:
            return Later(then.at, {"tries": [one.model_dump(mode="json", exclude_none=True) for one in tried]})
        code = (moved.decline_code or "declined").replace("_", " ")
        why = f"; {then.why}" if then.why else ""
        held = captured(payment.transactions, self.order.currency).amount > 0
        return Unpaid(
            payment=payment if held else None, reason=f"the {self._what} failed: {code}{why}",
            decline_code=moved.decline_code, decline_type=moved.decline_type, ask=then.ask, link=moved.link,
            tries=len(tried),
        )  # fmt: skip

    @property
    def _what(self) -> str:
        return f"{'charge' if self.kind == 'sale' else 'authorization'} of {self.amount}"

    def _unknown(self, key: str) -> None:
        asked = not_known(self.kind, self.amount, key)
        payment = with_transactions(self.order.payment, (*self.before, *tries(self.world), asked), self.amount)
        noted(self.world, self.orders, self.order, payment)
