"""Two points on the globe in, the way between them in metres out."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

EARTH_RADIUS_M = 6_371_008.8  # IUGG mean radius R1; a sphere is within 0.6 % of the ellipsoid


class Point(NamedTuple):
    """Degrees, north and east positive."""

    latitude: float
    longitude: float

    def __str__(self) -> str:
        return f"{self.latitude:.2f}, {self.longitude:.2f}"


@lru_cache(maxsize=16_384)  # from the same warehouses to the same postal areas, over and over
def distance_m(start: Point, end: Point) -> int:
    """Great-circle distance by the haversine formula, in whole metres so that sums and comparisons are exact."""
    phi, other = math.radians(start.latitude), math.radians(end.latitude)
    half_lat = math.sin((other - phi) / 2)
    half_lon = math.sin(math.radians(end.longitude - start.longitude) / 2)
    chord = half_lat * half_lat + math.cos(phi) * math.cos(other) * half_lon * half_lon
    return round(2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, chord))))
