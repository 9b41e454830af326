"""`orderloom rules convert A B`."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from orderloom.rules import read_table

TABLE = """\
table: level
summary: Which service level an order gets.
hit: first
inputs:
  total: {is: order.total, type: number, unit: USD, range: "[-100..100000]"}
  country: {type: text}
outputs:
  outcome: {type: text, values: [standard, express], about: what the flow branches on}
on_missing: {total: 0}
rows:
  - {id: r1, total: ">= 500", country: "US, CA", outcome: express, valid_from: 2026-01-01, note: ask Ann}
  - {id: r2, total: -5, outcome: standard}
  - {outcome: standard}
cases:
  - {case: dear, given: {total: 900, country: US}, then: {outcome: express}, now: 2026-03-02T10:00:00Z}
"""


@pytest.fixture
def level(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("level.table.yaml").write_text(TABLE, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("form", ["b.xlsx", "b.md", "b.csv", "b.table.yaml", "b.dmn"])
def test_there_and_back_a_table_is_written_as_it_was(level, orderloom, form):
    there = orderloom("rules", "convert", "level.table.yaml", form)
    assert (there.code, there.out) == (0, "")
    assert there.err == f"level.table.yaml → {form}: level, 3 rows\n"
    assert orderloom("rules", "convert", form, "back.table.yaml").code == 0
    assert Path("back.table.yaml").read_text(encoding="utf-8") == TABLE


@pytest.mark.parametrize("rows", ["rows.csv", "rows.xlsx", "rows.md"])
def test_rows_can_be_put_in_a_file_beside_the_head(level, orderloom, rows):
    assert orderloom("rules", "convert", "level.table.yaml", "b.table.yaml", "--rows", rows).code == 0
    assert f"\nrows: {rows}\n" in Path("b.table.yaml").read_text(encoding="utf-8")
    assert len(read_table(Path("b.table.yaml")).rows) == 3


def test_a_csv_is_written_as_a_spreadsheet_may_open_it(level, orderloom, golden):
    orderloom("rules", "convert", "level.table.yaml", "level.csv", "--force")
    golden("rules/level.csv", Path("level.csv").read_text(encoding="utf-8"))


def test_a_page_is_written_as_github_shows_it(level, orderloom, golden):
    orderloom("rules", "convert", "level.table.yaml", "level.md")
    golden("rules/level.md", Path("level.md").read_text(encoding="utf-8"))


def test_a_file_that_is_there_is_replaced_only_when_that_is_said(level, orderloom):
    Path("b.md").write_text("mine", encoding="utf-8")
    ran = orderloom("rules", "convert", "level.table.yaml", "b.md")
    assert (ran.code, "Y008" in ran.err, Path("b.md").read_text(encoding="utf-8")) == (2, True, "mine")
    assert orderloom("rules", "convert", "level.table.yaml", "b.md", "--force").code == 0
    assert Path("b.md").read_text(encoding="utf-8").startswith("---\n")


def test_neither_of_two_files_is_written_where_one_is_there(level, orderloom):
    Path("b.table.yaml").write_text("mine", encoding="utf-8")
    assert orderloom("rules", "convert", "level.table.yaml", "b.csv").code == 2
    assert not Path("b.csv").exists()
    assert [file.name for file in level.iterdir() if file.name.startswith(".")] == []


def test_what_is_replaced_keeps_its_permissions(level, orderloom):
    Path("b.md").write_text("mine", encoding="utf-8")
    Path("b.md").chmod(0o640)
    orderloom("rules", "convert", "level.table.yaml", "b.md", "--force")
    assert stat.S_IMODE(Path("b.md").stat().st_mode) == 0o640


def test_a_table_with_faults_is_told_and_not_written(level, orderloom):
    Path("level.table.yaml").write_text(TABLE.replace(">= 500", "> > 5"), encoding="utf-8")
    ran = orderloom("rules", "convert", "level.table.yaml", "b.md")
    assert (ran.code, "D010" in ran.err, Path("b.md").exists()) == (1, True, False)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["level.table.yaml", "b.ods"], "D074"),
        (["level.table.yaml", "b.md", "--rows", "r.csv"], "D074"),
        (["level.table.yaml", "b.table.yaml", "--rows", "r.ods"], "D074"),
        (["rows.csv", "b.md"], "D073"),
        (["level.table.yaml", "there/is/no/such/b.md"], "Y045"),
    ],
)
def test_what_cannot_be_written_is_told(level, orderloom, arguments, code):
    Path("rows.csv").write_text("id,total\n", encoding="utf-8")
    ran = orderloom("rules", "convert", *arguments)
    assert (ran.code, code in ran.err) == (2, True)


def test_what_a_form_cannot_hold_is_named_and_nothing_is_written(level, orderloom):
    Path("level.table.yaml").write_text(TABLE.replace("country:", '" country":'), encoding="utf-8")
    ran = orderloom("rules", "convert", "level.table.yaml", "b.md")
    assert (ran.code, Path("b.md").exists()) == (1, False)
    assert "D071" in ran.err
    assert orderloom("rules", "convert", "level.table.yaml", "b.table.yaml").code == 0


def test_comments_are_the_one_thing_that_is_left_behind_and_that_is_told(level, orderloom):
    text = TABLE.replace("hit: first", "hit: first  # the order counts").replace("ask Ann", "'#1'")
    Path("level.table.yaml").write_text(text, encoding="utf-8")
    assert (
        "comments of the YAML file are not carried over"
        in orderloom("rules", "convert", "level.table.yaml", "b.md").err
    )
    Path("level.table.yaml").write_text(TABLE.replace("ask Ann", '"#1"'), encoding="utf-8")
    assert "comments" not in orderloom("rules", "convert", "level.table.yaml", "c.md").err


def test_a_csv_stands_for_the_head_beside_it(level, orderloom):
    orderloom("rules", "convert", "level.table.yaml", "b.csv")
    assert orderloom("rules", "convert", "b.csv", "c.md").code == 0


def test_a_workbook_says_the_same_where_the_table_is_the_same(level, orderloom):
    assert orderloom("rules", "convert", "level.table.yaml", "b.xlsx").code == 0
    assert orderloom("rules", "convert", "b.xlsx", "c.xlsx").code == 0
    assert read_table(Path("b.xlsx")).hash == read_table(Path("c.xlsx")).hash


@pytest.mark.parametrize("form", ["b.xlsx", "b.md", "b.csv", "b.dmn"])
def test_the_tables_that_a_table_needs_are_still_named(level, orderloom, form):
    Path("top.table.yaml").write_text(
        "table: top\nneeds: {speed: level.table.yaml}\nhit: first\n"
        "inputs:\n  quick: {is: speed.outcome, type: text}\noutputs:\n  outcome: {type: text}\n"
        'rows:\n  - {outcome: "yes"}\n',
        encoding="utf-8",
    )
    assert orderloom("rules", "convert", "top.table.yaml", form).err.startswith("top.table.yaml")
    assert orderloom("rules", "convert", form, "back.table.yaml").code == 0
    assert "needs: {speed: level.table.yaml}" in Path("back.table.yaml").read_text(encoding="utf-8")


def test_a_needed_table_that_is_not_where_another_is_written_is_named(level, orderloom):
    Path("top.table.yaml").write_text(
        "table: top\nneeds: {speed: level.table.yaml}\nhit: first\n"
        "inputs:\n  quick: {is: speed.outcome, type: text}\noutputs:\n  outcome: {type: text}\n"
        'rows:\n  - {outcome: "yes"}\n',
        encoding="utf-8",
    )
    Path("elsewhere").mkdir()
    ran = orderloom("rules", "convert", "top.table.yaml", "elsewhere/top.xlsx")
    assert ran.code == 1
    assert "needs `level.table.yaml`, which is not there" in ran.err
    assert not Path("elsewhere/top.xlsx").exists()


def test_a_workbook_whose_rows_end_with_blank_cells_has_no_findings(level, orderloom):
    """Spreadsheets leave blank cells out, so that a row has no end of its own."""
    Path("blank.table.yaml").write_text(
        "table: blank\nhit: first\ninputs: {total: {type: number}}\n"
        "outputs: {outcome: {type: text, values: [a, b]}, why: {type: text}}\n"
        "rows: [{id: r1, total: 5, outcome: a, why: five}, {id: r2, outcome: b}]\n",
        encoding="utf-8",
    )
    orderloom("rules", "convert", "blank.table.yaml", "blank.xlsx")
    ran = orderloom("rules", "check", "blank.xlsx")
    assert (ran.code, ran.err) == (0, "blank: complete, 2 rows, 0 cases\n")
