"""A solver that gives up, lies or is not there (failures.md, row 38)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from orderloom_nodes.route.search import Answer, Question, is_sound, proved, search
from orderloom_nodes.route.search.solver import columns_of, read, solve

HARD = Question(                               # twenty sites alike: bounds close late
    wanted=(3,) * 8,
    stock=tuple(tuple((site * 7 + item * 5) % 3 for item in range(8)) for site in range(20)),
    fixed=(600,) * 20,
    unit=((10,) * 8,) * 20,
)
COLUMNS = columns_of(HARD)
EMPTY = [0.0] * (20 + len(COLUMNS))


@pytest.mark.parametrize(
    "result",
    [
        SimpleNamespace(status=4, x=None, fun=0.0, mip_dual_bound=None),
        SimpleNamespace(status=1, x=None, fun=None, mip_dual_bound=None),
        SimpleNamespace(status=2, x=EMPTY, fun=0.0, mip_dual_bound=0.0),
        SimpleNamespace(status=0, x=EMPTY, fun=0.0, mip_dual_bound=0.0),
    ],
    ids=["an error with cost 0", "out of time without a plan", "infeasible", "optimal, and nothing is sent"],
)
def test_what_a_solver_says_is_no_answer_unless_it_is_a_plan_and_never_costs_nothing(result: Any) -> None:
    """Row 38."""
    own = search(HARD, nodes=1)

    answer = proved(HARD, lambda asked: read(asked, COLUMNS, result), nodes=1)

    assert answer == own
    assert answer is not None
    assert is_sound(HARD, answer.takes, answer.left)
    assert answer.cost > 0


def test_out_of_time_with_a_plan_its_bound_is_kept_and_the_gap_told() -> None:
    """Row 38."""
    best = solve(HARD)
    assert best is not None
    values = dict.fromkeys(range(len(EMPTY)), 0.0)
    for number, column in enumerate(COLUMNS, start=20):
        values[number] = sum(units for leg, item, units in best.takes if (leg, item) == (column.leg, column.item))
    result = SimpleNamespace(status=1, x=list(values.values()), fun=best.cost, mip_dual_bound=best.cost - 100.0)

    answer = read(HARD, COLUMNS, result)

    assert answer is not None
    assert (answer.cost, answer.exact) == (best.cost, False)
    assert best.cost - 102 <= answer.bound < best.cost - 99


def test_without_a_solver_the_best_plan_found_stands_with_its_gap() -> None:
    """Row 38."""
    answer = proved(HARD, None, nodes=1)

    assert isinstance(answer, Answer)
    assert is_sound(HARD, answer.takes, answer.left)
    assert answer.exact or answer.gap > 0
