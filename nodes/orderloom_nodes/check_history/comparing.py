"""An order beside the others of its customer in, what is odd about it out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from statistics import median

from orderloom.model import Money, Order
from orderloom_nodes.validate.findings import FieldProblem
from orderloom_nodes.validate.texts import fold

_MEANT_TO_REPEAT = frozenset({"exchange", "replacement", "subscription"})


def doubles(order: Order, others: Sequence[Order], within: timedelta) -> dict[str, FieldProblem]:
    """Id → finding for each order of the same articles that was placed shortly before or after."""
    if order.order_type in _MEANT_TO_REPEAT:
        return {}
    found = {}
    for one in others:
        apart = abs(order.ordered_at - one.ordered_at)
        if apart <= within and _stands(one) and _articles(one) == _articles(order):
            found[one.order_id] = _say_twin(order, one, apart)
    return found


def oversized(order: Order, others: Sequence[Order], times: int) -> Iterator[FieldProblem]:
    """Many times what the customer usually orders, in units or, where the currency is the same, in money."""
    before = [one for one in others if _stands(one) and one.ordered_at < order.ordered_at]
    if not before:
        return
    usual, units = median(_units(one) for one in before), _units(order)
    if usual and units >= times * usual:
        message = f"it is for {units:,} units, and this customer's orders are usually for {usual:g}"
        yield FieldProblem(code="V141", path="lines", message=message, help="ask the customer whether that is meant")
        return
    same = [one.totals.grand_total for one in before if one.currency == order.currency]
    if same and (worth := median(total.amount for total in same)) and order.totals.grand_total.amount >= times * worth:
        message = (
            f"it costs {order.totals.grand_total}, and this customer usually pays {Money.of(worth, order.currency)}"
        )
        yield FieldProblem(code="V141", path="totals.grand_total", message=message, help="ask the customer")


def _say_twin(order: Order, other: Order, apart: timedelta) -> FieldProblem:
    when = "before" if other.ordered_at <= order.ordered_at else "after"
    name = other.order_number or other.order_id
    message = f"a possible duplicate: order {name} has the same articles and was placed {_long(apart)} {when}"
    mend = "ask the customer whether both are wanted; decline this one if not"
    return FieldProblem(code="V140", path="order_id", message=message, help=mend)


def _stands(order: Order) -> bool:
    return order.cancelled_at is None and order.fulfillment_status != "cancelled" and order.order_type != "draft"


def _articles(order: Order) -> Counter[str]:
    found: Counter[str] = Counter()
    for line in order.lines:
        found[fold(line.sku or line.title or line.line_id)] += line.quantity - line.quantity_cancelled
    return +found


def _units(order: Order) -> int:
    return sum(line.quantity - line.quantity_cancelled for line in order.lines)


def _long(apart: timedelta) -> str:
    seconds = int(apart.total_seconds())
    if seconds < 60:
        return f"{seconds} seconds"
    return f"{seconds // 60} minutes" if seconds < 7200 else f"{seconds // 3600} hours"
