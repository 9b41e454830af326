"""Many orders at once answer as each of them alone does."""

from __future__ import annotations

import random
from decimal import Decimal
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.test_oracle import ASKED, FACTS, INPUTS, RULES, table_of
from tests.searching import search

from orderloom.declare import NodeError
from orderloom.problems import Place
from orderloom.rules import DecisionTable
from orderloom.rules.batch import Coded, Scaled
from orderloom.rules.batch.arranging import arranged
from orderloom.rules.batch.combining import distinct
from orderloom.rules.batch.places import Places
from orderloom.rules.hit import Hit

HEAD = """
hit: {hit}
inputs: {{n: {{type: number, range: "[0..100]"}}}}
outputs: {{y: {{type: text}}}}
rows:
  - {{id: a, n: "< 0.1", y: low}}
  - {{id: b, n: "[0.1..7.25)", y: middle}}
  - {{id: c, n: ">= 7.25", y: high}}
"""


def alone(asked, facts):
    """What a single decision says, or the class and the sentence of its error."""
    try:
        decision = asked.decide_columns(facts)
    except NodeError as error:
        return error.error_class, error.message
    return decision.rows, decision.outcome, decision.outputs


def together(batch, at):
    if at in batch.refused:
        return batch.refused[at].error_class, batch.refused[at].message
    found = batch.answer(at)
    return found.rows, found.outcome, found.outputs


@pytest.mark.parametrize("hit", list(Hit))
@search(80)
@given(rules=RULES, orders=st.lists(FACTS, min_size=1, max_size=12))
def test_many_orders_always_answer_as_each_alone(hit, rules, orders):
    asked = table_of(hit, rules, list(range(ASKED)))
    batch = asked.decide_batch({name: [facts[at] for facts in orders] for at, name in enumerate(INPUTS)})
    for at, facts in enumerate(orders):
        assert together(batch, at) == alone(asked, dict(zip(INPUTS, facts, strict=True)))


@search(80)
@given(
    rules=st.lists(RULES, min_size=1, max_size=30).map(lambda parts: [rule for part in parts for rule in part]),
    orders=st.lists(st.tuples(*[st.sampled_from([-1, 0, 1, 2.5, 3, 100])] * 2, st.booleans()), min_size=1, max_size=20),
    hit=st.sampled_from([Hit.FIRST, Hit.UNIQUE, Hit.RULE_ORDER]),
)
def test_columns_of_numpy_answer_as_single_facts_do(rules, orders, hit):
    asked = table_of(hit, rules, list(range(ASKED)))
    words = ["US", "CA"]
    cents = [int(b * 100) for _, b, _ in orders]
    columns = {
        "a": np.array([float(a) for a, _, _ in orders]),
        "word": Coded(np.array([len(orders) % 3 - 1] * len(orders)), words),
        "b": Scaled(np.array(cents), 2, np.array([flag for _, _, flag in orders])),
        "flag": np.array([flag for _, _, flag in orders]),
        "known": ["MX"] * len(orders),
    }
    batch = asked.decide_batch(columns)
    code = len(orders) % 3 - 1
    for at, (a, _, flag) in enumerate(orders):
        b = None if flag else Decimal(cents[at]).scaleb(-2)
        facts = {"a": float(a), "word": None if code < 0 else words[code], "b": b, "flag": flag, "known": "MX"}
        assert together(batch, at) == alone(asked, facts)


def test_a_float_means_the_decimal_with_its_digits(table):
    asked = table(HEAD.format(hit="first"))
    batch = asked.decide_batch({"n": np.array([0.1, np.nextafter(0.1, 0), 7.25, 7.249999999999999, np.nan, 101.0])})
    assert [batch.answer(at).rows for at in range(4)] == [("b",), ("a",), ("c",), ("b",)]
    assert {at: error.error_class for at, error in batch.refused.items()} == {4: "wrong_type", 5: "wrong_type"}


