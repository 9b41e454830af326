"""Promises units to an order without planning shipments: for a cart, a phone call, a shop's counter."""

from __future__ import annotations

from datetime import datetime, timedelta

from orderloom import NodeError, Outcome, Setting, StockKeeper, World, node
from orderloom.model import Model, Order, Reservation, StockLevel, Take
from orderloom_nodes.route.reserving import AGAIN
from orderloom_nodes.route.waiting import Duration


class Lacking(Model):
    """An article of which too little is there."""

    sku: str
    wanted: int
    available: int


class Reserved(Outcome, name="reserved"):
    """The units are held for the order."""

    reservation: str
    takes: tuple[Take, ...]


class Short(Outcome, name="short"):
    """Not everything is there; nothing is held."""

    missing: tuple[Lacking, ...]


@node("reserve-stock", effects="keyed")
def reserve_stock(
    order: Order,
    world: World,
    location: str | None = None,
    hold: Setting[Duration | None] = None,
    connection: Setting[str] = "stock",
) -> Reserved | Short:
    """Hold what is still to be shipped of an order, all or nothing: at `location`, else where most of an article is.

    `hold: 30m` lets go of it by itself after that time.
    """
    keeper = world.connection(connection, StockKeeper)
    keeper.expire(world.now())
    known = keeper.reservation(world.key)
    if known is not None and known.status in {"open", "used"}:
        return _reserved(known)
    wanted = _wanted(order)
    for _ in range(AGAIN):
        levels = [level for level in keeper.levels(list(wanted)) if location in (None, level.location_id)]
        missing = _missing(wanted, levels, order.channel.type)
        if missing:
            return Short(missing=missing)
        takes, channel = _takes(wanted, levels, order.channel.type), order.channel.type
        made = keeper.reserve(order.order_id, takes, world.key, world.now(), _until(world, hold), channel)
        if made is not None:
            return _reserved(made)
    raise NodeError("unavailable", "other orders take the stock as fast as it is looked at: try again")


def _wanted(order: Order) -> dict[str, int]:
    wanted: dict[str, int] = {}
    for line in order.lines:
        if line.requires_shipping and line.quantity_open > 0:
            wanted[line.sku] = wanted.get(line.sku, 0) + line.quantity_open
    if not wanted:
        raise NodeError("empty", "nothing in this order is left to be shipped")
    return wanted


def _missing(wanted: dict[str, int], levels: list[StockLevel], channel: str) -> tuple[Lacking, ...]:
    there = {sku: sum(level.available_to(channel) for level in levels if level.sku == sku) for sku in wanted}
    return tuple(
        Lacking(sku=sku, wanted=quantity, available=there[sku])
        for sku, quantity in wanted.items() if there[sku] < quantity
    )


def _takes(wanted: dict[str, int], levels: list[StockLevel], channel: str) -> tuple[Take, ...]:
    found = []
    for sku, quantity in wanted.items():
        left = quantity
        here = [level for level in levels if level.sku == sku]
        for level in sorted(here, key=lambda level: (-level.available_to(channel), level.location_id)):
            taken = min(left, level.available_to(channel))
            if taken:
                found.append(Take(location_id=level.location_id, sku=sku, quantity=taken))
            left -= taken
    return tuple(found)


def _until(world: World, hold: timedelta | None) -> datetime | None:
    return world.now() + hold if hold else None


def _reserved(made: Reservation) -> Reserved:
    return Reserved(reservation=made.reservation_id, takes=made.takes)
