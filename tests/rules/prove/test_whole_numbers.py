"""Columns of whole numbers: what lies between two of them is neither a fact nor a gap."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.rules.any_tables import as_read

from orderloom.declare import NodeError
from orderloom.problems import ProblemsError
from orderloom.rules import read_table
from orderloom.rules.prove import prove
from orderloom.rules.writing.meaning import meaning

HEAD = """\
table: parcels
hit: unique
inputs: {n: {type: number, whole: true, range: "[0..100]"}}
outputs: {outcome: {type: text, values: [van, truck]}}
"""
ROWS = """\
rows:
  - {id: r1, n: "<= 30", outcome: van}
  - {id: r2, n: ">= 31", outcome: truck}
"""
ENDS = st.sampled_from([Decimal(half) / 2 for half in range(-2, 26)])
CELLS = st.one_of(
    st.tuples(st.sampled_from(["<", "<=", ">", ">="]), ENDS).map(lambda one: f"{one[0]} {one[1]}"),
    st.tuples(st.sampled_from("[("), ENDS, ENDS, st.sampled_from("])")).map(lambda one: "{}{}..{}{}".format(*one)),
    ENDS.map(lambda end: f"? > {end} or ? = {end}"),
)


def test_neighbours_that_are_whole_leave_no_gap(table) -> None:
    assert prove(table(HEAD + ROWS)).complete


def test_a_number_that_is_left_out_is_a_gap_with_it_as_the_example(table) -> None:
    (gap,) = prove(table(HEAD + ROWS.replace(">= 31", ">= 32"))).findings

    assert (gap.kind, gap.example, gap.fix.edits[0].new) == ("gap", {"n": 31}, "> 30")


def test_rows_that_meet_between_whole_numbers_do_not_overlap(table) -> None:
    assert prove(table(HEAD + ROWS.replace("<= 30", "< 30.9").replace(">= 31", "> 30.1"))).findings == ()


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(cells=st.lists(CELLS, min_size=1, max_size=4))
def test_a_table_of_whole_numbers_is_complete_always_where_each_of_them_is_answered(cells: list[str]) -> None:
    rows = [{"id": f"r{at}", "n": cell, "outcome": "van"} for at, cell in enumerate(cells)]
    data = {
        "table": "parcels", "hit": "first", "rows": rows,
        "inputs": {"n": {"type": "number", "whole": True, "range": "[0..10.5]"}},
        "outputs": {"outcome": {"type": "text"}},
    }  # fmt: skip
    try:
        made = as_read(data).table
    except ProblemsError:  # a cell that no whole number can meet
        assume(False)
    unanswered = [n for n in range(11) if not _answers(made, n)]
    gaps = [one for one in prove(made).findings if one.kind == "gap"]
    assert bool(gaps) == bool(unanswered)
    assert all(one.example["n"] in unanswered for one in gaps)


def _answers(table, n: int) -> bool:
    try:
        table.decide_columns({"n": n})
    except NodeError:
        return False
    return True


@pytest.mark.parametrize("fact", [Decimal("30.5"), 30.5, "30.5"])
def test_a_fact_with_a_fraction_is_of_the_wrong_type(table, fact) -> None:
    with pytest.raises(NodeError) as error:
        table(HEAD + ROWS).decide_columns({"n": fact})

    assert error.value.error_class == "wrong_type"
    assert "a whole number within [0..100] is expected" in error.value.message


@pytest.mark.parametrize("fact", [31, Decimal("31.00"), 31.0, "31"])
def test_a_whole_number_may_be_spelt_as_any_number(table, fact) -> None:
    assert table(HEAD + ROWS).decide_columns({"n": fact}).rows == ("r2",)


@pytest.mark.parametrize(
    ("was", "becomes", "code"),
    [
        ('">= 31"', "30.5", "D013"),
        ('">= 31"', '"(30..31)"', "D014"),
        ('"[0..100]"', '"(0..1)"', "D014"),
        ('range: "[0..100]"', "values: [1, 2.5]", "D026"),
        ("whole: true", "whole: maybe", "D026"),
        ("type: number", "type: text", "D026"),
        ("rows:", "on_missing: {n: 0.5}\nrows:", "D025"),
    ],
)
def test_what_no_whole_number_can_be_is_a_mistake(problems, was: str, becomes: str, code: str) -> None:
    assert code in [one.code for one in problems((HEAD + ROWS).replace(was, becomes))]


ANSWERS = """table: points
hit: first
inputs: {n: {type: number}}
outputs: {points: {type: number, whole: true, default: 0}}
rows: [{n: "> 10", points: 5}, {points: "=n / 2"}]
"""


@pytest.mark.parametrize(
    ("was", "becomes", "code"),
    [
        ("points: 5", "points: 5.5", "D011"),
        ("default: 0", "default: 0.5", "D018"),
        ("default: 0", "values: [0.5, 1]", "D026"),
        ("type: number, whole", "type: text, whole", "D026"),
    ],
)
def test_an_output_of_whole_numbers_has_no_others(problems, was: str, becomes: str, code: str) -> None:
    assert code in [one.code for one in problems(ANSWERS.replace(was, becomes))]


def test_a_formula_that_gives_a_fraction_where_whole_numbers_come_out_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.table.yaml").write_text(ANSWERS)
    points = read_table(tmp_path / "a.table.yaml")

    assert points.decide_columns({"n": 4}).outputs == {"points": 2}
    with pytest.raises(NodeError, match=r"the formula gave 1\.5, a whole number is expected"):
        points.decide_columns({"n": 3})


@pytest.mark.parametrize("form", ["xlsx", "md", "csv", "dmn"])
def test_an_output_stays_whole_in_every_form(tmp_path: Path, orderloom, form: str) -> None:
    (tmp_path / "a.table.yaml").write_text(ANSWERS)
    other = tmp_path / f"b.{form}"

    assert orderloom("rules", "convert", tmp_path / "a.table.yaml", other).code == 0

    read = tmp_path / "b.table.yaml" if form == "csv" else other
    assert read_table(read).outputs[0].whole


@pytest.mark.parametrize("form", ["xlsx", "md", "csv", "dmn"])
def test_the_setting_stays_in_every_form(tmp_path: Path, orderloom, form: str) -> None:
    (tmp_path / "a.table.yaml").write_text(HEAD + ROWS)
    other = tmp_path / f"b.{form}"

    assert orderloom("rules", "convert", tmp_path / "a.table.yaml", other).code == 0

    read = tmp_path / "b.table.yaml" if form == "csv" else other
    assert read_table(read).inputs[0].whole
    assert meaning(read_table(read)) == meaning(read_table(tmp_path / "a.table.yaml"))


def test_many_orders_are_held_to_it_too(tmp_path: Path, orderloom) -> None:
    (tmp_path / "a.table.yaml").write_text(HEAD + ROWS)
    (tmp_path / "orders.jsonl").write_text('{"n": 30}\n{"n": 30.5}\n')

    ran = orderloom(
        "rules", "eval", tmp_path / "a.table.yaml",
        "--input", tmp_path / "orders.jsonl", "--out", tmp_path / "decided.jsonl",
    )  # fmt: skip

    assert ran.code == 1
    assert json.loads((tmp_path / "decided.jsonl").read_text()) == {"n": 30, "row": "r1", "outcome": "van"}
