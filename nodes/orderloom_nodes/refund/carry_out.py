"""Each share of a refund sent on its way: to the gateway or the gift card that it came from, or through the shop."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Protocol

from orderloom import World
from orderloom.model import Money, Order, Refund, RefundAllocation, Return, Transaction
from orderloom_nodes.collect_payment.asking import moved_once
from orderloom_nodes.refund.allocate import Allocated


class GivesBack(Protocol):
    """What a gateway and a book of gift cards can do alike."""

    def refund(self, transaction_id: str, amount: Money, key: str) -> Transaction: ...

    def find(self, key: str) -> Transaction | None: ...

    def holds(self, transaction_id: str) -> bool: ...


def carried_out(
    world: World, plan: Allocated, order: Order | None, request: Return | None, tills: Sequence[GivesBack]
) -> tuple[tuple[Transaction, ...], str]:
    """What went back, and why not all of it did. A share nobody can move keeps all others from moving, too."""
    owners = [(share, _owner(share, tills)) for share in plan.allocations]
    others = [share for share, owner in owners if owner is None]
    by_shop = bool(others) or plan.wanted.untold
    shop = world.shop_of(order) if order is not None and by_shop else None
    if by_shop and shop is None:
        return (), _nobody(plan, others, order)
    moved: list[Transaction] = []
    ours = [(share, owner) for share, owner in owners if owner is not None]
    for number, (share, owner) in enumerate(ours, start=1):
        call = partial(owner.refund, share.transaction_id, share.amount)
        done = moved_once(world, owner, call, f"{world.key}-{number}", f"refund of {share.amount}")
        if done.status != "success":
            return tuple(moved), _why_not(plan, share, done)
        moved.append(done)
    if shop is not None and order is not None:
        done = shop.refund(order, _through_shop(plan, others, world.key), _quantities(request), world.key)
        if done.status not in {"success", "pending"}:
            return tuple(moved), f"the shop refuses the refund: {done.decline_code or done.status}"
        moved.append(done)
    return tuple(moved), ""


def _owner(share: RefundAllocation, tills: Sequence[GivesBack]) -> GivesBack | None:
    return next((till for till in tills if till.holds(share.transaction_id)), None)


def _why_not(plan: Allocated, share: RefundAllocation, done: Transaction) -> str:
    if done.decline_code == "charge_disputed":
        told = "the charge is disputed (a chargeback), so the gateway gives nothing of it back"
        return f"{told}: {share.amount} was to go back, and {plan.sums}; settle the dispute first"
    return f"the gateway refuses to give {share.amount} back: {done.decline_code or done.status}; {plan.sums}"


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
