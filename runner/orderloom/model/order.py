"""The channel-neutral order: lines, sums, three separate axes of status (payment, fulfilment, return), and holds."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from orderloom.model.address import Address
from orderloom.model.base import (
    Count,
    ExternalRef,
    Id,
    Locating,
    Model,
    Personal,
    Timestamp,
)
from orderloom.model.line import Discount, Line, TaxLine
from orderloom.model.money import Currency, Money
from orderloom.model.party import Party
from orderloom.model.payment import Payment

ChannelType = Literal["shopify", "woocommerce", "amazon", "ebay", "phone", "in_store", "erp", "edi", "csv", "api"]
OrderType = Literal["sale", "exchange", "replacement", "subscription", "wholesale", "draft"]
CancelReason = Literal["customer", "inventory", "fraud", "declined", "staff", "other"]
FulfillmentStatus = Literal[
    "unfulfilled", "scheduled", "on_hold", "in_progress", "partially_fulfilled", "fulfilled", "cancelled"
]
ReturnStatus = Literal["none", "requested", "in_progress", "partially_returned", "returned"]
HoldReason = Literal["payment", "fraud", "address", "inventory", "customs", "totals", "duplicate", "manual", "other"]


def order_identity(channel_type: str, account: str, own_id: str | int) -> str:
    """`shopify:main:450789469`: the same order by webhook and by file is the same order."""
    return f"{channel_type}:{account}:{own_id}"


class Channel(Model):
    """Where the order came from. `source` is the channel's own word: web, pos, shopify_draft_order …"""

    type: ChannelType
    account_id: str | None = None
    marketplace_id: str | None = None
    source: str | None = None
    fulfilled_by: Literal["merchant", "marketplace", "third_party"] | None = None


class ShippingLine(Model):
    """A way of delivery that the buyer chose; `price` is before `discounts`."""

    service_code: str | None = None
    title: str | None = None
    price: Money
    taxes: tuple[TaxLine, ...] = ()
    discounts: tuple[Discount, ...] = ()


class Fee(Model):
    """What is charged besides goods and shipping: a tip, duties, a payment fee."""

    type: str | None = None
    amount: Money


class Totals(Model):
    """The sums as the channel tells them; nothing here is computed, so that `validate` can compare.

    They are meant to meet `grand_total = subtotal - discount + shipping + fees + tax`, the tax being left out where
    the prices include it. `subtotal` is the lines' unit price by quantity before any discount, `discount` all
    discounts (those on shipping too), `shipping` what shipping costs before discounts.
    """

    subtotal: Money | None = None
    discount: Money | None = None
    shipping: Money | None = None
    fees: Money | None = None
    tax: Money | None = None
    grand_total: Money
    refunded: Money | None = None
    outstanding: Money | None = None
    current_total: Money | None = Field(default=None, description="after edits and refunds, where that is another sum")


class Pickup(Model):
    """The buyer comes for it."""

    location_id: Id | None = None
    ready_by: Timestamp | None = None


class Promise(Model):
    """What the buyer was told about time."""

    ship_by: Timestamp | None = None
    earliest_delivery: Timestamp | None = None
    latest_delivery: Timestamp | None = None
    service_level: Literal["standard", "expedited", "next_day", "same_day", "scheduled", "pickup"] | None = None
    timezone: str | None = Field(default=None, description="IANA")
    source: Literal["checkout", "marketplace", "calculated", "manual"] | None = None


class ShippingPreferences(Model):
    """How the buyer wants it sent."""

    allow_split: bool = True
    signature: Literal["none", "any", "adult"] = "none"
    gift: bool = False
    gift_message: Personal = None
    instructions: Personal = None


class Risk(Model):
    """What the channel or a rule thinks of it."""

    level: Literal["low", "medium", "high", "unknown"] = "unknown"
    recommendation: Literal["accept", "investigate", "cancel"] | None = None
    score: float | None = None
    signals: tuple[str, ...] = ()


class Hold(Model):
    """Why the order waits; released holds stay as history."""

    hold_id: Id
    reason: HoldReason
    placed_at: Timestamp
    released_at: Timestamp | None = None
    note: Locating = None


class Raw(Model):
    """Where the order was read from, for audit and for telling a repeat."""

    media_type: str | None = None
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    stored_at: str | None = None


class Order(Model):
    """One order of one channel. `revision` grows with each change; one that is lower than the known is stale."""

    schema_version: Literal["1.0"] = "1.0"
    order_id: Id
    order_number: str | None = None
    revision: Count = 0
    channel: Channel
    external_refs: tuple[ExternalRef, ...] = ()
    purchase_order_number: str | None = None
    order_type: OrderType = "sale"
    original_order_id: Id | None = None
    ordered_at: Timestamp
    received_at: Timestamp | None = None
    updated_at: Timestamp | None = None
    cancelled_at: Timestamp | None = None
    cancel_reason: CancelReason | None = None
    currency: Currency
    presentment_currency: Currency | None = None
    taxes_included: bool = False
    customer: Party | None = None
    billing_address: Address | None = None
    shipping_address: Address | None = None
    pickup: Pickup | None = None
    lines: Annotated[tuple[Line, ...], Field(min_length=1, max_length=10_000)]
    shipping_lines: tuple[ShippingLine, ...] = ()
    fees: tuple[Fee, ...] = ()
    discounts: tuple[Discount, ...] = Field(default=(), description="each whole; a line repeats its share")
    taxes: tuple[TaxLine, ...] = Field(default=(), description="each whole, as for discounts")
    totals: Totals
    payment: Payment
    fulfillment_status: FulfillmentStatus = "unfulfilled"
    return_status: ReturnStatus = "none"
    promise: Promise | None = None
    shipping_preferences: ShippingPreferences | None = None
    risk: Risk | None = None
    holds: tuple[Hold, ...] = ()
    notes: Annotated[tuple[str, ...], Field(json_schema_extra={"x-pii": True})] = ()
    tags: tuple[str, ...] = ()
    metadata: dict[str, Any] = Field(
        default={}, description="what the channel said and has no place above", json_schema_extra={"x-pii": True}
    )
    raw: Raw | None = None

    @model_validator(mode="after")
    def _lines_are_told_apart(self) -> Self:
        if len({line.line_id for line in self.lines}) < len(self.lines):
            raise ValueError("two lines have the same line_id")
        return self

    @property
    def is_collected(self) -> bool:
        """Whether the buyer comes for it or took it along from the counter: nothing of it travels."""
        if self.pickup is not None:
            return True
        at_the_counter = self.channel.type == "in_store" or self.channel.source == "pos"
        return at_the_counter and self.shipping_address is None

    def line(self, line_id: str) -> Line | None:
        """The line of that id, if the order has it."""
        return next((line for line in self.lines if line.line_id == line_id), None)
