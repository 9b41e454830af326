"""What `orderloom route` asks of this pack: plan a batch, compare two policies, reserve, and say it in sentences."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from orderloom import Stock, StockKeeper
from orderloom.model import Order
from orderloom_nodes.route.batch.allocating import Allocation
from orderloom_nodes.route.batch.batching import Planned, Told
from orderloom_nodes.route.batch.orders import BatchPolicy, allocations, one_by_one, prepare, together
from orderloom_nodes.route.batch.report import Proof, Report, Totals, changed, totals
from orderloom_nodes.route.costs import MICRO
from orderloom_nodes.route.plan import payable

__all__ = ["BatchPolicy", "compare", "plan_batch", "reserve", "sentences"]


def plan_batch(
    orders: Sequence[Order], stock: Stock, policy: BatchPolicy, now: datetime, time_limit_s: float, told: Told
) -> Report:
    """Plan all orders over the stock together. Strategies that mind no money are gone through one by one."""
    prepared = prepare(orders, stock, policy.policy, lambda _: now)
    currency = policy.costs.currency
    if policy.strategy not in {"cheapest", "exact"}:
        made = allocations(prepared, policy, one_by_one(prepared))
        return Report(totals=totals(made, currency), allocations=made)
    found = together(prepared, time_limit_s, told)
    made = allocations(prepared, policy, found.plans if found else {})
    return Report(
        totals=totals(made, currency), proof=_proof(policy, found) if found else None, allocations=made
    )


def compare(orders: Sequence[Order], stock: Stock, policy: BatchPolicy, other: BatchPolicy) -> Report:
    """Past orders by both policies, one by one in their order of time, out of the stock there is now."""
    inorder = sorted(orders, key=lambda order: (order.ordered_at, order.order_id))
    one, two = (_past(inorder, stock, given) for given in (policy, other))
    return Report(
        totals=totals(one, policy.costs.currency),
        against=totals(two, other.costs.currency),
        changed=changed(one, two),
        allocations=two,
    )


def _past(orders: Sequence[Order], stock: Stock, policy: BatchPolicy) -> tuple[Allocation, ...]:
    prepared = prepare(orders, stock, policy.policy, lambda order: order.ordered_at)
    return allocations(prepared, policy, one_by_one(prepared))


def _proof(policy: BatchPolicy, found: Planned) -> Proof:
    """The search's figures less what units that cannot be sent count for, and the split that a first shipment is."""
    costs, currency = policy.policy.costs, policy.costs.currency
    left = sum(sum(pattern.answer.left) for pattern in found.plans.values())
    sent = sum(bool(pattern.answer.takes) for pattern in found.plans.values())
    unsent = int((costs.later or 0) * MICRO) * left if policy.costs.later is None else 0
    aside = unsent + int(costs.split * MICRO) * sent
    cost, bound = found.cost - aside, max(0.0, found.bound - aside)
    return Proof(
        one_by_one=payable(found.first_cost - aside, currency),
        cost=payable(cost, currency),
        lower_bound=payable(round(bound), currency),
        gap=Decimal((cost - bound) / cost if cost else 0).quantize(Decimal("0.0001")),
        blocks=found.blocks,
        seconds=Decimal(found.seconds).quantize(Decimal("0.1")),
    )


def reserve(
    orders: Sequence[Order], keeper: StockKeeper, made: Sequence[Allocation], now: datetime
) -> list[str]:
    """Promise what is planned; a sentence for each order whose units another one took meanwhile. Again is no more."""
    by_id = {order.order_id: order for order in orders}
    missed = []
    for found in made:
        if not found.takes:
            continue
        order = by_id[found.order_id]
        key = hashlib.sha256(f"route {order.order_id} {order.revision}".encode()).hexdigest()
        if keeper.reserve(order.order_id, found.takes, key, now, channel=order.channel.type) is None:
            missed.append(f"{order.order_id}: other orders took its units meanwhile: plan it again")
    return missed


def sentences(report: Report) -> Iterator[str]:
    """The report for a person."""
    yield from _told(report.totals, "")
    if report.proof is not None:
        proof, currency = report.proof, report.totals.currency
        yield f"one by one: {proof.one_by_one} {currency}"
        yield (
            f"together: {proof.cost} {currency}, no plans cost less than {proof.lower_bound} "
            f"(gap {proof.gap:.2%}, {proof.blocks} blocks, {proof.seconds} s)"
        )
    if report.against is not None:
        yield from _told(report.against, "against: ")
        yield _difference(report.totals, report.against, report.changed)
    short = [found for found in report.allocations if found.outcome in {"short", "left_out"}]
    for found in short[:10]:
        yield f"{found.order_id}: {found.why}"
    if len(short) > 10:
        yield f"and {len(short) - 10} more orders that are not planned: --output has them"


def _told(found: Totals, lead: str) -> Iterator[str]:
    yield (
        f"{lead}{found.orders} orders: {found.routed} routed, {found.partly} partly, {found.short} short, "
        f"{found.left_out} left out"
    )
    yield (
        f"{lead}{found.shipments} shipments ({found.split_orders} orders split, {found.late_shipments} late), "
        f"about {found.cost} {found.currency}, {found.days} days to the door"
    )


def _difference(one: Totals, two: Totals, moved: int) -> str:
    cost = f"{two.cost - one.cost:+} {two.currency}" if one.currency == two.currency else "in another currency"
    return (
        f"the change: {cost}, {two.days - one.days:+} days, {two.shipments - one.shipments:+} shipments, "
        f"{two.late_shipments - one.late_shipments:+} late, {two.routed - one.routed:+} routed, "
        f"{moved} orders sent otherwise"
    )
