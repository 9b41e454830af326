"""Stock as a plan may count on it, and the promise of the units that a plan takes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from orderloom import Stock, StockKeeper, World
from orderloom.model import Order, Reservation, Shipment, StockLevel, Take
from orderloom_nodes.route.sites import NOT_BUSY, Busy

AGAIN = 5  # plans made anew because another order was faster, before the call gives up for now


@dataclass(frozen=True)
class Held:
    """The stock, who can promise it (None where nothing is to be reserved), and what this call was promised before."""

    stock: Stock
    keeper: StockKeeper | None
    world: World
    before: Reservation | None
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, stock: Stock, world: World, *, reserve: bool) -> Held:
        if not reserve or world.rehearsal:
            return cls(stock, None, world, None)
        if not isinstance(stock, StockKeeper):
            return cls(stock, None, world, None, ("nothing is reserved: this stock cannot be promised to an order",))
        stock.expire(world.now())
        before = stock.reservation(world.key)
        return cls(stock, stock, world, before if before and before.status in {"open", "used"} else None)

    def levels(self, skus: Collection[str]) -> tuple[StockLevel, ...]:
        """What there is; after an earlier attempt of this call just what that one was promised."""
        if self.before is None:
            return self.stock.levels(skus)
        return tuple(
            StockLevel(location_id=take.location_id, sku=take.sku, on_hand=take.quantity)
            for take in self.before.takes
            if take.sku in skus
        )


def give_up(held: Held, reservation: str) -> None:
    """Release what an earlier plan of the order still holds, before the new one is made."""
    if reservation and held.keeper is not None and held.before is None:
        held.keeper.release(reservation, held.world.key, held.world.now())


def busy_of(held: Held) -> Busy:
    """How many units are promised to leave a location on a day; nothing where an earlier plan of this call stands."""
    return held.stock.picks if isinstance(held.stock, StockKeeper) and held.before is None else NOT_BUSY


def promised(held: Held, order: Order, shipments: Sequence[Shipment], days: Mapping[str, date]) -> str | None:
    """The id of the reservation, empty where none is made; None where another order was faster."""
    if held.keeper is None:
        return ""
    if held.before is not None:
        return held.before.reservation_id
    made = held.keeper.reserve(
        order.order_id, takes_of(shipments, days), held.world.key, held.world.now(), channel=order.channel.type
    )
    return None if made is None else made.reservation_id


def takes_of(shipments: Sequence[Shipment], days: Mapping[str, date]) -> tuple[Take, ...]:
    """What shipments take, by location and article, on the day on which each location picks them."""
    sums: dict[tuple[str, str], int] = {}
    for shipment in shipments:
        for line in shipment.lines:
            place = (shipment.location_id, line.sku)
            sums[place] = sums.get(place, 0) + line.quantity
    return tuple(
        Take(location_id=at, sku=sku, quantity=quantity, pick_on=days.get(at)) for (at, sku), quantity in sums.items()
    )
