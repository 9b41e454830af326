"""The plans found so far in; scipy's HiGHS says what each resource is worth, or which plans to take, one an order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array

from orderloom_nodes.route.batch.shared import Pattern

if TYPE_CHECKING:
    from orderloom_nodes.route.batch.pricing import Pool


def duals(orders: Sequence[int], supply: Sequence[int], pool: Pool) -> tuple[float, list[float]]:
    """The value of the linear programme and the price of each resource in it; (inf, zeros) where it has none."""
    patterns = [pattern for order in orders for pattern in pool.of(order)]
    rows = {resource: row for row, resource in enumerate(sorted({r for p in patterns for r, _ in p.usage}))}
    result = linprog(
        [pattern.cost for pattern in patterns],
        A_ub=_taking(patterns, rows),
        b_ub=[supply[resource] for resource in rows],
        A_eq=_one_each(patterns, orders),
        b_eq=np.ones(len(orders)),
        bounds=(0, None),
        method="highs",
    )
    prices = [0.0] * len(supply)
    if result.status != 0:
        return float("inf"), prices
    for resource, row in rows.items():
        prices[resource] = max(0.0, -float(result.ineqlin.marginals[row]))
    return float(result.fun), prices


def chosen(
    orders: Sequence[int], supply: Sequence[int], pool: Mapping[int, Sequence[Pattern]], time_limit_s: float
) -> dict[int, Pattern] | None:
    """One plan an order, the cheapest together that fit; None where HiGHS has none that holds."""
    patterns = [pattern for order in orders for pattern in pool[order]]
    rows = {resource: row for row, resource in enumerate(sorted({r for p in patterns for r, _ in p.usage}))}
    constraints = [LinearConstraint(_one_each(patterns, orders), 1, 1)]
    if rows:
        limits: Any = [supply[resource] for resource in rows]  # scipy says nothing of types
        constraints.append(LinearConstraint(_taking(patterns, rows), -np.inf, limits))
    result = milp(
        [pattern.cost for pattern in patterns],
        constraints=constraints,
        integrality=np.ones(len(patterns)),
        bounds=Bounds(0, 1),
        options={"time_limit": max(0.5, time_limit_s), "mip_rel_gap": 1e-5},
    )
    if result.status not in {0, 1} or result.x is None:  # a status of its own for everything that went wrong
        return None
    taken = {pattern.order: pattern for pattern, x in zip(patterns, result.x, strict=True) if x > 0.5}
    return taken if _holds(taken, orders, supply) else None


def _holds(taken: Mapping[int, Pattern], orders: Sequence[int], supply: Sequence[int]) -> bool:
    used: dict[int, int] = {}
    for pattern in taken.values():
        for resource, units in pattern.usage:
            used[resource] = used.get(resource, 0) + units
    return taken.keys() == set(orders) and all(units <= supply[resource] for resource, units in used.items())


def _taking(patterns: Sequence[Pattern], rows: Mapping[int, int]) -> Any:
    cells = [(rows[resource], column, units) for column, p in enumerate(patterns) for resource, units in p.usage]
    return _matrix(cells, len(rows), len(patterns))


def _one_each(patterns: Sequence[Pattern], orders: Sequence[int]) -> Any:
    row = {order: number for number, order in enumerate(orders)}
    cells = [(row[pattern.order], column, 1) for column, pattern in enumerate(patterns)]
    return _matrix(cells, len(orders), len(patterns))


def _matrix(cells: Sequence[tuple[int, int, int]], height: int, width: int) -> Any:
    rows, columns, values = zip(*cells, strict=True) if cells else ((), (), ())
    return csr_array((np.array(values, dtype=float), (rows, columns)), shape=(height, width))
