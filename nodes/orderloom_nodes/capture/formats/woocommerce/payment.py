"""WooCommerce's status, method and date of payment in, Payment out."""

from __future__ import annotations

from orderloom.model import Payment, PaymentStatus, PaymentTerms, Transaction

from ...reading import Reading
from .moments import moment
from .refunds import refund_transactions

# of the nine statuses of WooCommerce itself; the others are plugins' own and say nothing of money
PAID_BY_WORD: dict[str, PaymentStatus] = {
    "pending": "pending",
    "checkout-draft": "unpaid",
    "auto-draft": "unpaid",
    "on-hold": "pending",  # money is awaited: a bank transfer, a cheque
    "failed": "failed",
    "refunded": "refunded",
}
_LATER = {"cod"}  # what is paid at the door is `processing` without a date of payment


def read_payment(read: Reading, currency: str, status: str) -> Payment:
    """How far it is paid: `date_paid` says whether money came, the status what became of it."""
    paid_at = moment(read, "date_paid")
    method = read.text("payment_method")
    terms = PaymentTerms(type="cod") if method in _LATER and paid_at is None else None
    moved = list(refund_transactions(read, currency))
    amount = read.money("total", currency) if paid_at is not None else None
    if amount is not None and amount.amount > 0:
        taken = Transaction(
            transaction_id=read.text("transaction_id") or f"woocommerce-{read.identity('id') or ''}-paid",
            kind="sale", status="success", gateway=method, amount=amount, occurred_at=paid_at,
        )
        moved.insert(0, taken)
    standing = _status(status, paid=paid_at is not None, moved=moved)
    return Payment(status=standing, terms=terms, transactions=tuple(moved))


def _status(status: str, *, paid: bool, moved: list[Transaction]) -> PaymentStatus:
    if status == "refunded":
        return "refunded"
    back = any(one.kind == "refund" for one in moved)
    if paid:
        return "partially_refunded" if back else "paid"
    if status in {"cancelled", "trash"}:
        return "voided"
    return PAID_BY_WORD.get(status, "pending" if status == "processing" else "unpaid")
