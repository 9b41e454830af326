"""Orders in workbooks (.xlsx) by the same column map as those in a CSV; each finding names its cell."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from orderloom import Place, Unreadable
from orderloom.model import Order
from orderloom_nodes.capture.formats.csv_rows import ColumnMap, read_orders

MAP = """
columns: day
one_order: =row.Order
order:
  ordered_at: =row.Date
  currency: EUR
  shipping_address: {postal_code: =row.Zip, country_code: =row.Country, city: Boston}
line: {sku: =row.Article, quantity: =row.Pieces, unit_price: =row.Price}
"""
HEADER = ("Order", "Date", "Article", "Pieces", "Price", "Zip", "Country")
ROW: tuple[Any, ...] = (1001, datetime(2026, 3, 2, 9, 30), "MUG", 2, 9.95, "02134", "US")


def column_map(folder: Path, more: str = "") -> ColumnMap:
    (folder / "day.columns.yaml").write_text(MAP + more)
    return ColumnMap.load_setting("day.columns.yaml", Place("flow.yaml"), [folder])


def changed(**cells: Any) -> tuple[Any, ...]:
    return tuple(cells.get(column, value) for column, value in zip(HEADER, ROW, strict=True))


def workbook(*rows: Sequence[Any], sheet: str = "Orders", before: Sequence[str] = ()) -> bytes:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = sheet
    for row in (*[[text] for text in before], HEADER, *rows):
        first.append(list(row))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def read(data: bytes, columns: ColumnMap) -> list[Any]:
    return list(read_orders(data, "day.xlsx", columns, "main"))


def the_order(data: bytes, columns: ColumnMap) -> Order:
    [found] = read(data, columns)
    assert isinstance(found, Order), found
    return found


def findings(data: bytes, columns: ColumnMap) -> list[tuple[str, str]]:
    return [(one.code, str(one.place)) for found in read(data, columns) if isinstance(found, Unreadable)
            for one in found.problems]


def test_a_sheet_is_read_as_the_csv_of_it_would_be(tmp_path: Path) -> None:
    columns = column_map(tmp_path)
    csv = (",".join(HEADER) + "\n1001,2026-03-02 09:30:00,MUG,2,9.95,02134,US\n").encode()

    by_sheet, by_csv = the_order(workbook(ROW), columns), the_order(csv, columns)

    assert by_sheet == by_csv
    assert (str(by_sheet.totals.grand_total), str(by_sheet.ordered_at)) == ("19.9 EUR", "2026-03-02 09:30:00+00:00")


def test_rows_above_and_below_that_are_blank_are_passed_over(tmp_path: Path) -> None:
    data = workbook((None,) * 7, ROW, (None,) * 9)

    assert the_order(data, column_map(tmp_path)).order_number == "1001"


@pytest.mark.parametrize(
    ("cells", "finding"),
    [
        ({"Pieces": "two"}, ("V605", "day.xlsx:Orders!D2")),
        ({"Price": "1.234,50"}, ("V605", "day.xlsx:Orders!E2")),
        ({"Pieces": 1.5}, ("V607", "day.xlsx:Orders!D2")),
        ({"Pieces": 0}, ("V607", "day.xlsx:Orders!D2")),
        ({"Article": 1.23456789012345e17}, ("V606", "day.xlsx:Orders!C2")),
        ({"Article": date(2026, 3, 1)}, ("V606", "day.xlsx:Orders!C2")),
        ({"Article": "1,23E+12"}, ("V606", "day.xlsx:Orders!C2")),
        ({"Zip": 2134}, ("V611", "day.xlsx:Orders!F2")),
        ({"Date": "soon"}, ("V605", "day.xlsx:Orders!B2")),
        ({"Price": "#REF!"}, ("V612", "day.xlsx:Orders!E2")),
        ({"Order": None}, ("V603", "day.xlsx:Orders!A2")),
    ],
)
def test_what_is_wrong_is_told_with_its_cell(tmp_path: Path, cells: dict[str, Any], finding: tuple[str, str]) -> None:
    assert findings(workbook(changed(**cells)), column_map(tmp_path)) == [finding]


def test_a_cell_beyond_the_last_column_shifts_nothing_unseen(tmp_path: Path) -> None:
    assert findings(workbook((*ROW, "stray")), column_map(tmp_path)) == [("V602", "day.xlsx:Orders!H2")]


def test_an_error_in_a_column_that_nobody_reads_does_no_harm(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(ROW)))
    sheet = book["Orders"]
    sheet["H1"], sheet["H2"] = "Margin", "#DIV/0!"
    written = io.BytesIO()
    book.save(written)

    assert the_order(written.getvalue(), column_map(tmp_path)).order_number == "1001"


def test_a_bad_order_spoils_no_other(tmp_path: Path) -> None:
    found = read(workbook(ROW, changed(Order=1002, Pieces="x"), changed(Order=1003)), column_map(tmp_path))

    assert [one.order_number if isinstance(one, Order) else None for one in found] == ["1001", None, "1003"]


def test_with_too_many_bad_rows_nothing_of_the_sheet_is_taken(tmp_path: Path) -> None:
    rows = [changed(Order=number, Pieces="x" if number % 2 else 1) for number in range(1, 9)]

    [found] = read(workbook(*rows), column_map(tmp_path, "stop_at: 20%\n"))

    assert isinstance(found, Unreadable)
    assert found.problems[0].code == "V610"
    assert "4 of 8 rows" in found.problems[0].message


@pytest.mark.parametrize(
    ("value", "shown"),
    [(9.95, "9.95"), (0.1 + 0.2, "0.3"), (10, "10"), (9.950000000000001, "9.95"), ("9.95", "9.95")],
)
def test_a_number_is_what_the_spreadsheet_shows(tmp_path: Path, value: Any, shown: str) -> None:
    assert str(the_order(workbook(changed(Price=value)), column_map(tmp_path)).lines[0].unit_price) == f"{shown} EUR"


def test_numbers_are_numbers_whatever_signs_the_map_names_for_texts(tmp_path: Path) -> None:
    columns = column_map(tmp_path, 'numbers: {decimal: ",", thousands: "."}\n')

    found = the_order(workbook(changed(Price=9.95), changed(Price="1.234,50")), columns)

    assert [str(line.unit_price) for line in found.lines] == ["9.95 EUR", "1234.50 EUR"]


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        (46083, "2026-03-02 00:00:00+00:00"),
        (46083.5, "2026-03-02 12:00:00+00:00"),
        (date(2026, 3, 2), "2026-03-02 00:00:00+00:00"),
        ("2026-03-02T10:00:00+02:00", "2026-03-02 08:00:00+00:00"),
    ],
)
def test_a_day_may_be_a_date_or_the_number_of_one(tmp_path: Path, value: Any, moment: str) -> None:
    assert str(the_order(workbook(changed(Date=value)), column_map(tmp_path)).ordered_at) == moment


def test_a_date_fits_whatever_format_the_map_names_for_texts(tmp_path: Path) -> None:
    columns = column_map(tmp_path, 'dates: {format: "%d.%m.%Y"}\n')
    found = the_order(workbook(ROW, changed(Date="02.03.2026")), columns)

    assert str(found.ordered_at) == "2026-03-02 00:00:00+00:00"


def test_the_sheet_is_the_one_that_the_map_names(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(ROW, sheet="March 2026")))
    book.create_sheet("Notes", 0)["A1"] = "nothing here"
    written = io.BytesIO()
    book.save(written)

    named = column_map(tmp_path, "sheet: March 2026\n")
    assert the_order(written.getvalue(), named).order_number == "1001"
    bad = changed(Pieces="x")
    [(_, place)] = findings(workbook(bad, sheet="March 2026"), named)
    assert place == "day.xlsx:'March 2026'!D2"
    assert findings(written.getvalue(), column_map(tmp_path, "sheet: Notice\n"))[0][0] == "V601"


def test_a_header_without_a_column_that_the_map_reads_is_told(tmp_path: Path) -> None:
    data = workbook(ROW, before=["Orders of March"])

    assert findings(data, column_map(tmp_path)) == [("M006", f"{tmp_path}/day.columns.yaml:3:12")]


@pytest.mark.parametrize("data", [b"PK\x03\x04 no archive", workbook(ROW)[:900]], ids=["no archive", "cut short"])
def test_what_is_no_workbook_is_refused(tmp_path: Path, data: bytes) -> None:
    assert [code for code, _ in findings(data, column_map(tmp_path))] == ["D060"]


def test_an_empty_workbook_has_no_header(tmp_path: Path) -> None:
    written = io.BytesIO()
    openpyxl.Workbook().save(written)

    assert [code for code, _ in findings(written.getvalue(), column_map(tmp_path))] == ["V601"]


def test_ten_thousand_rows_are_one_order_of_ten_thousand_lines(tmp_path: Path) -> None:
    csv = [",".join(HEADER)] + [f"1,2026-03-02 09:30:00,SKU-{n},1,1.00,02134,US" for n in range(10_000)]

    assert len(the_order("\n".join(csv).encode(), column_map(tmp_path)).lines) == 10_000
