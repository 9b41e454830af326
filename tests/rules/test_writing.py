"""What is written reads back to the same table, in every form."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import assume, given, settings

from orderloom.cli.rules.converting import contents_in_form
from orderloom.problems import ProblemsError
from orderloom.rules.load import Parts, read_parts
from orderloom.rules.writing.meaning import meaning
from orderloom.rules.writing.table_yaml import table_yaml
from orderloom.rules.writing.written import WrittenTable, differences, written

from .any_tables import as_read, tables

FORMS = [
    ("t.table.yaml", None),
    ("t.csv", None),
    ("t.xlsx", None),
    ("t.md", None),
    ("t.table.yaml", "rows.xlsx"),
    ("t.table.yaml", "rows.md"),
]
COMPUTED = ("=", "+", "-", "@", "\t", "\r")


def read(data: dict[str, Any]) -> Parts:
    try:
        return as_read(data)
    except ProblemsError as error:
        assume(not error)
        raise


def there_and_back(table: WrittenTable, folder: Path, name: str, rows: str | None) -> Parts:
    contents = contents_in_form(table, folder / name, rows)
    for path, content in contents.items():
        path.write_bytes(content)
    return read_parts(list(contents)[-1])


@pytest.mark.parametrize(("name", "rows"), FORMS)
@given(data=tables())
@settings(max_examples=12, deadline=None)
def test_there_and_back_a_table_is_always_the_same(data, name, rows, tmp_path_factory):
    first = read(data)
    table = written(first)
    back = there_and_back(table, tmp_path_factory.mktemp("t"), name, rows)
    assert differences(table, written(back)) == []
    assert written(back) == table
    assert table_yaml(written(back)) == table_yaml(table)
    assert meaning(back.table) == meaning(first.table)


@given(data=tables())
@settings(max_examples=12, deadline=None)
def test_a_model_of_the_standard_always_means_the_same(data, tmp_path_factory):
    first = read(data)
    back = there_and_back(written(first), tmp_path_factory.mktemp("t"), "t.dmn", None)
    assert meaning(back.table) == meaning(first.table)


@given(data=tables())
@settings(max_examples=12, deadline=None)
def test_no_cell_is_ever_computed_by_a_spreadsheet(data, tmp_path_factory):
    table, folder = written(read(data)), tmp_path_factory.mktemp("t")
    there_and_back(table, folder, "t.csv", None)
    there_and_back(table, folder, "t.xlsx", None)
    for separator in ",;\t":
        text = (folder / "t.csv").read_text(encoding="utf-8")
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            assert [cell for cell in record if cell.startswith(COMPUTED)] == []
    for sheet in openpyxl.load_workbook(folder / "t.xlsx").worksheets:
        cells = [cell for row in sheet.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "n", "b", "d"}
