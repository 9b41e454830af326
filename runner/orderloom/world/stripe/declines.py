"""What Stripe says of a charge that failed, as one of our three kinds: try later, another card, or the buyer's bank."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

Kind = Literal["soft", "hard", "authentication_required"]

# docs.stripe.com/declines/codes, read 2026-11-28: those after which the same card is not to be tried again
_HARD = frozenset([
    "card_not_supported", "currency_not_supported", "do_not_try_again", "expired_card", "fraudulent", "incorrect_cvc",
    "incorrect_number", "incorrect_zip", "incorrect_address", "invalid_account", "invalid_cvc",
    "invalid_expiry_month", "invalid_expiry_year", "invalid_number", "lost_card", "merchant_blacklist",
    "new_account_information_available", "no_action_taken", "not_permitted", "pickup_card", "pin_try_exceeded",
    "restricted_card", "revocation_of_all_authorizations", "revocation_of_authorization", "security_violation",
    "service_not_allowed", "stolen_card", "stop_payment_order", "testmode_decline", "transaction_not_allowed",
    "highest_risk_level",
])  # fmt: skip
_AUTHENTICATE = frozenset({"authentication_required", "authentication_not_handled", "offline_pin_required"})
_ADVICE: Mapping[str, Kind] = {"do_not_try_again": "hard", "confirm_card_data": "hard", "try_again_later": "soft"}


def code_of(error: Mapping[str, Any]) -> str:
    """The bank's own code where there is one, else Stripe's."""
    return str(error.get("decline_code") or error.get("code") or error.get("type") or "declined")


def kind_of(error: Mapping[str, Any]) -> Kind:
    """The network's advice stands before the code, for it knows this card."""
    code = code_of(error)
    if code in _AUTHENTICATE or error.get("code") in _AUTHENTICATE:
        return "authentication_required"
    advised = _ADVICE.get(str(error.get("advice_code") or error.get("network_advice_code") or ""))
    return advised or ("hard" if code in _HARD or error.get("code") in _HARD else "soft")
