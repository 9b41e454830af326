"""A question in, HiGHS's answer out, by scipy (extra `solver`); None where it has none that can be trusted.

HiGHS must be asked how it went: it may come back without an exception and with a cost of 0. Its plan is priced and
checked here, in whole numbers; of its own figures only the bound is used, rounded down.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from orderloom_nodes.route.search.pricing import cost_of, is_sound
from orderloom_nodes.route.search.question import Answer, Question

TIME_LIMIT_S = 5.0
_SLACK = 1e-6  # relative, of HiGHS's bound: its own tolerances


class Column(NamedTuple):
    leg: int
    item: int
    units: int
    cost: int


def has_solver() -> bool:
    """Whether scipy is installed."""
    try:
        import scipy.optimize  # noqa: F401, PLC0415 (the extra may be missing)
    except ImportError:
        return False
    return True


def solve(question: Question, time_limit_s: float = TIME_LIMIT_S) -> Answer | None:
    """Solve the question as an integer programme; needs scipy."""
    from scipy.optimize import milp  # noqa: PLC0415 (the extra may be missing)

    columns = columns_of(question)
    model = _model(question, columns)
    if model is None:
        return None
    result = milp(**model, options={"time_limit": time_limit_s, "mip_rel_gap": 0.0})
    return read(question, columns, result)


def read(question: Question, columns: Sequence[Column], result: Any) -> Answer | None:
    """Status 0 is optimal, 1 a limit with or without a plan; all others hold no plan (scipy's `milp`, 1.17)."""
    if result.status not in {0, 1} or result.x is None:
        return None
    legs = len(question.fixed)
    takes, left = [], [0] * len(question.wanted)
    for column, value in zip(columns, result.x[legs:], strict=True):
        units = round(float(value))
        if units and column.leg < 0:
            left[column.item] = units
        elif units:
            takes.append((column.leg, column.item, units))
    if not is_sound(question, takes, left):
        return None
    cost = cost_of(question, takes, left)
    bound = cost
    if result.status != 0:
        given = result.mip_dual_bound
        bound = 0 if given is None or not math.isfinite(given) else min(cost, math.floor(given * (1 - _SLACK)))
    return Answer(tuple(sorted(takes)), cost, max(0, bound), bound == cost, tuple(left), method="milp")


def columns_of(question: Question) -> list[Column]:
    found = []
    for leg, site in enumerate(question.sites):
        for item, cost in enumerate(question.unit[leg]):
            units = min(question.stock[site][item], question.wanted[item])
            if cost is not None and units > 0:
                found.append(Column(leg, item, units, cost))
    for item, cost in enumerate(question.unsent):
        if cost is not None:
            found.append(Column(-1, item, question.wanted[item], cost))
    return found


def _model(question: Question, columns: Sequence[Column]) -> dict[str, Any] | None:
    import numpy as np  # noqa: PLC0415 (comes with scipy)
    from scipy.optimize import Bounds, LinearConstraint  # noqa: PLC0415
    from scipy.sparse import coo_array  # noqa: PLC0415

    legs = len(question.fixed)
    cells: list[tuple[int, int, int]] = []  # row, column, factor
    low: list[float] = []
    high: list[float] = []

    def row(entries: list[tuple[int, int]], least: float, most: float) -> None:
        cells.extend((len(low), column, factor) for column, factor in entries)
        low.append(least)
        high.append(most)

    by_item: dict[int, list[tuple[int, int]]] = {}
    by_place: dict[tuple[int, int], list[tuple[int, int]]] = {}
    by_site: dict[int, list[tuple[int, int]]] = {}
    for number, column in enumerate(columns, start=legs):
        by_item.setdefault(column.item, []).append((number, 1))
        if column.leg < 0:
            continue
        site = question.sites[column.leg]
        by_place.setdefault((site, column.item), []).append((number, 1))
        by_site.setdefault(site, []).append((number, 1))
        row([(number, 1), (column.leg, -column.units)], -np.inf, 0)
    for item, wanted in enumerate(question.wanted):
        if item not in by_item:
            return None
        row(by_item[item], wanted, wanted)
    for (site, item), entries in by_place.items():
        row(entries, -np.inf, question.stock[site][item])
    for site, limit in enumerate(question.room):
        if limit is not None and site in by_site:
            row(by_site[site], -np.inf, limit)
    if question.most is not None:
        row([(leg, 1) for leg in range(legs)], -np.inf, question.most)
    rows, numbers, factors = zip(*cells, strict=True)
    width = legs + len(columns)
    lowest: Any = np.zeros(width)
    upper: Any = np.array([1] * legs + [column.units for column in columns])
    bottoms: Any = low  # scipy says nothing of types, and a checker guesses them from its defaults
    tops: Any = high
    return {
        "c": np.array([*question.fixed, *(column.cost for column in columns)], dtype=float),
        "constraints": LinearConstraint(
            coo_array((factors, (rows, numbers)), shape=(len(low), width)).tocsr(), bottoms, tops
        ),
        "bounds": Bounds(lowest, upper),
        "integrality": np.ones(width),
    }
