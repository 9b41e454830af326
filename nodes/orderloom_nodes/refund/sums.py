"""How much is to go back, and which transactions it may go back to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from orderloom import NodeError
from orderloom.model import Money, Order, Payment, Return, Transaction, all_back, more_than_sold
from orderloom_nodes.return_evaluate.refund import paid_order

_TAKEN = {"sale", "capture"}
_PAID = {"paid", "partially_paid", "partially_refunded"}


@dataclass(frozen=True)
class Wanted:
    """An amount, the captures it may go back to, and how much of these is back already without saying from which.

    `untold`: the order is paid and nothing says by which transactions, so only its shop can give it back.
    """

    amount: Money
    captures: tuple[Transaction, ...]
    back: tuple[Transaction, ...]
    untold: bool = False
    everything: bool = False  # nobody named a sum: what is back already is not asked for again


def wanted(
    order: Order | None, payment: Payment | None, request: Return | None, amount: Money | None, share: Decimal
) -> Wanted:
    """What a call asks for. Raises `NodeError` (invalid) where it does not say."""
    paying = payment or (order.payment if order else None)
    if paying is None:
        raise NodeError("invalid", "nothing says what to give back: hand over `payment`, or `order`")
    if request is not None and order is not None and request.order_id != order.order_id:
        raise NodeError("invalid", f"return {request.return_id} is for order {request.order_id}, not {order.order_id}")
    captures = _successes(paying, _TAKEN)
    untold = not captures and paying.status in _PAID
    whole = amount or (_of_lines(order, request) if order and request else _all(captures, order, untold=untold))
    part = Money(amount=whole.amount * share, currency=whole.currency).rounded() if share != 1 else whole
    everything = amount is None and not (order and request)
    return Wanted(part, captures, _successes(paying, {"refund"}), untold, everything)


def barred(
    order: Order | None, payment: Payment | None, request: Return | None, amount: Money | None
) -> str | None:
    """Why nothing may go back, in a sentence with the sums; None where something may.

    Where an amount is named a policy has looked at the lines, and has paid for those that may come back.
    """
    paying = payment or (order.payment if order else None)
    if paying is not None and paying.status == "disputed":
        return "the payment is disputed (a chargeback): nothing may be given back before that is settled"
    if order is None or request is None or (amount is not None and not all_back(order, request)):
        return None
    return more_than_sold(order, request)


def nothing(order: Order | None, payment: Payment | None) -> Money:
    """No money, in the currency of what was paid."""
    moved = payment.transactions[0].amount.currency if payment and payment.transactions else "USD"
    return Money.of("0", order.currency if order else moved)


def _successes(payment: Payment, kinds: set[str]) -> tuple[Transaction, ...]:
    return tuple(moved for moved in payment.transactions if moved.kind in kinds and moved.status == "success")


def _all(captures: Sequence[Transaction], order: Order | None, *, untold: bool) -> Money:
    """All that was taken and is not back: what of it is back, the allocation takes off."""
    if untold and order is not None:
        return paid_order(order).money(paid_order(order).left)
    if not captures:
        return nothing(order, None)
    currency = captures[0].amount.currency
    taken = sum((one.amount.amount for one in captures if one.amount.currency == currency), Decimal(0))
    return Money.of(taken, currency)


def _of_lines(order: Order, request: Return) -> Money:
    """What the lines that come back were paid, with tax, and never more than is left of the payment."""
    paid = paid_order(order)
    if paid.unpriced:
        raise NodeError("invalid", paid.unpriced)
    return min(paid.money(sum(_line_sums(order, request))), paid.money(paid.left))


def _line_sums(order: Order, request: Return) -> Iterator[int]:
    paid = paid_order(order)
    gone = {line.line_id: line.quantity_cancelled + line.quantity_returned for line in order.lines}
    for line in request.lines:
        sold = order.line(line.line_id)
        if sold is None or gone[line.line_id] + line.quantity > sold.quantity:
            raise NodeError("invalid", f"line {line.line_id} of the return is more than was sold and is not back yet")
        yield paid.lines[line.line_id].share(gone[line.line_id], line.quantity).both
        gone[line.line_id] += line.quantity
