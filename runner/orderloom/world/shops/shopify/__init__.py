"""Shopify, told what became of an order, by its GraphQL Admin API.

admin.py           one question to the API; what can go wrong with it
queries.py         the texts of the questions
fulfilments.py     parcels and tracking numbers
cancellations.py   orders called off
refunds.py         money back through the shop's gateway
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import ClassVar

from orderloom.model import Order, Refund, Shipment, Transaction
from orderloom.world.protocols import Http
from orderloom.world.shops.answers import own_order
from orderloom.world.shops.shopify.admin import Admin
from orderloom.world.shops.shopify.cancellations import cancel
from orderloom.world.shops.shopify.fulfilments import fulfil
from orderloom.world.shops.shopify.queries import SHOP_NAME
from orderloom.world.shops.shopify.refunds import refund
from orderloom.world.shops.turns import Turns

VERSION = "2026-07"  # the version of the API that the questions are written for


class Shopify:
    """A shop behind `http`, whose base address is that of the Admin API of one version."""

    remote: ClassVar[bool] = True

    def __init__(self, http: Http, pause: Callable[[float], None] = time.sleep) -> None:
        self.http = http
        self._admin, self._pause, self._turns = Admin(http), pause, Turns()

    def fulfil(self, order: Order, shipment: Shipment, key: str) -> str:  # noqa: ARG002 (told by its tracking number)
        """Mark the shipment's lines as fulfilled. Raises `ConnectionFailedError` (refused: the shop's words)."""
        with self._turns.of(own_order(order, "shopify")):
            return fulfil(self._admin, order, shipment)

    def cancel(self, order: Order, reason: str, key: str) -> None:
        """Call the order off. Neither money nor stock moves by it: steps of their own see to that."""
        cancel(self._admin, order, reason, key, self._pause)

    def refund(self, order: Order, refund_: Refund, lines: Mapping[str, int], key: str) -> Transaction:
        """Money back; of status `failure` where the shop refuses it, `pending` while its gateway is at it."""
        return refund(self._admin, order, refund_, lines, key)

    def probe(self) -> str:
        """Whose shop it is. Raises `ConnectionFailedError`."""
        return f"signed in to {self._admin.ask(SHOP_NAME, {})['shop']['name']}"
