"""What is still to be paid on an order, and how its payment stands after a charge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from orderloom.model import Money, Order, Payment, Transaction

_HAVE = {"paid", "partially_refunded", "refunded"}
_SIGNS = {"sale": 1, "capture": 1, "refund": -1}


@dataclass(frozen=True)
class Due:
    """`amount` is None where nothing is to be charged now; `why` says it in words."""

    amount: Money | None
    why: str


def due(order: Order, more: Sequence[Transaction] = ()) -> Due:
    """The grand total less what was captured; an authorisation is no money yet. `more` moved unknown to the order."""
    payment = order.payment
    if payment.status in _HAVE:
        return Due(None, f"the channel says that it is {payment.status.replace('_', ' ')}")
    if payment.terms and payment.terms.type in {"cod", "net"}:
        return Due(None, "paid on delivery" if payment.terms.type == "cod" else f"on account, {_days(order)}")
    whole = order.totals.outstanding or order.totals.current_total or order.totals.grand_total
    known = () if order.totals.outstanding else order.payment.transactions
    open_ = whole - captured([*(one for one in known if one.kind != "refund"), *more], order.currency)
    if open_.amount <= 0:
        return Due(None, "nothing is due")
    return Due(open_, f"{open_} is due")


def captured(moved: Iterable[Transaction], currency: str) -> Money:
    """What came in and did not go back, in that currency."""
    sums = (
        one.amount.amount * _SIGNS.get(one.kind, 0)
        for one in moved
        if one.status == "success" and one.amount.currency == currency
    )
    return Money.of(sum(sums, Money.zero(currency).amount), currency)


def with_transactions(payment: Payment, moved: Sequence[Transaction], due_: Money) -> Payment:
    """The payment with these movements; paid where they brought what was due, partly where they brought some of it."""
    told = {t.idempotency_key for t in moved if t.status != "unknown"}
    kept = (t for t in payment.transactions if t.status != "unknown" or t.idempotency_key not in told)
    known = {t.transaction_id: t for t in (*kept, *moved)}
    status = _status(known.values(), moved, due_)
    return payment.model_copy(update={"transactions": tuple(known.values()), "status": status})


def _status(known: Iterable[Transaction], moved: Sequence[Transaction], due_: Money) -> str:
    if captured(moved, due_.currency) >= due_:
        return "paid"
    if any(one.status in {"unknown", "pending"} for one in moved):
        return "pending"
    return "partially_paid" if captured(known, due_.currency).amount > 0 else "failed"


def _days(order: Order) -> str:
    days = order.payment.terms.net_days if order.payment.terms else None
    return f"{days} days" if days is not None else "by agreement"
