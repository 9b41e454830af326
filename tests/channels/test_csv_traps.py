"""What spreadsheets do to a CSV on its way: encodings, signs, lost zeros, days as numbers, hours that no clock had."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from orderloom import Unreadable
from orderloom.model import Order
from orderloom_nodes.capture.formats.csv_rows import read_orders

from .test_sheets import HEADER, column_map


def read(data: str | bytes, folder: Path, more: str = "") -> Any:
    content = data if isinstance(data, bytes) else data.encode()
    [found] = read_orders(content, "day.csv", column_map(folder, more), "main")
    return found


def text(row: str, separator: str = ",") -> str:
    return separator.join(HEADER) + "\n" + row + "\n"


def codes(found: Any) -> list[str]:
    assert isinstance(found, Unreadable), found
    return [one.code for one in found.problems]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_the_separator_and_the_encoding_are_recognised(tmp_path: Path, separator: str, encoding: str) -> None:
    row = separator.join(["1001", "2026-03-02 09:30:00", "Größe-M", "2", "9.95", "02134", "US"])

    found = read(text(row, separator).encode(encoding), tmp_path)

    assert isinstance(found, Order)
    assert found.lines[0].sku == "Größe-M"


def test_an_encoding_that_nobody_can_tell_is_refused_and_never_guessed(tmp_path: Path) -> None:
    cyrillic = text("1001,2026-03-02 09:30:00,Кружка-М,2,9.95,02134,US").encode("cp1251")

    refused = read(cyrillic, tmp_path)

    assert codes(refused) == ["V601"]
    assert "encoding" in (refused.problems[0].help or "")
    assert read(cyrillic, tmp_path, "encoding: cp1251\n").lines[0].sku == "Кружка-М"


@pytest.mark.parametrize(
    ("country", "code", "whole"),
    [("US", "2134", "02134"), ("DE", "1067", "01067"), ("FR", "6000", "06000"), ("CH", "800", "0800"),
     ("US", "501", "00501")],
)
def test_a_postal_code_that_lost_a_zero_is_told_with_what_it_may_have_been(
    tmp_path: Path, country: str, code: str, whole: str
) -> None:
    found = read(text(f"1001,2026-03-02 09:30:00,MUG,2,9.95,{code},{country}"), tmp_path)

    assert codes(found) == ["V611"]
    assert whole in (found.problems[0].help or "")
    assert "column `Zip`" in found.problems[0].message


@pytest.mark.parametrize(
    ("country", "code"), [("US", "02134"), ("US", "02134-1000"), ("GB", "W1"), ("IE", "D02"), ("", "12")]
)
def test_a_postal_code_that_may_be_so_is_left_alone(tmp_path: Path, country: str, code: str) -> None:
    assert isinstance(read(text(f"1001,2026-03-02 09:30:00,MUG,2,9.95,{code},{country}"), tmp_path), Order)


def test_the_number_of_a_day_is_no_date_until_the_map_says_so(tmp_path: Path) -> None:
    row = text("1001,46083.25,MUG,2,9.95,02134,US")

    refused = read(row, tmp_path)

    assert codes(refused) == ["V605"]
    assert "2026-03-02" in (refused.problems[0].help or "")
    assert str(read(row, tmp_path, "dates: {format: excel}\n").ordered_at) == "2026-03-02 06:00:00+00:00"


@pytest.mark.parametrize(
    ("told", "moment"),
    [
        ("2026-03-29 01:59:59", "2026-03-29 00:59:59+00:00"),
        ("2026-03-29 02:30:00", None),
        ("2026-03-29 03:00:00", "2026-03-29 01:00:00+00:00"),
        ("2026-10-25 02:30:00", "2026-10-25 00:30:00+00:00"),
        ("2026-10-25 03:00:00", "2026-10-25 02:00:00+00:00"),
        ("2024-02-29 10:00:00", "2024-02-29 09:00:00+00:00"),
        ("2026-02-29 10:00:00", None),
        ("2026-02-30 10:00:00", None),
        ("0001-01-01 00:00:00", None),
        ("2026-03-29 02:30:00+02:00", "2026-03-29 00:30:00+00:00"),
    ],
)
def test_local_times_are_the_maps_zone_the_first_of_two_and_never_one_that_no_clock_had(
    tmp_path: Path, told: str, moment: str | None
) -> None:
    found = read(text(f"1001,{told},MUG,2,9.95,02134,US"), tmp_path, "dates: {zone: Europe/Berlin}\n")

    if moment is None:
        assert codes(found) == ["V605"]
    else:
        assert str(found.ordered_at) == moment
