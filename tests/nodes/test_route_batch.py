"""Many orders over the same stock: never more than there is, never dearer than one by one, never below the bound."""

from __future__ import annotations

import random

import pytest

from orderloom_nodes.route.batch.batching import Planned, plan
from orderloom_nodes.route.batch.shared import Asked, Batch
from orderloom_nodes.route.search import Question, is_sound

SITES, ARTICLES = 4, 3
ROUNDS = 2.0  # ticks of the clock below: the search ends after so many looks at it, whatever the machine does


def batch(seed: int, orders: int = 8) -> Batch:
    """Three sites' worth of scarce articles, a day's capacity each, and orders that may be left for later."""
    draw = random.Random(seed)
    stock = [[draw.randint(0, 6) for _ in range(ARTICLES)] for _ in range(SITES)]
    rooms = [draw.randint(4, 12) for _ in range(SITES)]
    asked = []
    for _ in range(orders):
        items = sorted(draw.sample(range(ARTICLES), draw.randint(1, 2)))
        question = Question(
            wanted=tuple(draw.randint(1, 3) for _ in items),
            stock=tuple(tuple(row[item] for item in items) for row in stock),
            fixed=tuple(draw.randint(300, 900) for _ in range(SITES)),
            unit=tuple(tuple(draw.randint(10, 400) for _ in items) for _ in range(SITES)),
            room=tuple(rooms),
            unsent=(2000,) * len(items),
        )
        resources = tuple(tuple(site * ARTICLES + item for item in items) for site in range(SITES))
        asked.append(Asked(question, resources, tuple(SITES * ARTICLES + site for site in range(SITES))))
    return Batch(tuple(asked), tuple([units for row in stock for units in row] + rooms))


def planned(made: Batch, solver: bool) -> Planned:
    ticks = iter(range(1_000_000))
    found = plan(made, ROUNDS, solver=solver, clock=lambda: float(next(ticks)) / 20)
    assert found is not None
    return found


@pytest.mark.parametrize("solver", [True, False], ids=["with HiGHS", "alone"])
@pytest.mark.parametrize("seed", range(2))
def test_no_unit_is_promised_twice_and_every_order_is_planned_whole(seed: int, solver: bool) -> None:
    made = batch(seed)

    found = planned(made, solver)

    assert min(made.left(found.plans.values())) >= 0
    assert sorted(found.plans) == list(range(len(made.asked)))
    for order, pattern in found.plans.items():
        assert is_sound(made.asked[order].question, pattern.answer.takes, pattern.answer.left)


@pytest.mark.parametrize("solver", [True, False], ids=["with HiGHS", "alone"])
def test_planned_together_costs_no_more_than_one_by_one_and_no_less_than_the_bound(solver: bool) -> None:
    found = planned(batch(7), solver)

    assert found.bound <= found.cost <= found.first_cost
    assert found.cost == sum(pattern.cost for pattern in found.plans.values())


def test_the_two_bounds_hold_for_the_same_orders() -> None:
    with_highs, alone = planned(batch(3), solver=True), planned(batch(3), solver=False)

    assert max(with_highs.bound, alone.bound) <= min(with_highs.cost, alone.cost)


def test_the_same_batch_has_the_same_plans() -> None:
    first, second = planned(batch(5), solver=False), planned(batch(5), solver=False)

    assert first.plans == second.plans


def test_an_order_that_must_be_sent_and_cannot_leaves_no_plan() -> None:
    question = Question(wanted=(2,), stock=((1,),), fixed=(5,), unit=((1,),))

    assert plan(Batch((Asked(question, ((0,),), (None,)),), (1,))) is None
