"""The node `route`: an order in, planned shipments out, with a reason for every location that sends nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from orderloom import Later, NodeError, Outcome, Setting, Stock, World, node
from orderloom.model import Order, Shipment
from orderloom_nodes.route.coordinates import locate
from orderloom_nodes.route.plan import Strategy, question, shipments
from orderloom_nodes.route.reasons import Missing, missing, notes, too_late, total, why_not, why_short
from orderloom_nodes.route.reserving import AGAIN, Held, promised
from orderloom_nodes.route.search import Answer, search
from orderloom_nodes.route.sites import ESTIMATE, Costs, Item, Passed, Site, Sourcing, few, look_around, wanted_items
from orderloom_nodes.route.unheard import unheard_of
from orderloom_nodes.route.waiting import LOOK_AGAIN, Duration, look_again_at

_STANDS = "these units were reserved for this order before: that plan stands"  # so no other place was looked at


class Routed(Outcome, name="routed"):
    """Everything can be sent; what is to be shipped stands in `shipments`, once each.

    `reservation` is what holds the units for this order; empty where none was made (a dry run, `reserve: false`, stock
    that cannot be promised).
    """

    shipments: tuple[Shipment, ...]
    reservation: str = ""
    reasons: tuple[Passed, ...]
    why: str
    notes: tuple[str, ...] = ()


class Short(Outcome, name="short"):
    """Not everything can be sent; nothing is planned."""

    missing: tuple[Missing, ...]
    reasons: tuple[Passed, ...]
    why: str
    notes: tuple[str, ...] = ()


@node("route", kind="action", effects="keyed", rehearses=True)
def route(
    order: Order,
    world: World,
    strategy: Setting[Strategy] = "cheapest",
    costs: Setting[Costs] = ESTIMATE,
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
    `invalid`.
    """
    stock = world.connection(connection, Stock)
    held = Held.of(stock, world, reserve=reserve)
    for _ in range(AGAIN):
        found = _planned(order, world, held, strategy, costs, max_stock_age_h)
        if isinstance(found, Short):
            return later if (later := look_again_at(world, wait_for_stock, look_again)) else found
        reservation = promised(held, order, found.shipments)
        if reservation is not None:
            return _held(found, reservation, again=held.before is not None)
    raise NodeError("unavailable", "other orders take the stock as fast as it is planned: try again")


def _planned(
    order: Order, world: World, held: Held, strategy: Strategy, costs: Costs, max_stock_age_h: int | None
) -> Routed | Short:
    items = wanted_items(order, costs)
    sourcing, note = _sourcing(order, items, costs, world.now(), max_stock_age_h)
    stock = held.stock
    levels = held.levels([item.sku for item in items])
    sourcing = sourcing._replace(unheard=unheard_of(items, levels, stock))
    sites, passed = look_around(sourcing, stock.locations(), levels)
    split = order.shipping_preferences is None or order.shipping_preferences.allow_split
    asked = question(sites, items, strategy, None if split else 1)
    answer = search(asked) if sites else None
    if answer is None:
        return _short(sourcing, sites, passed, split, (*notes(items, note, costs), *held.notes))
    priced = asked if strategy == "cheapest" else question(sites, items, "cheapest", asked.most)
    told = (*notes(items, note, costs), *too_late(sites, answer, sourcing.promise), *held.notes)
    return Routed(
        shipments=shipments(order, items, sites, answer, costs, told),
        reasons=_by_id([*passed, *why_not(sites, items, asked, priced, answer, costs)]),
        why=_why(sites, answer, strategy, total(sites, answer, costs)),
        notes=told,
    )


def _held(found: Routed, reservation: str, *, again: bool) -> Routed:
    if not reservation:
        return found
    held = tuple(shipment.model_copy(update={"reservation_id": reservation}) for shipment in found.shipments)
    told = {"reasons": (), "notes": (*found.notes, _STANDS)} if again else {}
    return found.model_copy(update={"shipments": held, "reservation": reservation, **told})


def _sourcing(
    order: Order, items: tuple[Item, ...], costs: Costs, now: datetime, max_stock_age_h: int | None
) -> tuple[Sourcing, str | None]:
    if order.is_collected:
        raise NodeError("empty", "the buyer comes for this order, or took it along: nothing is to be shipped")
    if not items:
        raise NodeError("empty", "nothing in this order is left to be shipped")
    address = order.shipping_address
    if address is None:
        raise NodeError("invalid", "the order has no shipping address: correct it, or route it by hand")
    found = locate(address)
    if found is None:
        where = f"country `{address.country_code}`" if address.country_code else "an address without a country"
        raise NodeError("invalid", f"nobody knows where {where} lies: correct `shipping_address.country_code`")
    promise = order.promise.latest_delivery if order.promise else None
    oldest = now - timedelta(hours=max_stock_age_h) if max_stock_age_h is not None else None
    return Sourcing(items, found.point, address, costs, now, promise, oldest), found.note


def _short(
    sourcing: Sourcing, sites: tuple[Site, ...], passed: list[Passed], split: bool, told: tuple[str, ...]
) -> Short:
    items, unheard = sourcing.items, sourcing.unheard
    together = all(sum(site.stock[index] for site in sites) >= item.wanted for index, item in enumerate(items))
    why = "the order must not be split and no location has all of it" if together else "there is too little in stock"
    return Short(
        missing=missing(items, sites, split, unheard),
        reasons=_by_id([*passed, *why_short(sites, items, unheard)]),
        why=few(list(unheard.values()), "; ") or why,
        notes=told,
    )


def _by_id(passed: list[Passed]) -> tuple[Passed, ...]:
    return tuple(sorted(passed, key=lambda found: found.location_id))


def _why(sites: tuple[Site, ...], answer: Answer, strategy: Strategy, cost: str) -> str:
    names = " and ".join(sites[index].location_id for index in answer.legs)
    number = f"{len(answer.legs)} shipments" if len(answer.legs) > 1 else "one shipment"
    proof = "" if answer.exact else ", the best that was found in time"
    return f"{number} from {names}: {strategy}{proof}, about {cost}"
