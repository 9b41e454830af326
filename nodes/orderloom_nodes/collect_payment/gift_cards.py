"""Gift cards pay first, each as much as it holds; what they leave is for the card."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial

from orderloom import GiftCards, NodeError, World
from orderloom.model import Money, Transaction
from orderloom_nodes.collect_payment.asking import moved_once


def redeemed(world: World, connection: str, codes: Sequence[str], amount: Money) -> tuple[Transaction, ...]:
    """What the cards pay of an amount; nothing of an empty one. Raises `NodeError` (invalid) for no card of ours."""
    book = world.connection(connection, GiftCards) if codes else None
    moved: list[Transaction] = []
    for number, code in enumerate(codes, start=1):
        assert book is not None
        rest = amount - _sum(moved, amount.currency)
        key = f"{world.key}-card-{number}"
        known = book.find(key)
        part = known.amount if known else _part(book, code, rest)
        if part.amount > 0:
            moved.append(moved_once(world, book, partial(book.redeem, code, part), key, f"gift card's {part}"))
    return tuple(one for one in moved if one.status == "success")


def _part(book: GiftCards, code: str, rest: Money) -> Money:
    balance = book.balance(code)
    if balance is None:
        told = "a gift card was given with this order that nobody issued: ask the customer for its code"
        raise NodeError("invalid", told)
    return min(balance, rest) if balance.currency == rest.currency else Money.zero(rest.currency)


def _sum(moved: Sequence[Transaction], currency: str) -> Money:
    return Money.of(sum((one.amount.amount for one in moved if one.status == "success"), Decimal(0)), currency)
