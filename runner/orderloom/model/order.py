"""The channel-neutral order: lines, sums, three separate axes of status (payment, fulfilment, return), and holds."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from orderloom.model.address import Address, Country
from orderloom.model.base import (
    Count,
    Dimensions,
    ExternalRef,
    Id,
    Measure,
    Model,
    NotNegative,
    Personal,
    Quantity,
    Timestamp,
)
from orderloom.model.money import Currency, Money
from orderloom.model.party import Party

ChannelType = Literal["shopify", "woocommerce", "amazon", "ebay", "phone", "in_store", "erp", "edi", "csv", "api"]
OrderType = Literal["sale", "exchange", "replacement", "subscription", "wholesale", "draft"]
CancelReason = Literal["customer", "inventory", "fraud", "declined", "staff", "other"]
DiscountType = Literal["fixed_amount", "percentage", "free_shipping", "buy_x_get_y", "manual"]
PaymentStatus = Literal[
    "unpaid", "pending", "authorized", "partially_paid", "paid", "partially_refunded", "refunded", "voided", "failed",
    "disputed",
]
FulfillmentStatus = Literal[
    "unfulfilled", "scheduled", "on_hold", "in_progress", "partially_fulfilled", "fulfilled", "cancelled"
]
TransactionKind = Literal["authorization", "capture", "sale", "void", "refund"]
TransactionStatus = Literal["pending", "success", "failure", "error", "unknown"]
PaymentTermsType = Literal["immediate", "cod", "net", "deposit"]
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


class TaxLine(Model):
    """One tax. `included`: the prices already hold it."""

    title: str | None = None
    rate: NotNegative | None = None
    amount: Money
    included: bool | None = None


class Discount(Model):
    """One discount; `amount` is positive and is what it takes off, `value` is what was promised (10 percent)."""

    code: str | None = None
    title: str | None = None
    type: DiscountType | None = None
    value: NotNegative | None = None
    amount: Money


class Hazmat(Model):
    """Dangerous goods, by the names of the UN model regulations."""

    un_number: Annotated[str, Field(pattern=r"^UN[0-9]{4}$")] | None = None
    hazard_class: str | None = None
    limited_quantity: bool = False
    lithium_battery: Literal["none", "contained", "packed_with", "standalone"] = "none"


class Handling(Model):
    """What must be heeded when this is packed and carried."""

    hazmat: Hazmat | None = None
    temperature: Literal["ambient", "chilled", "frozen"] = "ambient"
    fragile: bool = False
    oversize: bool = False
    age_restricted: bool = False
    ship_alone: bool = False
    hs_code: Annotated[str, Field(pattern=r"^\d{6,10}$")] | None = None
    origin_country: Country | None = None


class Substitution(Model):
    """Whether another article may be sent instead, and which."""

    allowed: bool = False
    candidates: tuple[str, ...] = ()


class Attribute(Model):
    """A word of the buyer's on a line: an engraving, a colour."""

    name: str
    value: str | None = None


class Period(Model):
    """From and until; either may be open."""

    earliest: Timestamp | None = None
    latest: Timestamp | None = None


class Line(Model):
    """An article and how many: `returned ≤ shipped ≤ quantity - cancelled` always.

    An empty `sku` is for `validate` to hold. `weight` and `dimensions` are of one unit; `line_total` is unit price by
    quantity less the line's discounts.
    """

    line_id: Id
    sku: Annotated[str, Field(max_length=255)] = ""
    gtin: Annotated[str, Field(pattern=r"^\d{8}(\d{4,6})?$")] | None = None
    title: str | None = None
    variant_title: str | None = None
    quantity: Quantity
    quantity_cancelled: Count = 0
    quantity_shipped: Count = 0
    quantity_returned: Count = 0
    unit_price: Money
    discounts: tuple[Discount, ...] = ()
    taxes: tuple[TaxLine, ...] = ()
    line_total: Money | None = None
    requires_shipping: bool = True
    taxable: bool = True
    gift_card: bool = False
    final_sale: bool = False
    weight: Measure | None = None
    dimensions: Dimensions | None = None
    handling: Handling | None = None
    bundle_id: str | None = None
    substitution: Substitution | None = None
    attributes: tuple[Attribute, ...] = ()
    requested_delivery: Period | None = None
    external_refs: tuple[ExternalRef, ...] = ()

    @property
    def quantity_open(self) -> int:
        """What is still to be shipped."""
        return self.quantity - self.quantity_cancelled - self.quantity_shipped

    @model_validator(mode="after")
    def _quantities_agree(self) -> Self:
        if self.quantity_shipped > self.quantity - self.quantity_cancelled:
            raise ValueError("more is shipped than was ordered and not cancelled")
        if self.quantity_returned > self.quantity_shipped:
            raise ValueError("more is returned than was shipped")
        return self


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


class Payment(Model):
    """How far it is paid: the first axis of status."""

    status: PaymentStatus
    terms: PaymentTerms | None = None
    transactions: tuple[Transaction, ...] = ()


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
    instructions: str | None = None


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
    note: str | None = None


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
