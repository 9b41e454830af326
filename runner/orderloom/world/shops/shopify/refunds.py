"""Money to give back in; the shop's transaction out: made once, known again by the note that the refund bears."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from orderloom.model import Money, Order, Refund, Transaction
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.shops.answers import mark, own_number, own_order
from orderloom.world.shops.shopify import queries
from orderloom.world.shops.shopify.admin import Admin, RefusedError, gid

_TAKEN = {"SALE", "CAPTURE"}
_GONE = {"SUCCESS", "PENDING", "AWAITING_RESPONSE"}
Status = Literal["success", "pending", "failure", "unknown"]


@dataclass(frozen=True)
class _Taken:
    """A transaction that brought money, and what of it is not back yet."""

    gid: str
    gateway: str
    left: Decimal


def refund(admin: Admin, order: Order, wanted: Refund, lines: Mapping[str, int], key: str) -> Transaction:
    """Raises `ConnectionFailedError`; what the shop refuses is a transaction of status `failure`."""
    at = gid("Order", own_order(order, "shopify"))
    known = admin.one(queries.REFUNDS, "order", at)
    found = next((one["id"] for one in known["refunds"] if mark(key) in (one["note"] or "")), None)
    if found is None:
        try:
            found = _create(admin, at, known, wanted, lines, key)
        except RefusedError as error:
            return _told(wanted.amount, key, "failure", f"refused-{key[:24]}", str(error))
    return _standing(admin, str(found), wanted.amount, key)


def _create(
    admin: Admin, at: str, known: Mapping[str, Any], wanted: Refund, lines: Mapping[str, int], key: str
) -> str:
    currency = known["presentmentCurrencyCode"]
    if wanted.amount.currency != currency:
        message = f"the customer paid in {currency}, and Shopify gives back in that: not {wanted.amount}"
        raise ConnectionFailedError("invalid", message)
    shares = _shares(_taken(known["transactions"]), wanted)
    moves = [
        {"orderId": at, "parentId": one.gid, "gateway": one.gateway, "kind": "REFUND", "amount": f"{part:f}"}
        for one, part in shares
    ]
    back = [
        {"lineItemId": gid("LineItem", own_number(line, "line")), "quantity": units, "restockType": "NO_RESTOCK"}
        for line, units in lines.items()
    ]
    asked = {"orderId": at, "currency": currency, "note": mark(key), "notify": False, "transactions": moves}
    made = admin.change(queries.REFUND, "refundCreate", {"input": asked | {"refundLineItems": back}, "key": key})
    return str(made["refund"]["id"])


def _taken(transactions: Sequence[Mapping[str, Any]]) -> list[_Taken]:
    gone: dict[str, Decimal] = {}
    for one in transactions:
        if one["kind"] == "REFUND" and one["status"] in _GONE and one["parentTransaction"]:
            parent = one["parentTransaction"]["id"]
            gone[parent] = gone.get(parent, Decimal(0)) + _amount(one)
    return [
        _Taken(one["id"], one["gateway"], _amount(one) - gone.get(one["id"], Decimal(0)))
        for one in transactions if one["kind"] in _TAKEN and one["status"] == "SUCCESS"
    ]


def _shares(taken: Sequence[_Taken], wanted: Refund) -> list[tuple[_Taken, Decimal]]:
    """As the refund says; where it does not, the largest first. Raises `RefusedError` where there is too little."""
    if wanted.allocations:
        by_number = {own_number(one.gid, "transaction"): one for one in taken}
        told = [(own_number(one.transaction_id, "transaction"), one) for one in wanted.allocations]
        missing = [one.transaction_id for number, one in told if number not in by_number]
        if missing:
            raise RefusedError(f"the shop knows no payment {' and '.join(missing)} of this order")
        return [(by_number[number], one.amount.amount) for number, one in told]
    left, shares = wanted.amount.amount, []
    for one in sorted(taken, key=lambda one: (-one.left, one.gid)):
        part = min(left, one.left)
        if part > 0:
            shares.append((one, part))
            left -= part
    if left:
        raise RefusedError(f"{wanted.amount} is to go back, and {left} of it was not paid or is back already")
    return shares


def _standing(admin: Admin, found: str, amount: Money, key: str) -> Transaction:
    """What became of the money: a refund in the shop's books says nothing of it, its transactions do."""
    moves = [
        one for one in admin.every(queries.REFUNDED, "refund", found, "transactions") if one["kind"] == "REFUND"
    ]
    states = {one["status"] for one in moves}
    number = own_number(found, "refund")
    if states & {"FAILURE", "ERROR"}:
        words = f"refund {number} stands in the shop's books, and its gateway did not pay all of it: look there"
        return _told(amount, key, "failure", str(number), words)
    status: Status = "success" if states <= {"SUCCESS"} else "pending"
    gone = sum((_amount(one) for one in moves), Decimal(0))
    if status == "success" and gone != amount.amount:
        words = f"refund {number} gave back {gone} of {amount}: look there"
        return _told(amount, key, "failure", str(number), words)
    return _told(amount, key, status, str(number))


def _told(amount: Money, key: str, status: Status, number: str, why: str | None = None) -> Transaction:
    return Transaction(
        transaction_id=f"shopify-refund-{number}"[:128], kind="refund", status=status, gateway="shopify",
        amount=amount, idempotency_key=key, decline_code=why,
    )


def _amount(one: Mapping[str, Any]) -> Decimal:
    return Decimal(one["amountSet"]["presentmentMoney"]["amount"])
