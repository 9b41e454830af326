"""An amount shared out over the transactions that brought the money, in an order of preference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from orderloom.model import Money, Refund, RefundAllocation, Transaction
from orderloom_nodes.refund.sums import Wanted

Prefer = Literal["largest", "oldest", "newest", "gift_cards_first", "gift_cards_last"]
_GIFT = {"gift_card", "store_credit"}


@dataclass(frozen=True)
class Allocated:
    """So much to each transaction; or `refused`, in a sentence with the `sums`."""

    wanted: Wanted
    allocations: tuple[RefundAllocation, ...] = ()
    refused: str | None = None
    sums: str = ""


def allocate(wanted: Wanted, earlier: Sequence[Refund], prefer: Prefer = "largest") -> Allocated:
    """Share the amount out; all that is left where all was asked for. No share is more than its capture still holds."""
    if wanted.untold:
        return Allocated(wanted)
    left = _left(wanted, earlier)
    total = sum(left.values(), Decimal(0))
    currency, taken = wanted.amount.currency, sum((one.amount.amount for one in wanted.captures), Decimal(0))
    amount = min(wanted.amount.amount, total) if wanted.everything else wanted.amount.amount
    sums = f"of {Money.of(taken, currency)} taken only {Money.of(total, currency).rounded()} is not back yet"
    if amount > total:
        return Allocated(wanted, refused=f"{wanted.amount} is to go back, and {sums}", sums=sums)
    shares = _shares(amount, currency, _ordered(wanted.captures, left, prefer), left)
    shared = Money.of(sum((share.amount.amount for share in shares), Decimal(0)), currency)
    return Allocated(replace(wanted, amount=shared, everything=False), shares, sums=sums.replace(" only", ""))


def _shares(
    amount: Decimal, currency: str, captures: Sequence[Transaction], left: Mapping[str, Decimal]
) -> tuple[RefundAllocation, ...]:
    shares = []
    for moved in captures:
        part = min(amount, left[moved.transaction_id])
        if part > 0:
            shares.append(RefundAllocation(transaction_id=moved.transaction_id, amount=Money.of(part, currency)))
            amount -= part
    return tuple(shares)


def _ordered(captures: Sequence[Transaction], left: Mapping[str, Decimal], prefer: Prefer) -> list[Transaction]:
    """By preference; what it leaves open by the sum, then by the id."""
    places = {one.transaction_id: place for place, one in enumerate(captures)}
    first: Mapping[str, Callable[[Transaction], Any]] = {
        "largest": lambda _: 0,
        "oldest": lambda one: places[one.transaction_id],
        "newest": lambda one: -places[one.transaction_id],
        "gift_cards_first": lambda one: not is_gift_card(one),
        "gift_cards_last": is_gift_card,
    }
    return sorted(captures, key=lambda one: (first[prefer](one), -left[one.transaction_id], one.transaction_id))


def is_gift_card(moved: Transaction) -> bool:
    """Whether a gift card or store credit paid: by its method, or as Shopify names its gateway."""
    return moved.method in _GIFT or moved.gateway in _GIFT


def _left(wanted: Wanted, earlier: Sequence[Refund]) -> dict[str, Decimal]:
    """What each capture still holds. What went back without a word from which comes off the largest."""
    currency = wanted.amount.currency
    left = {
        one.transaction_id: one.amount.amount if one.amount.currency == currency else Decimal(0)
        for one in wanted.captures
    }
    told = _told(wanted, earlier, left)
    for name, gone in told.items():
        left[name] -= gone
    back = sum((one.amount.amount for one in wanted.back if one.amount.currency == currency), Decimal(0))
    untold = back - sum(told.values(), Decimal(0))
    for name in sorted(left, key=lambda name: (-left[name], name)):
        taken = max(Decimal(0), min(untold, left[name]))
        left[name] -= taken
        untold -= taken
    return {name: max(Decimal(0), sum_) for name, sum_ in left.items()}


def _told(wanted: Wanted, earlier: Sequence[Refund], left: Mapping[str, Decimal]) -> Mapping[str, Decimal]:
    """What went back of which capture, by the refunds that the book knows or by the movements themselves."""
    by_refund: Counter[str] = Counter()
    by_movement: Counter[str] = Counter()
    for share in (share for refund in earlier if refund.status == "success" for share in refund.allocations):
        by_refund[share.transaction_id] += share.amount.amount  # type: ignore[assignment]
    for moved in wanted.back:
        by_movement[moved.parent_id or ""] += moved.amount.amount  # type: ignore[assignment]
    return {name: max(Decimal(by_refund[name]), Decimal(by_movement[name])) for name in left}
