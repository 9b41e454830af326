"""A batch in; prices of what is scarce, and a cost below which no plan for all orders can lie, out.

With a price on each resource every order is routed for itself (Dantzig and Wolfe 1960). The prices come from a linear
programme over the plans found so far, smoothed towards those with the best bound (Wentges 1997); without scipy from
subgradient steps. Either way each set of prices gives a valid bound.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from orderloom_nodes.route.batch.shared import Batch, Pattern, Usage, at_prices

SMOOTH = 0.5  # how far the prices stay with the best ones
CLOSE = 0.0005  # of the cost: the programme's value is near enough to the bound

Alive = Callable[[], bool]


@dataclass
class Pool:
    """The plans found so far for each order, without repeats."""

    by_order: dict[int, dict[Usage, Pattern]] = field(default_factory=dict)

    def add(self, pattern: Pattern) -> bool:
        """Whether it is new, or cheaper than the one that takes the same."""
        known = self.by_order.setdefault(pattern.order, {})
        before = known.get(pattern.usage)
        if before is not None and before.cost <= pattern.cost:
            return False
        known[pattern.usage] = pattern
        return True

    def of(self, order: int) -> list[Pattern]:
        return list(self.by_order.get(order, {}).values())


@dataclass(frozen=True)
class Prices:
    """`bound` is of the cost of these orders out of this supply."""

    values: tuple[float, ...]
    bound: float


def bound_at(
    batch: Batch, orders: Sequence[int], supply: Sequence[int], values: Sequence[float], pool: Pool
) -> tuple[Prices, bool, dict[int, int]]:
    """The bound at these prices, whether a new plan was found, and how much of each resource the plans take."""
    bound = -sum(price * units for price, units in zip(values, supply, strict=True) if price)
    new = False
    taken: dict[int, int] = {}
    for order in orders:
        pattern, value = at_prices(batch, order, values)
        bound += value
        if pattern is not None:
            new = pool.add(pattern) or new
            for resource, units in pattern.usage:
                taken[resource] = taken.get(resource, 0) + units
    return Prices(tuple(values), bound), new, taken


def by_programme(
    batch: Batch,
    orders: Sequence[int],
    supply: Sequence[int],
    pool: Pool,
    alive: Alive,
    start: Sequence[float] | None = None,
    rounds: int = 60,
) -> Prices:
    """Prices by column generation; needs scipy. The pool must hold plans that together fit into the supply."""
    from orderloom_nodes.route.batch.programme import duals  # noqa: PLC0415 (needs scipy)

    best, _, _ = bound_at(batch, orders, supply, start or (0.0,) * len(supply), pool)
    for _ in range(rounds):
        if not alive():
            break
        value, given = duals(orders, supply, pool)
        if value - best.bound <= CLOSE * abs(value):
            break
        tried = [SMOOTH * old + (1 - SMOOTH) * new for old, new in zip(best.values, given, strict=True)]
        found, new, _ = bound_at(batch, orders, supply, tried, pool)
        if found.bound > best.bound:
            best = found
        elif not new:
            found, new, _ = bound_at(batch, orders, supply, given, pool)
            best = max(best, found, key=lambda prices: prices.bound)
            if not new:
                break
    return best


def by_steps(
    batch: Batch,
    orders: Sequence[int],
    supply: Sequence[int],
    pool: Pool,
    goal: float,
    alive: Alive,
    rounds: int = 80,
) -> Prices:
    """Prices by subgradient steps towards `goal`, the cost of a plan for all orders that is known."""
    values = [0.0] * len(supply)
    best, pace, still = Prices(tuple(values), float("-inf")), 1.0, 0
    for _ in range(rounds):
        found, _, taken = bound_at(batch, orders, supply, values, pool)
        if found.bound > best.bound:
            best, still = found, 0
        else:
            still += 1
            if still == 3:
                pace, still = pace / 2, 0
        slope = [taken.get(resource, 0) - units for resource, units in enumerate(supply)]
        slope = [part if part > 0 or values[resource] > 0 else 0 for resource, part in enumerate(slope)]
        size = sum(part * part for part in slope)
        if not size or not alive() or goal - best.bound <= CLOSE * goal:
            break
        step = pace * (goal - found.bound) / size
        values = [max(0.0, price + step * part) for price, part in zip(values, slope, strict=True)]
    return best
