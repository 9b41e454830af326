"""The index of a column: which rows a value leaves, and which of them are in doubt."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from orderloom.problems import Place
from orderloom.rules import DecisionTable
from orderloom.rules.constants import Constants, Interval
from orderloom.rules.index import bit, every, rows_of
from orderloom.rules.index.ordered import index_ordered

ENDS = st.sampled_from([None, 0, 1, Decimal("1.5"), 2, 3])
INTERVALS = st.builds(Interval, ENDS, ENDS, st.booleans(), st.booleans()).filter(
    lambda one: (one.low, one.high) != (None, None)
)
CELLS = st.builds(
    Constants,
    st.lists(st.sampled_from([0, 1, Decimal("1.50"), 3]), max_size=2).map(tuple),
    st.lists(INTERVALS, max_size=3).map(tuple),
    st.booleans(),
)
VALUES = (-1, 0, Decimal("0.5"), 1, Decimal("1.2"), Decimal("1.5"), Decimal("1.7"), 2, 3, 4)


def holding(cells, value):
    """By asking each cell."""
    return sum(bit(row, len(cells)) for row, one in enumerate(cells) if one.test()(value))


@given(st.lists(CELLS, min_size=1, max_size=6))
def test_a_value_leaves_the_rows_whose_cells_hold_of_it(cells):
    index = index_ordered([(one, bit(row, len(cells))) for row, one in enumerate(cells)], 0, None, 1000)
    assert index.certain
    for value in VALUES:
        assert index.mask(value) == holding(cells, value)


@given(st.lists(CELLS, min_size=1, max_size=6), st.integers(1, 4))
def test_where_stretches_share_a_mask_every_row_that_may_be_wrong_is_in_doubt(cells, most):
    index = index_ordered([(one, bit(row, len(cells))) for row, one in enumerate(cells)], 0, None, most)
    for value in VALUES:
        may, exactly = index.mask(value), holding(cells, value)
        assert may & exactly == exactly
        assert (may ^ exactly) & ~index.doubt(value) == 0


@given(st.lists(CELLS, min_size=1, max_size=6), st.integers(1, 9))
def test_no_row_is_left_where_the_range_of_the_column_does_not_reach(cells, most):
    bounds = Interval(0, Decimal("1.5"), low_closed=False)
    index = index_ordered([(one, bit(row, len(cells))) for row, one in enumerate(cells)], 0, bounds, most)
    assert [index.mask(value) is None for value in VALUES] == [not bounds.holds(value) for value in VALUES]


@given(st.integers(1, 300).flatmap(lambda count: st.tuples(st.just(count), st.integers(0, every(count)))))
def test_the_rows_of_a_mask_come_in_their_order(counted):
    count, mask = counted
    assert list(rows_of(mask, count)) == [row for row in range(count) if mask & bit(row, count)]


def test_a_table_with_more_ends_than_masks_are_kept_answers_as_its_cells_do():
    chance = random.Random(5)
    low = [(Decimal(chance.randrange(10**6)) / 100, Decimal(chance.randrange(10**6)) / 100) for _ in range(7000)]
    rows = [{"a": f"({x}..{x + 400}]", "b": f"({y}..{y + 400}]", "n": n} for n, (x, y) in enumerate(low)]
    inputs = {"a": {"type": "number"}, "b": {"type": "number"}}
    head = {"hit": "rule order", "inputs": inputs, "outputs": {"n": {"type": "number"}}, "rows": rows}
    asked = DecisionTable.load_setting(head, Place("generated"), [Path()])
    for _ in range(100):
        a, b = Decimal(chance.randrange(10**6)) / 100, chance.randrange(10**4)
        applying = [n for n, (x, y) in enumerate(low) if x < a <= x + 400 and y < b <= y + 400]
        decision = asked.decide_columns({"a": a, "b": b})
        assert [one["n"] for one in decision.outputs] == applying
        near = [n for n, (x, y) in enumerate(low) if (x < a <= x + 400) != (y < b <= y + 400)]
        assert list(decision.explanation.near) == near
