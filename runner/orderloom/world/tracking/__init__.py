"""What carriers tell of parcels in, one vocabulary out: the statuses of our own shipments, and never backwards."""

from __future__ import annotations

from orderloom.world.tracking.history import FINAL, tracked
from orderloom.world.tracking.reading import Tracked, UnreadableTrackingError, read_tracking

__all__ = ["FINAL", "Tracked", "UnreadableTrackingError", "read_tracking", "tracked"]
