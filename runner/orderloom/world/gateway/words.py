"""What the test gateway can be told to do: a word by order number, order id or card, or a token that an order bears.

Each word is a token, too: an order with the external reference `{system: test-gateway, type: payment_method, value:
tok_WORD}` is answered so, wherever its connection says nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from orderloom.model import ExternalRef, Order

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
    "0259": "disputed",
}
SOFT = ("soft", "generic_decline", "insufficient_funds", "processing_error")
HARD = ("hard", "lost_card", "stolen_card", "expired_card", "incorrect_cvc")
AUTHENTICATE = ("authentication_required",)
SILENT = ("unknown", "unknown_taken")  # no answer: the money was not taken, or was
OUT_OF_ORDER = ("unavailable", "rate_limited")
# what succeeds at first, and not when the money is to be captured or given back
LATER: Mapping[str, tuple[str, str]] = {
    "expires": ("capture", "charge_expired_for_capture"),
    "capture_declined": ("capture", "hard"),
    "capture_unknown": ("capture", "unknown"),
    "capture_unknown_taken": ("capture", "unknown_taken"),
    "disputed": ("refund", "charge_disputed"),
    "refund_declined": ("refund", "hard"),
    "refund_unknown": ("refund", "unknown"),
    "refund_unknown_taken": ("refund", "unknown_taken"),
}
ONE_CAPTURE = "one_capture"  # the first capture gives the rest of the authorization up
ANSWERS = ("success", *SOFT, *HARD, *AUTHENTICATE, *SILENT, *OUT_OF_ORDER, ONE_CAPTURE, *LATER)
_GOOD = ("success", "unknown_taken", ONE_CAPTURE, *LATER)
_CODES = {"soft": "generic_decline", "hard": "card_declined"}


def is_good(word: str) -> bool:
    """Whether money is taken, or set aside, at the first call."""
    return word in _GOOD


def token_of(order: Order) -> str | None:
    """The word of the order's own token; the last one stands, as a new card comes after the old one."""
    tokens = [ref.value for ref in order.external_refs if _is_method(ref)]
    word = tokens[-1].removeprefix("tok_") if tokens else None
    return word if word in ANSWERS else None


def _is_method(ref: ExternalRef) -> bool:
    return ref.type == "payment_method" and ref.system in {GATEWAY, "payment"}


def code_of(word: str) -> str:
    """The decline code that a word stands for."""
    return _CODES.get(word, word)


def decline_type(word: str) -> Literal["soft", "hard", "authentication_required"]:
    if word in AUTHENTICATE:
        return "authentication_required"
    return "soft" if word in SOFT else "hard"
