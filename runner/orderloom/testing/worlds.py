"""The `world` of a case in; a `World` with just that in it out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from orderloom.model import Location, Money, OrderRecord, StockLevel
from orderloom.testing.stand_ins import HttpSaid, LabelsPrinted, MailKept, PapersKept, StockOf
from orderloom.world import FixedClock, World
from orderloom.world.gateway import TestGateway
from orderloom.world.gift_cards import GiftCardBook
from orderloom.world.labels import TestLabels
from orderloom.world.numbers import Counter
from orderloom.world.order_book import OrderBook
from orderloom.world.shelf import Shelf

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def make_world(told: Mapping[str, Any]) -> World:
    """A world that holds what a case says: `now`, `stock`, earlier `orders`, the gateway's `answers`; all in memory.

    `gift_cards` are balances by code.

    `http` says by connection what each request is answered: `{erp: {GET /orders/5: {status: 200, body: {}}}}`. With
    `key` the call has another idempotency key than `case`, with `state` what its last `Later` kept.
    """
    now = datetime.fromisoformat(told["now"]) if "now" in told else NOW
    return World(FixedClock(now), _connections(told, now), key=told.get("key", "case"), state=told.get("state"))


def _connections(told: Mapping[str, Any], now: datetime) -> dict[str, object]:
    stock = told.get("stock") or {}
    held = (StockLevel.model_validate(level) for level in stock.get("levels", ()))
    places = (Location.model_validate(place) for place in stock.get("locations", ()))
    cards = {code: Money.model_validate(balance) for code, balance in (told.get("gift_cards") or {}).items()}
    shelf, papers = Shelf(), PapersKept()
    records = [OrderRecord.model_validate(record) for record in told.get("orders", ())]
    book = OrderBook(shelf)
    for number, record in enumerate(records):
        book.note(
            record.order, f"case-{number}", shipments=record.shipments, refunds=record.refunds, returns=record.returns
        )
    services = {name: HttpSaid(replies) for name, replies in (told.get("http") or {}).items()}
    return {
        "printer": LabelsPrinted(),
        **services,
        "stock": StockOf(held, places),
        "mail": MailKept(),
        "orders": book,
        "payments": TestGateway(shelf, told.get("answers"), lambda: records, lambda: now),
        "gift-cards": GiftCardBook(shelf, cards),
        "labels": TestLabels(shelf, papers),
        "documents": papers,
        "numbers": Counter(shelf),
    }
