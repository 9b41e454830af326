"""The books of the test gateway: what was set aside, taken and given back, each call kept under its key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from orderloom.model import Money, Order, Transaction
from orderloom.world.gateway.words import AUTHENTICATE, GATEWAY, ONE_CAPTURE, code_of, decline_type, is_good
from orderloom.world.shelf import Shelf

HOLDS_FOR = timedelta(days=7)  # as most card networks have it for sales without the card


@dataclass(frozen=True)
class Asked:
    """One call for an order's money, and the word that it is answered with."""

    order: Order
    amount: Money
    key: str
    word: str


class Accounts:
    """Charges, authorizations and calls on a shelf. Whoever calls holds the shelf's `changing()`."""

    def __init__(self, shelf: Shelf, now: Callable[[], datetime]) -> None:
        self._shelf, self._now = shelf, now

    def call(self, key: str) -> Transaction | None:
        found = self._shelf.get("payment-call", key)
        return None if found is None else Transaction.model_validate(found)

    def charge(self, transaction_id: str) -> Mapping[str, Any] | None:
        found: Mapping[str, Any] | None = self._shelf.get("charge", transaction_id)
        return found

    def authorization(self, transaction_id: str) -> Mapping[str, Any] | None:
        found: Mapping[str, Any] | None = self._shelf.get("authorization", transaction_id)
        return found

    def charged(self, asked: Asked) -> Transaction:
        made = self._answered(asked, "sale", f"ch_{asked.key[:24]}")
        if made.status == "success":
            self._shelf.put("charge", made.transaction_id, document(asked.order, asked.amount, asked.word))
        return self._kept(made)

    def authorized(self, asked: Asked) -> Transaction:
        made = self._answered(asked, "authorization", f"au_{asked.key[:24]}")
        if made.status == "success":
            until = self._now() + HOLDS_FOR
            made = made.model_copy(update={"expires_at": until})
            held = {**document(asked.order, asked.amount, asked.word), "taken": "0", "until": until.isoformat()}
            self._shelf.put("authorization", made.transaction_id, held)
        return self._kept(made)

    def captured(self, authorization_id: str, amount: Money, key: str, word: str, *, last: bool) -> Transaction:
        held = self._shelf.get("authorization", authorization_id) or {}
        why_not = _no_capture(held, amount, word, self._now())
        made = self._later("capture", f"ch_{key[:24]}", authorization_id, amount, key, why_not)
        if why_not is None:
            taken = Decimal(held["taken"]) + amount.amount
            closed = last or held["answer"] == ONE_CAPTURE or taken == Decimal(held["amount"])
            self._shelf.put("authorization", authorization_id, {**held, "taken": str(taken), "closed": closed})
            charge = {"order": held["order"], "currency": amount.currency, "amount": str(amount.amount)}
            self._shelf.put("charge", made.transaction_id, {**charge, "refunded": "0", "answer": held["answer"]})
        return self._kept(made)

    def voided(self, authorization_id: str, key: str) -> Transaction:
        held = self._shelf.get("authorization", authorization_id) or {}
        left = Decimal(held.get("amount", "0")) - Decimal(held.get("taken", "0"))
        gone = not held or held.get("closed", False)
        amount = Money.of(Decimal(0) if gone else left, held.get("currency", "USD"))
        why_not = "charge_already_captured" if gone else None
        made = self._later("void", f"vo_{key[:24]}", authorization_id, amount, key, why_not)
        if why_not is None:
            self._shelf.put("authorization", authorization_id, {**held, "closed": True})
        return self._kept(made)

    def given_back(
        self, transaction_id: str, charge: Mapping[str, Any] | None, amount: Money, key: str, word: str
    ) -> Transaction:
        known = charge or {"amount": "0", "refunded": "0", "currency": amount.currency}
        left = Decimal(known["amount"]) - Decimal(known["refunded"])
        fits = known["currency"] == amount.currency and Decimal(0) < amount.amount <= left
        why_not = None if fits else f"only {left} {known['currency']} is left to give back"
        if not is_good(word):
            why_not = code_of(word)
        made = self._later("refund", f"re_{key[:24]}", transaction_id, amount, key, why_not)
        if why_not is None:
            refunded = str(Decimal(known["refunded"]) + amount.amount)
            self._shelf.put("charge", transaction_id, {**known, "refunded": refunded})
        return self._kept(made)

    def _answered(self, asked: Asked, kind: str, transaction_id: str) -> Transaction:
        good = is_good(asked.word)
        return Transaction.model_validate({
            "transaction_id": transaction_id,
            "kind": kind,
            "status": "success" if good else "failure",
            "gateway": GATEWAY,
            "amount": asked.amount,
            "occurred_at": self._now(),
            "idempotency_key": asked.key,
            "decline_code": None if good else code_of(asked.word),
            "decline_type": None if good else decline_type(asked.word),
            "link": f"https://pay.example.test/authenticate/{asked.key[:24]}" if asked.word in AUTHENTICATE else None,
        })  # fmt: skip

    def _later(self, kind: str, name: str, of: str, amount: Money, key: str, why_not: str | None) -> Transaction:
        return Transaction.model_validate({
            "transaction_id": name,
            "kind": kind,
            "status": "success" if why_not is None else "failure",
            "gateway": GATEWAY,
            "amount": amount,
            "occurred_at": self._now(),
            "idempotency_key": key,
            "decline_code": why_not,
            "parent_id": of,
        })  # fmt: skip

    def _kept(self, made: Transaction) -> Transaction:
        self._shelf.put("payment-call", made.idempotency_key or "", made.model_dump(mode="json", exclude_none=True))
        return made


def document(order: Order, amount: Money, word: str = "success") -> dict[str, str]:
    """A charge as it is kept."""
    told = {"order": order.order_id, "currency": amount.currency, "amount": str(amount.amount), "refunded": "0"}
    return {**told, "answer": word}


def _no_capture(held: Mapping[str, Any], amount: Money, word: str, now: datetime) -> str | None:
    """Stripe's codes (docs.stripe.com/error-codes): why nothing can be taken of an authorization."""
    if not is_good(word):
        return code_of(word)
    if held.get("closed"):
        return "charge_already_captured"
    if datetime.fromisoformat(held["until"]) <= now:
        return "charge_expired_for_capture"
    left = Decimal(held["amount"]) - Decimal(held["taken"])
    fits = held["currency"] == amount.currency and Decimal(0) < amount.amount <= left
    return None if fits else "amount_too_large"
