"""Allocations of many orders in; what they come to together out, and how two policies compare."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from orderloom.model import Model
from orderloom_nodes.route.batch.allocating import Allocation


class Totals(Model):
    """Sums over the orders that are planned; `days` is the mean time to the last delivery of an order."""

    orders: int
    routed: int
    partly: int
    short: int
    left_out: int
    shipments: int
    split_orders: int
    late_shipments: int
    units_left: int
    cost: Decimal
    days: Decimal
    currency: str


class Proof(Model):
    """How near the plans are to the cheapest ones: no plans that leave as many units cost less than `lower_bound`."""

    one_by_one: Decimal
    cost: Decimal
    lower_bound: Decimal
    gap: Decimal
    blocks: int
    seconds: Decimal


class Report(Model):
    """What the batch came to; `against` and `changed` are there where two policies are compared."""

    totals: Totals
    proof: Proof | None = None
    against: Totals | None = None
    changed: int = 0
    allocations: tuple[Allocation, ...] = ()


def totals(allocations: Sequence[Allocation], currency: str) -> Totals:
    """Count and add up."""
    kinds = [found.outcome for found in allocations]
    planned = [found for found in allocations if found.shipments]
    days = sum((found.days for found in planned), Decimal(0)) / max(1, len(planned))
    return Totals(
        orders=len(allocations),
        routed=kinds.count("routed"),
        partly=kinds.count("partly"),
        short=kinds.count("short"),
        left_out=kinds.count("left_out"),
        shipments=sum(len(found.shipments) for found in planned),
        split_orders=sum(len(found.shipments) > 1 for found in planned),
        late_shipments=sum(found.late for found in planned),
        units_left=sum(found.units_left for found in allocations),
        cost=sum((found.cost for found in planned), Decimal(0)),
        days=days.quantize(Decimal("0.01")),
        currency=currency,
    )


def changed(one: Sequence[Allocation], other: Sequence[Allocation]) -> int:
    """Orders that other locations or services would send."""
    before = {found.order_id: _ways(found) for found in one}
    return sum(before.get(found.order_id) != _ways(found) for found in other)


def _ways(found: Allocation) -> list[tuple[str, str | None]]:
    return sorted((s.location_id, s.carrier.service_code if s.carrier else None) for s in found.shipments)
