"""PaymentIntents, refunds and errors of Stripe, told as transactions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from orderloom.model import Money, Transaction
from orderloom.world.stripe.amounts import from_stripe
from orderloom.world.stripe.declines import code_of, kind_of

GATEWAY = "stripe"
_REFUNDS = {"succeeded": "success", "pending": "pending", "requires_action": "pending"}


def intent_told(intent: Mapping[str, Any], kind: str, amount: Money, key: str, link: str | None) -> Transaction:
    """The charge or the authorization that a PaymentIntent is. `link` is the shop's page for the buyer's bank."""
    status = str(intent.get("status"))
    good = status == ("requires_capture" if kind == "authorization" else "succeeded")
    pending = status == "processing"
    error: Mapping[str, Any] = intent.get("last_payment_error") or _of_status(status)
    charge = intent.get("latest_charge")
    charge = charge if isinstance(charge, dict) else {}
    declined = not good and not pending
    kind_ = kind_of(error) if declined else None
    return _moved(
        transaction_id=str(intent["id"]), kind=kind, status="success" if good else "pending" if pending else "failure",
        amount=amount, key=key, at=intent.get("created"), card=_card(charge),
        decline_code=code_of(error) if declined else None, decline_type=kind_,
        expires_at=_capture_before(charge) if good and kind == "authorization" else None,
        link=_link(intent, link) if kind_ == "authentication_required" else None,
    )  # fmt: skip


def captured_told(intent: Mapping[str, Any], amount: Money, key: str) -> Transaction:
    return _moved(
        transaction_id=f"{intent['id']}:{key[:24]}", kind="capture", status="success", amount=amount, key=key,
        parent_id=str(intent["id"]),
    )  # fmt: skip


def voided_told(intent: Mapping[str, Any], key: str) -> Transaction:
    left = int(intent.get("amount") or 0) - int(intent.get("amount_received") or 0)
    amount = from_stripe(left, str(intent["currency"]))
    return _moved(
        transaction_id=f"{intent['id']}:void", kind="void", status="success", amount=amount, key=key,
        parent_id=str(intent["id"]),
    )  # fmt: skip


def refund_told(refund: Mapping[str, Any], transaction_id: str, key: str) -> Transaction:
    status = _REFUNDS.get(str(refund.get("status")), "failure")
    return _moved(
        transaction_id=str(refund["id"]), kind="refund", status=status, key=key, at=refund.get("created"),
        amount=from_stripe(int(refund["amount"]), str(refund["currency"])), parent_id=transaction_id,
        decline_code=str(refund.get("failure_reason") or "refund_failed") if status == "failure" else None,
    )  # fmt: skip


def refused_told(
    error: Mapping[str, Any], kind: str, amount: Money, key: str, parent_id: str | None, link: str | None
) -> Transaction:
    """A call that Stripe did not do, with what it says about it."""
    intent: Mapping[str, Any] = error.get("payment_intent") or {}
    is_card = error.get("type") == "card_error"
    kind_ = kind_of(error) if is_card else None
    charge = {"payment_method_details": error.get("payment_method") or {}}
    return _moved(
        transaction_id=str(intent.get("id") or f"refused_{key[:40]}") + ("" if kind != "capture" else f":{key[:24]}"),
        kind=kind, status="failure", amount=amount, key=key, decline_code=code_of(error), decline_type=kind_,
        parent_id=parent_id, card=_card(charge),
        link=_link(intent, link) if kind_ == "authentication_required" else None,
    )  # fmt: skip


def _moved(*, key: str, at: Any = None, **told: Any) -> Transaction:
    when = datetime.fromtimestamp(int(at), UTC) if at else None
    return Transaction.model_validate({"gateway": GATEWAY, "idempotency_key": key, "occurred_at": when, **told})


def _of_status(status: str) -> Mapping[str, Any]:
    return {"code": "authentication_required" if status == "requires_action" else status}


def _capture_before(charge: Mapping[str, Any]) -> datetime | None:
    card = (charge.get("payment_method_details") or {}).get("card") or {}
    until = card.get("capture_before")
    return datetime.fromtimestamp(int(until), UTC) if until else None


def _card(charge: Mapping[str, Any]) -> Mapping[str, Any] | None:
    card = (charge.get("payment_method_details") or {}).get("card") or {}
    last4, year, month = card.get("last4"), card.get("exp_year"), card.get("exp_month")
    if not last4:
        return None
    return {"brand": card.get("brand"), "last4": last4, "exp": f"{year:04d}-{month:02d}" if year and month else None}


def _link(intent: Mapping[str, Any], page: str | None) -> str | None:
    """Stripe's own page where it gives one, else the shop's, which finishes the PaymentIntent."""
    action = intent.get("next_action") or {}
    own = (action.get("redirect_to_url") or {}).get("url")
    if own or not page or not intent.get("id"):
        return str(own) if own else None
    return f"{page}{'&' if '?' in page else '?'}payment_intent={intent['id']}"
