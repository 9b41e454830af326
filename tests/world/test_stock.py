"""The connection `stock` over files: what it reads, and how it says what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderloom.problems import Problem
from orderloom.world import Stock
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.stock import StockFiles

LOCATIONS = """\
locations:
  - location_id: reno
    address: {city: Reno, country_code: US}
    latitude: 39.5
    longitude: -119.8
    timezone: America/Los_Angeles
  - location_id: aurora
    address: {city: Aurora, country_code: US}
"""
HEADER = "location_id,sku,on_hand,reserved,safety_stock,as_of\n"


def stock(folder: Path, levels: str, locations: str = LOCATIONS) -> StockFiles:
    (folder / "locations.yaml").write_text(locations, encoding="utf-8")
    (folder / "levels.csv").write_text(levels, encoding="utf-8")
    return StockFiles(folder)


def only(files: StockFiles) -> Problem:
    (problem,) = files.problems()
    return problem


def spot(problem: Problem) -> tuple[str, int, int]:
    return problem.code, problem.place.line, problem.place.column


def test_the_levels_of_the_asked_articles_come_by_article_and_location(tmp_path: Path) -> None:
    files = stock(tmp_path, HEADER + "reno,B,4,1,1,2026-11-20T06:00:00Z\nreno,A,9,,,\naurora,A,2,0,0,\n")

    levels = files.levels(["A", "B", "C"])

    assert isinstance(files, Stock)
    assert [(level.sku, level.location_id, level.available) for level in levels] == [
        ("A", "aurora", 2),
        ("A", "reno", 9),
        ("B", "reno", 2),
    ]
    assert set(files.skus()) == {"A", "B"}


def test_locations_come_by_their_id_with_the_fields_of_the_model(tmp_path: Path) -> None:
    locations = stock(tmp_path, HEADER).locations()

    assert [location.location_id for location in locations] == ["aurora", "reno"]
    assert (locations[1].latitude, locations[1].cut_off, locations[1].enabled) == (39.5, "14:00", True)


def test_the_files_are_read_when_first_asked_and_then_no_more(tmp_path: Path) -> None:
    files = StockFiles(tmp_path)
    stock(tmp_path, HEADER + "reno,A,9,0,0,\n")
    files.locations()

    (tmp_path / "levels.csv").unlink()

    assert files.levels(["A"])[0].on_hand == 9


def test_a_negative_count_is_kept_and_nothing_of_it_is_available(tmp_path: Path) -> None:
    (level,) = stock(tmp_path, HEADER + "reno,A,-3,0,0,\n").levels(["A"])

    assert (level.on_hand, level.available) == (-3, 0)


def test_columns_may_stand_in_any_order_and_the_optional_ones_may_be_left_out(tmp_path: Path) -> None:
    (level,) = stock(tmp_path, "\ufeffon_hand,sku,location_id\n7,A,reno\n").levels(["A"])

    assert (level.on_hand, level.reserved, level.as_of) == (7, 0, None)


@pytest.mark.parametrize(
    ("levels", "where", "message"),
    [
        ("", ("C104", 0, 0), "the file is empty"),
        ("location_id,sku,onhand\nreno,A,1\n", ("C104", 1, 17), "`onhand` is no column of stock levels"),
        ("location_id,sku\nreno,A\n", ("C104", 1, 1), "the column `on_hand` is missing"),
        (HEADER + "reno,A,many,0,0,\n", ("C107", 2, 8), "on_hand `many`: a whole number is wanted"),
        (HEADER + "reno,A,1.5,0,0,\n", ("C107", 2, 8), "on_hand `1.5`: a whole number is wanted"),
        (HEADER + "reno,A,5,-1,0,\n", ("C107", 2, 10), "reserved `-1`: a whole number is wanted"),
        (HEADER + "reno,,5,0,0,\n", ("C107", 2, 6), "sku ``: it must not be empty"),
        (
            HEADER + "reno,A,5,0,0,yesterday\n",
            ("C107", 2, 14),
            "as_of `yesterday`: write the moment as 2026-01-31T14:00:00Z",
        ),
        (HEADER + "reno,A,5,0,0,2026-01-31T14:00:00\n", ("C107", 2, 14), None),
        (HEADER + "reno,A,5\n", ("C106", 2, 1), "this row has 3 cells and the header 6"),
        (HEADER + "\nrino,A,5,0,0,\n", ("C108", 3, 1), "no location has the id `rino`"),
        (HEADER + "reno,A,5,0,0,\nreno,A,6,0,0,\n", ("C109", 3, 1), "`A` at `reno` stands in two rows"),
        (HEADER + 'reno,"A"x,5,0,0,\n', ("C105", 2, 1), "the quotes of this line do not match"),
    ],
)
def test_a_wrong_level_is_named_with_its_row_and_column(
    tmp_path: Path, levels: str, where: tuple[str, int, int], message: str
) -> None:
    found = stock(tmp_path, levels).problems()

    assert where in [spot(problem) for problem in found]
    assert message is None or message in [problem.message for problem in found]


def test_a_misspelt_location_gets_a_suggestion(tmp_path: Path) -> None:
    assert only(stock(tmp_path, HEADER + "rino,A,5,0,0,\n")).help == "did you mean `reno`?"


def test_all_findings_of_a_file_come_at_once(tmp_path: Path) -> None:
    found = stock(tmp_path, HEADER + "reno,A,x,0,0,\nreno,B,y,0,0,\n").problems()

    assert [problem.place.line for problem in found] == [2, 3]


@pytest.mark.parametrize(
    ("locations", "where", "message"),
    [
        ("places: []\n", ("C101", 1, 1), "this file lists no locations"),
        ("locations:\n  - {location_id: a}\n", ("C102", 2, 5), "`address` is missing"),
        (
            "locations:\n  - {location_id: a, address: {country_code: US}, timzone: UTC}\n",
            ("C102", 2, 51),
            "`timzone` is no field of a location",
        ),
        (
            "locations:\n  - {location_id: a, address: {city: X}}\n",
            ("C102", 2, 31),
            "`address.country_code` is missing",
        ),
        (
            "locations:\n  - {location_id: a, address: {country_code: US}, timezone: Mars}\n",
            ("C102", 2, 61),
            "`timezone` cannot be used: `Mars` is no time zone of IANA: write it as America/New_York",
        ),
        (
            "locations:\n  - {location_id: a, address: {country_code: US}, latitude: 99}\n",
            ("C102", 2, 61),
            "`latitude` cannot be used: at most 90 is wanted",
        ),
        (
            "locations:\n  - {location_id: a, address: {country_code: US}, cut_off: 2pm}\n",
            ("C102", 2, 60),
            '`cut_off` cannot be used: a time such as "14:00" is wanted',
        ),
        (
            "locations:\n" + 2 * "  - {location_id: a, address: {country_code: US}}\n",
            ("C103", 3, 19),
            "two locations have the id `a`",
        ),
    ],
)
def test_a_wrong_location_is_named_with_its_line(
    tmp_path: Path, locations: str, where: tuple[str, int, int], message: str
) -> None:
    problem = only(stock(tmp_path, HEADER, locations))

    assert (spot(problem), problem.message) == (where, message)


def test_a_call_on_files_that_are_wrong_fails_with_the_place_and_the_mend(tmp_path: Path) -> None:
    files = stock(tmp_path, HEADER + "rino,A,5,0,0,\nreno,A,x,0,0,\n")

    with pytest.raises(ConnectionFailedError) as failed:
        files.levels(["A"])

    assert failed.value.error_class == "invalid"
    assert failed.value.message == (
        f"the stock files cannot be used: {tmp_path / 'levels.csv'}:2:1: "
        "no location has the id `rino`; did you mean `reno`? (and 1 more)"
    )


def test_a_missing_file_is_said_in_our_own_words(tmp_path: Path) -> None:
    assert only(StockFiles(tmp_path)).message == "there is no such file"
