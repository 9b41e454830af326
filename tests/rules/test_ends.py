"""Columns of numbers at their ends: a fact on an end and a hair beside it, of each kind, alone and in columns."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.searching import search

from orderloom.declare import NodeError
from orderloom.problems import Place
from orderloom.rules import DecisionTable
from orderloom.rules.batch import Column, Scaled
from orderloom.rules.constants import Interval

HAIR = Decimal("1E-34")
NUMBERS: list[Any] = [
    0, 1, -1, 7, 16383, 16384, 16385, 2**53 + 1, 10**20, -(10**20), Decimal("0.1"), Decimal("0.3"), Decimal("2.50"),
    Decimal("1E+3"), Decimal("0.1000000000000000000000000000000001"), Decimal("9007199254740993.5"),
]  # fmt: skip
BESIDE = [Decimal(one).scaleb(0).fma(1, sign * HAIR) for one in (0, 1, Decimal("0.1")) for sign in (1, -1)]
FACTS = [*NUMBERS, *map(Decimal, NUMBERS), *BESIDE, 2, 16386, 2**53, 0.1 + 0.2, Decimal("-0"), Decimal("7.0")]
END = st.sampled_from(NUMBERS)
INTERVAL = st.builds(Interval, st.none() | END, st.none() | END, st.booleans(), st.booleans()).filter(
    lambda one: not one.empty and (one.low, one.high) != (None, None)
)

RANGE = INTERVAL.filter(lambda one: None not in (one.low, one.high) and one.low != one.high)


def spelt(one: Interval) -> str:
    low, high = (None if end is None else format(Decimal(end), "f") for end in (one.low, one.high))
    if low is None:
        return f"{'<=' if one.high_closed else '<'} {high}"
    if high is None:
        return f"{'>=' if one.low_closed else '>'} {low}"
    return f"{'[' if one.low_closed else '('}{low}..{high}{']' if one.high_closed else ')'}"


def table_of(cells: list[Interval], bounds: Interval | None) -> DecisionTable:
    spec = {"type": "number"} | ({"range": spelt(bounds)} if bounds else {})
    rows = [{"id": str(n), "n": spelt(one), "y": n} for n, one in enumerate(cells)]
    head = {"hit": "first", "inputs": {"n": spec}, "outputs": {"y": {"type": "number"}}, "rows": rows}
    return DecisionTable.load_setting(head, Place("generated"), [Path()])


def expected(cells: list[Interval], bounds: Interval | None, fact: Any) -> Any:
    exact = Decimal(repr(fact)) if type(fact) is float else fact
    if bounds and not bounds.holds(exact):
        return "wrong_type"
    return next((n for n, one in enumerate(cells) if one.holds(exact)), "no_match")


def answered(table: DecisionTable, fact: Any) -> Any:
    try:
        return table.decide_columns({"n": fact}).outputs["y"]
    except NodeError as error:
        return error.error_class


@search(150)
@given(cells=st.lists(INTERVAL, min_size=1, max_size=6), bounds=st.none() | RANGE)
def test_a_fact_on_an_end_or_a_hair_beside_it_gets_the_row_that_the_bounds_say(cells, bounds):
    cells = [one for one in cells if bounds is None or one.meets(bounds)] or [bounds]
    table = table_of(cells, bounds)
    for fact in FACTS * 2:  # a row that has answered before answers by a shorter way
        assert answered(table, fact) == expected(cells, bounds, fact)


WHOLES = [-(2**63), 2**63 - 1, -1, 0, 1, 7, 10, 30, 250, 99999, 100000, 1638400, 2**53 + 1]
FLOATS = [*map(float, NUMBERS), 0.1 + 0.2, 0.29999999999999993, 7.000000000000001, -1e300, float(2**53)]


def together(table: DecisionTable, facts: Column) -> list[Any]:
    batch = table.decide_batch({"n": facts})
    return [
        batch.refused[at].error_class if at in batch.refused else batch.answer(at).outputs["y"]
        for at in range(len(facts))
    ]


@search(150)
@given(cells=st.lists(INTERVAL, min_size=1, max_size=6), bounds=st.none() | RANGE, places=st.sampled_from([0, 1, 20]))
def test_columns_of_numpy_get_the_rows_that_the_bounds_say(cells, bounds, places):
    cells = [one for one in cells if bounds is None or one.meets(bounds)] or [bounds]
    table = table_of(cells, bounds)
    scaled = [Decimal(whole).scaleb(-places) for whole in WHOLES]
    exactly = [expected(cells, bounds, fact) for fact in scaled]
    assert together(table, Scaled(np.array(WHOLES), places)) == exactly
    assert together(table, np.array(FLOATS)) == [expected(cells, bounds, fact) for fact in FLOATS]
    if not places:
        assert together(table, np.array(WHOLES)) == exactly
