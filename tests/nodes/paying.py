"""What the tests of payment nodes share: an order of 30.00 USD, and a gateway, a book and a shop that count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from orderloom import World
from orderloom.model import Card, Money, Order, Payment, Refund, Return, Shipment, Transaction
from orderloom.world import FixedClock
from orderloom.world.gateway import TestGateway
from orderloom.world.gift_cards import GiftCardBook
from orderloom.world.order_book import OrderBook
from orderloom.world.shelf import Shelf
from tests.nodes.orders import good_order, mug, usd

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def taken(name: str, amount: str, **more: Any) -> Transaction:
    told = {"kind": "sale", "status": "success", "gateway": "test-gateway", **more}
    return Transaction(transaction_id=name, amount=usd(amount), **told)


def order(*transactions: Transaction, status: str = "unpaid", units: int = 3, **more: Any) -> Order:
    """Three mugs at 10.00 USD."""
    told: Any = {"status": status, "transactions": transactions}
    return good_order(
        order_number="7", payment=told, lines=(mug(quantity=units, unit_price=usd("10.00")),),
        totals={"grand_total": usd(f"{units * 10}.00")}, **more,
    )  # fmt: skip


def card(last4: str) -> Transaction:
    """What a shop leaves behind of a card that was not charged."""
    return taken(f"auth-{last4}", "30.00", kind="authorization", card=Card(last4=last4))


def back(number: int = 1, units: int = 1, **more: Any) -> Return:
    line = {"line_id": "1", "quantity": units, "reason": "damaged"}
    return Return.model_validate({
        "return_id": f"return:main:{number}", "order_id": "shopify:main:1", "requested_at": NOON,
        "lines": [line], **more,
    })  # fmt: skip


@dataclass
class ShopPaying:
    """A shop that gives money back once for each key."""

    given: dict[str, Money] = field(default_factory=dict)

    def fulfil(self, order: Order, shipment: Shipment, key: str) -> str:
        raise AssertionError

    def cancel(self, order: Order, reason: str, key: str) -> None:
        raise AssertionError

    def refund(self, order: Order, refund: Refund, lines: Mapping[str, int], key: str) -> Transaction:
        self.given[key] = refund.amount
        return taken(f"shop-{key}", str(refund.amount.amount), kind="refund", gateway="shopify")


class Till:
    """A gateway that answers as it is told, on one shelf with the book of orders; `now` is its clock, too."""

    def __init__(self, answers: Mapping[str, Any] | None = None, cards: Mapping[str, Money] | None = None) -> None:
        self.shelf, self.now = Shelf(), NOON
        self.gateway = TestGateway(self.shelf, answers, now=lambda: self.now)
        self.book, self.shop, self.cards = OrderBook(self.shelf), ShopPaying(), GiftCardBook(self.shelf, cards)

    def world(self, key: str = "call", now: datetime = NOON, state: Any = None, **instead: object) -> World:
        self.now = now
        connections = {"payments": self.gateway, "orders": self.book, "gift-cards": self.cards, **instead}
        return World(FixedClock(now), connections, key=key, state=state)

    def charge(self, name: str, amount: str, answers: str = "success") -> Transaction:
        """Money that this gateway took before."""
        return self.gateway.collect(order(), usd(amount), name)

    @property
    def charges(self) -> list[str]:
        """What the gateway has taken."""
        return [charge["amount"] for charge in self.shelf.all("charge").values()]

    @property
    def given_back(self) -> str:
        moved = [Transaction.model_validate(call) for call in self.shelf.all("payment-call").values()]
        sums = [one.amount.amount for one in moved if one.kind == "refund" and one.status == "success"]
        return str(sum(sums))

    def noted(self) -> Payment:
        record = self.book.find("shopify:main:1")
        assert record is not None
        return record.order.payment
