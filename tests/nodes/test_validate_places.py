"""Places that contradict themselves, and all countries: an address that is right, one wrong in each way."""

from __future__ import annotations

from itertools import product
from string import ascii_uppercase

import pytest

from orderloom.model import Address
from orderloom_nodes.validate.addresses import check_address
from orderloom_nodes.validate.countries import Country, country_of
from orderloom_nodes.validate.findings import Findings
from tests.nodes.orders import address, problem, problems, to

COUNTRIES = [found for a, b in product(ascii_uppercase, repeat=2) if (found := country_of(a + b))]


def right(country: Country) -> Address:
    """An address with all that the country needs, its region and its postal code taken from the data."""
    code = country.postal.example or None
    region = next((one for one in country.regions if code and one.takes(code)), None)
    if country.code == "RU":  # its example is a code of no region
        region, code = country.region("Moscow"), "101000"
    elif country.regions and region is None:
        region, code = country.regions[0], code if not country.regions[0].postal else None
    return Address(
        address_lines=("Main Street 1",), city="Town", country_code=country.code,
        region_code=region.code if region else None, postal_code=code,
    )  # fmt: skip


def codes(place: Address) -> list[str]:
    findings = Findings(())
    check_address(place, "shipping_address", findings, {}, holds=True)
    return [one.code for one in findings.errors]


def test_more_than_two_hundred_countries_are_known_offline() -> None:
    assert len(COUNTRIES) > 240
    assert sum(1 for country in COUNTRIES if country.postal.pattern) > 170
    assert sum(1 for country in COUNTRIES if country.regions) > 40


def test_of_every_country_an_address_with_all_that_it_needs_passes() -> None:
    bad = {country.code: found for country in COUNTRIES if (found := codes(right(country)))}

    assert bad == {}


def test_of_every_country_a_postal_code_of_another_form_is_held() -> None:
    formed = [country for country in COUNTRIES if country.postal.pattern]

    passed = [one.code for one in formed if codes(right(one).model_copy(update={"postal_code": "!?"})) == []]

    assert passed == []
    assert len(formed) > 170


def test_of_every_country_each_part_that_it_needs_is_missed() -> None:
    silent = [
        (country.code, part)
        for country in COUNTRIES
        for part in ("address_lines", "city", "postal_code")
        if part in country.needs
        and "V103" not in codes(right(country).model_copy(update={part: () if part == "address_lines" else None}))
    ]

    assert silent == []


def test_of_every_country_with_regions_one_that_it_does_not_have_is_held() -> None:
    asked = [country for country in COUNTRIES if country.regions and "region_code" in country.needs]

    passed = [
        one.code for one in asked if "V106" not in codes(right(one).model_copy(update={"region_code": "Nowhere Land"}))
    ]

    assert passed == []
    assert len(asked) > 20


def test_a_region_of_another_postal_code_is_held_wherever_the_data_tells_them_apart() -> None:
    held = 0
    for country in COUNTRIES:
        for region in country.regions:
            others = [one for one in country.regions if one.postal and not one.takes(country.postal.example)]
            if region.takes(country.postal.example) and region.postal and others:
                place = right(country).model_copy(update={"region_code": others[0].code})
                assert "V105" in codes(place), country.code
                held += 1
                break
    assert held > 15


def test_a_zip_code_of_another_city_is_held_with_both_places_as_candidates() -> None:
    order = to(city="Lexington")

    found = problem(order)

    assert (found.code, found.path) == ("V116", "shipping_address.postal_code")
    assert found.message == "ZIP code 40202 is Louisville, KY, and Lexington has others, such as 40502"
    verdict = address(order).validation
    assert verdict is not None
    assert verdict.status == "ambiguous"
    assert [(one["city"], one["postal_code"]) for one in verdict.candidates][:2] == [
        ("Louisville", "40202"),
        ("Lexington", "40502"),
    ]


@pytest.mark.parametrize(
    "place",
    [
        {"city": "Saint Louis", "region_code": "MO", "postal_code": "63101"},
        {"city": "St. Louis", "region_code": "MO", "postal_code": "63101-1234"},
        {"city": "Manhattan", "region_code": "NY", "postal_code": "10001"},  # a quarter
        {"city": "Ft. Worth", "region_code": "TX", "postal_code": "76102"},
        {"city": "Hollywood", "region_code": "CA", "postal_code": "90028"},
    ],
)
def test_other_names_of_a_city_and_of_its_quarters_contradict_nothing(place: dict[str, str]) -> None:
    assert problems(to(**place)) == ()


def test_a_misspelt_city_of_a_zip_code_is_a_note_with_the_one_that_is_meant() -> None:
    findings = Findings(())
    check_address(to(city="Louisvile").shipping_address, "a", findings, {}, holds=True)  # type: ignore[arg-type]

    assert [(one.code, one.fix) for one in findings.notes] == [("V107", "Louisville")]


def test_a_street_without_a_house_number_is_held_where_houses_have_numbers() -> None:
    found = problem(to(address_lines=("Chestnut Street",)))

    assert (found.code, found.path) == ("V118", "shipping_address.address_lines[0]")
    assert found.help is not None
    assert "confirmed:V118" in found.help


def test_a_house_may_have_a_name_where_that_is_usual() -> None:
    place = {
        "region_code": None,
        "city": "Ballyhale",
        "postal_code": None,
        "country_code": "IE",
        "address_lines": ("The Old Mill",),
    }

    assert "V118" not in [one.code for one in problems(to(**place))]
