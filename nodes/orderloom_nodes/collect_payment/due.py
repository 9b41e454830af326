"""What is still to be paid on an order, and how its payment stands after a charge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orderloom.model import Money, Order, Payment, Transaction

_HAVE = {"paid", "partially_refunded", "refunded"}


@dataclass(frozen=True)
class Due:
    """`amount` is None where nothing is to be charged now; `why` says it in words."""

    amount: Money | None
    why: str


def due(order: Order) -> Due:
    """The grand total less what was captured; an authorisation is no money yet."""
    payment = order.payment
    if payment.status in _HAVE:
        return Due(None, f"the channel says that it is {payment.status.replace('_', ' ')}")
    if payment.terms and payment.terms.type in {"cod", "net"}:
        return Due(None, "paid on delivery" if payment.terms.type == "cod" else f"on account, {_days(order)}")
    whole = order.totals.outstanding or order.totals.current_total or order.totals.grand_total
    open_ = whole if order.totals.outstanding else whole - _captured(order)
    if open_.amount <= 0:
        return Due(None, "nothing is due")
    return Due(open_, f"{open_} is due")


def with_transaction(payment: Payment, moved: Sequence[Transaction], due_: Money) -> Payment:
    """The payment with these tries; paid where one of them brought what was due."""
    known = {t.transaction_id: t for t in (*payment.transactions, *moved)}
    paid = any(t.status == "success" and t.amount == due_ for t in moved)
    status = "paid" if paid else "failed"
    return payment.model_copy(update={"transactions": tuple(known.values()), "status": status})


def _captured(order: Order) -> Money:
    taken = Money.of("0", order.currency)
    for moved in order.payment.transactions:
        if moved.kind in {"sale", "capture"} and moved.status == "success" and moved.amount.currency == order.currency:
            taken += moved.amount
    return taken


def _days(order: Order) -> str:
    days = order.payment.terms.net_days if order.payment.terms else None
    return f"{days} days" if days is not None else "by agreement"
