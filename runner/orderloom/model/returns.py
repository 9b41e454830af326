"""A return: what comes back, why, what the policy says, and the refund."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from orderloom.model.base import Count, ExternalRef, Id, Model, Quantity, Timestamp
from orderloom.model.money import Money
from orderloom.model.order import Order
from orderloom.model.party import Party

ReturnReason = Literal[
    "damaged", "wrong_item", "unwanted", "too_small", "too_large", "defective", "not_as_described", "arrived_late",
    "missing_parts", "style", "other",
]
Resolution = Literal["refund", "exchange", "store_credit", "replacement", "repair", "none"]
Condition = Literal["new", "like_new", "opened", "used", "damaged", "missing"]
Disposition = Literal["restock", "refurbish", "liquidate", "donate", "destroy", "return_to_vendor", "quarantine"]
RequestStatus = Literal[
    "requested", "approved", "declined", "label_sent", "in_transit", "received", "inspected", "closed", "cancelled",
    "expired",
]


class ReturnPolicy(Model):
    """Which policy was applied and what it said."""

    policy_id: str | None = None
    window_days: Count | None = None
    decision: Literal["approve", "decline", "review", "keep_item"] | None = None
    reasons: tuple[str, ...] = ()


class ReturnLine(Model):
    """How many of an order's line come back and why. `value` is filled by the evaluation."""

    line_id: Id
    sku: str = ""
    quantity: Quantity
    reason: ReturnReason
    customer_note: Annotated[str | None, Field(max_length=2000, json_schema_extra={"x-pii": True})] = None
    resolution: Resolution = "refund"
    exchange_sku: str | None = None
    exchange_price: Money | None = Field(default=None, description="of one unit of exchange_sku, as it is paid")
    received_quantity: Count | None = None
    condition: Condition | None = None
    disposition: Disposition | None = None
    disposition_location_id: Id | None = None
    final_sale: bool = False
    value: Money | None = None


class RefundAllocation(Model):
    """How much goes back to which payment."""

    transaction_id: Id
    amount: Money


class Refund(Model):
    """Money given back, and its parts."""

    refund_id: Id | None = None
    amount: Money
    items: Money | None = None
    tax: Money | None = None
    shipping: Money | None = None
    restocking_fee: Money | None = None
    return_shipping_fee: Money | None = None
    method: Literal["original_payment", "store_credit", "gift_card", "bank_transfer", "cash"]
    allocations: tuple[RefundAllocation, ...] = ()
    status: Literal["pending", "success", "failure", "unknown"]
    idempotency_key: str | None = None


class ReturnHistory(Model):
    """What this customer has sent back before."""

    orders_12m: Count | None = None
    returns_12m: Count = 0
    refunds_12m: Count = 0
    refunded_12m: Money | None = None


class Return(Model):
    """A request to send goods back, and what became of it. `order` is the order as who asks knows it."""

    schema_version: Literal["1.0"] = "1.0"
    return_id: Id
    rma_number: str | None = None
    order_id: Id
    order: Order | None = None
    requested_at: Timestamp
    requested_by: Party | None = None
    initiator: Literal["customer", "merchant", "marketplace", "carrier"] = "customer"
    delivered_at: Timestamp | None = None
    status: RequestStatus = "requested"
    policy: ReturnPolicy | None = None
    history: ReturnHistory | None = None
    lines: Annotated[tuple[ReturnLine, ...], Field(min_length=1)]
    shipments: tuple[Id, ...] = ()
    refund: Refund | None = None
    exchange_order_id: Id | None = None
    external_refs: tuple[ExternalRef, ...] = ()
