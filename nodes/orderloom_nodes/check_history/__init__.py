"""An order in; whether its customer's earlier orders make it look like a mistake: placed twice, or of odd size."""

from __future__ import annotations

from datetime import timedelta

from pydantic import PositiveInt

from orderloom import Orders, Outcome, Setting, World, node
from orderloom.model import Order
from orderloom_nodes.check_history.comparing import doubles, oversized
from orderloom_nodes.route.waiting import Duration
from orderloom_nodes.validate.findings import FieldProblem

WITHIN = timedelta(minutes=5)
TIMES_USUAL = 50


class Usual(Outcome, name="usual"):
    """Nothing about it is odd. `earlier` is how many orders of this customer are known."""

    earlier: int


class Odd(Outcome, name="odd"):
    """A person should look: `problems` say why and what to do, `twins` are the ids of orders that look the same."""

    problems: tuple[FieldProblem, ...]
    twins: tuple[str, ...] = ()


@node("check-history", effects="keyed", rehearses=True)
def check_history(
    order: Order,
    world: World,
    within: Setting[Duration] = WITHIN,
    times_usual: Setting[PositiveInt] = TIMES_USUAL,
    orders: Setting[str] = "orders",
) -> Usual | Odd:
    """Compare an order with what its customer ordered before, and enter it into the book of orders.

    Odd is what has the same articles as another order that was placed within `within` of it (5m), and what has
    `times_usual` (50) times the units or the worth of what this customer usually orders. Customers are known by their
    e-mail address; a project without a book of orders knows none. The order is entered before it is compared: of two
    that come at once at least one is held.
    """
    book = world.optional(orders, Orders)
    if book is None:
        return Usual(earlier=0)
    if not world.rehearsal:
        book.note(order, f"{world.key}:history")
    email = order.customer.email if order.customer else None
    known = [record.order for record in book.of_customer(email)] if email else []
    others = [one for one in known if one.order_id != order.order_id]
    twins = doubles(order, others, within)
    found = (*twins.values(), *oversized(order, others, times_usual))
    return Odd(problems=found, twins=tuple(twins)) if found else Usual(earlier=len(others))
