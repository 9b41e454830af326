"""eBay's payment status, payments and refunds in, Payment out."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.model import Payment, PaymentStatus, Transaction, TransactionStatus

from ...reading import Reading
from ..told import amount
from .lines import NAMES

_STATUS: dict[str, PaymentStatus] = {
    "paid": "paid", "pending": "pending", "failed": "failed", "fully_refunded": "refunded",
    "partially_refunded": "partially_refunded",
}  # fmt: skip
_STATES: dict[str, TransactionStatus] = {"paid": "success", "pending": "pending", "failed": "failure"}
_BACK: dict[str, TransactionStatus] = {"refunded": "success", "pending": "pending", "failed": "failure"}


def read_payment(read: Reading, currency: str, cancelled: bool) -> Payment:
    """How far it is paid; an order that was cancelled before it was paid is voided."""
    told = read.word("orderPaymentStatus", _STATUS, "payment status of eBay") or "unpaid"
    if cancelled and told in ("pending", "failed", "unpaid"):
        told = "voided"
    return Payment(status=told, transactions=(*_paid(read, currency), *_refunded(read, currency)))


def _paid(read: Reading, currency: str) -> Iterator[Transaction]:
    summary = read.part("paymentSummary")
    for number, one in enumerate(summary.parts("payments") if summary else (), 1):
        moved = amount(one, "amount", currency, NAMES)
        if moved is not None:
            yield Transaction(
                transaction_id=one.text("paymentReferenceId") or f"ebay-{read.text('orderId')}-{number}", kind="sale",
                status=_STATES.get(one.told("paymentStatus"), "unknown"), gateway=one.text("paymentMethod"),
                amount=moved, occurred_at=one.moment("paymentDate"),
            )  # fmt: skip


def _refunded(read: Reading, currency: str) -> Iterator[Transaction]:
    summary = read.part("paymentSummary")
    for number, one in enumerate(summary.parts("refunds") if summary else (), 1):
        moved = amount(one, "amount", currency, NAMES)
        if moved is not None:
            own_id = one.text("refundId") or one.text("refundReferenceId") or f"{read.text('orderId')}-{number}"
            yield Transaction(
                transaction_id=f"ebay-refund-{own_id}", kind="refund",
                status=_BACK.get(one.told("refundStatus") or "refunded", "unknown"), amount=moved,
                occurred_at=one.moment("refundDate"),
            )  # fmt: skip
