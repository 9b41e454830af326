"""Cancels an order: in the shop that it came from, and in the book of orders."""

from __future__ import annotations

from typing import Literal

from orderloom import Orders, Outcome, Setting, World, node
from orderloom.model import Order

Reason = Literal["customer", "inventory", "fraud", "declined", "staff", "other"]


class Cancelled(Outcome, name="cancelled"):
    """The order as it stands now. `told` is whether its shop knows; `why` says how or why not."""

    order: Order
    told: bool
    why: str


@node("cancel-order", effects="keyed")
def cancel_order(
    order: Order, world: World, reason: Reason = "other", orders: Setting[str] = "orders"
) -> Cancelled:
    """Cancel what is not shipped yet of an order, and tell its shop. Money goes back by the undo of what took it."""
    shop = world.shop_of(order)
    if shop is not None:
        shop.cancel(order, reason, world.key)
    cancelled = _cancelled(order, reason, world)
    book = world.optional(orders, Orders)
    if book is not None:
        book.note(cancelled, f"{world.key}:cancel")
    told = f"{order.channel.type} was told" if shop else f"no connection `{order.channel.type}`: its shop was not told"
    return Cancelled(order=cancelled, told=shop is not None, why=told)


def _cancelled(order: Order, reason: Reason, world: World) -> Order:
    lines = tuple(
        line.model_copy(update={"quantity_cancelled": line.quantity - line.quantity_shipped}) for line in order.lines
    )
    shipped = any(line.quantity_shipped for line in order.lines)
    update = {
        "lines": lines,
        "cancelled_at": order.cancelled_at or world.now(),
        "cancel_reason": order.cancel_reason or reason,
        "fulfillment_status": order.fulfillment_status if shipped else "cancelled",
    }
    return order.model_copy(update=update)
