"""Names in order, their circles, and what stands above each."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from orderloom import graphs

NAMES = ["a", "b", "c", "d"]


def test_each_name_stands_behind_what_it_waits_for_and_otherwise_as_given() -> None:
    assert graphs.in_order(NAMES, [("c", "a")]) == ["b", "c", "a", "d"]


def test_a_circle_is_told_as_the_pairs_of_its_path() -> None:
    assert graphs.circles(NAMES, [("b", "c"), ("c", "b"), ("a", "b")]) == [(("b", "c"), ("c", "b"))]
    assert graphs.circles(NAMES, [("a", "a")]) == [(("a", "a"),)]


def test_everything_above_a_name_is_near_and_far() -> None:
    above = graphs.ancestors(NAMES, [("a", "b"), ("b", "c")])

    assert above == {"a": frozenset(), "b": {"a"}, "c": {"a", "b"}, "d": frozenset()}


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] < pair[1]), max_size=20))
def test_an_order_always_respects_every_pair(pairs: list[tuple[int, int]]) -> None:
    names = [str(number) for number in range(8)]
    told = [(str(first), str(second)) for first, second in pairs]

    order = graphs.in_order(names[::-1], told)

    assert all(order.index(first) < order.index(second) for first, second in told)
