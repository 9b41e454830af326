"""Where an address lies: its own coordinates where they are plausible, else what the shipped map knows."""

from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.model import Address
from orderloom_nodes.route.coordinates import locate
from orderloom_nodes.route.distance import Point, distance_m

LATITUDES, LONGITUDES = st.floats(-90, 90), st.floats(-180, 180)
POINTS = st.builds(Point, LATITUDES, LONGITUDES)


@pytest.mark.parametrize(
    ("address", "near"),
    [
        (Address(country_code="US", postal_code="40202"), Point(38.25, -85.75)),
        (Address(country_code="US", postal_code="40202-1234"), Point(38.25, -85.75)),
        (Address(country_code="US", postal_code="02108"), Point(42.36, -71.06)),
        (Address(country_code="US", region_code="KY"), Point(37.6, -84.8)),
        (Address(country_code="CA", postal_code="K1A 0B1"), Point(45.42, -75.7)),
        (Address(country_code="CA", postal_code="k1a0b1"), Point(45.42, -75.7)),
        (Address(country_code="CA", postal_code="M9Z 1A1"), Point(43.7, -79.4)),
        (Address(country_code="CA", region_code="BC"), Point(49.8, -122.7)),
        (Address(country_code="DE", postal_code="10117"), Point(51.0, 9.0)),
    ],
    ids=lambda value: str(value.postal_code or value.region_code) if isinstance(value, Address) else "",
)
def test_an_address_without_coordinates_lies_in_the_smallest_area_known(address: Address, near: Point) -> None:
    found = locate(address)

    assert found is not None
    assert distance_m(found.point, near) < 40_000


def test_coordinates_within_reach_of_the_postal_code_are_taken_as_given() -> None:
    found = locate(Address(country_code="US", postal_code="40202", latitude=38.2527, longitude=-85.7585))

    assert found == (Point(38.2527, -85.7585), None)


def test_coordinates_far_from_the_postal_code_are_not_believed_and_that_is_said() -> None:
    found = locate(Address(country_code="US", postal_code="40202", latitude=45.41634, longitude=-75.6868))

    assert found is not None
    assert found.point == Point(38.21, -85.7)
    assert found.note is not None
    assert "lie 1151 km from postal code 402" in found.note


def test_coordinates_in_another_country_are_not_believed_even_without_a_postal_code() -> None:
    found = locate(Address(country_code="NL", latitude=38.0, longitude=-85.0))

    assert found is not None
    assert distance_m(found.point, Point(52.5, 5.75)) < 10_000


def test_a_country_that_the_map_does_not_know_leads_nowhere_unless_coordinates_are_given() -> None:
    assert locate(Address(country_code="ZZ")) is None
    assert locate(Address(country_code="ZZ", latitude=1.0, longitude=2.0)) == (Point(1.0, 2.0), None)


@pytest.mark.parametrize(
    "country", ["US", "CA", "GB", "DE", "JP", "AU", "XK", "PS", "TW", "PR", "GG", "CU", "SY", "AX", "SS"]
)
def test_every_country_has_a_centre(country: str) -> None:
    assert locate(Address(country_code=country)) is not None


def test_the_map_stays_small() -> None:
    assert len(files("orderloom_nodes.route").joinpath("places.csv").read_bytes()) < 62_000


def test_known_distances_come_out() -> None:
    assert distance_m(Point(51.5074, -0.1278), Point(40.7128, -74.0060)) == 5_570_230  # London, New York
    assert distance_m(Point(0, 179.5), Point(0, -179.5)) == 111_195  # over the date line


@given(POINTS, POINTS)
def test_a_way_is_always_as_long_back_and_never_longer_than_half_the_globe(start: Point, end: Point) -> None:
    assert distance_m(start, end) == distance_m(end, start) <= 20_015_115
    assert distance_m(start, start) == 0
