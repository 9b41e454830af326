"""Gives money back the way it came, at most what was taken, exact to the minor unit, and once."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from orderloom import GiftCards, Orders, Outcome, Payments, Setting, World, node
from orderloom.model import Money, Order, OrderRecord, Payment, Refund, Return, Transaction
from orderloom_nodes.collect_payment.book import as_noted
from orderloom_nodes.refund.allocate import Allocated, Prefer, allocate
from orderloom_nodes.refund.carry_out import GivesBack, carried_out
from orderloom_nodes.refund.credit import as_credit
from orderloom_nodes.refund.sums import barred, nothing, wanted

Share = Annotated[Decimal, Field(ge=0, le=1)]


class Refunded(Outcome, name="refunded"):
    """The money went back; `amount` is what went back in all, nought where there was nothing to give back.

    `card_code` is the gift card that it went onto, where it was given as store credit.
    """

    amount: Money
    refund: Refund
    transactions: tuple[Transaction, ...]
    order: Order | None = None
    card_code: str | None = None


class Refused(Outcome, name="refused"):
    """Not all of `amount` could go back; `transactions` is what did. `reason` says why, with the sums."""

    amount: Money
    reason: str
    transactions: tuple[Transaction, ...] = ()


@node("refund", effects="keyed", in_doubt="query")
def refund(
    world: World,
    payment: Payment | None = None,
    order: Order | None = None,
    request: Return | None = None,
    amount: Money | None = None,
    share: Share = Decimal(1),
    method: Literal["original_payment", "store_credit"] = "original_payment",
    prefer: Setting[Prefer] = "largest",
    connection: Setting[str] = "payments",
    cards: Setting[str] = "gift-cards",
    orders: Setting[str] = "orders",
) -> Refunded | Refused:
    """Give money back: all of a payment, an amount, or what was paid for the lines of a return; `share` of it.

    A part of it is rounded half to even to the currency's minor unit. It goes to the transactions that brought it, in
    the order that `prefer` says (the largest first; `gift_cards_first`, `gift_cards_last`, `oldest`, `newest`), never
    more than each brought less what went back already. Those of the gateway go through `connection`, those of gift
    cards onto the card by `cards`, those of the shop's own gateway through the shop that the order came from; where
    none is connected, nothing moves and it is refused. `method: store_credit` gives out a new gift card instead, whose
    code is `card_code`.
    """
    book = world.optional(orders, Orders)
    record = _record(book, order, payment)
    sold = record.order_but_for(request.return_id, order) if record and request else order
    why_not = barred(sold, payment, request, amount)
    if why_not:
        return Refused(amount=amount or nothing(sold, payment), reason=why_not)
    asked = wanted(sold, payment, request, amount, share)
    plan = allocate(asked, _earlier(record, world.key), prefer)
    if plan.refused:
        return Refused(amount=asked.amount, reason=plan.refused)
    at = as_noted(world, orders, order) if order else record.order if record else None
    credit = world.connection(cards, GiftCards) if method == "store_credit" else None
    if credit is not None:
        moved, why = as_credit(world, credit, plan, at), ""
    else:
        moved, why = carried_out(world, plan, at, request, _tills(world, connection, cards))
    made = _refund(plan, moved, world.key, method)
    after = _with(at, moved) if at else None
    if book is not None and after is not None and (moved or not why):  # goods that were free are back all the same
        _note(book, after, made, moved, request)
    if why:
        return Refused(amount=asked.amount, reason=why, transactions=moved)
    code = _card_code(credit, moved)
    return Refunded(amount=made.amount, refund=made, transactions=moved, order=after, card_code=code)


def _note(book: Orders, after: Order, made: Refund, moved: tuple[Transaction, ...], request: Return | None) -> None:
    refunds, returns = [made] if moved else [], [request] if request else []
    book.note(after, f"{made.idempotency_key}:refund:{len(moved)}", refunds=refunds, returns=returns)


def _card_code(credit: GiftCards | None, moved: tuple[Transaction, ...]) -> str | None:
    return credit.code_of(moved[0].transaction_id) if credit is not None and moved else None


def _tills(world: World, connection: str, cards: str) -> list[GivesBack]:
    found = (world.optional(connection, Payments), world.optional(cards, GiftCards))
    return [till for till in found if till is not None]


def _record(book: Orders | None, order: Order | None, payment: Payment | None) -> OrderRecord | None:
    if book is None:
        return None
    if order is not None:
        return book.find(order.order_id)
    found = (book.of_transaction(moved.transaction_id) for moved in (payment.transactions if payment else ()))
    return next((record for record in found if record is not None), None)


def _earlier(record: OrderRecord | None, key: str) -> tuple[Refund, ...]:
    """What went back before this call: what an earlier attempt of it noted is its own."""
    return tuple(one for one in (record.refunds if record else ()) if one.idempotency_key != key)


def _refund(plan: Allocated, moved: tuple[Transaction, ...], key: str, method: str) -> Refund:
    gone = sum((one.amount.amount for one in moved), Decimal(0))
    return Refund.model_validate({
        "refund_id": f"refund-{key[:24]}",
        "amount": Money.of(gone, plan.wanted.amount.currency),
        "method": method,
        "allocations": plan.allocations,
        "status": "success" if gone == plan.wanted.amount.amount else "failure",
        "idempotency_key": key,
    })  # fmt: skip


def _with(order: Order, moved: tuple[Transaction, ...]) -> Order:
    """The order with these refunds in its payment, and its status moved on."""
    known = {t.transaction_id: t for t in (*order.payment.transactions, *moved)}
    kinds = {"in": ("sale", "capture"), "out": ("refund",)}
    sums = {
        way: sum((t.amount.amount for t in known.values() if t.kind in kind and t.status == "success"), Decimal(0))
        for way, kind in kinds.items()
    }
    status = "refunded" if sums["out"] >= sums["in"] > 0 else "partially_refunded" if sums["out"] else None
    update = {"transactions": tuple(known.values())} | ({"status": status} if status else {})
    return order.model_copy(update={"payment": order.payment.model_copy(update=update)})
