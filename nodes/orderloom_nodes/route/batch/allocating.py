"""One order's plan out of a batch in; its shipments and what they cost and miss, out."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from orderloom.model import Model, Order, Shipment, Take
from orderloom_nodes.route.plan import cost_of, payable, shipments
from orderloom_nodes.route.planning import Weighed
from orderloom_nodes.route.policy import Policy
from orderloom_nodes.route.reserving import takes_of
from orderloom_nodes.route.search import Answer
from orderloom_nodes.route.sites import Site


class Allocation(Model):
    """What becomes of an order: `routed` whole, `partly` with units left for later, or `short` with nothing planned."""

    order_id: str
    outcome: Literal["routed", "partly", "short", "left_out"]
    cost: Decimal = Decimal(0)
    shipments: tuple[Shipment, ...] = ()
    takes: tuple[Take, ...] = ()
    units_left: int = 0
    late: int = 0
    days: Decimal = Decimal(0)  # from now to the last delivery
    why: str = ""


def left_out(order: Order, why: str) -> Allocation:
    """An order that cannot be weighed at all."""
    return Allocation(order_id=order.order_id, outcome="left_out", why=why)


def allocation(weighed: Weighed, policy: Policy, answer: Answer, *, partly: bool) -> Allocation:
    """An order of which something lacks is short whole, unless the costs allow units to be left for later."""
    order, sites, left = weighed.order, weighed.sites, sum(answer.left)
    if left and (not partly or not answer.takes):
        return Allocation(
            order_id=order.order_id, outcome="short", units_left=left, why=f"{left} units of it cannot be sent"
        )
    planned = shipments(order, weighed.sourcing.items, sites, answer, policy.costs, weighed.notes)
    legs = [sites[leg] for leg in answer.legs]
    return Allocation(
        order_id=order.order_id,
        outcome="partly" if left else "routed",
        cost=payable(sum(cost_of(sites[leg], leg, answer) for leg in answer.legs), policy.costs.currency),
        shipments=planned,
        takes=takes_of(planned, {site.location_id: site.day for site in legs}),
        units_left=left,
        late=sum(_is_late(site, weighed) for site in legs),
        days=_days(legs, weighed),
    )


def _is_late(site: Site, weighed: Weighed) -> bool:
    promise = weighed.sourcing.promise
    return promise is not None and site.arrives > promise


def _days(legs: list[Site], weighed: Weighed) -> Decimal:
    seconds = max((site.arrives - weighed.sourcing.now).total_seconds() for site in legs)
    return (Decimal(seconds) / 86400).quantize(Decimal("0.01"))

