"""Tables that feed one another: `needs` names them, columns read their answers, every answer is explained."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderloom.declare import NodeError
from orderloom.feel.types import NUMBER, STRING, Record
from orderloom.problems import Problem, ProblemsError
from orderloom.rules import DecisionTable, check_table, read_table
from orderloom.rules.needs import FedDecision

RISK = """
table: risk
hit: first
inputs: {score: {is: customer.score, type: number}}
outputs: {level: {type: text, values: [low, high]}, points: {type: number}}
rows:
  - {id: k1, score: "> 80", level: low, points: 0}
  - {id: k2, level: high, points: 5}
"""
REVIEW = """
table: review
needs: {risk: risk.table.yaml}
hit: first
inputs:
  level: {is: risk.level, type: text}
  total: {is: order.total, type: number}
outputs: {outcome: {type: text, values: [pass, look]}}
rows:
  - {id: r1, level: high, total: ">= 100", outcome: look}
  - {id: r2, outcome: pass}
"""
DOCUMENTS = {"customer": {"score": 20}, "order": {"total": 500}}


def write(folder: Path, **tables: str) -> None:
    for name, text in tables.items():
        (folder / f"{name}.table.yaml").write_text(text, encoding="utf-8")


@pytest.fixture
def review(tmp_path: Path) -> DecisionTable:
    write(tmp_path, risk=RISK, review=REVIEW)
    return read_table(tmp_path / "review.table.yaml")


def refused(path: Path) -> Problem:
    with pytest.raises(ProblemsError) as error:
        read_table(path)
    return error.value.problems[0]


def test_a_column_reads_the_answer_of_another_table(review: DecisionTable) -> None:
    decision = review.decide(DOCUMENTS)

    assert (decision.outcome, decision.rows, decision.facts["level"]) == ("look", ("r1",), "high")


def test_the_decision_tells_the_decisions_that_it_rests_on(review: DecisionTable) -> None:
    told = review.decide(DOCUMENTS).as_json()

    assert told["needs"]["risk"]["rows"] == ["k2"]
    assert told["needs"]["risk"]["facts"] == {"score": 20}


def test_a_column_that_is_given_makes_the_other_table_unnecessary(review: DecisionTable) -> None:
    decision = review.decide({"order": {"total": 500}}, {"level": "low"})

    assert decision.outcome == "pass"
    assert not isinstance(decision, FedDecision)


def test_an_answer_that_cannot_be_had_names_both_tables(review: DecisionTable) -> None:
    with pytest.raises(NodeError) as error:
        review.decide({"order": {"total": 5}})

    assert error.value.error_class == "missing_fact"
    assert error.value.message.startswith("table review needs risk: table risk: column `score` has no value")


def test_the_types_flow_from_the_other_tables_outputs(tmp_path: Path) -> None:
    write(tmp_path, risk=RISK, review=REVIEW.replace("risk.level, type: text", "risk.points, type: text"))

    problems = check_table(read_table(tmp_path / "review.table.yaml"))

    assert [problem.code for problem in problems] == ["D024"]
    assert "wants text, but `risk.points` is a number" in problems[0].message


def test_an_output_that_the_other_table_lacks_is_told_with_the_nearest(tmp_path: Path) -> None:
    write(tmp_path, risk=RISK, review=REVIEW.replace("risk.level", "risk.levle"))

    problem = check_table(read_table(tmp_path / "review.table.yaml"))[0]

    assert problem.help == "did you mean `level`?"


def test_the_facts_of_a_flow_are_checked_for_the_feeding_tables_too(review: DecisionTable) -> None:
    facts = {"order": Record({"total": NUMBER}), "customer": Record({"score": STRING})}

    problem = check_table(review, facts)[0]

    assert problem.code == "D024"
    assert problem.place.file.endswith("risk.table.yaml")
    assert set(review.facts_read) == {"order", "customer"}


def test_a_fact_of_the_same_name_as_a_table_is_told(review: DecisionTable) -> None:
    facts = {"order": Record({"total": NUMBER}), "customer": Record({"score": NUMBER}), "risk": STRING}

    assert [problem.code for problem in check_table(review, facts)] == ["D082"]


def test_a_missing_table_is_told_with_the_nearest(tmp_path: Path) -> None:
    write(tmp_path, risk=RISK, review=REVIEW.replace("risk.table", "rsik.table"))

    problem = refused(tmp_path / "review.table.yaml")

    assert (problem.code, problem.place.line) == ("D005", 3)
    assert problem.help == "did you mean `risk.table.yaml`?"


def test_tables_that_need_one_another_are_refused_with_the_path(tmp_path: Path) -> None:
    write(tmp_path, risk=RISK.replace("hit: first", "hit: first\nneeds: {review: review.table.yaml}"), review=REVIEW)

    problem = refused(tmp_path / "review.table.yaml")

    assert problem.code == "D081"
    assert "review.table.yaml → risk.table.yaml → review.table.yaml" in problem.message


@pytest.mark.parametrize("needs", ["[risk.table.yaml]", "{risk: [1]}", "{the risk: risk.table.yaml}"])
def test_needs_of_another_form_are_told(needs: str, tmp_path: Path) -> None:
    write(tmp_path, risk=RISK, review=REVIEW.replace("{risk: risk.table.yaml}", needs))

    assert refused(tmp_path / "review.table.yaml").code == "D080"


def test_a_table_that_several_need_is_read_and_asked_once(tmp_path: Path) -> None:
    middle = (
        "needs: {risk: risk.table.yaml}\ninputs: {level: {is: risk.level, type: text}}\noutputs: {n: {type: number}}\n"
    )
    write(
        tmp_path,
        risk=RISK,
        left=middle + "rows: [{n: 1}]",
        right=middle + "rows: [{n: 2}]",
        top="needs: {left: left.table.yaml, right: right.table.yaml}\n"
        "inputs: {sum: {is: left.n + right.n, type: number}}\noutputs: {outcome: {type: text}}\n"
        "rows: [{sum: 3, outcome: three}]",
    )

    decision = read_table(tmp_path / "top.table.yaml").decide(DOCUMENTS)

    assert decision.outcome == "three"
    assert isinstance(decision, FedDecision)
    below = [decision.needs[name] for name in ("left", "right")]
    assert all(isinstance(one, FedDecision) for one in below)
    assert below[0].needs["risk"] is below[1].needs["risk"]  # type: ignore[attr-defined]


def test_a_change_in_a_feeding_table_changes_the_hash(tmp_path: Path) -> None:
    write(tmp_path, risk=RISK, review=REVIEW)
    before = read_table(tmp_path / "review.table.yaml").hash

    write(tmp_path, risk=RISK.replace("> 80", "> 90"))

    assert read_table(tmp_path / "review.table.yaml").hash != before


def test_a_needed_table_may_be_a_decision_of_a_model(tmp_path: Path) -> None:
    model = Path(__file__).parent.parent / "dmn" / "models" / "tables.dmn"
    (tmp_path / "tables.dmn").write_text(model.read_text())
    write(
        tmp_path,
        top='needs: {rank: "tables.dmn#first"}\ninputs: {rank: {is: rank.first, type: text}}\n'
        "outputs: {outcome: {type: text}}\nrows: [{rank: gold, outcome: best}]",
    )

    assert read_table(tmp_path / "top.table.yaml").decide({"n": 15}).outcome == "best"
