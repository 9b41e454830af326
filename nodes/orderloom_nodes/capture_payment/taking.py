"""An amount taken from authorizations one after the other, each capture once; the rest set aside anew, if it may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from orderloom import HoldingPayments, World
from orderloom.model import Money, Order, Transaction
from orderloom_nodes.authorize_payment.held import USED_UP, Held
from orderloom_nodes.collect_payment.asking import Call, moved_once, not_known
from orderloom_nodes.collect_payment.book import noted
from orderloom_nodes.collect_payment.due import captured
from orderloom_nodes.collect_payment.plan import Ask, asked_of

Moved = tuple[Transaction, ...]


@dataclass(frozen=True)
class Short:
    """Why not all could be taken, and what the buyer can do."""

    reason: str
    expired: bool = False
    ask: Ask | None = None
    link: str | None = None


@dataclass(frozen=True)
class Taking:
    """`again`: what authorizations hold no more is set aside anew."""

    world: World
    gateway: HoldingPayments
    order: Order
    orders: str
    again: bool

    def take(self, wanted: Money, found: Sequence[Held], *, last: bool) -> tuple[Moved, Short | None]:
        """What was taken, and why not all. `last` gives up what is left of an authorization afterwards."""
        moved: list[Transaction] = []
        for number, one in enumerate(found, start=1):
            rest = wanted - captured(moved, wanted.currency)
            part = min(rest, one.left) if one.left.currency == rest.currency else Money.zero(rest.currency)
            if one.expired or part.amount <= 0:
                continue
            if not self.gateway.holds(one.moved.transaction_id):
                owner = one.moved.gateway or "somebody else"
                return tuple(moved), Short(f"{one.left} is set aside by {owner}, and this is another: capture it there")
            done = self._capture(one.moved.transaction_id, part, f"{number}", last=last and part == rest)
            moved.append(done)
            if done.status != "success" and done.decline_code not in USED_UP:
                told = f"{part} could not be taken: {_words(done)}"
                return tuple(moved), Short(told, ask=asked_of(done), link=done.link)
        rest = wanted - captured(moved, wanted.currency)
        return (tuple(moved), None) if rest.amount <= 0 else self._take_anew(rest, tuple(moved), found)

    def _take_anew(self, rest: Money, moved: Moved, found: Sequence[Held]) -> tuple[Moved, Short | None]:
        over = any(one.expired for one in found) or any(one.decline_code in USED_UP for one in moved)
        if not self.again:
            return moved, Short(_no_more(rest, found), expired=over)
        call = partial(self.gateway.authorize, self.order, rest)
        aside = self._once(call, "authorization", rest, "again")
        if aside.status != "success":
            told = f"{_no_more(rest, found)}; setting it aside anew failed: {_words(aside)}"
            return (*moved, aside), Short(told, expired=over, ask=asked_of(aside), link=aside.link)
        done = self._capture(aside.transaction_id, rest, "again-1", last=True)
        short = None if done.status == "success" else Short(f"{rest} could not be taken: {_words(done)}")
        return (*moved, aside, done), short

    def _capture(self, authorization_id: str, part: Money, name: str, *, last: bool) -> Transaction:
        def call(key: str) -> Transaction:
            return self.gateway.capture(authorization_id, part, key, last=last)

        return self._once(call, "capture", part, name)

    def _once(self, call: Call, kind: str, amount: Money, name: str) -> Transaction:
        key = f"{self.world.key}-{name}"
        return moved_once(
            self.world, self.gateway, call, key, f"{kind} of {amount}", lambda: self._unknown(kind, amount, key)
        )

    def _unknown(self, kind: str, amount: Money, key: str) -> None:
        moved = (*self.order.payment.transactions, not_known(kind, amount, key))
        noted(self.world, self.orders, self.order, self.order.payment.model_copy(update={"transactions": moved}))


def _no_more(rest: Money, found: Sequence[Held]) -> str:
    over = next((one.moved for one in found if one.expired and one.moved.expires_at), None)
    if over is not None:
        return f"{rest} is not set aside any more: the authorization ended on {over.expires_at:%Y-%m-%d %H:%M} UTC"
    return f"{rest} is not set aside{' any more' if found else ': nothing was authorized'}"


def _words(moved: Transaction) -> str:
    return (moved.decline_code or moved.status).replace("_", " ")
