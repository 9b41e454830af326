"""WooCommerce's list of refunds in, transactions and their sum out; the list tells totals only."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.model import Money, Transaction

from ...reading import Reading


def refund_transactions(read: Reading, currency: str) -> Iterator[Transaction]:
    """Each refund of the order; its `total` is negative there."""
    for item in read.parts("refunds"):
        amount = item.money("total", currency, signed=True)
        own_id = item.identity("id")
        if amount is not None and own_id:
            yield Transaction(
                transaction_id=f"woocommerce-refund-{own_id}", kind="refund", status="success",
                amount=Money(amount=abs(amount.amount), currency=amount.currency),
            )


def refunded(read: Reading, currency: str) -> Money | None:
    """What went back in all; None where nothing did."""
    sums = [one.amount for one in refund_transactions(read.aside(), currency)]
    return sum(sums[1:], sums[0]) if sums else None
