"""The node `route`: an order in, planned shipments out, with a reason for every location that sends nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from orderloom import NodeError, Outcome, Setting, Stock, World, node
from orderloom.model import Order, Shipment
from orderloom_nodes.route.coordinates import locate
from orderloom_nodes.route.plan import Strategy, question, shipments
from orderloom_nodes.route.reasons import Missing, missing, notes, too_late, total, why_not, why_short
from orderloom_nodes.route.search import Answer, search
from orderloom_nodes.route.sites import ESTIMATE, Costs, Item, Passed, Site, Sourcing, few, look_around, wanted_items
from orderloom_nodes.route.unheard import unheard_of


class Routed(Outcome, name="routed"):
    """Everything can be sent; what is to be shipped stands in `shipments`, once each."""

    shipments: tuple[Shipment, ...]
    reasons: tuple[Passed, ...]
    why: str
    notes: tuple[str, ...] = ()


class Short(Outcome, name="short"):
    """Not everything can be sent; nothing is planned."""

    missing: tuple[Missing, ...]
    reasons: tuple[Passed, ...]
    why: str
    notes: tuple[str, ...] = ()


@node("route", kind="action", effects="none")
def route(
    order: Order,
    world: World,
    strategy: Setting[Strategy] = "cheapest",
    costs: Setting[Costs] = ESTIMATE,
    max_stock_age_h: Setting[int | None] = None,
    connection: Setting[str] = "stock",
) -> Routed | Short:
    """Find the locations that send an order: by cost, number of shipments or distance, split where it must be.

    A location's stock counts as on hand less reserved less safety stock; one counted more than `max_stock_age_h` hours
    ago counts as none. Lines that need no shipping are left out; an order of such lines alone, and one that the buyer
    comes for, is the error `empty`, and one whose address leads nowhere the error `invalid`.
    """
    items = wanted_items(order, costs)
    sourcing, note = _sourcing(order, items, costs, world.now(), max_stock_age_h)
    stock = world.connection(connection, Stock)
    levels = stock.levels([item.sku for item in items])
    sourcing = sourcing._replace(unheard=unheard_of(items, levels, stock))
    sites, passed = look_around(sourcing, stock.locations(), levels)
    split = order.shipping_preferences is None or order.shipping_preferences.allow_split
    asked = question(sites, items, strategy, None if split else 1)
    answer = search(asked) if sites else None
    if answer is None:
        return _short(sourcing, sites, passed, split, notes(items, note, costs))
    priced = asked if strategy == "cheapest" else question(sites, items, "cheapest", asked.most)
    told = (*notes(items, note, costs), *too_late(sites, answer, sourcing.promise))
    return Routed(
        shipments=shipments(order, items, sites, answer, costs, told),
        reasons=_by_id([*passed, *why_not(sites, items, asked, priced, answer, costs)]),
        why=_why(sites, answer, strategy, total(sites, answer, costs)),
        notes=told,
    )


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
    names = " and ".join(sites[index].location_id for index in answer.sites)
    number = f"{len(answer.sites)} shipments" if len(answer.sites) > 1 else "one shipment"
    proof = "" if answer.exact else ", the best that was found in time"
    return f"{number} from {names}: {strategy}{proof}, about {cost}"
