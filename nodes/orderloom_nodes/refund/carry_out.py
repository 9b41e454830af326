"""Each share of a refund sent on its way: through the gateway that took the money, or through the shop."""

from __future__ import annotations

from orderloom import Payments, World
from orderloom.model import Money, Order, Refund, RefundAllocation, Return, Transaction
from orderloom_nodes.refund.allocate import Allocated


def carried_out(
    world: World, plan: Allocated, order: Order | None, request: Return | None, gateway: Payments | None
) -> tuple[tuple[Transaction, ...], str]:
    """What went back, and why not all of it did. A share nobody can move keeps all others from moving, too."""
    ours = [share for share in plan.allocations if gateway is not None and gateway.holds(share.transaction_id)]
    others = [share for share in plan.allocations if share not in ours]
    by_shop = bool(others) or plan.wanted.untold
    shop = world.shop_of(order) if order is not None and by_shop else None
    if by_shop and shop is None:
        return (), _nobody(plan, others, order)
    moved: list[Transaction] = []
    for number, share in enumerate(ours, start=1):
        assert gateway is not None
        key = f"{world.key}-{number}"
        known = gateway.find(key) if world.in_doubt else None
        done = known or gateway.refund(share.transaction_id, share.amount, key)
        if done.status != "success":
            return tuple(moved), f"the gateway refuses to give {share.amount} back: {done.decline_code or done.status}"
        moved.append(done)
    if shop is not None and order is not None:
        done = shop.refund(order, _through_shop(plan, others, world.key), _quantities(request), world.key)
        if done.status not in {"success", "pending"}:
            return tuple(moved), f"the shop refuses the refund: {done.decline_code or done.status}"
        moved.append(done)
    return tuple(moved), ""


def _nobody(plan: Allocated, others: list[RefundAllocation], order: Order | None) -> str:
    sums = " and ".join(f"{share.amount} of {share.transaction_id}" for share in others)
    sums = sums or f"the {plan.wanted.amount if order else 'money'} that the channel says is paid"
    if order is None:
        return f"no gateway here took {sums}, and no order is known that it belongs to: give it back by hand"
    name = f"{order.channel.type}"
    return f"no gateway here took {sums}, and connections.yaml names no shop `{name}`: give it back there by hand"


def _through_shop(plan: Allocated, others: list[RefundAllocation], key: str) -> Refund:
    total = others[0].amount if others else plan.wanted.amount
    for share in others[1:]:
        total += share.amount
    return Refund(
        refund_id=f"refund-{key[:24]}", amount=Money.of(total.amount, total.currency), method="original_payment",
        allocations=tuple(others), status="pending", idempotency_key=key,
    )


def _quantities(request: Return | None) -> dict[str, int]:
    return {line.line_id: line.quantity for line in request.lines} if request else {}
