"""An address in, the point on the globe that distances are measured from out, with a note where that was not plain.

`places.csv` holds 2,900 centres, each with the distance in km to its farthest place (`reach_km`; empty: 60): of
countries (no area), of US postal codes by their first three digits, of Canadian ones by their first three signs and
by their first letter, and of US states and Canadian provinces. It was made for orderloom on 2026-11-22: the means,
rounded, of the coordinates in the PyPI packages zipcodes 3.0.0 (MIT) and pypostalcode 0.4.1 (MIT); countries from
countryinfo 1.0.1 (MIT), whose figures are the rounded ones of the CIA World Factbook (public domain), 22 territories
that it lacks by hand in the same manner; a country's reach is an estimate by its area. Military US postal codes are
left out: their parcels go to a gateway, not to where the code seems to lie.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from orderloom.model import Address
from orderloom_nodes.route.distance import Point, distance_m

SLACK_KM = 50  # a given point may lie this far outside an area before it is taken for a mistake


class Centre(NamedTuple):
    """The middle of an area, and how far it reaches."""

    point: Point
    reach_km: int
    what: str  # "postal code 402", "KY, US", "country US"


class Whereabouts(NamedTuple):
    """Where an address lies, as well as is known; `note` says what was not taken at its word."""

    point: Point
    note: str | None = None


def locate(address: Address) -> Whereabouts | None:
    """The address's own coordinates if they are plausible, else the centre of its postal code, region or country.

    None where nothing is known of the country, and no coordinates are given.
    """
    centre = _centre(address)
    if address.latitude is None or address.longitude is None:
        return Whereabouts(centre.point, _coarse(centre)) if centre else None
    given = Point(float(address.latitude), float(address.longitude))
    if centre is None:
        return Whereabouts(given)
    off_km = distance_m(given, centre.point) // 1000
    if off_km <= centre.reach_km + SLACK_KM:
        return Whereabouts(given)
    return Whereabouts(
        centre.point,
        f"the address's coordinates ({given}) lie {off_km} km from {centre.what}: "
        f"its centre ({centre.point}) was used instead",
    )


def _coarse(centre: Centre) -> str | None:
    if not centre.what.startswith("country"):
        return None
    return f"only the country of the address is known to the map: distances are from the centre of {centre.what}"


def _centre(address: Address) -> Centre | None:
    """The smallest area known that holds the address."""
    country = address.country_code
    postal = (address.postal_code or "").replace(" ", "").upper()
    for area in (postal[:3], postal[:1] if country == "CA" else "", address.region_code or ""):
        found = _places().get((country, area)) if area else None
        if found:
            return found
    return _places().get((country, ""))


@cache
def _places() -> dict[tuple[str, str], Centre]:
    text = files("orderloom_nodes.route").joinpath("places.csv").read_text(encoding="utf-8")
    return {
        (country, area): Centre(Point(float(latitude), float(longitude)), int(reach or 60), _name(country, area))
        for country, area, latitude, longitude, reach in list(csv.reader(text.splitlines()))[1:]
    }


def _name(country: str, area: str) -> str:
    if not area:
        return f"country {country}"
    return f"{area}, {country}" if area.isalpha() and len(area) == 2 else f"postal code {area}"
