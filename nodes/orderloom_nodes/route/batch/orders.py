"""Orders and stock in; an allocation for each order, planned together, with the cost, the bound and the gap, out.

Nothing is reserved here. The module is what `orderloom route` looks for beside the node.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import ConfigDict, Field

from orderloom import NodeError, Stock, StockKeeper
from orderloom.model import Location, Model, Order, StockLevel
from orderloom_nodes.route.batch.allocating import Allocation, allocation, left_out
from orderloom_nodes.route.batch.batching import Planned, Told, plan
from orderloom_nodes.route.batch.blocks import Plans, queued
from orderloom_nodes.route.batch.shared import Asked, Batch
from orderloom_nodes.route.costs import ESTIMATE, Costs
from orderloom_nodes.route.plan import Strategy, question
from orderloom_nodes.route.planning import Shelves, Weighed, weigh
from orderloom_nodes.route.policy import Keeping, Policy, most_shipments
from orderloom_nodes.route.sites import NOT_BUSY, Busy, Item

UNSENT = Decimal(1000)  # what a unit that cannot be sent counts for in the search, where the costs do not say


class BatchPolicy(Model):
    """The file that `--policy` and `--against` name: the settings of the node `route`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    strategy: Strategy = "cheapest"
    costs: Costs = ESTIMATE
    promise: Keeping = "price"
    max_stock_age_h: int | None = Field(default=None, ge=0)

    @property
    def policy(self) -> Policy:
        costs = self.costs if self.costs.later is not None else self.costs.model_copy(update={"later": UNSENT})
        return Policy(self.strategy, costs, self.promise, self.max_stock_age_h)


@dataclass(frozen=True)
class Prepared:
    """The orders that can be weighed, their questions, and those that cannot, with the reason."""

    weighed: tuple[Weighed, ...]
    batch: Batch
    left_out: tuple[Allocation, ...]


@dataclass
class _Resources:
    """Numbers for what orders share; the supply is what the first to ask for it sees."""

    numbers: dict[tuple[Any, ...], int] = field(default_factory=dict)
    supply: list[int] = field(default_factory=list)

    def number(self, name: tuple[Any, ...], units: int) -> int:
        found = self.numbers.setdefault(name, len(self.supply))
        if found == len(self.supply):
            self.supply.append(units)
        self.supply[found] = max(self.supply[found], units)
        return found


def prepare(
    orders: Sequence[Order], stock: Stock, policy: Policy, moment: Callable[[Order], datetime]
) -> Prepared:
    """What each order asks of the stock, seen at its moment."""
    locations = tuple(stock.locations())
    levels = _levels(orders, stock)
    busy: Busy = stock.picks if isinstance(stock, StockKeeper) else NOT_BUSY
    resources = _Resources()
    weighed, asked, out = [], [], []
    for order in orders:
        try:
            found = weigh(order, policy, moment(order), lambda items: _shelves(items, locations, levels, busy))
        except NodeError as error:
            out.append(left_out(order, error.message))
            continue
        if not found.sites:
            out.append(left_out(order, "no location has any of it, or may send it"))
            continue
        weighed.append(found)
        asked.append(_asked(found, policy, resources))
    return Prepared(tuple(weighed), Batch(tuple(asked), tuple(resources.supply)), tuple(out))


def _levels(orders: Sequence[Order], stock: Stock) -> Mapping[str, tuple[StockLevel, ...]]:
    skus = sorted({line.sku for order in orders for line in order.lines})
    found: dict[str, list[StockLevel]] = {sku: [] for sku in skus}
    for level in stock.levels(skus):
        found[level.sku].append(level)
    return {sku: tuple(levels) for sku, levels in found.items()}


def _shelves(
    items: tuple[Item, ...], locations: tuple[Location, ...], levels: Mapping[str, tuple[StockLevel, ...]], busy: Busy
) -> Shelves:
    known = tuple(level for item in items for level in levels.get(item.sku, ()))
    unheard = {item.sku: f"no location knows {item.sku}" for item in items if not levels.get(item.sku)}
    return Shelves(locations, known, unheard, busy)


def _asked(found: Weighed, policy: Policy, resources: _Resources) -> Asked:
    sites, items = found.sites, found.sourcing.items
    made = question(sites, items, policy.costs, policy.strategy, most_shipments(policy, found.order)[0])
    first = list({site.location_id: site for site in sites}.values())
    stock = tuple(
        tuple(
            resources.number((site.location_id, item.sku), units)
            for item, units in zip(items, site.shelf, strict=True)
        )
        for site in first
    )
    room = tuple(
        None if site.room is None else resources.number((site.location_id, site.day), site.room) for site in first
    )
    return Asked(made, stock, room)


def together(prepared: Prepared, time_limit_s: float, told: Told) -> Planned | None:
    """The cheapest plans for all orders that are found in time; None where there are no orders."""
    return plan(prepared.batch, time_limit_s, told) if prepared.weighed else None


def one_by_one(prepared: Prepared) -> Plans:
    """Each order by its own policy, out of what those before it have left."""
    return queued(prepared.batch, range(len(prepared.weighed)), prepared.batch.supply) or {}


def allocations(prepared: Prepared, policy: BatchPolicy, plans: Plans) -> tuple[Allocation, ...]:
    """One for each order, those that were left out at the end."""
    partly = policy.costs.later is not None
    made = [
        allocation(prepared.weighed[number], policy.policy, plans[number].answer, partly=partly)
        for number in sorted(plans)
    ]
    return (*made, *prepared.left_out)

