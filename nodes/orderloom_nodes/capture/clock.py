"""A moment by a clock on the wall in, the moment out. An hour that comes twice is taken for its first time."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo


def moment_at(wall: datetime, zone: tzinfo) -> datetime | None:
    """In UTC; None for a time that the clocks of the zone leave out on that day, and beyond the years 1 to 9999."""
    try:
        found = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
        again = found.astimezone(zone)
    except OverflowError:
        return None
    return found if again.replace(tzinfo=None) == wall.replace(tzinfo=None) else None
