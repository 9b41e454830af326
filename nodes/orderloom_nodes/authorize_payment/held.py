"""What authorizations of a payment still hold: what was set aside, less what was taken or given up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from orderloom.model import Money, Payment, Transaction

# codes after which nothing more can be taken of an authorization (docs.stripe.com/error-codes)
USED_UP = {"charge_expired_for_capture", "charge_already_captured", "payment_intent_unexpected_state"}


@dataclass(frozen=True)
class Held:
    """One authorization; `left` is what can still be taken of it."""

    moved: Transaction
    left: Money
    expired: bool

    @property
    def open(self) -> bool:
        return not self.expired and self.left.amount > 0


def held(payment: Payment, now: datetime) -> tuple[Held, ...]:
    """Every authorization that was granted and not given up, in the order in which they expire."""
    found = [_held(one, payment, now) for one in payment.transactions if _granted(one) and not _given_up(one, payment)]
    return tuple(sorted(found, key=lambda one: (one.moved.expires_at is None, one.moved.expires_at)))


def left_of(found: Sequence[Held], currency: str) -> Money:
    """What can still be taken of all of them."""
    sums = (one.left.amount for one in found if one.open and one.left.currency == currency)
    return Money.of(sum(sums, Money.zero(currency).amount), currency)


def _held(moved: Transaction, payment: Payment, now: datetime) -> Held:
    captures = (one for one in payment.transactions if _is_of(one, moved, "capture") and one.status == "success")
    taken = (one.amount.amount for one in captures)
    left = Money.of(max(Decimal(0), moved.amount.amount - sum(taken, Decimal(0))), moved.amount.currency)
    expired = moved.expires_at is not None and moved.expires_at <= now
    return Held(moved, left, expired or _refused(moved, payment))


def _granted(moved: Transaction) -> bool:
    return moved.kind == "authorization" and moved.status == "success" and moved.parent_id is None


def _given_up(moved: Transaction, payment: Payment) -> bool:
    return any(_is_of(one, moved, "void") and one.status == "success" for one in payment.transactions)


def _refused(moved: Transaction, payment: Payment) -> bool:
    """Whether a capture was told that there is nothing to be had of it any more."""
    return any(_is_of(one, moved, "capture") and one.decline_code in USED_UP for one in payment.transactions)


def _is_of(one: Transaction, moved: Transaction, kind: str) -> bool:
    return one.kind == kind and one.parent_id == moved.transaction_id
