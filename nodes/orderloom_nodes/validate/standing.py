"""Whether this is an order to be worked on at all: its standing, and one currency for all of its prices."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.model import Money, Order
from orderloom_nodes.validate.findings import Findings


def check_standing(order: Order, findings: Findings) -> None:
    """Cancelled orders end here; drafts, returned money and shipped goods are for a person."""
    if order.cancelled_at is not None or order.fulfillment_status == "cancelled":
        why = f" ({order.cancel_reason})" if order.cancel_reason else ""
        findings.reject("V110", "cancelled_at", f"the order was cancelled{why}")
    if all(line.quantity_cancelled == line.quantity for line in order.lines):
        findings.reject("V110", "lines", "every line of the order was cancelled")
    if order.order_type == "draft":
        findings.error(
            "V111", "order_type", "this is a draft, not yet an order", "complete it in the channel it came from"
        )
    if order.payment.status in {"refunded", "voided"} and any(line.quantity_open for line in order.lines):
        message = f"the payment is {order.payment.status}: what is shipped now is not paid for"
        findings.error("V112", "payment.status", message, "cancel the order, or have it paid again")


def check_currencies(order: Order, findings: Findings) -> bool:
    """Whether every price is in the order's own currency; nothing can be summed otherwise."""
    other = [(path, price.currency) for path, price in _prices(order) if price.currency != order.currency]
    for path, currency in other:
        message = f"this is in {currency}, the order is in {order.currency}"
        findings.reject(
            "V130", path, message, "one order has one currency: what the buyer saw is `presentment_currency`"
        )
    return not other


def _prices(order: Order) -> Iterator[tuple[str, Money]]:
    for index, line in enumerate(order.lines):
        yield f"lines[{index}].unit_price", line.unit_price
        if line.line_total is not None:
            yield f"lines[{index}].line_total", line.line_total
        for part, discount in enumerate(line.discounts):
            yield f"lines[{index}].discounts[{part}].amount", discount.amount
        for part, tax in enumerate(line.taxes):
            yield f"lines[{index}].taxes[{part}].amount", tax.amount
    for index, shipping in enumerate(order.shipping_lines):
        yield f"shipping_lines[{index}].price", shipping.price
        for part, discount in enumerate(shipping.discounts):
            yield f"shipping_lines[{index}].discounts[{part}].amount", discount.amount
        for part, tax in enumerate(shipping.taxes):
            yield f"shipping_lines[{index}].taxes[{part}].amount", tax.amount
    yield from _order_prices(order)


def _order_prices(order: Order) -> Iterator[tuple[str, Money]]:
    for index, fee in enumerate(order.fees):
        yield f"fees[{index}].amount", fee.amount
    for index, discount in enumerate(order.discounts):
        yield f"discounts[{index}].amount", discount.amount
    for index, tax in enumerate(order.taxes):
        yield f"taxes[{index}].amount", tax.amount
    for name in type(order.totals).model_fields:
        total = getattr(order.totals, name)
        if total is not None:
            yield f"totals.{name}", total
