"""Where goods lie and how many."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field

from orderloom.model.address import Address, Latitude, Longitude
from orderloom.model.base import Count, Id, Model, Quantity, Timestamp


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"`{name}` is no time zone of IANA: write it as America/New_York") from None
    return name


class Location(Model):
    """A place that ships: what is routed before `cut_off` (local time) leaves `handling_days` later, 0 the same day."""

    location_id: Id
    name: str = ""
    address: Address
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    timezone: Annotated[str, AfterValidator(_zone)] = "UTC"
    cut_off: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] = "14:00"
    handling_days: Count = 0
    priority: int = Field(default=0, description="the lower, the sooner it is asked")
    capabilities: tuple[str, ...] = ()
    enabled: bool = True
    capacity: Count | None = Field(default=None, description="units a day; none: no limit")
    safety_stock: dict[str, Count] = Field(
        default={}, description="units of each article that are kept back, by the type of the channel that asks"
    )


class StockLevel(Model):
    """How many of an article a location holds. A negative `on_hand` means that nobody knows: nothing is available."""

    location_id: Id
    sku: str
    on_hand: int
    reserved: Count = 0
    safety_stock: Count = 0
    as_of: Timestamp | None = None
    kept_from: dict[str, Count] = Field(default={}, description="more safety stock, by the type of the channel")
    expected_at: Timestamp | None = Field(default=None, description="when more of it comes")

    @property
    def available(self) -> int:
        """What may be promised to any channel; never below 0."""
        return max(0, self.on_hand - self.reserved - self.safety_stock)

    def available_to(self, channel: str | None) -> int:
        """What may be promised to this channel: the greater of the article's safety stock and that for the channel."""
        kept = max(self.safety_stock, self.kept_from.get(channel, 0) if channel else 0)
        return max(0, self.on_hand - self.reserved - kept)


class Take(Model):
    """So many of an article at a location: taken away, or put back. `pick_on` is the day that its picking fills."""

    location_id: Id
    sku: str
    quantity: Quantity
    pick_on: date | None = None


class Reservation(Model):
    """Units that are promised to one order. `open` until they are `used` (shipped), `released` or `expired`."""

    reservation_id: Id
    order_id: Id
    takes: tuple[Take, ...]
    status: Literal["open", "used", "released", "expired"] = "open"
    reserved_at: Timestamp
    expires_at: Timestamp | None = None
