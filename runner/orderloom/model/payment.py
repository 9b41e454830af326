"""How an order is paid: its status, its terms, and every transaction, also those whose outcome is unknown."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from orderloom.model.base import Count, Id, Model, Timestamp
from orderloom.model.money import Money

PaymentStatus = Literal[
    "unpaid", "pending", "authorized", "partially_paid", "paid", "partially_refunded", "refunded", "voided", "failed",
    "disputed",
]
TransactionKind = Literal["authorization", "capture", "sale", "void", "refund"]
TransactionStatus = Literal["pending", "success", "failure", "error", "unknown"]
PaymentMethod = Literal["card", "gift_card", "store_credit", "wallet", "bank_transfer", "cash", "other"]
PaymentTermsType = Literal["immediate", "cod", "net", "deposit"]


class PaymentTerms(Model):
    """When it is to be paid."""

    type: PaymentTermsType | None = None
    net_days: Count | None = None


class Card(Model):
    """As much of a card as may be kept (PCI DSS 3.4: at most the last four digits are shown)."""

    brand: str | None = None
    last4: Annotated[str, Field(pattern=r"^\d{4}$", json_schema_extra={"x-pii": True})] | None = None
    exp: Annotated[str, Field(pattern=r"^\d{4}-\d{2}$")] | None = None


class Transaction(Model):
    """One movement of money. `unknown`: it was asked for and no answer came."""

    transaction_id: Id
    kind: TransactionKind
    status: TransactionStatus
    gateway: str | None = None
    amount: Money
    occurred_at: Timestamp | None = None
    idempotency_key: str | None = None
    decline_code: str | None = None
    decline_type: Literal["soft", "hard", "authentication_required"] | None = None
    attempt: Annotated[int, Field(ge=1)] | None = None
    card: Card | None = None
    method: PaymentMethod | None = None
    parent_id: Id | None = Field(default=None, description="the authorization that this captures, voids …")
    expires_at: Timestamp | None = Field(default=None, description="of an authorization: no capture after it")
    link: Annotated[str | None, Field(json_schema_extra={"x-pii": True})] = None  # where the buyer authenticates


class Payment(Model):
    """How far it is paid: the first axis of status."""

    status: PaymentStatus
    terms: PaymentTerms | None = None
    transactions: tuple[Transaction, ...] = ()
