"""Random tables of every hit policy against twenty lines of brute force; facts missing, rows and columns permuted.

Columns of numbers (one with a range), words (one with values) and flags; cells that an index holds, and others.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.searching import search

from orderloom.declare import NodeError
from orderloom.problems import Place
from orderloom.rules import DecisionTable
from orderloom.rules.hit import Hit

PRIORITY = ["high", "middle", "low"]
NUMBERS = [0, 1, 2, Decimal("2.5"), 3]
WORDS = ["US", "CA", "MX"]
Column = dict[str, Any]


def numbers() -> st.SearchStrategy[tuple[str, Any]]:
    """A cell as text, and what it means."""
    single = st.sampled_from(NUMBERS)
    return st.one_of(
        st.just(("-", lambda value: True)),
        single.map(lambda n: (f"<= {n}", lambda value: value is not None and value <= n)),
        single.map(lambda n: (f"> {n}", lambda value: value is not None and value > n)),
        st.tuples(single, single).map(sorted).filter(lambda ends: ends[0] < ends[1]).map(_half_open),
        st.lists(single, min_size=1, max_size=3).map(_one_of),
        st.lists(single, min_size=1, max_size=2).map(_none_of),
        st.tuples(single, single).map(
            lambda ends: (f"< {ends[0]}, >= {ends[1]}", lambda v: v is not None and (v < ends[0] or v >= ends[1]))
        ),
        single.map(lambda n: (f"? * 2 > {n}", lambda value: value is not None and value * 2 > n)),
        st.just(("null", lambda value: value is None)),
    )


def flags() -> st.SearchStrategy[tuple[str, Any]]:
    return st.sampled_from(
        [
            ("-", lambda value: True),
            ("true", lambda value: value is True),
            ("false", lambda value: value is False),
            ("not(true)", lambda value: value is False),
        ]
    )


def words() -> st.SearchStrategy[tuple[str, Any]]:
    single = st.sampled_from(WORDS)
    return st.one_of(
        st.just(("-", lambda value: True)),
        st.lists(single, min_size=1, max_size=3).map(_one_of),
        single.map(lambda word: (f"not({word})", lambda value: value is not None and value != word)),
        single.map(lambda word: (f'? = "{word}"', lambda value: value == word)),
    )


def _half_open(ends: list[Any]) -> tuple[str, Any]:
    low, high = ends
    return f"({low}..{high}]", lambda value: value is not None and low < value <= high


def _none_of(values: list[Any]) -> tuple[str, Any]:
    return f"not({', '.join(map(str, values))})", lambda value: value is not None and value not in values


def _one_of(values: list[Any]) -> tuple[str, Any]:
    return ", ".join(map(str, values)), lambda value: value in values


INPUTS: dict[str, Column] = {
    "a": {"type": "number", "range": "[-9..9]"},
    "word": {"type": "text"},
    "b": {"type": "number"},
    "flag": {"type": "boolean"},
    "known": {"type": "text", "values": WORDS},
}
ASKED = len(INPUTS)
RULE = st.tuples(
    numbers(), words(), numbers(), flags(), words(), st.sampled_from(PRIORITY), st.sampled_from([1, 2, Decimal("0.5")])
)
RULES = st.one_of(st.lists(RULE, min_size=1, max_size=8), st.lists(RULE, min_size=13, max_size=16))
FACTS = st.tuples(
    st.sampled_from([None, *NUMBERS, 1.5]),
    st.sampled_from([None, *WORDS, "NO"]),
    st.sampled_from([None, *NUMBERS, Decimal("2.50"), -1, 10**30]),
    st.sampled_from([None, True, False]),
    st.sampled_from([None, *WORDS]),
)


def table_of(hit: Hit, rules: list[Any], order: list[int]) -> DecisionTable:
    """The table whose columns stand in that order."""
    figure = {"figure": {"type": "number"}}
    rank = {"rank": {"type": "text", "values": PRIORITY}}
    rows = [
        {"id": f"r{n}"}
        | {name: rule[at][0] for at, name in enumerate(INPUTS)}
        | ({} if hit.aggregates else {"rank": rule[ASKED]})
        | {"figure": rule[ASKED + 1]}
        for n, rule in enumerate(rules)
    ]
    head = {
        "hit": hit.word,
        "inputs": {list(INPUTS)[at]: INPUTS[list(INPUTS)[at]] for at in order},
        "outputs": figure if hit.aggregates else {**rank, **figure},
        "on_missing": "no_match",
        "rows": rows,
    }
    return DecisionTable.load_setting(head, Place("generated"), [Path()])


def oracle(hit: Hit, rules: list[Any], facts: tuple[Any, ...]) -> Any:
    """What must come out, by the letter of the standard: rows by number, or the class of the error."""
    rows = [n for n, rule in enumerate(rules) if all(rule[at][1](facts[at]) for at in range(ASKED))]
    figures = [rules[n][-1] for n in rows]
    if hit is Hit.COUNT:
        return len(rows)
    if not rows:
        return "no_match" if hit.single else []
    if hit is Hit.UNIQUE and len(rows) > 1:
        return "conflict"
    if hit is Hit.ANY:
        return "conflict" if len({rules[n][ASKED:] for n in rows}) > 1 else rows
    if hit is Hit.FIRST or hit is Hit.UNIQUE:
        return rows[:1]
    by_rank = sorted(rows, key=lambda n: PRIORITY.index(rules[n][ASKED]))
    answers = {Hit.PRIORITY: by_rank[:1], Hit.OUTPUT_ORDER: by_rank, Hit.RULE_ORDER: rows, Hit.COLLECT: rows}
    return answers[hit] if hit in answers else {Hit.SUM: sum, Hit.MIN: min, Hit.MAX: max}[hit](figures)


def answer(hit: Hit, asked: DecisionTable, facts: tuple[Any, ...]) -> Any:
    try:
        decision = asked.decide_columns(dict(zip(INPUTS, facts, strict=True)))
    except NodeError as error:
        return error.error_class
    again = asked.decide_columns(dict(zip(INPUTS, facts, strict=True)))  # a row that answered once answers more quickly
    assert (decision, decision.why) == (again, again.why)
    if hit.aggregates:
        assert isinstance(decision.outputs, dict)
        return decision.outputs["figure"]
    return [int(row[1:]) for row in decision.rows]


@pytest.mark.parametrize("hit", list(Hit))
@search(120)
@given(rules=RULES, facts=FACTS, order=st.permutations(range(ASKED)))
def test_a_table_always_answers_as_brute_force_does(hit, rules, facts, order):
    assert answer(hit, table_of(hit, rules, order), facts) == oracle(hit, rules, facts)


@search(120)
@given(rules=RULES, facts=FACTS, seed=st.randoms())
def test_the_order_of_rows_never_matters_where_all_that_apply_are_collected(rules, facts, seed):
    shuffled = list(rules)
    seed.shuffle(shuffled)
    one = answer(Hit.SUM, table_of(Hit.SUM, rules, list(range(ASKED))), facts)
    assert answer(Hit.SUM, table_of(Hit.SUM, shuffled, [4, 2, 0, 3, 1]), facts) == one


@search(120)
@given(rules=RULES, facts=FACTS)
def test_a_row_answers_or_its_first_failing_cell_is_named(rules, facts):
    asked = table_of(Hit.RULE_ORDER, rules, list(range(ASKED)))
    told = {one.row: one for one in asked.explain(dict(zip(INPUTS, facts, strict=True)))}
    for n, rule in enumerate(rules):
        failing = [name for name, cell, fact in zip(INPUTS, rule, facts, strict=False) if not cell[1](fact)]
        assert told[f"r{n}"].column == (failing[0] if failing else None)


@search(120)
@given(hit=st.sampled_from(list(Hit)), rules=RULES, facts=FACTS)
def test_a_number_answers_the_same_as_a_whole_number_a_decimal_and_a_text(hit, rules, facts):
    asked = table_of(hit, rules, list(range(ASKED)))
    expected = answer(hit, asked, facts)
    for spell in (str, lambda number: Decimal(str(number))):
        spelt = tuple(spell(fact) if type(fact) in {int, float, Decimal} else fact for fact in facts)
        assert answer(hit, asked, spelt) == expected


@search(120)
@given(hit=st.sampled_from(list(Hit)), rules=RULES, facts=FACTS)
def test_near_misses_are_the_rows_that_fail_by_one_cell_and_each_column_bars_what_it_is_first_to_bar(hit, rules, facts):
    failing = [[name for at, name in enumerate(INPUTS) if not rule[at][1](facts[at])] for rule in rules]
    asked = table_of(Hit.RULE_ORDER, rules, list(range(ASKED)))
    explained = asked.decide_columns(dict(zip(INPUTS, facts, strict=True))).explanation
    near = {one.row: one.column for one in explained.near_misses}
    assert near == {f"r{n}": names[0] for n, names in enumerate(failing) if len(names) == 1}
    assert explained.barred == {name: sum(names[:1] == [name] for names in failing) for name in INPUTS}
