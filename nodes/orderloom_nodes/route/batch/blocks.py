"""Plans for all orders in, cheaper ones out: free orders that compete for the same stock, plan them together, again.

The blocks are drawn at random from a fixed seed, so that the same batch goes the same way; the clock only says when it
ends.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from orderloom_nodes.route.batch.pricing import Alive, Pool, by_programme
from orderloom_nodes.route.batch.shared import Batch, Pattern, out_of, total

Plans = dict[int, Pattern]
BLOCK = 120  # orders freed together with a solver, which looks at all their plans at once
SMALL_BLOCK = 12  # and without one, when they are planned one after the other
BLOCK_S = 8.0


@dataclass
class Search:
    """The state of the large-neighbourhood search. `prices` are those of the batch's bound."""

    batch: Batch
    plans: Plans
    pool: Pool
    prices: tuple[float, ...]
    draw: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311 (no secret depends on it)

    def free(self, size: int) -> list[int]:
        """A random order, and those that compete with it: what they take, or would like to, overlaps."""
        wanting: dict[int, list[int]] = {}
        for order in self.plans:
            for resource in self._wanted(order):
                wanting.setdefault(resource, []).append(order)
        first = self.draw.choice(sorted(self.plans))
        found, queue = {first}, [first]
        while queue and len(found) < size:
            order = queue.pop(0)
            near = sorted({other for resource in self._wanted(order) for other in wanting[resource]} - found)
            self.draw.shuffle(near)
            near = near[: size - len(found)]
            found.update(near)
            queue += near
        return sorted(found)

    def _wanted(self, order: int) -> list[int]:
        """The scarce resources that any known plan of the order takes, else all that its own plan takes."""
        used = {resource for pattern in self.pool.of(order) for resource, _ in pattern.usage}
        scarce = sorted(resource for resource in used if self.prices[resource] > 0)
        return scarce or [resource for resource, _ in self.plans[order].usage]

    def together(self, orders: Sequence[int], alive: Alive, seconds: float = BLOCK_S) -> bool:
        """Plan these orders anew, all others staying; needs scipy. Whether it became cheaper."""
        from orderloom_nodes.route.batch.programme import chosen  # noqa: PLC0415 (needs scipy)

        supply = self.batch.left(plan for order, plan in self.plans.items() if order not in set(orders))
        for order in orders:
            self.pool.add(self.plans[order])
        by_programme(self.batch, orders, supply, self.pool, alive, self.prices, rounds=6)
        pool = {order: self.pool.of(order) for order in orders}
        return self._taken(chosen(orders, supply, pool, seconds), orders)

    def one_by_one(self, orders: Sequence[int]) -> bool:
        """Plan these orders anew, one after the other in a random order, at the prices of what is scarce."""
        supply = self.batch.left(plan for order, plan in self.plans.items() if order not in set(orders))
        turn = list(orders)
        self.draw.shuffle(turn)
        share = self.draw.choice((0.0, 0.5, 1.0, 1.0))
        return self._taken(queued(self.batch, turn, supply, [share * price for price in self.prices]), orders)

    def _taken(self, found: Mapping[int, Pattern] | None, orders: Sequence[int]) -> bool:
        if found is None or total(found) >= sum(self.plans[order].cost for order in orders):
            return False
        for pattern in found.values():
            self.pool.add(pattern)
        self.plans.update(found)
        return True


def queued(
    batch: Batch,
    orders: Sequence[int],
    supply: Sequence[int],
    prices: Sequence[float] | None = None,
    told: Callable[[int], None] = lambda _: None,
) -> Plans | None:
    """Each order's cheapest plan out of what those before it have left; None where one has none."""
    left, found = list(supply), {}
    for done, order in enumerate(orders, start=1):
        pattern = out_of(batch, order, left, prices)
        if pattern is None:
            return None
        found[order] = pattern
        for resource, units in pattern.usage:
            left[resource] -= units
        told(done)
    return found
