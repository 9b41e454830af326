"""A batch of questions in; a plan for each of them, the cheapest together that was found in time, and its bound out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from orderloom_nodes.route.batch.blocks import BLOCK, SMALL_BLOCK, Plans, Search, queued
from orderloom_nodes.route.batch.pricing import Alive, Pool, Prices, by_programme, by_steps
from orderloom_nodes.route.batch.shared import Batch, total
from orderloom_nodes.route.search.solver import has_solver

TIME_LIMIT_S = 60.0
ENOUGH = 0.0005  # of the cost: such a gap ends the search
PRICING = 0.5  # of the time at most goes into the bound


@dataclass(frozen=True)
class Progress:
    """What is known so far: `stage` is one_by_one, bound or blocks; `done` orders, rounds or blocks."""

    stage: str
    done: int
    cost: int
    bound: float
    seconds: float


@dataclass(frozen=True)
class Planned:
    """`first_cost` is what exact plans one by one come to. `bound`: no plans for all of them cost less."""

    plans: Plans
    cost: int
    bound: float
    first_cost: int
    blocks: int
    seconds: float

    @property
    def gap(self) -> float:
        return (self.cost - self.bound) / self.cost if self.cost else 0.0


Told = Callable[[Progress], None]
Clock = Callable[[], float]


def plan(
    batch: Batch,
    time_limit_s: float = TIME_LIMIT_S,
    told: Told = lambda _: None,
    *,
    solver: bool | None = None,
    clock: Clock = time.monotonic,
) -> Planned | None:
    """Exact one by one, then prices and a bound, then blocks until the time is over or the gap is closed.

    None where an order has no plan at all out of what is left: give each item a cost to be left for later.
    """
    run = _Run(batch, told, time_limit_s, has_solver() if solver is None else solver, clock)
    if not run.one_by_one():
        return None
    run.price()
    run.improve()
    return run.planned()


class _Run:
    def __init__(self, batch: Batch, told: Told, limit_s: float, solver: bool, clock: Clock) -> None:
        self._batch, self._told, self._limit_s, self._solver = batch, told, limit_s, solver
        self._clock, self._began = clock, clock()
        self._orders = list(range(len(batch.asked)))
        self._pool = Pool()
        self._plans: Plans = {}
        self._prices = Prices((0.0,) * len(batch.supply), 0.0)
        self._first = 0
        self._blocks = 0

    def one_by_one(self) -> bool:
        found = queued(self._batch, self._orders, self._batch.supply, None, lambda done: self._tell("one_by_one", done))
        if found is None:
            return False
        self._keep(found)
        self._first = total(found)
        return True

    def price(self) -> None:
        alive = self._until(PRICING)
        goal, supply = float(total(self._plans)), self._batch.supply
        if self._solver:
            self._prices = by_programme(self._batch, self._orders, supply, self._pool, alive)
        else:
            self._prices = by_steps(self._batch, self._orders, supply, self._pool, goal, alive)
        self._tell("bound", 1)
        if self._is_open():
            found = queued(self._batch, self._orders, supply, self._prices.values)
            if found is not None:
                self._keep(found)

    def improve(self) -> None:
        search = Search(self._batch, self._plans, self._pool, self._prices.values)
        alive = self._until(1.0)
        if self._solver and len(self._orders) <= 3 * BLOCK and self._is_open():
            search.together(self._orders, alive, seconds=self._left_s() / 2)
        still = 0
        while self._is_open() and alive() and len(self._orders) > 1 and still < 400:
            orders = search.free(BLOCK if self._solver else SMALL_BLOCK)
            better = (
                search.together(orders, alive, min(8.0, self._left_s())) if self._solver else search.one_by_one(orders)
            )
            still = 0 if better else still + 1
            self._blocks += 1
            self._tell("blocks", self._blocks)

    def planned(self) -> Planned:
        cost = total(self._plans)
        return Planned(
            self._plans, cost, min(float(cost), self._prices.bound), self._first, self._blocks, self._passed_s()
        )

    def _keep(self, found: Plans) -> None:
        for pattern in found.values():
            self._pool.add(pattern)
        if not self._plans or total(found) < total(self._plans):
            self._plans = found

    def _is_open(self) -> bool:
        return total(self._plans) - self._prices.bound > ENOUGH * total(self._plans)

    def _until(self, share: float) -> Alive:
        """Tells whether that share of the time is not over yet."""
        return lambda: self._passed_s() < share * self._limit_s

    def _passed_s(self) -> float:
        return self._clock() - self._began

    def _left_s(self) -> float:
        return max(0.5, self._limit_s - self._passed_s())

    def _tell(self, stage: str, done: int) -> None:
        cost = total(self._plans) if self._plans else 0
        self._told(Progress(stage, done, cost, self._prices.bound, self._passed_s()))
