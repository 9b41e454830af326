"""How much of an order was paid and how much of it is refunded, in minor units; where nobody says, a doubt tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN

from orderloom.model import MINOR_DIGITS, MixedCurrenciesError, Money, Order, Transaction

_PAID = {"paid", "partially_refunded", "refunded", "disputed"}
_REFUNDED = {"partially_refunded", "refunded"}
_MAY_HAVE_GONE = {"success", "pending", "unknown"}      # money that is perhaps refunded is not refunded again


@dataclass(frozen=True)
class Standing:
    """What was paid and what of it is refunded; None where nobody says.

    With a `doubt` nothing may be given back before a person has looked.
    """

    paid: int | None
    refunded: int | None
    doubt: str | None = None

    @property
    def left(self) -> int:
        known = not self.doubt and self.paid is not None and self.refunded is not None
        return max(0, (self.paid or 0) - (self.refunded or 0)) if known else 0


def standing(order: Order) -> Standing:
    """By the transactions in the order's currency, else by its status and sums. Raises `MixedCurrenciesError`.

    Transactions in another currency are the buyer's side of the same money and are not converted: the sums stand.
    """
    moved = order.payment.transactions
    captured = _captured(order)
    back = [one for one in moved if one.kind == "refund" and one.status in _MAY_HAVE_GONE]
    paid = _sum(captured, order) if captured else _paid_by_status(order)
    if paid is None:
        paid = _paid_by_status(order)
    told = minor(order.totals.refunded, order) if order.totals.refunded else 0
    gone = _sum(back, order)
    refunded = None if gone is None and not told else max(told, gone or 0)
    if order.payment.status in _REFUNDED and not refunded:      # a status that says more than the sums
        refunded = None
    return Standing(paid, refunded, _doubt(order, paid, refunded))


def _doubt(order: Order, paid: int | None, refunded: int | None) -> str | None:
    status = order.payment.status
    if status == "disputed":
        return "the payment is disputed (a chargeback), so nothing may be given back before that is settled"
    if paid is None:
        return f"the payment is {status}, and nothing says in {order.currency} how much was paid"
    if refunded is None:
        return f"the payment is {status}, and nothing says in {order.currency} how much was refunded"
    return None


def _captured(order: Order) -> list[Transaction]:
    moved = order.payment.transactions
    return [one for one in moved if one.kind in {"capture", "sale"} and one.status == "success"]


def _sum(moved: Sequence[Transaction], order: Order) -> int | None:
    """None where one of them is in another currency than the order."""
    if any(one.amount.currency != order.currency for one in moved):
        return None
    return sum(minor(one.amount, order) for one in moved)


def _paid_by_status(order: Order) -> int | None:
    """None where money came in and neither the status nor the sums say how much."""
    totals = order.totals
    if order.payment.status in _PAID:
        return minor(totals.grand_total, order)
    if order.payment.status == "partially_paid":
        return minor(totals.grand_total - totals.outstanding, order) if totals.outstanding else None
    return None if _captured(order) else 0


def minor(money: Money, order: Order) -> int:
    """In whole minor units. Raises `MixedCurrenciesError` where it is not in the order's currency."""
    if money.currency != order.currency:
        raise MixedCurrenciesError(money.currency, order.currency)
    return int(money.amount.scaleb(MINOR_DIGITS[order.currency]).to_integral_value(ROUND_HALF_EVEN))
