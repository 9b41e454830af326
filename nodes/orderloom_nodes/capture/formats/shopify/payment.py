"""Shopify's financial status, transactions and terms in, Payment out."""

from __future__ import annotations

import re

from orderloom.model import (
    MINOR_DIGITS,
    Card,
    Payment,
    PaymentStatus,
    PaymentTerms,
    PaymentTermsType,
    Transaction,
    TransactionKind,
    TransactionStatus,
)

from ...problems import shown
from ...reading import Reading
from .bags import amount

_STATUS: dict[str, PaymentStatus] = {
    "pending": "pending", "authorized": "authorized", "partially_paid": "partially_paid", "paid": "paid",
    "partially_refunded": "partially_refunded", "refunded": "refunded", "voided": "voided", "expired": "voided",
    "unpaid": "unpaid", "abandoned": "voided",
}
_KINDS: dict[str, TransactionKind] = {
    "authorization": "authorization", "emv_authorization": "authorization", "capture": "capture", "sale": "sale",
    "void": "void", "refund": "refund",
}
_STATES: dict[str, TransactionStatus] = {
    "pending": "pending", "success": "success", "failure": "failure", "error": "error", "unknown": "unknown",
    "awaiting_response": "unknown",
}
_TERMS: dict[str, PaymentTermsType] = {"net": "net", "receipt": "immediate"}
_LAST_FOUR = re.compile(r"[0-9]{4}\Z")


def read_payment(order: Reading, currency: str, draft: bool) -> Payment | None:
    """How far it is paid. A draft, and an old order without the field, is unpaid."""
    status = order.word("financial_status", _STATUS, "financial status of Shopify") or "unpaid"
    transactions = tuple(found for item in order.parts("transactions") if (found := _transaction(item, currency)))
    return Payment(status=status, terms=None if draft else _terms(order), transactions=transactions)


def _terms(order: Reading) -> PaymentTerms | None:
    if terms := order.part("payment_terms"):
        kind = _TERMS.get(str(terms.data.get("payment_terms_type", "")).lower())
        days = terms.whole("due_in_days")
        return PaymentTerms(type=kind, net_days=days if days is None or days >= 0 else None)
    names = order.data.get("payment_gateway_names")
    gateway = order.data.get("gateway") or (" ".join(map(str, names)) if isinstance(names, list) else names)
    if isinstance(gateway, str) and re.search(r"cash.on.delivery|\bcod\b", gateway, re.IGNORECASE):
        return PaymentTerms(type="cod")
    return None


def _transaction(item: Reading, currency: str) -> Transaction | None:
    if item.data.get("kind") in ("change", "CHANGE"):       # coins given back: that moves nothing of the order
        return None
    if item.data.get("kind") in (None, ""):
        item.missing("kind")
        return None
    kind = item.word("kind", _KINDS, "kind of transaction")
    own = item.text("currency") or currency                 # what the buyer paid in, where that is another
    if own and own not in MINOR_DIGITS:
        item.find("V015", "currency", f"`{{}}` is {shown(own)}, which is no currency")
        return None
    paid = amount(item, "amount", own)
    own_id, status = _own_id(item), item.word("status", _STATES, "status of a transaction")
    if kind is None or paid is None or not own_id:
        if not item.has("amount"):
            item.missing("amount")
        return None
    return Transaction(
        transaction_id=own_id,
        kind=kind,
        status=status or "unknown",
        gateway=item.text("gateway"),
        amount=paid,
        occurred_at=item.moment("processed_at") or item.moment("created_at"),
        decline_code=item.text("error_code"),
        card=_card(item),
    )


def _own_id(item: Reading) -> str | None:
    if item.data.get("id") in (None, ""):
        item.missing("id")
    return item.identity("id")


def _card(item: Reading) -> Card | None:
    details = item.part("payment_details")
    if details is None:
        return None
    last = _LAST_FOUR.search(details.text("credit_card_number") or "")
    return Card(brand=details.text("credit_card_company"), last4=last[0] if last else None)
