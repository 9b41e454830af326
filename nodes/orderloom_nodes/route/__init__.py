"""The node `route`: an order in, planned shipments out, with a reason for every location that sends nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from orderloom import Later, NodeError, Setting, Stock, World, node
from orderloom.model import Order, StockLevel
from orderloom_nodes.route.costs import ESTIMATE, Costs
from orderloom_nodes.route.outcomes import Routed, Short
from orderloom_nodes.route.plan import Strategy
from orderloom_nodes.route.planning import Shelves, plan_of, weigh
from orderloom_nodes.route.policy import Keeping, Policy
from orderloom_nodes.route.reserving import AGAIN, Held, busy_of, give_up, promised
from orderloom_nodes.route.sites import Item
from orderloom_nodes.route.unheard import unheard_of
from orderloom_nodes.route.waiting import LOOK_AGAIN, Duration, look_again_at

_STANDS = "these units were reserved for this order before: that plan stands"  # so no other place was looked at


@node("route", kind="action", effects="keyed", rehearses=True)
def route(
    order: Order,
    world: World,
    strategy: Strategy = "cheapest",
    exclude: list[str] | None = None,
    instead_of: str = "",
    costs: Setting[Costs] = ESTIMATE,
    promise: Setting[Keeping] = "price",
    max_stock_age_h: Setting[int | None] = None,
    wait_for_stock: Setting[Duration | None] = None,
    look_again: Setting[Duration] = LOOK_AGAIN,
    reserve: Setting[bool] = True,
    connection: Setting[str] = "stock",
) -> Routed | Short | Later:
    """Find the locations that send an order, by cost, number of shipments or distance, and promise it their units.

    A location's stock counts as on hand less reserved less safety stock; one counted more than `max_stock_age_h` hours
    ago counts as none. The units are reserved at once, all or none, so two orders never get the same one; a second
    call with the same key gives the same. With `wait_for_stock: 30d` a short order is looked at again every
    `look_again` (1h) for so long before it is `short`. Lines that need no shipping are left out; an order of such lines
    alone, and one that the buyer comes for, is the error `empty`, and one whose address leads nowhere the error
    `invalid`. To route again, `exclude` names the locations that cannot send it after all, and `instead_of` the
    reservation that is given up for the new one.
    """
    stock = world.connection(connection, Stock)
    policy = Policy(strategy, costs, promise, max_stock_age_h)
    held = Held.of(stock, world, reserve=reserve)
    give_up(held, instead_of)
    for _ in range(AGAIN):
        found = _planned(order, world, held, policy, exclude or [])
        if isinstance(found, Short):
            return later if (later := look_again_at(world, wait_for_stock, look_again)) else found
        routed, days = found
        reservation = promised(held, order, routed.shipments, days)
        if reservation is not None:
            return _held(routed, reservation, again=held.before is not None)
    raise NodeError("unavailable", "other orders take the stock as fast as it is planned: try again")


def _planned(
    order: Order, world: World, held: Held, policy: Policy, exclude: Sequence[str]
) -> tuple[Routed, Mapping[str, date]] | Short:
    """The plan, and the day on which each of its locations picks."""
    levels: list[StockLevel] = []

    def shelves(items: tuple[Item, ...]) -> Shelves:
        levels.extend(held.levels([item.sku for item in items]))
        unheard = unheard_of(items, levels, held.stock)
        return Shelves(tuple(held.stock.locations()), tuple(levels), unheard, busy_of(held))

    weighed = weigh(order, policy, world.now(), shelves, exclude)
    outcome, found = plan_of(weighed, policy, levels, held.notes)
    if isinstance(outcome, Short) or found is None:
        assert isinstance(outcome, Short)
        return outcome
    return outcome, {weighed.sites[leg].location_id: weighed.sites[leg].day for leg in found.answer.legs}


def _held(found: Routed, reservation: str, *, again: bool) -> Routed:
    if not reservation:
        return found
    held = tuple(shipment.model_copy(update={"reservation_id": reservation}) for shipment in found.shipments)
    told = {"reasons": (), "notes": (*found.notes, _STANDS)} if again else {}
    return found.model_copy(update={"shipments": held, "reservation": reservation, **told})