def test_two_rows_that_apply_under_unique_are_a_conflict_of_that_order_alone(table):
    asked = table(HEAD.format(hit="unique").replace('"< 0.1"', '"< 0.2"'))
    batch = asked.decide_batch({"n": np.array([0.0, 0.15, 50.0])})
    assert [at in batch.refused for at in range(3)] == [False, True, False]
    assert "rows a and b" in batch.refused[1].message


def test_a_column_that_is_not_given_is_a_missing_fact(table):
    batch = table(HEAD.format(hit="first")).decide_batch({"other": [1, 2]})
    assert {error.error_class for error in batch.refused.values()} == {"missing_fact"}
    assert len(batch.refused) == 2


_FLOATS = st.one_of(st.floats(), st.floats(-100, 100), st.integers(-50, 50).map(float))


@given(st.sets(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-50, 50).map(float)), st.lists(_FLOATS))
def test_the_place_of_a_fact_among_the_ends_of_a_column_is_always_that_of_a_bisection(ends, facts):
    kept, asked = np.array(sorted(ends), dtype=float), np.array([*facts, *ends], dtype=float)
    asked = asked[~np.isnan(asked)]
    assert Places(kept).below(asked).tolist() == np.searchsorted(kept, asked).tolist()


def long_table(hit: str, seed: int) -> DecisionTable:
    """2,604 rows: the cells of a grid, which do not overlap, in any order, and some rows that lie over them."""
    chance = random.Random(seed)
    grid = [{"a": f"({a}..{a + 1}]", "b": f"({b}..{b + 1}]"} for a, b in product(range(51), repeat=2)]
    wide = [{"a": f"> {a}", "b": f"<= {b}"} for a, b in ((10, 20), (30.5, 30.5), (45, 5))]
    rows = [{"id": f"r{n}", **cells, "y": n} for n, cells in enumerate(chance.sample([*grid, *wide], 2604))]
    head = {"hit": hit, "inputs": {"a": {"type": "number"}, "b": {"type": "number"}}, "rows": rows}
    return DecisionTable.load_setting(head | {"outputs": {"y": {"type": "number"}}}, Place("long"), [Path()])


@pytest.mark.parametrize("hit", ["first", "unique"])
def test_the_rows_of_a_long_table_are_looked_at_in_another_order_and_answer_as_in_theirs(hit):
    asked, chance = long_table(hit, seed=7), np.random.default_rng(7)
    assert arranged(asked._decider.engine.columns, len(asked.rows)) is not None
    columns = {name: np.round(chance.random(1500) * 52, 1) for name in ("a", "b")}
    batch = asked.decide_batch(columns)
    answered = [together(batch, at) for at in range(1500)]
    assert answered == [alone(asked, {name: float(columns[name][at]) for name in columns}) for at in range(1500)]
    assert len({one[0] for one in answered}) > 500


@pytest.mark.parametrize("size", [3, 2**40])
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=9))
def test_every_combination_is_found_once_and_each_order_is_told_its_own(size, pairs):
    """Sizes whose product is beyond 64 bits are no reason to confuse two."""
    ids = [np.array([pair[at] for pair in pairs], dtype=np.int64) for at in range(2)]
    firsts, which = distinct(ids, [size, size])
    found = [pairs[first] for first in firsts.tolist()]
    assert sorted(found) == sorted(set(pairs))
    assert [found[at] for at in which.tolist()] == pairs


_WHOLES = st.integers(-(2**63), 2**63 - 1) | st.integers(-5, 5)


@given(st.sets(_WHOLES), st.lists(_WHOLES))
def test_the_place_of_a_whole_number_among_ends_is_always_that_of_a_bisection(ends, facts):
    kept, asked = np.array(sorted(ends), dtype=np.int64), np.array([*facts, *ends], dtype=np.int64)
    assert Places(kept).below(asked).tolist() == np.searchsorted(kept, asked).tolist()
