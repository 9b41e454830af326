"""Stripe as a payment gateway: one PaymentIntent for each charge, over its HTTP API, with the key of each call.

What was asked for is written down before it is sent, so that a call whose answer was lost is found in Stripe's lists,
by the key in its metadata, and not made again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

from orderloom.model import Money, Order, Transaction
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.shelf import Shelf
from orderloom.world.stripe.amounts import to_stripe
from orderloom.world.stripe.api import Api, FormHttp, StripeRefusedError
from orderloom.world.stripe.told import captured_told, intent_told, refund_told, refused_told, voided_told

KEY, CAPTURE = "orderloom_key", "orderloom_capture"
_SLACK_S = 300  # between our clock and Stripe's


class Stripe:
    """The connection `payments` at Stripe. `link` is the shop's page where a buyer authenticates a payment."""

    remote: ClassVar[bool] = True

    def __init__(self, http: FormHttp, shelf: Shelf, link: str | None = None) -> None:
        self._api, self._shelf, self._link = Api(http), shelf, link

    def collect(self, order: Order, amount: Money, key: str) -> Transaction:
        """Charge the order's payment method. Raises `ConnectionFailedError`."""
        return self._intent(order, amount, key, "sale")

    def authorize(self, order: Order, amount: Money, key: str) -> Transaction:
        """Set money aside on it, to be captured in parts where the card allows that."""
        return self._intent(order, amount, key, "authorization")

    def capture(self, authorization_id: str, amount: Money, key: str, *, last: bool = False) -> Transaction:
        """Take so much; without `last`, the rest stays set aside where the card allows more than one capture."""
        self._noted(key, "capture", authorization_id, amount)
        more = not last and self._many(authorization_id)
        body = {
            "amount_to_capture": to_stripe(amount), "metadata": {CAPTURE: key},
            "final_capture": False if more else None,
        }  # fmt: skip
        try:
            found = self._api.post("payment_intents/{id}/capture", body, key, id=authorization_id)
        except StripeRefusedError as refused:
            return refused_told(refused.error, "capture", amount, key, authorization_id, self._link)
        return captured_told(found, amount, key)

    def void(self, authorization_id: str, key: str) -> Transaction:
        """Cancel the PaymentIntent: the bank lets go of what is not captured."""
        self._noted(key, "void", authorization_id, None)
        try:
            found = self._api.post("payment_intents/{id}/cancel", {}, key, id=authorization_id)
        except StripeRefusedError as refused:
            nothing = Money.zero("USD")
            return refused_told(refused.error, "void", nothing, key, authorization_id, None)
        return voided_told(found, key)

    def refund(self, transaction_id: str, amount: Money, key: str) -> Transaction:
        """Give back of a charge of ours."""
        intent = _intent_of(transaction_id)
        self._noted(key, "refund", transaction_id, amount)
        body = {"payment_intent": intent, "amount": to_stripe(amount), "metadata": {KEY: key}}
        try:
            found = self._api.post("refunds", body, key)
        except StripeRefusedError as refused:
            return refused_told(refused.error, "refund", amount, key, transaction_id, None)
        return refund_told(found, transaction_id, key)

    def find(self, key: str) -> Transaction | None:
        """What became of the call with this key, by Stripe's lists. Raises `ConnectionFailedError`."""
        note = self._shelf.get("stripe-call", key)
        if note is None:
            return None
        try:
            return self._found(key, note)
        except StripeRefusedError:  # what it was about is not there
            return None

    def holds(self, transaction_id: str) -> bool:
        return transaction_id.startswith("pi_")

    def probe(self) -> str:
        """Whether the key is good, and for which side. Raises `ConnectionFailedError`."""
        try:
            balance = self._api.get("balance")
        except StripeRefusedError as refused:
            raise ConnectionFailedError("refused", f"Stripe does not tell the balance: {refused}") from None
        side = "real money moves" if balance.get("livemode") else "test mode, no money moves"
        return f"Stripe takes the key: {side}"

    def _intent(self, order: Order, amount: Money, key: str, kind: str) -> Transaction:
        self._noted(key, kind, None, amount)
        try:
            found = self._api.post("payment_intents", _asked(order, amount, key, kind), key)
        except StripeRefusedError as refused:
            return refused_told(refused.error, kind, amount, key, None, self._link)
        return intent_told(found, kind, amount, key, self._link)

    def _noted(self, key: str, kind: str, of: str | None, amount: Money | None) -> None:
        """The intent is on the disk before the request leaves; the first time of asking stands."""
        if self._shelf.get("stripe-call", key) is None:
            sum_ = amount.model_dump(mode="json") if amount else None
            note = {"kind": kind, "of": of, "amount": sum_, "at": int(datetime.now(UTC).timestamp())}
            self._shelf.put("stripe-call", key, note)

    def _many(self, authorization_id: str) -> bool:
        """Whether the card allows more than one capture of this authorization."""
        try:
            intent = self._api.get("payment_intents/{id}", {"expand[]": "latest_charge"}, id=authorization_id)
        except StripeRefusedError:
            return False
        charge = intent.get("latest_charge")
        card = ((charge if isinstance(charge, dict) else {}).get("payment_method_details") or {}).get("card") or {}
        return (card.get("multicapture") or {}).get("status") == "available"

    def _found(self, key: str, note: Mapping[str, Any]) -> Transaction | None:
        kind, of = note["kind"], note["of"]
        if kind in {"sale", "authorization"}:
            query = {"created[gte]": int(note["at"]) - _SLACK_S, "expand[]": "data.latest_charge"}
            found = _with_key(self._api.every("payment_intents", query), key)
            return intent_told(found, kind, Money.model_validate(note["amount"]), key, self._link) if found else None
        if kind == "refund":
            found = _with_key(self._api.every("refunds", {"payment_intent": _intent_of(of)}), key)
            return refund_told(found, of, key) if found else None
        intent = self._api.get("payment_intents/{id}", id=of)
        if kind == "void":
            return voided_told(intent, key) if intent.get("status") == "canceled" else None
        done = (intent.get("metadata") or {}).get(CAPTURE) == key and int(intent.get("amount_received") or 0) > 0
        return captured_told(intent, Money.model_validate(note["amount"]), key) if done else None


