"""The search for what boxes leave uncovered agrees with counting elements, whichever way it takes."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderloom.rules.prove.cover import Effort, GaveUpError, Search
from orderloom.rules.prove.relations import bits, containers, overlaps
from orderloom.rules.prove.runs import holds, join, minus, outside, positions, union

SIZE, AXES = 7, 3
WHOLE = (((0, SIZE),),) * AXES

runs = st.lists(st.tuples(st.integers(0, SIZE - 1), st.integers(1, SIZE)), min_size=1, max_size=5).map(
    lambda pairs: join((low, max(high, low + 1)) for low, high in pairs)
)
boxes = st.lists(st.tuples(*[st.one_of(st.just(((0, SIZE),)), runs)] * AXES), max_size=14)


def elements(box):
    return set(product(*(positions(side) for side in box)))


@settings(max_examples=150, deadline=None)
@given(boxes, st.sampled_from([2, 5, 2_000]))
def test_the_parts_found_are_exactly_what_no_box_covers(rows, many):
    left = set(product(range(SIZE), repeat=AXES)).difference(*map(elements, rows))
    found = [elements(part) for part in Search(Effort(10**6), rows, many=many).uncovered(WHOLE)]
    assert set().union(*found) == left
    assert sum(map(len, found)) == len(left)


@settings(max_examples=100, deadline=None)
@given(boxes, st.sampled_from([2, 2_000]))
def test_counting_rows_that_do_not_overlap_changes_nothing_of_what_is_found(rows, many):
    apart, taken = [], set()
    for at, row in enumerate(rows):
        if not elements(row) & taken:
            apart.append(at)
            taken |= elements(row)
    left = set(product(range(SIZE), repeat=AXES)).difference(*map(elements, rows))
    found = Search(Effort(10**6), rows, frozenset(apart), many=many).uncovered(WHOLE)
    assert set().union(*map(elements, found)) == left


@settings(max_examples=100, deadline=None)
@given(boxes)
def test_what_is_added_on_the_way_is_not_found_again(rows):
    search, told = Search(Effort(10**6), rows), set()
    for part in search.uncovered(WHOLE):
        assert not elements(part) & told
        search.added.append((((0, SIZE),), *part[1:]))
        told |= elements(search.added[-1])


@settings(max_examples=100, deadline=None)
@given(boxes)
def test_overlaps_and_containers_are_those_of_the_elements(rows):
    sets = [elements(row) for row in rows]
    for at, (around, outer) in enumerate(zip(overlaps(rows), containers(rows), strict=True)):
        assert set(bits(around)) == {other for other, theirs in enumerate(sets) if sets[at] & theirs}
        assert set(bits(outer)) == {other for other, theirs in enumerate(sets) if sets[at] <= theirs}


@given(runs, runs)
def test_runs_are_sets_of_positions(one, other):
    mine, theirs = set(positions(one)), set(positions(other))
    assert set(positions(union(one, other))) == mine | theirs
    assert set(positions(minus(one, other))) == mine - theirs
    assert set(positions(outside(one, SIZE))) == set(range(SIZE)) - mine
    assert all(holds(one, at) == (at in mine) for at in range(SIZE))


def test_a_search_that_takes_too_long_gives_up_and_says_so():
    with pytest.raises(GaveUpError):
        list(Search(Effort(1), [(((0, 1),),) * AXES]).uncovered(WHOLE))
