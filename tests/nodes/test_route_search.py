"""The search behind `route`: always feasible, always conserving, never dearer than trying everything."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from orderloom_nodes.route.search import Answer, Question, cost_with, is_sound, search
from orderloom_nodes.route.search.pricing import cost_of
from orderloom_nodes.route.search.solver import solve

FEW = st.integers(0, 4)


@st.composite
def questions(draw: st.DrawFn, most_sites: int = 4, most_items: int = 3, plain: bool = True) -> Question:
    """`plain`: each site has one service, takes everything, has room for it, and everything must be sent."""
    sites, items = draw(st.integers(1, most_sites)), draw(st.integers(1, most_items))
    site_of = (
        tuple(range(sites))
        if plain
        else tuple(sorted(draw(st.lists(st.integers(0, sites - 1), min_size=1, max_size=4))))
    )

    def rows(values: st.SearchStrategy[Any], number: int) -> st.SearchStrategy[tuple[tuple[Any, ...], ...]]:
        row = st.tuples(*[values] * items)
        return st.tuples(*[row] * number)

    return Question(
        wanted=draw(st.tuples(*[st.integers(1, 3)] * items)),
        stock=draw(rows(FEW, sites)),
        fixed=draw(st.tuples(*[st.integers(0, 9)] * len(site_of))),
        unit=draw(rows(st.integers(0, 5) if plain else st.none() | st.integers(0, 5), len(site_of))),
        most=draw(st.none() | st.integers(1, len(site_of))),
        site_of=() if plain else site_of,
        room=() if plain else draw(st.tuples(*[st.none() | st.integers(0, 4)] * sites)),
        unsent=() if plain else draw(st.tuples(*[st.none() | st.integers(0, 9)] * items)),
    )


def all_ways(question: Question) -> list[int]:
    """The cost of every way to take each item from each leg or leave it; written as plainly as can be."""
    ways = []
    for item, want in enumerate(question.wanted):
        held = [
            question.stock[site][item] if question.unit[leg][item] is not None else 0
            for leg, site in enumerate(question.sites)
        ]
        later = want if question.unsent and question.unsent[item] is not None else 0
        choices = product(*(range(min(units, want) + 1) for units in [*held, later]))
        ways.append([choice for choice in choices if sum(choice) == want])
    plans = [
        (
            [(leg, item, n) for item, choice in enumerate(plan) for leg, n in enumerate(choice[:-1]) if n],
            [choice[-1] for choice in plan],
        )
        for plan in product(*ways)
    ]
    return [cost_of(question, takes, left) for takes, left in plans if is_sound(question, takes, left)]


def cost(question: Question, answer: Answer) -> int:
    units = sum(quantity * (question.unit[leg][item] or 0) for leg, item, quantity in answer.takes)
    return units + sum(question.fixed[leg] for leg in answer.legs)


@given(questions(most_sites=3, most_items=2, plain=False))
def test_with_services_rooms_and_units_left_for_later_the_answer_costs_what_the_best_of_all_ways_costs(
    question: Question,
) -> None:
    answer = search(question)

    assert (answer and answer.cost) == min(all_ways(question), default=None)
    assert answer is None or (answer.exact and is_sound(question, answer.takes, answer.left))


@given(questions(most_sites=6, most_items=4, plain=False))
def test_the_own_search_and_highs_find_the_same_cost(question: Question) -> None:
    own, milp = search(question), solve(question)

    assert (own and own.cost) == (milp and milp.cost)


@given(questions(most_sites=3, most_items=2))
def test_the_answer_always_costs_what_the_best_of_all_ways_costs(question: Question) -> None:
    answer = search(question)
    best = min(all_ways(question), default=None)

    assert (answer and answer.cost) == best
    assert answer is None or (answer.exact and answer.bound == answer.cost == cost(question, answer))


@given(questions())
def test_what_is_taken_is_always_what_is_wanted_and_never_more_than_is_there(question: Question) -> None:
    answer = search(question)

    for item, want in enumerate(question.wanted if answer else ()):
        assert answer is not None
        assert sum(quantity for _, which, quantity in answer.takes if which == item) == want
    for site, item, quantity in answer.takes if answer else ():
        assert 0 < quantity <= question.stock[site][item]
    assert answer is None or question.most is None or len(answer.legs) <= question.most


@given(questions(most_sites=6))
def test_a_search_that_is_cut_short_is_always_feasible_and_never_below_its_bound(question: Question) -> None:
    whole, hasty = search(question), search(question, nodes=0)

    if whole and question.most is None:
        assert hasty is not None
    if hasty:
        assert whole is not None
        assert hasty.bound <= whole.cost <= hasty.cost == cost(question, hasty)


@given(questions(most_sites=5), st.data())
def test_the_cost_never_depends_on_the_order_of_the_sites(question: Question, data: st.DataObject) -> None:
    turn = data.draw(st.permutations(range(len(question.fixed))))
    turned = replace(
        question,
        stock=tuple(question.stock[site] for site in turn),
        fixed=tuple(question.fixed[site] for site in turn),
        unit=tuple(question.unit[site] for site in turn),
    )

    first, second = search(question), search(turned)

    assert (first and first.cost) == (second and second.cost)
    assert (first and len(first.legs)) == (second and len(second.legs))


@given(questions())
def test_using_another_site_is_never_cheaper_than_the_answer(question: Question) -> None:
    answer = search(question)

    for site in range(len(question.fixed)) if answer else ():
        assert answer is not None
        other = cost_with(question, answer.legs, site)
        assert other is None or other >= answer.cost


@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False))
def test_twenty_sites_and_ten_items_are_answered_with_a_bound(random: object) -> None:
    draw = random.randint  # type: ignore[attr-defined]
    question = Question(
        wanted=tuple(draw(1, 4) for _ in range(10)),
        stock=tuple(tuple(draw(0, 3) for _ in range(10)) for _ in range(20)),
        fixed=tuple(draw(4_000, 9_000) for _ in range(20)),
        unit=tuple(tuple(draw(50, 900) for _ in range(10)) for _ in range(20)),
    )

    answer = search(question, nodes=20)

    assert answer is None or answer.bound <= answer.cost
