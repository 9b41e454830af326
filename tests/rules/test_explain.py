"""Why this row, and why not that one."""

from __future__ import annotations

import pytest

from orderloom.rules.explain import in_words

SCREEN = """
table: fraud-screen
hit: first
inputs:
  total: {type: number}
  orders before: {type: number}
  country: {type: text}
  gift: {type: boolean}
outputs:
  outcome: {type: text, values: [pass, review]}
rows:
  - {id: r8, country: "not(US, CA)", total: "> 500", outcome: review}
  - {id: r9, total: "< 3000", orders before: ">= 1", outcome: pass}
  - {id: r10, outcome: review}
"""


def test_a_decision_says_its_row_and_what_the_row_asks(table):
    decision = table(SCREEN).decide_columns({"total": "89.50", "orders before": 2, "country": "US", "gift": False})
    assert decision.why == "r9: total < 3000, orders before >= 1"


def test_the_last_row_says_that_no_other_applied(table):
    decision = table(SCREEN).decide_columns({"total": 9000, "orders before": 2, "country": "US", "gift": False})
    assert decision.why == "r10: no other row applied"


def test_a_row_without_conditions_that_is_not_the_last_speaks_of_the_rows_before_it_alone(table):
    rows = '[{id: a, n: "> 5", y: x}, {id: b, y: x}, {id: c, n: "> 1", y: x}]'
    asked = table(f"hit: first\ninputs: {{n: {{type: number}}}}\noutputs: {{y: {{type: text}}}}\nrows: {rows}")
    assert asked.decide_columns({"n": 3}).why == "b: no row before it applied"


def test_a_first_row_without_conditions_always_answers(table):
    asked = table("hit: first\ninputs: {n: {type: number}}\noutputs: {y: {type: text}}\nrows: [{y: x}, {y: z}]")
    assert asked.decide_columns({"n": 3}).why == "r1: always"


def test_a_row_that_applies_while_the_defaults_answer_says_so(table):
    asked = table(
        "hit: first\non_missing: default\ninputs: {n: {type: number}}\noutputs: {y: {type: text, default: x}}\n"
        "rows: [{y: z}]"
    )
    decision = asked.decide_columns({})
    assert decision.why == "n is missing: the defaults answer"
    assert [str(one) for one in decision.rejected] == ["r1: applies too, but the defaults answer"]
    assert decision.as_json(why=True)["rejected"] == [{"row": "r1", "applies": True, "beaten_by": None}]


def test_every_other_row_has_the_first_cell_that_failed(table):
    decision = table(SCREEN).decide_columns({"total": 9000, "orders before": 0, "country": "US", "gift": False})
    assert [str(one) for one in decision.rejected] == [
        'r8: country is "US", not not(US, CA)',
        "r9: total is 9000, not < 3000",
    ]


def test_a_row_that_would_apply_too_says_so(table):
    decision = table(SCREEN).decide_columns({"total": 9, "orders before": 5, "country": "US", "gift": False})
    assert str(decision.explain("r10")) == "r10: applies too, but r9 answers"
    assert decision.explain("r9") is None


def test_explaining_an_unknown_row_is_a_key_error(table):
    decision = table(SCREEN).decide_columns({"total": 9, "orders before": 5, "country": "US", "gift": False})
    with pytest.raises(KeyError):
        decision.explain("r77")


def test_rows_without_ids_are_named_by_their_position(table):
    asked = table('hit: C\ninputs: {n: {type: number}}\noutputs: {y: {type: text}}\nrows: [{n: "> 5", y: a}, {y: b}]')
    assert asked.decide_columns({"n": 9}).why == "r1: n > 5; r2: always"


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("<3000", "total < 3000"),
        ("US", "total = US"),
        ("US, CA", "total in US, CA"),
        ("(0..30]", "total in (0..30]"),
        ("true", "total = true"),
        ("not(dhl)", "total not(dhl)"),
        ('starts with(?, "US")', 'starts with(total, "US")'),
    ],
)
def test_a_condition_in_words(cell, words):
    assert in_words("total", cell) == words


def test_the_published_form_has_numbers_for_answers_and_text_for_decimal_facts(table):
    asked = table(
        "hit: first\ntable: fees\ninputs: {n: {type: number}}\noutputs: {fee: {type: number}}\n"
        'rows: [{id: a, n: "> 5", fee: 1.10}, {id: b, fee: 0.1234567890123456789}]'
    )
    assert asked.decide_columns({"n": "89.50"}).as_json(why=True) == {
        "table": "fees",
        "outcome": "decided",
        "outputs": {"fee": 1.1},
        "rows": ["a"],
        "facts": {"n": "89.50"},
        "why": "a: n > 5",
        "rejected": [{"row": "b", "applies": True, "beaten_by": "a"}],
        "near_misses": [],
    }
    assert asked.decide_columns({"n": 3}).as_json()["outputs"] == {"fee": "0.1234567890123456789"}
    assert asked.decide_columns({"n": 3}).as_json()["facts"] == {"n": 3}