def _asked(order: Order, amount: Money, key: str, kind: str) -> dict[str, Any]:
    """Raises `ConnectionFailedError` (invalid) where the order says nothing of how it is paid."""
    method = _reference(order, "payment_method")
    if method is None:
        told = "the order bears no payment method: an external reference of system stripe and type payment_method"
        raise ConnectionFailedError("invalid", told)
    later = {"card": {"request_multicapture": "if_available"}} if kind == "authorization" else None
    return {
        "amount": to_stripe(amount),
        "currency": amount.currency.lower(),
        "payment_method": method,
        "customer": _reference(order, "customer"),
        "confirm": True,
        "off_session": True,
        "payment_method_types": ["card"],
        "capture_method": "manual" if kind == "authorization" else "automatic",
        "payment_method_options": later,
        "description": f"Order {order.order_number or order.order_id}",
        "metadata": {KEY: key, "order_id": order.order_id},
        "expand": ["latest_charge"],
    }


def _reference(order: Order, type_: str) -> str | None:
    """The last one of its kind: a new card comes after the old one."""
    found = [ref.value for ref in order.external_refs if ref.system in {"stripe", "payment"} and ref.type == type_]
    return found[-1] if found else None


def _intent_of(transaction_id: str) -> str:
    return transaction_id.partition(":")[0]


def _with_key(members: Any, key: str) -> Mapping[str, Any] | None:
    return next((one for one in members if (one.get("metadata") or {}).get(KEY) == key), None)
