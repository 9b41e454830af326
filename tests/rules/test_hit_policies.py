"""The hit policies of DMN 1.5, 8.2.10: what it means that several rows apply, or none."""

from __future__ import annotations

from decimal import Decimal

import pytest

from orderloom.declare import NodeError

THREE_ROWS = """
hit: {hit}
inputs:
  total: {{type: number}}
outputs:
  fee: {{type: number}}
rows:
  - {{id: small, total: "< 100", fee: 5}}
  - {{id: any, fee: 2}}
  - {{id: large, total: ">= 50", fee: 1}}
"""

RANKED = """
hit: {hit}
inputs:
  total: {{type: number}}
outputs:
  outcome: {{type: text, values: [block, review, pass]}}
rows:
  - {{id: a, outcome: pass}}
  - {{id: b, total: "> 10", outcome: block}}
  - {{id: c, total: "> 5", outcome: review}}
  - {{id: d, total: "> 10", outcome: block}}
"""


def test_unique_refuses_two_rows_that_apply_and_names_both(table):
    asked = table(THREE_ROWS.format(hit="unique"))
    with pytest.raises(NodeError, match="small and any") as caught:
        asked.decide_columns({"total": 10})
    assert caught.value.error_class == "conflict"


def test_unique_is_the_policy_of_a_table_that_names_none(table):
    asked = table(THREE_ROWS.format(hit="unique").replace("hit: unique\n", ""))
    with pytest.raises(NodeError, match="unique"):
        asked.decide_columns({"total": 10})


def test_any_lets_rows_apply_together_that_agree(table):
    asked = table(
        """
        hit: any
        inputs: {total: {type: number}}
        outputs: {fee: {type: number}}
        rows:
          - {id: a, total: "> 5", fee: 1.0}
          - {id: b, total: "> 10", fee: 1}
        """
    )
    decision = asked.decide_columns({"total": 20})
    assert decision.rows == ("a", "b")
    assert decision.outputs == {"fee": 1}


def test_any_refuses_rows_that_disagree_and_names_both_and_the_column(table):
    asked = table(THREE_ROWS.format(hit="A"))
    with pytest.raises(NodeError, match=r"small and any \(lines 8 and 9 of t.table.yaml\)") as caught:
        asked.decide_columns({"total": 10})
    assert caught.value.error_class == "conflict"
    assert "both apply and disagree on `fee` (5 and 2)" in caught.value.message


def test_first_takes_the_first_row_that_applies(table):
    assert table(THREE_ROWS.format(hit="first")).decide_columns({"total": 60}).rows == ("small",)


def test_priority_takes_the_row_whose_answer_stands_first_in_the_values(table):
    decision = table(RANKED.format(hit="priority")).decide_columns({"total": 20})
    assert (decision.rows, decision.outcome) == (("b",), "block")


def test_output_order_gives_all_answers_the_most_important_first(table):
    decision = table(RANKED.format(hit="output order")).decide_columns({"total": 20})
    assert decision.rows == ("b", "d", "c", "a")
    assert [given["outcome"] for given in decision.outputs] == ["block", "block", "review", "pass"]


def test_priority_compares_outputs_from_left_to_right(table):
    asked = table(
        """
        hit: priority
        inputs: {total: {type: number}}
        outputs:
          speed: {type: text, values: [fast, slow]}
          note of it: {type: text}
          price: {type: text, values: [low, high]}
        rows:
          - {id: a, speed: slow, price: low}
          - {id: b, speed: fast, price: high}
          - {id: c, speed: fast, price: low}
        """
    )
    assert asked.decide_columns({"total": 1}).rows == ("c",)


def test_rule_order_gives_all_answers_in_the_order_of_the_rows(table):
    decision = table(THREE_ROWS.format(hit="rule order")).decide_columns({"total": 60})
    assert decision.rows == ("small", "any", "large")
    assert decision.outputs == ({"fee": 5}, {"fee": 2}, {"fee": 1})


@pytest.mark.parametrize(
    ("hit", "figure"),
    [("collect sum", 8), ("C+", 8), ("collect [min]", 1), ("C<", 1), ("collect max", 5), ("C>", 5), ("C#", 3)],
)
def test_collect_with_a_function_makes_one_figure_of_all_rows_that_apply(table, hit, figure):
    decision = table(THREE_ROWS.format(hit=hit)).decide_columns({"total": 60})
    assert decision.outputs == {"fee": figure}
    assert decision.rows == ("small", "any", "large")


def test_a_sum_of_decimals_is_exact(table):
    rows = ", ".join(f"{{id: s{n}, fee: 0.1}}" for n in range(10))
    asked = table(f"hit: C+\ninputs: {{total: {{type: number}}}}\noutputs: {{fee: {{type: number}}}}\nrows: [{rows}]")
    assert asked.decide_columns({"total": 1}).outputs == {"fee": Decimal("1.0")}


def test_no_row_at_all_is_an_error_that_shows_the_facts(table):
    asked = table(
        """
        hit: first
        inputs: {weight: {type: number}, country: {type: text}}
        outputs: {fee: {type: number}}
        rows: [{id: a, weight: "> 5", fee: 1}]
        """
    )
    with pytest.raises(NodeError, match=r'no row applies to weight 2\.5, country "US"') as caught:
        asked.decide_columns({"weight": "2.5", "country": "US"})
    assert caught.value.error_class == "no_match"


def test_no_row_at_all_gives_the_defaults_where_every_output_has_one(table):
    asked = table(
        """
        hit: first
        inputs: {weight: {type: number}}
        outputs: {outcome: {type: text, values: [yes, no], default: no}, fee: {type: number, default: 3}}
        rows: [{id: a, weight: "> 5", outcome: yes, fee: 1}]
        """
    )
    decision = asked.decide_columns({"weight": 2})
    assert (decision.outcome, decision.outputs["fee"], decision.rows) == ("no", 3, ())
    assert decision.why == "no row applied: the defaults answer"


@pytest.mark.parametrize("hit", ["rule order", "collect"])
def test_no_row_at_all_is_an_empty_list_where_the_answer_is_a_list(table, hit):
    asked = table(
        f"hit: {hit}\ninputs: {{weight: {{type: number}}}}\noutputs: {{fee: {{type: number}}}}\n"
        'rows: [{id: a, weight: "> 5", fee: 1}]'
    )
    decision = asked.decide_columns({"weight": 2})
    assert (decision.outputs, decision.rows, decision.outcome) == ((), (), "decided")


def test_no_row_at_all_counts_nought(table):
    asked = table(
        'hit: C#\ninputs: {weight: {type: number}}\noutputs: {fee: {type: text}}\nrows: [{weight: "> 5", fee: a}]'
    )
    assert asked.decide_columns({"weight": 2}).outputs == {"fee": 0}
