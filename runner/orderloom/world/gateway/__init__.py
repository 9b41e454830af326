"""A payment gateway for this machine: it moves no money, and otherwise behaves as one that does.

It does each call once per key, sets money aside and takes it in parts, knows its own transactions, never gives back
more than it took, and declines, stays silent or is out of order when it is told to (gateway/words.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import Any, ClassVar

from orderloom.model import Money, Order, OrderRecord, Transaction
from orderloom.problems import ProblemsError
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.gateway.accounts import Accounts, Asked, document
from orderloom.world.gateway.words import ANSWERS, GATEWAY, LATER, OUT_OF_ORDER, SILENT, TEST_CARDS, token_of
from orderloom.world.shelf import Shelf

__all__ = ["ANSWERS", "GATEWAY", "TEST_CARDS", "TestGateway"]

Make = Callable[[], Transaction]


class TestGateway:
    """The connection `payments` without a payment provider. State is kept on a shelf, one document per key."""

    __test__ = False  # not a class of tests, whatever pytest thinks of its name
    remote: ClassVar[bool] = False

    def __init__(
        self, shelf: Shelf, answers: Mapping[str, Any] | None = None, earlier: Callable[[], list[OrderRecord]] = list,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self._shelf, self._answers, self._earlier = shelf, dict(answers or {}), earlier
        self._accounts = Accounts(shelf, now or partial(datetime.now, UTC))

    def collect(self, order: Order, amount: Money, key: str) -> Transaction:
        """Charge once. Raises `ConnectionFailedError` (timeout: nobody knows; unavailable; rate_limited)."""
        return self._asked_first(order, key, lambda word: self._accounts.charged(Asked(order, amount, key, word)))

    def authorize(self, order: Order, amount: Money, key: str) -> Transaction:
        """Set money aside once, for seven days. Raises as `collect`."""
        return self._asked_first(order, key, lambda word: self._accounts.authorized(Asked(order, amount, key, word)))

    def capture(self, authorization_id: str, amount: Money, key: str, *, last: bool = False) -> Transaction:
        """Take at most what is set aside and not taken; `last` gives the rest up. Raises as `collect`, and invalid."""
        return self._asked_later(
            "capture", authorization_id, key,
            lambda word: self._accounts.captured(authorization_id, amount, key, word, last=last),
        )

    def void(self, authorization_id: str, key: str) -> Transaction:
        """Give up what is set aside; `failure` where all of it is taken. Raises `ConnectionFailedError` (invalid)."""
        return self._asked_later("void", authorization_id, key, lambda _: self._accounts.voided(authorization_id, key))

    def refund(self, transaction_id: str, amount: Money, key: str) -> Transaction:
        """Give back at most what was taken less what went back. Raises as `collect`, and invalid."""
        return self._asked_later(
            "refund", transaction_id, key,
            lambda word: self._accounts.given_back(transaction_id, self._charge(transaction_id), amount, key, word),
        )

    def find(self, key: str) -> Transaction | None:
        """What became of the call with this key."""
        return self._accounts.call(key)

    def probe(self) -> str:
        """Whether it can keep its books. Raises `ConnectionFailedError`."""
        self._shelf.probe()
        return f"moves no money; charges made: {self._shelf.count('charge')}, known from before: {len(self._taken)}"

    def holds(self, transaction_id: str) -> bool:
        return self._known(transaction_id) is not None

    def _asked_first(self, order: Order, key: str, make: Callable[[str], Transaction]) -> Transaction:
        with self._shelf.changing():
            known = self.find(key)
            if known is not None:
                return known
            word = self._answer(order)
            made = None if word in OUT_OF_ORDER or word == "unknown" else make(word)
        return _told(word, made)

    def _asked_later(self, call: str, of: str, key: str, make: Callable[[str], Transaction]) -> Transaction:
        with self._shelf.changing():
            known = self.find(key)
            if known is not None:
                return known
            found = self._known(of)
            if found is None:
                raise ConnectionFailedError("invalid", f"the gateway knows no transaction `{of}`")
            at, word = LATER.get(found.get("answer", ""), ("", "success"))
            word = word if at == call and self._is_first_silence(word, f"{call} {of}") else "success"
            made = None if word == "unknown" else make(word)
        return _told(word, made)

    def _is_first_silence(self, word: str, name: str) -> bool:
        """A gateway is silent once: who asks again is answered."""
        return word not in SILENT or self._met(name, 2) == 0

    def _known(self, transaction_id: str) -> Mapping[str, Any] | None:
        return self._accounts.authorization(transaction_id) or self._charge(transaction_id)

    def _charge(self, transaction_id: str) -> Mapping[str, Any] | None:
        """What was taken here, or is known to have been taken before there was this shelf."""
        return self._accounts.charge(transaction_id) or self._taken.get(transaction_id)

    @cached_property
    def _taken(self) -> Mapping[str, Mapping[str, Any]]:
        try:
            earlier = self._earlier()
        except ProblemsError as error:
            first = error.problems[0]
            message = f"the files of earlier orders cannot be used: {first.place}: {first.message}"
            raise ConnectionFailedError("invalid", message) from error
        return {
            moved.transaction_id: document(record.order, moved.amount)
            for record in earlier
            for moved in record.order.payment.transactions
            if moved.gateway == GATEWAY and moved.kind in {"sale", "capture"} and moved.status == "success"
        }

    def _answer(self, order: Order) -> str:
        """What is told for this order: by its number, its id or its card, else by its token, else by its test card."""
        card = next((t.card.last4 for t in order.payment.transactions if t.card and t.card.last4), None)
        names = (order.order_number, order.order_id, card)
        name = next((name for name in names if name and name in self._answers), None)
        if name is None:
            return token_of(order) or TEST_CARDS.get(card or "", "success")
        told = self._answers[name]
        return told if isinstance(told, str) else str(told[self._met(f"{name} {order.order_id}", len(told))])

    def _met(self, name: str, most: int) -> int:
        """How many calls have gone through a list of answers; the last of them stands."""
        met: int = self._shelf.get("payment-met", name) or 0
        self._shelf.put("payment-met", name, met + 1)
        return min(met, most - 1)


def _told(word: str, made: Transaction | None) -> Transaction:
    if word in OUT_OF_ORDER:
        raise ConnectionFailedError(word, "the test gateway is told to be out of order for this order")
    if made is None or word in SILENT:
        raise ConnectionFailedError("timeout", "the gateway did not answer: nobody knows whether it took the money")
    return made
