"""A carrier's message in (JSON), what it tells of which parcel out.

Known are EasyPost's tracker, alone, in a list and inside a webhook's event; and the plain form that any other source
can be brought into:

    {"tracking_number": "1Z…", "carrier": "ups", "events": [{"status": "delivered", "at": "2026-03-05T14:02:00Z"}]}

    UnreadableTrackingError(Exception)      it tells of no parcel, or an event has no moment; in a sentence
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from pydantic import TypeAdapter, ValidationError

from orderloom.model.base import Timestamp
from orderloom.model.shipment import TrackingEvent
from orderloom.world.tracking.words import our_word

_MOMENT: TypeAdapter[datetime] = TypeAdapter(Timestamp)


class UnreadableTrackingError(Exception):
    """What came tells of no parcel."""


@dataclass(frozen=True)
class Tracked:
    """What a message tells of one parcel, the earliest event first."""

    number: str
    carrier: str | None
    events: tuple[TrackingEvent, ...]
    expected: datetime | None = None


def read_tracking(message: Any, received: datetime) -> tuple[Tracked, ...]:
    """All parcels of a message. Raises `UnreadableTrackingError`."""
    found = tuple(_parcels(message, received))
    if not found:
        raise UnreadableTrackingError(
            "it tells of no parcel: neither a `tracking_code` nor a `tracking_number` is in it"
        )
    return found


def _parcels(message: Any, received: datetime) -> Iterator[Tracked]:
    if isinstance(message, list):
        for one in message:
            yield from _parcels(one, received)
    elif isinstance(message, Mapping):
        if "tracking_code" in message:
            yield _easypost(message, received)
        elif "tracking_number" in message:
            yield _plain(message, received)
        else:
            for key in ("result", "tracker", "trackers", "parcels"):
                yield from _parcels(message.get(key), received)


def _easypost(tracker: Mapping[str, Any], received: datetime) -> Tracked:
    carrier = _text(tracker.get("carrier"))
    events = [
        _easypost_event(one, received) for one in tracker.get("tracking_details") or () if isinstance(one, Mapping)
    ]
    status = our_word(tracker.get("status"), tracker.get("status_detail"))
    if tracker.get("updated_at") and all(event.status != status for event in events):
        # a tracker may say where the parcel is without a scan that does: its own word counts from when it was said
        said = {
            "status": tracker.get("status"),
            "status_detail": tracker.get("status_detail"),
            "datetime": tracker["updated_at"],
        }
        events.append(_easypost_event(said, received))
    expected = tracker.get("est_delivery_date")
    return _sorted(tracker["tracking_code"], carrier, events, _moment(expected) if expected else None)


def _easypost_event(said: Mapping[str, Any], received: datetime) -> TrackingEvent:
    place = said.get("tracking_location") or {}
    return _event(
        our_word(said.get("status"), said.get("status_detail")), said.get("status_detail") or said.get("status"),
        said.get("datetime"), received, said.get("message"), place.get("city"), place.get("country"),
    )  # fmt: skip


def _plain(parcel: Mapping[str, Any], received: datetime) -> Tracked:
    told = parcel.get("events")
    said = [one for one in (told if isinstance(told, list) else [parcel]) if isinstance(one, Mapping)]
    events = [
        _event(
            our_word(one.get("status") or one.get("code"), one.get("detail")), one.get("status") or one.get("code"),
            one.get("at") or one.get("datetime"), received, one.get("message"), one.get("city"), one.get("country"),
        )
        for one in said
    ]  # fmt: skip
    expected = parcel.get("expected")
    return _sorted(
        parcel["tracking_number"], _text(parcel.get("carrier")), events, _moment(expected) if expected else None
    )


def _event(
    status: str, theirs: Any, at: Any, received: datetime, message: Any, city: Any, country: Any
) -> TrackingEvent:
    moment = _moment(at)
    seed = f"{status}|{theirs}|{moment.isoformat()}|{city}"
    code = _text(country)
    return TrackingEvent(
        event_id=sha256(seed.encode()).hexdigest()[:16], status=status, carrier_status=_text(theirs),
        occurred_at=moment, received_at=received, message=_text(message), city=_text(city),
        country_code=code if code and len(code) == 2 and code.isalpha() and code.isupper() else None,
    )  # fmt: skip


def _sorted(number: Any, carrier: str | None, events: list[TrackingEvent], expected: datetime | None) -> Tracked:
    if not isinstance(number, str) or not number.strip():
        raise UnreadableTrackingError("a parcel's tracking number is no text")
    in_time = tuple(sorted(events, key=lambda event: event.occurred_at))
    return Tracked("".join(number.split()).upper(), carrier, in_time, expected)


def _moment(said: Any) -> datetime:
    try:
        return _MOMENT.validate_python(said).astimezone(UTC)
    except (ValidationError, ValueError, OverflowError):
        raise UnreadableTrackingError(f"`{said}` is no moment: write one with its zone, 2026-03-05T14:02:00Z") from None


def _text(said: Any) -> str | None:
    return said if isinstance(said, str) and said.strip() else None
