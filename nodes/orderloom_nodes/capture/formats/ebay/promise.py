"""What eBay told the buyer about time in, Promise out: the earliest of each line's last days, so that none is late."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from orderloom.model import Promise

from ...reading import Reading


def read_promise(read: Reading, goods: list[Reading]) -> Promise | None:
    """By the lines, else by the instructions."""
    lines = [part for item in goods if (part := item.part("lineItemFulfillmentInstructions"))]
    whole = list(read.parts("fulfillmentStartInstructions"))
    found: dict[str, Any] = {
        "ship_by": _earliest(lines, "shipByDate"),
        "earliest_delivery": _earliest(lines, "minEstimatedDeliveryDate")
        or _earliest(whole, "minEstimatedDeliveryDate"),
        "latest_delivery": _earliest(lines, "maxEstimatedDeliveryDate")
        or _earliest(whole, "maxEstimatedDeliveryDate"),
    }
    zone = next((told for one in (*lines, *whole) if (told := one.text("destinationTimeZone"))), None)
    return Promise(**found, source="marketplace", timezone=zone) if any(found.values()) else None


def _earliest(parts: Iterable[Reading], name: str) -> datetime | None:
    return min((moment for one in parts if (moment := one.moment(name)) is not None), default=None)
