"""An order, locations and levels in; the plan and all that was weighed out. Nothing here asks or tells the outside."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from orderloom import NodeError
from orderloom.model import Location, Order, StockLevel
from orderloom_nodes.route.coordinates import locate
from orderloom_nodes.route.outcomes import Routed, Short, routed, short
from orderloom_nodes.route.policy import Found, Policy, found_by
from orderloom_nodes.route.reasons import alerts, notes, too_late
from orderloom_nodes.route.sites import NOT_BUSY, Busy, Item, Passed, Site, Sourcing, look_around, wanted_items

EXCLUDED = "excluded: it could not send this order"


@dataclass(frozen=True)
class Shelves:
    """What is known of the stock. `unheard` tells of the articles that no location knows."""

    locations: tuple[Location, ...]
    levels: tuple[StockLevel, ...]
    unheard: Mapping[str, str]
    busy: Busy = NOT_BUSY


class Weighed(NamedTuple):
    """An order with everything that could send it."""

    order: Order
    sourcing: Sourcing
    sites: tuple[Site, ...]
    passed: tuple[Passed, ...]
    notes: tuple[str, ...]


def weigh(
    order: Order,
    policy: Policy,
    now: datetime,
    shelves: Callable[[tuple[Item, ...]], Shelves],
    exclude: Collection[str] = (),
) -> Weighed:
    """Which locations could send what. Raises `NodeError`: `empty` for nothing to send, `invalid` for nowhere."""
    items = wanted_items(order, policy.costs)
    sourcing, note = _sourcing(order, items, policy, now)
    known = shelves(items)
    sourcing = sourcing._replace(unheard=known.unheard, busy=known.busy, without=dict.fromkeys(exclude, EXCLUDED))
    sites, passed = look_around(sourcing, known.locations, known.levels)
    told = (*notes(items, note, policy.costs), *alerts(known.levels, sourcing.oldest))
    return Weighed(order, sourcing, sites, tuple(passed), told)


def plan_of(
    weighed: Weighed, policy: Policy, levels: Iterable[StockLevel], more: tuple[str, ...] = ()
) -> tuple[Routed | Short, Found | None]:
    """The outcome, and the search's answer where there is a plan. `more` are notes of the caller's."""
    order, sourcing, sites, passed, told = weighed
    found = found_by(policy, order, sites, sourcing.items) if sites else None
    if found is None or not found.answer.takes:
        split = order.shipping_preferences is None or order.shipping_preferences.allow_split
        return short(sourcing, sites, passed, split, tuple(levels), (*told, *more)), None
    told = (*told, *too_late(sites, found.answer, sourcing.promise), *more)
    return routed(order, sourcing, sites, passed, found, policy, tuple(levels), told), found


def _sourcing(order: Order, items: tuple[Item, ...], policy: Policy, now: datetime) -> tuple[Sourcing, str | None]:
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
    oldest = now - timedelta(hours=policy.max_stock_age_h) if policy.max_stock_age_h is not None else None
    must = policy.promise == "must"
    made = Sourcing(
        items, found.point, address, policy.costs, now, promise, oldest, channel=order.channel.type, must=must
    )
    return made, found.note
