"""Rows in a table of a Markdown file: what GitHub shows in a cell is what counts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.problems import Problem, ProblemsError
from orderloom.rules import DecisionTable, check_table, read_table
from orderloom.rules.reading.markdown import MarkdownText

HEAD = """
hit: first
inputs:
  total: {type: number}
  country: {type: text}
outputs:
  outcome: {type: text}
on_missing: no_match
rows: rows.md
"""
WHOLE = """
---
table: level
hit: first
inputs:
  total: {type: number}
outputs:
  outcome: {type: text, values: [yes, no]}
---
# Levels

| id | total | outcome |
|:---|------:|:-------:|
| r1 | >= 5  | yes     |
| r2 |       | no      |
"""


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    monkeypatch.chdir(tmp_path)

    def make(text: str) -> Path:
        Path("rows.md").write_text(dedent(text), encoding="utf-8")
        Path("t.table.yaml").write_text(HEAD, encoding="utf-8")
        return Path("t.table.yaml")

    return make


def faults(path: Path) -> list[Problem]:
    try:
        return check_table(read_table(path))
    except ProblemsError as error:
        return list(error.problems)


def one_row(cell: str) -> str:
    return f"|total|country|outcome|\n|-|-|-|\n|1|NO|{cell}|\n"


def outcome(table: DecisionTable) -> object:
    return table.rows[0].answers[0].value


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("a", "a"),
        (r"a\|b", "a|b"),
        (r"`a\|b`", "a|b"),
        ("`a*b*c`", "a*b*c"),
        ("`` a`b ``", "a`b"),
        (r"\*a\*", "*a*"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("by_hand_now", "by_hand_now"),
        ("a<br>b", "a\nb"),
        ("a<BR />b", "a\nb"),
        (r"a\<br>b", "a<br>b"),
        ("&lt;b&gt; &amp; &#124;", "<b> & |"),
        ("AT&T", "AT&T"),
        ("[1..5]", "[1..5]"),
        (r"C:\temp", r"C:\temp"),
        (r"a\\", "a\\"),
        ("日本 🎁", "日本 🎁"),
    ],
)
def test_a_cell_means_what_a_reader_of_the_page_sees(write, written, meant):
    assert outcome(read_table(write(one_row(written)))) == meant


@pytest.mark.parametrize("written", ["a*b*c", "**US**", "~~no~~", "[a](b)", "![a](b)", "<b>x</b>", "<!-- x -->"])
def test_markup_that_would_hide_something_is_refused(write, written):
    (found,) = faults(write(one_row(written)))
    assert (found.code, found.place.line, found.place.column) == ("D069", 3, 7)
    assert found.message.startswith("row r1, column `outcome`: ")
    assert found.help == f"put it in backticks: `{written}`"


def test_a_broken_cell_is_pointed_at_inside_its_row(write):
    (found,) = faults(write("| total  | country | outcome |\n|---|---|---|\n| > > 5 | NO | x |\n"))
    assert (found.code, found.place.file, found.place.line, found.place.column) == ("D010", "rows.md", 3, 5)


@pytest.mark.parametrize(
    "text",
    [
        "total|country|outcome\n-|-|-\n1|NO|a\n",
        "  | total | country | outcome |  \r\n |:-:|:--|--:|\r\n | 1 | NO | a |\r\n",
        "# Title | with a bar\n\ntext\n\n|**total**|`country`|outcome|\n|---|---|---|\n|1|NO|a|\n\nmore text\n",
        "|a|b|\n|-|-|\n|other|table|\n\n|total|country|outcome|\n|---|---|---|\n|1|NO|a|\n",
        "```\n|total|country|outcome|\n|-|-|-|\n|2|SE|b|\n```\n\n" + one_row("a"),
        "| total | country | outcome |\n|---|---|---|\n| | | |\n| 1 | NO | a |\n",
    ],
    ids=["no bars outside", "indented, CRLF", "prose around", "another table", "code is no table", "a blank row"],
)
def test_the_table_is_found_however_the_page_is_written(write, text):
    table = read_table(write(text))
    assert [(row.id, outcome(table)) for row in table.rows] == [("r1", "a")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there is no table in this file"),
        ("|total|country|outcome|\n|1|NO|a|\n", "there is no table in this file"),
        ("|a|b|\n|-|-|\n|1|2|\n", "no table here has a header with columns of this one"),
        (one_row("a") + "\n" + one_row("b"), "there are two tables with columns of this one"),
    ],
)
def test_a_page_without_exactly_one_table_is_refused(write, text, said):
    assert [(one.code, one.message) for one in faults(write(text))] == [("D068", said)]


def test_a_bar_too_many_is_a_cell_too_many(write):
    (found,) = faults(write("|total|country|outcome|\n|-|-|-|\n|1|NO|a|b|\n"))
    assert (found.code, found.place.column, found.help) == ("D006", 9, "a bar inside a cell is written `\\|`")


def test_front_matter_makes_a_page_a_whole_table(tmp_path):
    path = tmp_path / "level.md"
    path.write_text(WHOLE.lstrip(), encoding="utf-8")
    table = read_table(path)
    assert (table.name, table.decide_columns({"total": 5}).outputs) == ("level", {"outcome": "yes"})


def test_a_fault_in_the_front_matter_stands_in_its_line(tmp_path):
    path = tmp_path / "level.md"
    path.write_text(WHOLE.lstrip().replace("hit: first", "hit: frist"), encoding="utf-8")
    assert [(one.code, one.place.line, one.place.column) for one in faults(path)] == [("D003", 3, 6)]


def test_a_page_without_front_matter_is_no_whole_table(tmp_path):
    path = tmp_path / "level.md"
    path.write_text(one_row("a"), encoding="utf-8")
    assert [one.code for one in faults(path)] == ["D073"]


@given(st.text(alphabet="|-: \n\r\\`*a"))
def test_any_text_is_read_or_refused(text):
    try:
        read = MarkdownText(text, "f").sheet(None)
    except ProblemsError as error:
        codes = [one.code for one in error.problems]
    else:
        codes = []
        assert all(any(cell.text for cell in record) for record in read.records)
    assert codes in ([], ["D068"])
