"""A Stripe on loopback: PaymentIntents, captures, cancellations and refunds in the published shapes, and its errors.

The documents are those of Stripe's own OpenAPI fixtures (stripe/openapi, MIT), with what a call changes put in; what is
asked is held to the published parameters. Payment methods are Stripe's test ones (docs.stripe.com/testing).
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from tests.world.serving import Answer, Asked, said

KEY = "sk_test_0123456789"
NOW = 1_772_452_800  # 2026-03-02T12:00:00Z
DECLINES = {
    "pm_card_visa_chargeDeclined": ("card_declined", "generic_decline"),
    "pm_card_visa_chargeDeclinedInsufficientFunds": ("card_declined", "insufficient_funds"),
    "pm_card_visa_chargeDeclinedLostCard": ("card_declined", "lost_card"),
    "pm_card_chargeDeclinedExpiredCard": ("expired_card", "expired_card"),
    "pm_card_authenticationRequired": ("authentication_required", "authentication_required"),
}
_INTENT = {
    "amount", "currency", "payment_method", "customer", "confirm", "off_session", "payment_method_types[0]",
    "capture_method", "description", "metadata[orderloom_key]", "metadata[order_id]", "expand[0]",
    "payment_method_options[card][request_multicapture]",
}  # fmt: skip


class Unwilling(Exception):
    def __init__(self, status: int, **error: Any) -> None:
        self.status, self.error = status, {"type": "invalid_request_error", **error}


@dataclass
class FakeStripe:
    """One account. `multicapture`: whether cards allow several captures; `disputed`: every charge is."""

    fixtures: Path
    multicapture: bool = True
    disputed: bool = False
    intents: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: list[dict[str, Any]] = field(default_factory=list)
    moved: list[tuple[str, int]] = field(default_factory=list)  # what was taken (+) and given back (-), by currency
    answered: dict[str, tuple[str, Answer]] = field(default_factory=dict)  # by idempotency key

    def __post_init__(self) -> None:
        self._shapes = json.loads(self.fixtures.read_text(encoding="utf-8"))["resources"]

    def __call__(self, asked: Asked) -> Answer:
        if asked.headers.get("authorization") != f"Bearer {KEY}":
            return said({"error": {"type": "invalid_request_error", "message": "Invalid API Key provided"}}, 401)
        path, _, query = asked.target.partition("?")
        key, body = asked.headers.get("idempotency-key", ""), asked.body.decode()
        if asked.method == "POST" and key in self.answered:
            before, answer = self.answered[key]
            if before != f"{path} {body}":
                return said({"error": {"type": "idempotency_error", "message": "Keys for idempotent requests"}}, 400)
            return answer
        answer = self._answer(asked.method, path.removeprefix("/v1/"), dict(parse_qsl(query)), dict(parse_qsl(body)))
        if asked.method == "POST":
            assert key, "a POST without its key"
            assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
            self.answered[key] = f"{path} {body}", answer
        return answer

    def _answer(self, method: str, path: str, query: dict[str, str], form: dict[str, str]) -> Answer:
        try:
            return said(self._done(method, path, query, form))
        except Unwilling as error:
            return said({"error": error.error}, error.status)

    def _done(self, method: str, path: str, query: dict[str, str], form: dict[str, str]) -> Any:
        match method, path.split("/"):
            case "GET", ["balance"]:
                return copy.deepcopy(self._shapes["balance"])
            case "POST", ["payment_intents"]:
                return self._create(form)
            case "GET", ["payment_intents"]:
                return self._page(list(reversed(self.intents.values())), query)
            case "GET", ["payment_intents", name]:
                return self._intent(name)
            case "POST", ["payment_intents", name, "capture"]:
                return self._capture(self._intent(name), form)
            case "POST", ["payment_intents", name, "cancel"]:
                return self._cancel(self._intent(name))
            case "POST", ["refunds"]:
                return self._refund(form)
            case "GET", ["refunds"]:
                mine = [one for one in self.refunds if one["payment_intent"] == query["payment_intent"]]
                return self._page(mine, query)
        raise Unwilling(404, message=f"Unrecognized request URL ({method}: {path})")

    def _page(self, members: list[Any], query: dict[str, str]) -> dict[str, Any]:
        names = [one["id"] for one in members]
        start = names.index(query["starting_after"]) + 1 if "starting_after" in query else 0
        size = min(int(query["limit"]), 2)  # small pages, so that they are gone through
        return {"object": "list", "data": members[start : start + size], "has_more": len(members) > start + size}

    def _intent(self, name: str) -> dict[str, Any]:
        if name not in self.intents:
            raise Unwilling(404, code="resource_missing", message=f"No such payment_intent: '{name}'")
        return self.intents[name]

    def _create(self, form: dict[str, str]) -> dict[str, Any]:
        strange = set(form) - _INTENT
        if strange:
            raise Unwilling(400, code="parameter_unknown", message=f"Received unknown parameters: {strange}")
        made = copy.deepcopy(self._shapes["payment_intent"])
        name = f"pi_{len(self.intents) + 1:024d}"
        charge = self._charge(name, form)
        made |= {
            "id": name, "amount": int(form["amount"]), "currency": form["currency"], "created": NOW,
            "metadata": {"orderloom_key": form["metadata[orderloom_key]"], "order_id": form["metadata[order_id]"]},
            "capture_method": form["capture_method"], "last_payment_error": None, "next_action": None,
        }  # fmt: skip
        self.intents[name] = made
        code, decline = DECLINES.get(form["payment_method"], ("", ""))
        if code:
            made["status"] = "requires_payment_method"
            raise Unwilling(
                402, type="card_error", code=code, decline_code=decline, message="Your card was declined.",
                payment_intent=copy.deepcopy(made), payment_method=charge["payment_method_details"],
            )  # fmt: skip
        manual = form["capture_method"] == "manual"
        made |= {
            "status": "requires_capture" if manual else "succeeded", "latest_charge": charge,
            "amount_capturable": made["amount"] if manual else 0, "amount_received": 0 if manual else made["amount"],
        }  # fmt: skip
        if not manual:
            self.moved.append((made["currency"], made["amount"]))
        return made

    def _charge(self, intent: str, form: dict[str, str]) -> dict[str, Any]:
        charge = copy.deepcopy(self._shapes["charge"])
        card = charge["payment_method_details"]["card"]
        card["capture_before"] = NOW + 7 * 86_400
        card["multicapture"] = {"status": "available" if self.multicapture else "unavailable"}
        return charge | {"payment_intent": intent, "amount": int(form["amount"]), "currency": form["currency"]}

    def _capture(self, intent: dict[str, Any], form: dict[str, str]) -> dict[str, Any]:
        amount = int(form["amount_to_capture"])
        if intent["status"] != "requires_capture":
            told = f"This PaymentIntent could not be captured because it has a status of {intent['status']}."
            raise Unwilling(400, code="payment_intent_unexpected_state", message=told)
        if amount > intent["amount_capturable"]:
            raise Unwilling(400, code="amount_too_large", message="The amount to capture is greater than capturable.")
        final = form.get("final_capture") != "false" or amount == intent["amount_capturable"]
        if not final and not self.multicapture:
            raise Unwilling(400, code="parameter_invalid", message="final_capture needs multicapture")
        intent["metadata"] |= {"orderloom_capture": form["metadata[orderloom_capture]"]}
        intent["amount_received"] += amount
        intent["amount_capturable"] = 0 if final else intent["amount_capturable"] - amount
        intent["status"] = "succeeded" if final else "requires_capture"
        self.moved.append((intent["currency"], amount))
        return copy.deepcopy(intent)

    def _cancel(self, intent: dict[str, Any]) -> dict[str, Any]:
        if intent["status"] in {"succeeded", "canceled"}:
            told = f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}."
            raise Unwilling(400, code="payment_intent_unexpected_state", message=told)
        intent |= {"status": "canceled", "amount_capturable": 0}
        return copy.deepcopy(intent)

    def _refund(self, form: dict[str, str]) -> dict[str, Any]:
        intent, amount = self._intent(form["payment_intent"]), int(form["amount"])
        left = intent["amount_received"] - sum(
            one["amount"] for one in self.refunds if one["payment_intent"] == intent["id"]
        )
        if self.disputed:
            raise Unwilling(400, code="charge_disputed", message="Charge has been charged back.")
        if left == 0:
            raise Unwilling(400, code="charge_already_refunded", message="Charge has already been refunded.")
        if amount > left:
            raise Unwilling(400, message=f"Refund amount ({amount}) is greater than unrefunded amount ({left}).")
        made = copy.deepcopy(self._shapes["refund"])
        made |= {
            "id": f"re_{len(self.refunds) + 1:024d}", "amount": amount, "currency": intent["currency"], "created": NOW,
            "payment_intent": intent["id"], "metadata": {"orderloom_key": form["metadata[orderloom_key]"]},
        }  # fmt: skip
        self.refunds.append(made)
        self.moved.append((intent["currency"], -amount))
        return made


Answering = Callable[[Asked], Answer]
