"""A shipment and what was told of it in, the shipment with its history and where it is now out. Never backwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from orderloom.model.shipment import Shipment, TrackingEvent
from orderloom.world.tracking.reading import Tracked
from orderloom.world.tracking.words import UNKNOWN, same_carrier

# what counts for more stands: a scan on the way after delivery is history, a delivery after `lost` is the truth
_STRENGTH = {
    "planned": 0, "allocated": 0, "released": 0, "picking": 0, "packed": 0, "label_purchased": 1, "cancelled": 1,
    "shipped": 2, "in_transit": 3, "out_for_delivery": 3, "available_for_pickup": 3, "delivery_failed": 3,
    "lost": 4, "returned_to_sender": 5, "delivered": 6,
}  # fmt: skip
FINAL = frozenset({"lost", "returned_to_sender", "delivered"})
EARLIER = timedelta(days=2)  # a scan so long before the label is of another parcel with the same number


def tracked(shipment: Shipment, told: Tracked, carrier: str | None = None) -> tuple[Shipment, tuple[str, ...]]:
    """The shipment with these events, each once, and notes on what was odd: another carrier, an earlier parcel.

    `carrier` is whose label it bears. What belongs to another parcel of that number is told and not taken.
    """
    own = carrier or (shipment.carrier.carrier_code if shipment.carrier else None)
    if not same_carrier(told.carrier, own):
        return shipment, (f"{told.number} was sent with {own}, and this tells of a parcel of {told.carrier}",)
    ours, earlier = _of_this_parcel(shipment, told.events)
    notes = [f"{told.number}: {len(earlier)} scans are of an earlier parcel with that number"] if earlier else []
    known = {event.event_id for event in shipment.tracking_events}
    new = [event for event in ours if event.event_id not in known]
    events = tuple(sorted((*shipment.tracking_events, *new), key=lambda event: event.occurred_at))
    now = _status(shipment.status, new if shipment.tracking_events else ours, events)
    notes += [_say_late(event, now) for event in new if _is_after_the_end(event, now, events)]
    delivered = next((event.occurred_at for event in events if event.status == "delivered"), None)
    changes = {
        "tracking_events": events, "status": now, "delivered_at": shipment.delivered_at or delivered,
        "estimated_delivery": told.expected or shipment.estimated_delivery,
    }  # fmt: skip
    return shipment.model_copy(update=changes), tuple(notes)


def _of_this_parcel(
    shipment: Shipment, events: Sequence[TrackingEvent]
) -> tuple[list[TrackingEvent], list[TrackingEvent]]:
    begun = shipment.shipped_at or shipment.planned_ship_at
    since = begun - EARLIER if begun else None
    ours = [event for event in events if since is None or event.occurred_at >= since]
    return ours, [event for event in events if event not in ours]


def _status(before: str, new: Iterable[TrackingEvent], events: Sequence[TrackingEvent]) -> str:
    """Where it is: the strongest word; among scans on the way the latest, by when they happened."""
    now = before
    for event in (*events, *new) if before not in _STRENGTH else events:
        if event.status != UNKNOWN and _STRENGTH.get(event.status, 0) >= _STRENGTH.get(now, 0):
            now = event.status
    return now


def _is_after_the_end(event: TrackingEvent, now: str, events: Sequence[TrackingEvent]) -> bool:
    end = next((one.occurred_at for one in events if one.status == now), None)
    return now in FINAL and event.status not in {now, UNKNOWN} and end is not None and event.occurred_at > end


def _say_late(event: TrackingEvent, now: str) -> str:
    return f"`{event.status}` of {event.occurred_at:%Y-%m-%d %H:%M} UTC comes after it was {now}: kept as history"
