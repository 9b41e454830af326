"""Makes an order of our own out of an earlier one: an exchange, or a replacement for what was lost or broken."""

from __future__ import annotations

from typing import Literal

from orderloom import NodeError, Orders, Outcome, Setting, World, node
from orderloom.model import (
    Channel,
    Discount,
    ExternalRef,
    Line,
    Money,
    Order,
    Payment,
    Return,
    ReturnLine,
    Totals,
    more_than_sold,
)

Kind = Literal["exchange", "replacement"]


class Created(Outcome, name="created"):
    """The new order: nothing is to be paid for it."""

    order: Order


@node("create-order", effects="keyed", rehearses=True)
def create_order(
    kind: Setting[Kind], original: Order, request: Return, world: World, orders: Setting[str] = "orders"
) -> Created:
    """Make the order that sends the customer what an exchange or a replacement promises.

    Its lines are those of the return (`exchange_sku` where there is one, else the same article) at the price that was
    paid, and one discount of the same sum: the goods that come back pay for it, so nothing is due. Its id is the
    earlier order's with the return's: the same return makes the same order.
    """
    book = world.optional(orders, Orders)
    record = book.find(original.order_id) if book is not None else None
    original = record.order_but_for(request.return_id, original) if record else original
    if request.order_id != original.order_id:
        told = f"return {request.return_id} is for order {request.order_id}, not {original.order_id}"
        raise NodeError("invalid", told)
    beyond = more_than_sold(original, request)
    if beyond:
        raise NodeError("refused", beyond)
    made = _order(kind, original, request, world)
    if book is not None and not world.rehearsal:
        book.note(made, f"{world.key}:create")
        book.note(record.order if record else original, f"{world.key}:returned", returns=[request])
    return Created(order=made)


def _order(kind: Kind, original: Order, request: Return, world: World) -> Order:
    lines = tuple(_line(line, original) for line in request.lines if line.resolution != "none")
    if not lines:
        raise NodeError("empty", f"return {request.return_id} has no line of which another could be sent")
    nothing = Money.of("0", original.currency)
    goods = nothing
    for line in lines:
        goods += line.unit_price * line.quantity
    number = request.rma_number or request.return_id.rpartition(":")[2]
    paid_with = f"paid with order {original.order_number or original.order_id}"
    return Order(
        order_id=f"{original.order_id}/{number}"[:128],
        order_number=f"{original.order_number or original.order_id}-{number}",
        channel=Channel(type="api", account_id=original.channel.account_id, source=kind),
        external_refs=(ExternalRef(system="orderloom", type="return", value=request.return_id),),
        order_type=kind,
        original_order_id=original.order_id,
        ordered_at=world.now(),
        currency=original.currency,
        customer=original.customer,
        billing_address=original.billing_address,
        shipping_address=original.shipping_address,
        lines=lines,
        discounts=(Discount(title=paid_with, type="manual", amount=goods),),
        totals=Totals(subtotal=goods, discount=goods, shipping=nothing, tax=nothing, grand_total=nothing),
        payment=Payment(status="paid"),
    )


def _line(line: ReturnLine, original: Order) -> Line:
    sold = original.line(line.line_id)
    if sold is None:
        raise NodeError("invalid", f"order {original.order_id} has no line {line.line_id}")
    other = line.exchange_sku if line.exchange_sku and line.exchange_sku != sold.sku else None
    same = {} if other is None else {
        "sku": other, "gtin": None, "title": f"{sold.title or sold.sku} (exchanged)", "variant_title": None,
    }
    return sold.model_copy(update={
        "quantity": line.quantity, "quantity_cancelled": 0, "quantity_shipped": 0, "quantity_returned": 0,
        "discounts": (), "taxes": (), "line_total": None, **same,
    })
