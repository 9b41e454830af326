"""Many orders at once, by tables that feed one another: they answer as each order alone does."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderloom.declare import NodeError
from orderloom.problems import ProblemsError
from orderloom.rules import DecisionTable, read_table
from orderloom.rules.decision import fields_of

RISK = """
table: risk
needs: {{trust: trust.table.yaml}}
hit: {hit}
inputs:
  trusted: {{is: trust.trusted, type: boolean}}
  score: {{is: customer.score, type: number, range: "[0..100]"}}
outputs: {{level: {{type: text, values: [high, low]}}, points: {{type: number}}}}
rows:
  - {{id: k1, score: "> 80", level: low, points: 0}}
  - {{id: k2, score: "> 50", trusted: true, level: low, points: score / 10}}
  - {{id: k3, level: high, points: 5}}
"""
TRUST = """
table: trust
hit: unique
inputs: {years: {is: customer.years, type: number}}
outputs: {trusted: {type: boolean}}
rows: [{id: t1, years: ">= 2", trusted: true}, {id: t2, years: "[0..2)", trusted: false}]
"""
REVIEW = """
table: review
needs: {risk: risk.table.yaml, trust: trust.table.yaml}
hit: first
inputs:
  level: {is: 'LEVEL', type: text}
  both: {is: if trust.trusted then 1 else null, type: number}
  score: {is: order.score, type: number}
outputs: {outcome: {type: text, values: [pass, look]}}
on_missing: {both: 0}
rows:
  - {id: r1, level: high, score: ">= 100", outcome: look}
  - {id: r2, both: 1, outcome: pass}
  - {id: r3, score: "< 500", outcome: pass}
"""
LEVELS = {"first": "risk.level", "collect": 'if list contains(risk.matches.level, "high") then "high" else "low"'}
SCORES = st.sampled_from([None, -1, 0, 60, 81, 100, "many"])
ORDER = st.tuples(SCORES, st.sampled_from([None, -1, 0, 2, Decimal("1.5")]), st.sampled_from([None, 5, 100, 900]))


def tables(folder: Path, hit: str = "first", **changed: str) -> DecisionTable:
    texts = {"risk": RISK.format(hit=hit), "trust": TRUST, "review": REVIEW.replace("LEVEL", LEVELS[hit])} | changed
    for name, text in texts.items():
        (folder / f"{name}.table.yaml").write_text(text, encoding="utf-8")
    return read_table(folder / "review.table.yaml")


@pytest.fixture(scope="module", params=list(LEVELS))
def review(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> DecisionTable:
    return tables(tmp_path_factory.mktemp("fed"), request.param)


def alone(table: DecisionTable, documents: dict[str, object]) -> object:
    try:
        decision = table.decide(documents)
    except NodeError as error:
        return error.error_class, error.message
    return decision.rows, decision.outcome, decision.fields


@settings(max_examples=80, deadline=None)
@given(orders=st.lists(ORDER, min_size=1, max_size=30))
def test_many_orders_of_fed_tables_always_answer_as_each_alone(review: DecisionTable, orders: list[tuple]) -> None:
    risks, years, scores = (list(column) for column in zip(*orders, strict=True))
    batch = review.decide_batch({"risk.score": risks, "years": years, "score": scores})
    for at, (risk, year, score) in enumerate(orders):
        documents = {"customer": {"score": risk, "years": year}, "order": {"score": score}}
        refused = batch.refused.get(at)
        if refused is not None:
            assert (refused.error_class, refused.message) == alone(review, documents)
            assert batch.of[at] == -1
        else:
            found = batch.answer(at)
            assert (found.rows, found.outcome, fields_of(found.outputs)) == alone(review, documents)


def test_a_column_that_is_given_needs_no_other_table(review: DecisionTable) -> None:
    batch = review.decide_batch({"level": ["high", "low"], "both": [None, 1], "score": [100, 100]})

    assert [batch.answer(at).rows for at in range(2)] == [("r1",), ("r2",)]


def test_a_column_of_a_feeding_table_may_be_given_by_the_names_that_lead_to_it(tmp_path: Path) -> None:
    batch = tables(tmp_path).decide_batch(
        {"risk.score": [60], "risk.trusted": [False], "trust.years": [5], "score": [600]}
    )

    assert batch.answer(0).rows == ("r1",)


def test_a_column_that_reads_other_documents_too_must_be_given_itself(tmp_path: Path) -> None:
    level = 'if order.gift then "low" else risk.level'
    table = tables(tmp_path, review=REVIEW.replace("LEVEL", level))

    with pytest.raises(ProblemsError) as error:
        table.decide_batch({"risk.score": [60], "years": [5], "score": [600]})

    problem = error.value.problems[0]
    assert "column `level` reads `order` beside the answers of other tables" in problem.message
    assert problem.help == "for many orders at once, give the column `level` itself among the facts"
    assert problem.place.line == 6


def test_a_file_of_orders_has_the_facts_of_all_tables(tmp_path: Path, orderloom) -> None:
    tables(tmp_path)
    orders = "order,risk.score,years,score\n1,60,5,600\n2,20,1,600\n3,many,1,5\n4,60,,5\n"
    (tmp_path / "orders.csv").write_text(orders)

    ran = orderloom(
        "rules", "eval", tmp_path / "review.table.yaml",
        "--input", tmp_path / "orders.csv", "--out", tmp_path / "decided.jsonl",
    )  # fmt: skip

    decided = [json.loads(line) for line in (tmp_path / "decided.jsonl").read_text().splitlines()]
    assert [(one["order"], one["row"], one["outcome"]) for one in decided] == [("1", "r2", "pass"), ("2", "r1", "look")]
    refused = [json.loads(line) for line in (tmp_path / "decided.refused.jsonl").read_text().splitlines()]
    assert [(one["line"], one["error"]) for one in refused] == [(4, "wrong_type"), (5, "missing_fact")]
    assert refused[1]["message"].startswith("table review needs trust: table trust: column `years` has no value")
    assert ran.code == 1


def test_a_fact_of_a_feeding_table_that_a_file_lacks_is_told_with_its_table(tmp_path: Path, orderloom) -> None:
    tables(tmp_path)
    (tmp_path / "orders.csv").write_text("order,years,score\n1,5,600\n")

    ran = orderloom(
        "rules", "eval", tmp_path / "review.table.yaml",
        "--input", tmp_path / "orders.csv", "--out", tmp_path / "decided.csv",
    )  # fmt: skip

    assert (ran.code, "the orders have no column `risk.score`, which table risk reads" in ran.err) == (1, True)
    assert not (tmp_path / "decided.csv").exists()
