"""Rows in a workbook beside the head: what a person sees in a cell is what counts."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from textwrap import dedent
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from orderloom.problems import Problem, ProblemsError
from orderloom.rules import DecisionTable, check_table, read_table

HEAD = """
hit: first
inputs:
  total: {type: number}
  zip: {type: text}
  gift: {type: boolean}
  day: {type: date}
  until: {type: time}
  at: {type: date and time}
  age: {type: days and time duration}
outputs:
  outcome: {type: text}
on_missing: no_match
rows: rows.xlsx
"""
HEADER = ["id", "total", "zip", "gift", "day", "until", "at", "age", "outcome", "note"]
Build = Callable[[Any], None]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """`write(rows, build=…)`: a head and a workbook with these rows; `build` changes the sheet before it is saved."""
    monkeypatch.chdir(tmp_path)

    def make(*rows: list[Any], build: Build = lambda sheet: None, head: str = HEAD, title: str = "rows") -> Path:
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = title
        for row in [HEADER, *rows]:
            sheet.append(row)
        build(sheet)
        book.save("rows.xlsx")
        Path("t.table.yaml").write_text(dedent(head), encoding="utf-8")
        return Path("t.table.yaml")

    return make


def texts(table: DecisionTable) -> list[dict[str, str]]:
    return [{table.inputs[one.column].name: one.text for one in row.conditions} for row in table.rows]


def faults(path: Path) -> list[Problem]:
    try:
        return check_table(read_table(path))
    except ProblemsError as error:
        return list(error.problems)


def row(**cells: Any) -> list[Any]:
    return [cells.get(name, "x" if name == "outcome" else None) for name in HEADER]


@pytest.mark.parametrize(
    ("column", "value", "text"),
    [
        ("total", 5, "5"),
        ("total", 5.0, "5"),
        ("total", 0.1 + 0.2, "0.3"),
        ("total", 1e20, "100000000000000000000"),
        ("total", -2.5, "-2.5"),
        ("total", "5", "5"),
        ("total", " >= 500 ", ">= 500"),
        ("zip", "02134", "02134"),
        ("zip", 2134, "2134"),
        ("zip", "NO, SE", "NO, SE"),
        ("gift", True, "true"),
        ("gift", "TRUE", "TRUE"),
        ("day", date(2026, 3, 2), "2026-03-02"),
        ("day", "> 2026-03-02", "> 2026-03-02"),
        ("until", time(14, 0), "14:00:00"),
        ("at", datetime(2026, 3, 2, 14, 30), "2026-03-02T14:30:00"),
        ("at", date(2026, 3, 2), "2026-03-02T00:00:00"),
        ("age", timedelta(hours=36), "P1DT12H"),
    ],
)
def test_a_cell_means_what_a_person_sees_in_it(write, column, value, text):
    (found,) = texts(read_table(write(row(**{column: value}))))
    assert found == {column: text}


def test_a_number_formatted_with_noughts_has_them_in_a_column_of_text_alone(write):
    def pad(sheet):
        sheet["B2"].number_format = sheet["C2"].number_format = "00000"

    assert texts(read_table(write(row(total=2134, zip=2134), build=pad))) == [{"total": "2134", "zip": "02134"}]


@pytest.mark.parametrize(
    ("cell", "value", "code", "said"),
    [
        ("B2", "=A1*2", "D061", "row r1, column `total`: `=A1*2` is a formula of the spreadsheet"),
        ("B2", ArrayFormula("B2", "=SUM(A1:A2)"), "D061", "`=SUM(A1:A2)` is a formula"),
        ("J2", "=A1", "D061", "column `note`"),
        ("A2", "=A1", "D061", "column `id`"),
        ("B2", "#REF!", "D062", "column `total`: `#REF!` is an error of the spreadsheet"),
        ("C2", date(2026, 4, 3), "D066", "made a date of what was typed (2026-04-03), text is expected"),
        ("C2", True, "D066", "made a boolean"),
        ("C2", 1234567890123456789, "D066", "more than 15 digits"),
        ("B2", date(2026, 4, 3), "D066", "a number is expected"),
        ("B2", "> > 5", "D010", "`> > 5` cannot be read"),
        ("L2", "stray", "D006", "the row has 12 cells, and there are 10 columns"),
    ],
)
def test_a_fault_names_its_sheet_and_cell_and_what_was_expected(write, cell, value, code, said):
    def spoil(sheet):
        sheet[cell] = value

    (found,) = faults(write(row(id="r1", total=5, zip="a"), build=spoil))
    assert (found.code, found.place.file, found.place.cell) == (code, "rows.xlsx", f"rows!{cell}")
    assert said in found.message
    assert found.help


def test_text_that_begins_with_an_equals_sign_is_no_formula_of_the_spreadsheet(write):
    def force(sheet):
        sheet["I2"] = '="a" + zip'
        sheet["I2"].data_type = "s"

    table = read_table(write(row(), build=force))
    assert table.decide_columns({"zip": "b"}).outputs == {"outcome": "ab"}


def test_merged_cells_are_refused(write):
    (found,) = faults(write(row(total=5), row(), build=lambda sheet: sheet.merge_cells("B2:B3")))
    assert (found.code, found.place.cell) == ("D063", "rows!B2")


def test_hidden_rows_and_columns_count_and_are_told(write):
    def hide(sheet):
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions["C"].hidden = True

    path = write(row(total=5), row(), build=hide)
    assert len(read_table(path).rows) == 2
    assert [(one.code, one.place.cell, one.severity) for one in faults(path)] == [
        ("D064", "rows!C1", "warning"),
        ("D064", "rows!A2", "warning"),
    ]


def test_blank_rows_are_passed_over_even_a_million_formatted_ones(write):
    def format_the_last(sheet):
        sheet.cell(1_048_576, 3).number_format = "@"

    table = read_table(write(row(total=1), [], row(total=2), ["  "], build=format_the_last))
    assert [one.id for one in table.rows] == ["r1", "r2"]


def test_a_table_may_begin_anywhere_in_its_sheet(write):
    def move(sheet):
        sheet.move_range("A1:J2", rows=3, cols=2)

    path = write(row(total="x y"), build=move)
    assert [(one.code, one.place.cell) for one in faults(path)] == [("D010", "rows!D5")]


def test_the_only_sheet_that_is_shown_is_taken_whatever_its_name(write):
    path = write(row(total=5), title="Tabelle 1", build=lambda sheet: sheet.parent.create_sheet("x", 0))
    assert [(one.code, one.help) for one in faults(path)] == [("D065", "name one, as in rows: rows.xlsx#x")]
    path.write_text(HEAD.replace("rows.xlsx", '"rows.xlsx#tabelle 1"'), encoding="utf-8")
    assert texts(read_table(path)) == [{"total": "5"}]
    path.write_text(HEAD.replace("rows.xlsx", '"rows.xlsx#Tabele 1"'), encoding="utf-8")
    assert [(one.code, one.help) for one in faults(path)] == [("D065", "did you mean `Tabelle 1`?")]

    def hide(sheet):
        sheet.parent.create_sheet("x").sheet_state = "hidden"

    assert texts(read_table(write(row(total=5), title="Tabelle 1", build=hide))) == [{"total": "5"}]


def test_a_sheet_name_with_signs_in_it_is_quoted_as_spreadsheets_do(write):
    (found,) = faults(write(row(total="> > 5"), title="Ann's rows"))
    assert str(found.place) == "rows.xlsx:'Ann''s rows'!B2"


@pytest.mark.parametrize("content", [b"", b"id,total\n", b"PK\x03\x04 torn", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_what_is_no_workbook_is_refused(write, content):
    path = write(row())
    Path("rows.xlsx").write_bytes(content)
    (found,) = faults(path)
    assert (found.code, found.place.file) == ("D060", "rows.xlsx")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_in_a_workbook_are_refused(write, encoding):
    path = write(row())
    bomb = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    with zipfile.ZipFile("rows.xlsx", "a") as archive:
        archive.writestr("xl/extra.xml", bomb.encode(encoding))
    assert [one.code for one in faults(path)] == ["D060"]


def test_a_finding_shows_the_row_of_its_cell(write, orderloom):
    path = write(row(id="r6", total="> > 5", zip="NO"))
    ran = orderloom("rules", "check", path)
    assert ran.code == 1
    assert " --> rows.xlsx:rows!B2\n" in ran.err
    assert "2 | r6 | > > 5 | NO |  |  |  |  |  | x |\n  |      ^^^^^\n" in ran.err


def test_the_place_in_a_workbook_is_told_in_json(write, orderloom):
    path = write(row(total="> > 5"))
    ran = orderloom("rules", "check", path, "--format", "json")
    assert '"cell": "rows!B2"' in ran.out


def test_values_have_the_types_of_their_columns(write):
    head = HEAD.replace("outcome: {type: text}", "outcome: {type: number}")
    table = read_table(write([*row()[:8], 4.50], head=head))
    assert table.rows[0].answers[0].value == Decimal("4.5")
