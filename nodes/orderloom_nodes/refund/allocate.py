"""An amount shared out over the transactions that brought the money, the largest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from orderloom.model import Money, Refund, RefundAllocation
from orderloom_nodes.refund.sums import Wanted


@dataclass(frozen=True)
class Allocated:
    """So much to each transaction; or `refused`, in a sentence with the sums."""

    wanted: Wanted
    allocations: tuple[RefundAllocation, ...] = ()
    refused: str | None = None


def allocate(wanted: Wanted, earlier: Sequence[Refund]) -> Allocated:
    """Share the amount out; all that is left where all was asked for."""
    if wanted.untold:
        return Allocated(wanted)
    left = _left(wanted, earlier)
    total = sum(left.values(), Decimal(0))
    amount = wanted.amount.amount
    taken = sum((one.amount.amount for one in wanted.captures), Decimal(0))
    if wanted.everything:
        amount = min(amount, total)
    currency = wanted.amount.currency
    if amount > total:
        sums = f"of {Money.of(taken, currency)} taken only {Money.of(total, currency).rounded()} is not back yet"
        return Allocated(wanted, refused=f"{wanted.amount} is to go back, and {sums}")
    shares = []
    for moved in sorted(wanted.captures, key=lambda one: (-left[one.transaction_id], one.transaction_id)):
        part = min(amount, left[moved.transaction_id])
        if part > 0:
            shares.append(RefundAllocation(transaction_id=moved.transaction_id, amount=Money.of(part, currency)))
            amount -= part
    asked = Wanted(Money.of(sum((s.amount.amount for s in shares), Decimal(0)), currency), wanted.captures, wanted.back)
    return Allocated(asked, tuple(shares))


def _left(wanted: Wanted, earlier: Sequence[Refund]) -> dict[str, Decimal]:
    """What each capture still holds. What went back without a word from which comes off the largest."""
    currency = wanted.amount.currency
    left: dict[str, Decimal] = {
        one.transaction_id: one.amount.amount for one in wanted.captures if one.amount.currency == currency
    }
    left |= {one.transaction_id: Decimal(0) for one in wanted.captures if one.transaction_id not in left}
    told = Decimal(0)
    for share in (share for refund in earlier if refund.status == "success" for share in refund.allocations):
        if share.transaction_id in left:
            left[share.transaction_id] -= share.amount.amount
            told += share.amount.amount
    untold = sum((one.amount.amount for one in wanted.back if one.amount.currency == currency), Decimal(0)) - told
    for name in sorted(left, key=lambda name: (-left[name], name)):
        taken = max(Decimal(0), min(untold, left[name]))
        left[name] -= taken
        untold -= taken
    return {name: max(Decimal(0), sum_) for name, sum_ in left.items()}
