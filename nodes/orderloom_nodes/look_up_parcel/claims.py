"""What a claim at a carrier needs: the parcel, its last scan, what was in it and what that was worth."""

from __future__ import annotations

from datetime import datetime, timedelta

from orderloom.model import Model, Money, OrderRecord, Shipment


class Claimed(Model):
    """Units of an article that were in it."""

    sku: str
    title: str | None = None
    quantity: int


class Claim(Model):
    """One parcel, as a form for a claim asks for it. `worth` is what was paid for the goods, where it is one sum."""

    tracking_number: str
    carrier: str | None = None
    service: str | None = None
    order_number: str | None = None
    status: str = "unknown"
    handed_over: datetime | None = None
    expected: datetime | None = None
    last_seen: datetime | None = None
    last_place: str | None = None
    last_word: str | None = None
    contents: tuple[Claimed, ...] = ()
    worth: Money | None = None

    @property
    def said(self) -> str:
        """How a sentence about it begins."""
        who = (self.carrier or "the carrier").upper() if self.carrier else "the carrier"
        return f"{who} said on {self.last_seen:%Y-%m-%d} that" if self.last_seen else f"{who} says that"


def claim_of(number: str, record: OrderRecord | None) -> Claim:
    """With what is known; of a parcel that nobody knows the number alone."""
    shipment = _shipment(number, record)
    if record is None or shipment is None:
        return Claim(tracking_number=number)
    last = max(shipment.tracking_events, key=lambda event: event.occurred_at, default=None)
    return Claim(
        tracking_number=number,
        carrier=shipment.carrier.carrier_code if shipment.carrier else None,
        service=shipment.carrier.service_code if shipment.carrier else None,
        order_number=record.order.order_number or record.order.order_id,
        status=shipment.status,
        handed_over=shipment.shipped_at or shipment.planned_ship_at,
        expected=shipment.estimated_delivery or shipment.promised_delivery,
        last_seen=last.occurred_at if last else None,
        last_place=last.city if last else None,
        last_word=last.message or last.carrier_status if last else None,
        contents=tuple(_contents(shipment, record)),
        worth=_worth(shipment, record),
    )


def silent_for(claim: Claim, now: datetime) -> timedelta | None:
    """Since when nobody has seen it; None where it is not even known when it left."""
    since = claim.last_seen or claim.handed_over
    return now - since if since else None


def _shipment(number: str, record: OrderRecord | None) -> Shipment | None:
    wanted = number.strip().upper()
    return next(
        (
            one
            for one in (record.shipments if record else ())
            for package in one.packages
            if (package.tracking_number or "").upper() == wanted
        ),
        None,
    )


def _contents(shipment: Shipment, record: OrderRecord) -> list[Claimed]:
    titles = {line.line_id: line.title for line in record.order.lines}
    return [Claimed(sku=line.sku, title=titles.get(line.line_id), quantity=line.quantity) for line in shipment.lines]


def _worth(shipment: Shipment, record: OrderRecord) -> Money | None:
    prices = {line.line_id: line.unit_price for line in record.order.lines}
    if not shipment.lines or any(line.line_id not in prices for line in shipment.lines):
        return None
    total = Money.zero(record.order.currency)
    for line in shipment.lines:
        total += prices[line.line_id] * line.quantity
    return total
