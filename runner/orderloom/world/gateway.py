"""A payment gateway for this machine: it moves no money, and otherwise behaves as one that does.

It charges once per key, knows its own transactions, never gives back more than it took, and declines, stays silent or
is out of order when it is told to: by the connection's `answers`, else by the last four digits of the order's card.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar

from orderloom.model import Money, Order, OrderRecord, Transaction
from orderloom.problems import ProblemsError
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.shelf import Shelf

GATEWAY = "test-gateway"

# The figures are those of Stripe's published test cards (docs.stripe.com/testing, read 2026-11-23): last four
# digits → what the card answers. The split into soft and hard follows Stripe's page on declines.
TEST_CARDS: Mapping[str, str] = {
    "4242": "success",
    "0002": "generic_decline",
    "9995": "insufficient_funds",
    "9987": "lost_card",
    "9979": "stolen_card",
    "0069": "expired_card",
    "0127": "incorrect_cvc",
    "0119": "processing_error",
    "3155": "authentication_required",
    "3184": "authentication_required",
}
SOFT = ("soft", "generic_decline", "insufficient_funds", "processing_error")
HARD = ("hard", "lost_card", "stolen_card", "expired_card", "incorrect_cvc")
AUTHENTICATE = ("authentication_required",)
SILENT = ("unknown", "unknown_taken")  # no answer: the money was not taken, or was
OUT_OF_ORDER = ("unavailable", "rate_limited")
ANSWERS = ("success", *SOFT, *HARD, *AUTHENTICATE, *SILENT, *OUT_OF_ORDER)
_CODES = {"soft": "generic_decline", "hard": "card_declined"}


class TestGateway:
    """The connection `payments` without a payment provider. State is kept on a shelf, one document per key."""

    __test__ = False  # not a class of tests, whatever pytest thinks of its name
    remote: ClassVar[bool] = False

    def __init__(
        self, shelf: Shelf, answers: Mapping[str, Any] | None = None, earlier: Callable[[], list[OrderRecord]] = list
    ) -> None:
        self._shelf, self._answers, self._earlier = shelf, dict(answers or {}), earlier

    def collect(self, order: Order, amount: Money, key: str) -> Transaction:
        """Charge once. Raises `ConnectionFailedError` (timeout: nobody knows; unavailable; rate_limited)."""
        with self._shelf.changing():
            known = self.find(key)
            if known is not None:
                return known
            answer = self._answer(order)
            made = None if answer in OUT_OF_ORDER or answer == "unknown" else self._charged(order, amount, key, answer)
        if answer in OUT_OF_ORDER:
            raise ConnectionFailedError(answer, "the test gateway is told to be out of order for this order")
        if made is None or answer in SILENT:
            raise ConnectionFailedError("timeout", "the gateway did not answer: nobody knows whether it took the money")
        return made

    def refund(self, transaction_id: str, amount: Money, key: str) -> Transaction:
        """Give back at most what was taken less what went back. Raises `ConnectionFailedError` (invalid)."""
        with self._shelf.changing():
            known = self.find(key)
            if known is not None:
                return known
            charge = self._charge(transaction_id)
            if charge is None:
                raise ConnectionFailedError("invalid", f"the gateway knows no transaction `{transaction_id}`")
            left = Decimal(charge["amount"]) - Decimal(charge["refunded"])
            fits = charge["currency"] == amount.currency and Decimal(0) < amount.amount <= left
            if fits:
                refunded = str(Decimal(charge["refunded"]) + amount.amount)
                self._shelf.put("charge", transaction_id, {**charge, "refunded": refunded})
            return self._kept(
                Transaction(
                    transaction_id=f"re_{key[:24]}",
                    kind="refund",
                    status="success" if fits else "failure",
                    gateway=GATEWAY,
                    amount=amount,
                    occurred_at=datetime.now(UTC),
                    idempotency_key=key,
                    decline_code=None if fits else f"only {left} {charge['currency']} is left to give back",
                )
            )

    def find(self, key: str) -> Transaction | None:
        """What became of the call with this key."""
        found = self._shelf.get("payment-call", key)
        return None if found is None else Transaction.model_validate(found)

    def probe(self) -> str:
        """Whether it can keep its books. Raises `ConnectionFailedError`."""
        self._shelf.probe()
        return f"moves no money; charges made: {self._shelf.count('charge')}, known from before: {len(self._taken)}"

    def holds(self, transaction_id: str) -> bool:
        return self._charge(transaction_id) is not None

    def _charge(self, transaction_id: str) -> Mapping[str, Any] | None:
        """What was taken here, or is known to have been taken before there was this shelf."""
        found: Mapping[str, Any] | None = self._shelf.get("charge", transaction_id) or self._taken.get(transaction_id)
        return found

    @cached_property
    def _taken(self) -> Mapping[str, Mapping[str, Any]]:
        try:
            earlier = self._earlier()
        except ProblemsError as error:
            first = error.problems[0]
            message = f"the files of earlier orders cannot be used: {first.place}: {first.message}"
            raise ConnectionFailedError("invalid", message) from error
        return {
            moved.transaction_id: _document(record.order, moved.amount)
            for record in earlier
            for moved in record.order.payment.transactions
            if moved.gateway == GATEWAY and moved.kind in {"sale", "capture"} and moved.status == "success"
        }

    def _answer(self, order: Order) -> str:
        """What is told for this order: by its number, its id or its card. A list is gone through call by call."""
        card = next((t.card.last4 for t in order.payment.transactions if t.card and t.card.last4), None)
        names = (order.order_number, order.order_id, card)
        name = next((name for name in names if name and name in self._answers), None)
        if name is None:
            return TEST_CARDS.get(card or "", "success")
        told = self._answers[name]
        if isinstance(told, str):
            return told
        met = self._shelf.get("payment-met", f"{name} {order.order_id}") or 0
        self._shelf.put("payment-met", f"{name} {order.order_id}", met + 1)
        return str(told[min(met, len(told) - 1)])

    def _charged(self, order: Order, amount: Money, key: str, answer: str) -> Transaction:
        good = answer in ("success", "unknown_taken")
        made = Transaction(
            transaction_id=f"ch_{key[:24]}",
            kind="sale",
            status="success" if good else "failure",
            gateway=GATEWAY,
            amount=amount,
            occurred_at=datetime.now(UTC),
            idempotency_key=key,
            decline_code=None if good else _CODES.get(answer, answer),
            decline_type=None if good else _decline_type(answer),
        )
        if good:
            self._shelf.put("charge", made.transaction_id, _document(order, amount))
        return self._kept(made)

    def _kept(self, made: Transaction) -> Transaction:
        self._shelf.put("payment-call", made.idempotency_key or "", made.model_dump(mode="json", exclude_none=True))
        return made


def _document(order: Order, amount: Money) -> dict[str, str]:
    return {"order": order.order_id, "currency": amount.currency, "amount": str(amount.amount), "refunded": "0"}


def _decline_type(answer: str) -> Any:
    return "hard" if answer in HARD else "authentication_required" if answer in AUTHENTICATE else "soft"
