"""Makes an order of our own out of an earlier one: an exchange, or a replacement for what was lost or broken."""

from __future__ import annotations

from collections import Counter
from typing import Literal

from orderloom import NodeError, Orders, Outcome, Setting, Stock, World, node
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
from orderloom_nodes.create_order.settling import Settled, settled

Kind = Literal["exchange", "replacement"]
_PAYING = {"payment_method", "customer"}  # references to what the buyer pays with


class Created(Outcome, name="created"):
    """The new order, linked to the earlier one: `due` is to be charged for it, or `back` to be given back."""

    order: Order
    due: Money
    back: Money


@node("create-order", effects="keyed", rehearses=True, errors=("out_of_stock",))
def create_order(
    kind: Setting[Kind],
    original: Order,
    request: Return,
    world: World,
    orders: Setting[str] = "orders",
    stock: Setting[str] = "stock",
) -> Created:
    """Make the order that sends the customer what an exchange or a replacement promises.

    Its lines are those of the return: `exchange_sku` where there is one, else the same article. The goods that come
    back pay for it. Without an `exchange_price` a line costs what it did, and nothing is due; with one, what was paid
    for the units (after discounts, with tax) is set against it, to the minor unit. Its id is the earlier order's with
    the return's: the same return makes the same order. Where the stock counts an article and has too few of it, it is
    the error out_of_stock.
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
    made, sums = _order(kind, original, request, world)
    _in_stock(made, world, stock)
    if book is not None and not world.rehearsal:
        book.note(made, f"{world.key}:create")
        book.note(record.order if record else original, f"{world.key}:returned", returns=[request])
    return Created(order=made, due=sums.due, back=sums.back)


def _in_stock(made: Order, world: World, stock: str) -> None:
    """Raises `NodeError` (out_of_stock) for the first article of which too few are there."""
    shelves = world.optional(stock, Stock)
    wanted: Counter[str] = Counter()
    for line in made.lines:
        wanted[line.sku] += line.quantity if line.requires_shipping else 0
    for sku, quantity in wanted.items():
        levels = shelves.levels([sku]) if shelves is not None else ()
        there = sum(level.available for level in levels)
        if levels and there < quantity:
            raise NodeError("out_of_stock", f"{quantity} of {sku} are to be sent in exchange, and {there} are there")


def _order(kind: Kind, original: Order, request: Return, world: World) -> tuple[Order, Settled]:
    lines = tuple(_line(line, original) for line in request.lines if line.resolution != "none")
    if not lines:
        raise NodeError("empty", f"return {request.return_id} has no line of which another could be sent")
    nothing = Money.of("0", original.currency)
    sums = settled(original, request, lines)
    paid = min(sums.goods, sums.credit)
    number = request.rma_number or request.return_id.rpartition(":")[2]
    paid_with = f"paid with order {original.order_number or original.order_id}"
    made = Order(
        order_id=f"{original.order_id}/{number}"[:128],
        order_number=f"{original.order_number or original.order_id}-{number}",
        channel=Channel(type="api", account_id=original.channel.account_id, source=kind),
        external_refs=(
            ExternalRef(system="orderloom", type="return", value=request.return_id),
            *(ref for ref in original.external_refs if ref.type in _PAYING),
        ),
        order_type=kind,
        original_order_id=original.order_id,
        ordered_at=world.now(),
        currency=original.currency,
        customer=original.customer,
        billing_address=original.billing_address,
        shipping_address=original.shipping_address,
        lines=lines,
        discounts=(Discount(title=paid_with, type="manual", amount=paid),),
        totals=Totals(
            subtotal=sums.goods, discount=paid, shipping=nothing, tax=nothing,
            grand_total=sums.due if sums.due.amount > 0 else nothing,
        ),
        payment=Payment(status="unpaid" if sums.due.amount > 0 else "paid"),
    )  # fmt: skip
    return made, sums


def _line(line: ReturnLine, original: Order) -> Line:
    sold = original.line(line.line_id)
    if sold is None:
        raise NodeError("invalid", f"order {original.order_id} has no line {line.line_id}")
    other = line.exchange_sku if line.exchange_sku and line.exchange_sku != sold.sku else None
    same: dict[str, object] = {} if other is None else {
        "sku": other, "gtin": None, "title": f"{sold.title or sold.sku} (exchanged)", "variant_title": None,
    }
    if line.exchange_price is not None:
        same["unit_price"] = line.exchange_price
    return sold.model_copy(update={
        "quantity": line.quantity, "quantity_cancelled": 0, "quantity_shipped": 0, "quantity_returned": 0,
        "discounts": (), "taxes": (), "line_total": None, **same,
    })
