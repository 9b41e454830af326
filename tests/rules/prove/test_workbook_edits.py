"""`rules check --fix` edits a workbook: the cell that is meant, and no other byte of it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from orderloom.cli import invoke
from orderloom.rules.reading.cell_values import cell_text
from orderloom.rules.writing.sheet_edits import SheetError, with_cells

HEAD = """\
table: freight
hit: unique
inputs:
  weight: {type: number, unit: kg, range: "[0..1000]"}
  country: {type: text, values: [US, CA]}
outputs:
  outcome: {type: text, values: [parcel, freight]}
rows: rows.xlsx
"""
ROWS = [
    ["id", "weight", "country", "outcome"],
    ["r4", "<= 30", None, "parcel"],
    ["r8", "> 30.5", None, "freight"],
]
Save = Callable[..., None]


@pytest.fixture
def save(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Save:
    """`save(rows, title)`: a workbook as people have it, with colours, a chart, a comment and another sheet."""
    monkeypatch.chdir(tmp_path)
    Path("t.table.yaml").write_text(HEAD, encoding="utf-8")

    def make(rows: list[list[Any]] = ROWS, title: str = "rows") -> None:
        book = openpyxl.Workbook()
        sheet: Any = book.active
        sheet.title = title
        for row in rows:
            sheet.append(row)
        sheet["B3"].fill = PatternFill("solid", fgColor="FFEE00")
        sheet["B3"].comment = Comment("ask Ann", "Ann")
        other = book.create_sheet("figures & more")
        other.append([1, 2])
        chart = BarChart()
        chart.add_data(Reference(other, 1, 1))
        other.add_chart(chart)
        book.save("rows.xlsx")

    return make


def parts() -> dict[str, bytes]:
    with zipfile.ZipFile("rows.xlsx") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def cells(sheet: str = "rows") -> list[list[Any]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook("rows.xlsx")[sheet].iter_rows(max_col=4)]


@pytest.mark.parametrize("title", ["rows", "Tom's rules & more"])
def test_a_gap_is_closed_in_the_workbook_and_nothing_else_changes(save: Save, title: str) -> None:
    save(title=title)
    if title != "rows":
        Path("t.table.yaml").write_text(HEAD.replace("rows.xlsx", f'"rows.xlsx#{title}"'), encoding="utf-8")
    before = parts()

    assert invoke(["rules", "check", "t.table.yaml", "--fix"]) == 0

    after = parts()
    assert [name for name in before if before[name] != after[name]] == ["xl/worksheets/sheet1.xml"]
    assert list(before) == list(after)
    assert cells(title) == [*ROWS[:2], ["r8", "> 30", None, "freight"]]
    edited = openpyxl.load_workbook("rows.xlsx")[title]["B3"]
    assert (edited.fill.fgColor.rgb, edited.comment.text) == ("00FFEE00", "ask Ann")


def test_a_row_that_never_answers_is_emptied_and_those_below_stay_in_their_places(save: Save) -> None:
    first = HEAD.replace("unique", "first")
    save([*ROWS[:2], ["r5", "< 20", "US", "freight"], ["r9", None, None, "freight"]])
    Path("t.table.yaml").write_text(first, encoding="utf-8")

    assert invoke(["rules", "check", "t.table.yaml", "--fix"]) == 0

    assert cells() == [*ROWS[:2], [None] * 4, ["r9", None, None, "freight"]]


def test_a_whole_table_in_a_workbook_is_mended_too(save: Save, tmp_path: Path) -> None:
    save()
    assert invoke(["rules", "convert", "t.table.yaml", "whole.xlsx"]) == 0

    assert invoke(["rules", "check", "whole.xlsx", "--fix"]) == 0
    assert openpyxl.load_workbook("whole.xlsx")["rows"]["B3"].value == "> 30"


SIGNS = st.characters(exclude_categories=("Cs", "Cn"))
TEXTS = st.text(SIGNS, max_size=12) | st.sampled_from(["= 5", "<b>&amp;", "_x000D_", " 5 ", "30", "-", "'", '"'])


@settings(max_examples=40)
@given(st.dictionaries(st.tuples(st.integers(1, 4), st.integers(1, 30)), TEXTS, min_size=1, max_size=5), st.booleans())
def test_texts_always_come_back_as_they_were_given_and_all_other_cells_stay(
    texts: dict[tuple[int, int], str], prefixed: bool
) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in range(1, 5):
        sheet.append([row, None, f"text {row}", True, row / 2])
    out = io.BytesIO()
    book.save(out)
    given_bytes = _prefixed(out.getvalue()) if prefixed else out.getvalue()

    made = openpyxl.load_workbook(io.BytesIO(with_cells(given_bytes, "Sheet", texts)))["Sheet"]

    for row in range(1, 5):
        for column in range(1, 31):
            found = made.cell(row, column).value
            if (row, column) in texts:
                shown = "" if found is None else cell_text(found, "General")[0]
                assert shown == texts[row, column].strip()
                assert made.cell(row, column).data_type != "f"
            else:
                assert found == sheet.cell(row, column).value


def _prefixed(workbook: bytes) -> bytes:
    """As programs write it that give the elements of the sheet a prefix."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as given_, zipfile.ZipFile(out, "w") as made:
        for entry in given_.infolist():
            content = given_.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                content = re.sub(rb"<(/?)(?=\w)", rb"<\1x:", content).replace(b" xmlns=", b" xmlns:x=", 1)
            made.writestr(entry, content)
    return out.getvalue()


def test_a_sheet_that_is_not_there_is_an_error_of_its_own(save: Save) -> None:
    save()

    with pytest.raises(SheetError, match="the part of the sheet `nope`"):
        with_cells(Path("rows.xlsx").read_bytes(), "nope", {(1, 1): "x"})
