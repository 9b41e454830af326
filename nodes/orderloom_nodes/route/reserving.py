"""Stock as a plan may count on it, and the promise of the units that a plan takes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from orderloom import Stock, StockKeeper, World
from orderloom.model import Order, Reservation, Shipment, StockLevel, Take

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


def promised(held: Held, order: Order, shipments: Sequence[Shipment]) -> str | None:
    """The id of the reservation, empty where none is made; None where another order was faster."""
    if held.keeper is None:
        return ""
    if held.before is not None:
        return held.before.reservation_id
    made = held.keeper.reserve(order.order_id, takes_of(shipments), held.world.key, held.world.now())
    return None if made is None else made.reservation_id


def takes_of(shipments: Sequence[Shipment]) -> tuple[Take, ...]:
    """What shipments take, by location and article."""
    sums: dict[tuple[str, str], int] = {}
    for shipment in shipments:
        for line in shipment.lines:
            place = (shipment.location_id, line.sku)
            sums[place] = sums.get(place, 0) + line.quantity
    return tuple(Take(location_id=at, sku=sku, quantity=quantity) for (at, sku), quantity in sums.items())
