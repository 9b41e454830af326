"""Gift cards and store credit on this machine: a code with a balance, every movement once for its key.

The sum of all balances is what was given out less what was redeemed and not put back, whatever is asked.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar

from orderloom.model import Money, Transaction
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.shelf import Shelf

GATEWAY = "gift-cards"
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that could be taken for another


class GiftCardBook:
    """The connection `gift-cards`. `cards` are codes that are there from the beginning, for trying out."""

    remote: ClassVar[bool] = False

    def __init__(self, shelf: Shelf, cards: Mapping[str, Money] | None = None) -> None:
        self._shelf, self._first = shelf, dict(cards or {})

    def balance(self, code: str) -> Money | None:
        card = self._card(code)
        return None if card is None else Money.of(card["balance"], card["currency"])

    def redeem(self, code: str, amount: Money, key: str) -> Transaction:
        """Take money off the card, all of `amount` or nothing."""
        with self._shelf.changing():
            known = self.find(key)
            if known is not None:
                return known
            why_not = self._why_not(code, amount)
            made = _moved("sale", f"gs_{key[:24]}", amount, key, why_not)
            if why_not is None:
                self._put(code, -amount.amount)
                charge = {"code": code, "currency": amount.currency, "amount": str(amount.amount), "refunded": "0"}
                self._shelf.put("gift-card-charge", made.transaction_id, charge)
            return self._kept(made)

    def issue(self, amount: Money, key: str, order_id: str) -> Transaction:
        """Give out a card of this balance. Its code cannot be guessed from what it is for."""
        with self._shelf.changing():
            known = self.find(key)
            if known is not None:
                return known
            code = "GC-" + "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
            self._shelf.put(
                "gift-card", code, {"currency": amount.currency, "balance": str(amount.amount), "order": order_id}
            )
            made = _moved("refund", f"gi_{key[:24]}", amount, key, None, "store_credit")
            self._shelf.put("gift-card-charge", made.transaction_id, {"code": code, "issued": True})
            return self._kept(made)

    def refund(self, transaction_id: str, amount: Money, key: str) -> Transaction:
        """Put money back on the card, at most what came from it. Raises `ConnectionFailedError` (invalid)."""
        with self._shelf.changing():
            known = self.find(key)
            if known is not None:
                return known
            charge = self._shelf.get("gift-card-charge", transaction_id)
            if charge is None or "amount" not in charge:
                raise ConnectionFailedError("invalid", f"no gift card was redeemed by a transaction `{transaction_id}`")
            left = Decimal(charge["amount"]) - Decimal(charge["refunded"])
            fits = charge["currency"] == amount.currency and Decimal(0) < amount.amount <= left
            why_not = None if fits else f"only {left} {charge['currency']} is left to give back"
            made = _moved("refund", f"gr_{key[:24]}", amount, key, why_not, parent=transaction_id)
            if why_not is None:
                self._put(charge["code"], amount.amount)
                refunded = str(Decimal(charge["refunded"]) + amount.amount)
                self._shelf.put("gift-card-charge", transaction_id, {**charge, "refunded": refunded})
            return self._kept(made)

    def code_of(self, transaction_id: str) -> str | None:
        found = self._shelf.get("gift-card-charge", transaction_id)
        return None if found is None else str(found["code"])

    def find(self, key: str) -> Transaction | None:
        found = self._shelf.get("gift-card-call", key)
        return None if found is None else Transaction.model_validate(found)

    def holds(self, transaction_id: str) -> bool:
        return "amount" in (self._shelf.get("gift-card-charge", transaction_id) or {})

    def probe(self) -> str:
        """How many cards there are. Raises `ConnectionFailedError`."""
        self._shelf.probe()
        return f"gift cards given out: {self._shelf.count('gift-card')}, named in the connection: {len(self._first)}"

    def _card(self, code: str) -> Mapping[str, Any] | None:
        found: Mapping[str, Any] | None = self._shelf.get("gift-card", code)
        if found is None and code in self._first:
            first = self._first[code]
            return {"currency": first.currency, "balance": str(first.amount)}
        return found

    def _why_not(self, code: str, amount: Money) -> str | None:
        balance = self.balance(code)
        if balance is None:
            return "gift_card_unknown"
        if balance.currency != amount.currency:
            return "gift_card_currency"
        return None if Decimal(0) < amount.amount <= balance.amount else "gift_card_balance"

    def _put(self, code: str, more: Decimal) -> None:
        card = self._card(code) or {}
        self._shelf.put("gift-card", code, {**card, "balance": str(Decimal(card["balance"]) + more)})

    def _kept(self, made: Transaction) -> Transaction:
        document = made.model_dump(mode="json", exclude_none=True)
        self._shelf.put("gift-card-call", made.idempotency_key or "", document)
        return made


def _moved(
    kind: str, name: str, amount: Money, key: str, why_not: str | None, method: str = "gift_card",
    parent: str | None = None,
) -> Transaction:  # fmt: skip
    return Transaction.model_validate({
        "transaction_id": name, "kind": kind, "status": "failure" if why_not else "success", "gateway": GATEWAY,
        "amount": amount, "occurred_at": datetime.now(UTC), "idempotency_key": key, "decline_code": why_not,
        "decline_type": "hard" if why_not and kind == "sale" else None, "method": method, "parent_id": parent,
    })  # fmt: skip
