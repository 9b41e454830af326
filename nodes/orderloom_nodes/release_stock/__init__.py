"""Gives up the units that were promised to an order, so that others can have them."""

from __future__ import annotations

from orderloom import Outcome, Setting, StockKeeper, World, node


class Released(Outcome, name="released"):
    """Nothing of the reservation is held any more. `now` is false where there was nothing left to give up."""

    reservation: str
    now: bool


@node("release-stock", effects="keyed")
def release_stock(reservation: str, world: World, connection: Setting[str] = "stock") -> Released:
    """Release a reservation; what was used of it stays used. Released already, expired or never made is no failure."""
    if not reservation:
        return Released(reservation=reservation, now=False)
    keeper = world.connection(connection, StockKeeper)
    return Released(reservation=reservation, now=keeper.release(reservation, world.key, world.now()))
