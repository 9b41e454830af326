"""A shipment: what goes from one place to another together, its quotes, packages and track."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from orderloom.model.address import Address, Country
from orderloom.model.base import (
    Count,
    Dimensions,
    Exact,
    ExternalRef,
    Id,
    Locating,
    Measure,
    Model,
    NotNegative,
    Quantity,
    Timestamp,
)
from orderloom.model.money import Money

ShipmentStatus = Literal[
    "planned", "allocated", "released", "picking", "packed", "label_purchased", "shipped", "in_transit",
    "out_for_delivery", "available_for_pickup", "delivered", "delivery_failed", "returned_to_sender", "lost",
    "cancelled",
]
Sscc = Annotated[str, Field(pattern=r"^[0-9]{18}$", description="serial shipping container code, GS1")]


class ShipmentLine(Model):
    """How many of an order's line go here."""

    line_id: Id
    sku: str = ""
    quantity: Quantity
    lot: str | None = None
    serials: tuple[str, ...] = ()
    expires: date | None = None


class Carrier(Model):
    """Who carries it and how."""

    carrier_code: str | None = None
    service_code: str | None = None
    scac: Annotated[str, Field(pattern=r"^[A-Z]{2,4}$")] | None = None
    account_id: str | None = None
    paid_by: Literal["sender", "recipient", "third_party"] | None = None


class RateQuote(Model):
    """A carrier's price for this shipment; what is not eligible says why."""

    quote_id: Id | None = None
    carrier_code: str
    service_code: str
    amount: Money
    transit_days: Count | None = None
    guaranteed: bool = False
    delivers_by: Timestamp | None = None
    estimated: bool = Field(default=False, description="from a rate card, because the carrier could not be asked")
    eligible: bool = True
    rejected_because: tuple[str, ...] = ()


class Label(Model):
    """A label that was made or bought; `label_id` is what its maker takes it back by."""

    label_id: Id | None = None
    carrier_code: str | None = None
    tracking_number: str | None = None
    sscc: Sscc | None = None
    format: Literal["PDF", "PNG", "ZPL", "EPL"] | None = None
    sha256: str | None = None
    path: str | None = None
    cost: Money | None = None
    voided_at: Timestamp | None = None


class Package(Model):
    """One box."""

    package_id: Id
    packaging_code: str | None = None
    weight: Measure | None = None
    dimensions: Dimensions | None = None
    tracking_number: str | None = None
    sscc: Sscc | None = None
    label: Label | None = None
    lines: tuple[ShipmentLine, ...] = ()
    insured_value: Money | None = None


class Customs(Model):
    """What the border asks."""

    incoterm: Literal["DAP", "DDP", "EXW", "FCA"] | None = None
    contents_type: Literal["merchandise", "gift", "sample", "return", "documents"] | None = None
    declared_value: Money | None = None
    eori: str | None = None
    items: tuple[dict[str, Any], ...] = ()


class TrackingEvent(Model):
    """One scan, with the carrier's own word kept."""

    event_id: Id | None = None
    status: str
    carrier_status: str | None = None
    occurred_at: Timestamp
    received_at: Timestamp | None = None
    message: Locating = None
    city: Locating = None
    country_code: Country | None = None


class Routing(Model):
    """How the location was found, what it costs, and how far from the best it can be at most."""

    method: Literal["exact", "heuristic", "manual", "rule"] | None = None
    cost: Money | None = None
    lower_bound: Money | None = None
    gap: Exact | None = None
    alternatives: tuple[dict[str, Any], ...] = ()
    reasons: tuple[str, ...] = ()


class Shipment(Model):
    """What leaves one location together; no `packages` while planned. `weight_kg` and `hazmat` are for formulas."""

    schema_version: Literal["1.0"] = "1.0"
    shipment_id: Id
    order_id: Id
    fulfillment_order_id: Id | None = None
    direction: Literal["outbound", "return", "transfer"] = "outbound"
    location_id: Id
    ship_from: Address | None = None
    ship_to: Address | None = None
    return_to: Address | None = None
    status: ShipmentStatus = "planned"
    lines: Annotated[tuple[ShipmentLine, ...], Field(min_length=1)]
    carrier: Carrier | None = None
    rate_quotes: tuple[RateQuote, ...] = ()
    packages: tuple[Package, ...] = ()
    customs: Customs | None = None
    weight_kg: NotNegative | None = None
    hazmat: bool = False
    value: Money | None = None
    ship_by: Timestamp | None = None
    promised_delivery: Timestamp | None = None
    planned_ship_at: Timestamp | None = None
    shipped_at: Timestamp | None = None
    estimated_delivery: Timestamp | None = None
    delivered_at: Timestamp | None = None
    tracking_events: tuple[TrackingEvent, ...] = ()
    routing: Routing | None = None
    reservation_id: Id | None = None
    external_refs: tuple[ExternalRef, ...] = ()

    @property
    def quantity(self) -> int:
        """Units of all lines together."""
        return sum(line.quantity for line in self.lines)
