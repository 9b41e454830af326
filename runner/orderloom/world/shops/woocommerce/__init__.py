"""WooCommerce, told what became of an order, by its REST API, version 3.

store.py           one request to the API; what can go wrong with it
notes.py           what is written beside an order for those who run the shop
fulfilments.py     parcels and tracking numbers
cancellations.py   orders called off
refunds.py         money back through the gateway that took it
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import ClassVar

from orderloom.model import Order, Refund, Shipment, Transaction
from orderloom.world.protocols import Http
from orderloom.world.shops.answers import own_order
from orderloom.world.shops.turns import Turns
from orderloom.world.shops.woocommerce.cancellations import cancel
from orderloom.world.shops.woocommerce.fulfilments import fulfil
from orderloom.world.shops.woocommerce.refunds import refund
from orderloom.world.shops.woocommerce.store import Store


def _now() -> datetime:
    return datetime.now(UTC)


class WooCommerce:
    """A shop behind `http`, whose base address is that of its WordPress."""

    remote: ClassVar[bool] = True

    def __init__(self, http: Http, now: Callable[[], datetime] = _now) -> None:
        self.http = http
        self._store, self._now, self._turns = Store(http), now, Turns()

    def fulfil(self, order: Order, shipment: Shipment, key: str) -> str:
        """Note the parcel; complete the order when its last line left. Gives the id of the note in the shop."""
        with self._turns.of(own_order(order, "woocommerce")):
            return fulfil(self._store, order, shipment, key, self._now())

    def cancel(self, order: Order, reason: str, key: str) -> None:
        """Call the order off. No money moves by it; WooCommerce itself puts the units back on its shelf."""
        cancel(self._store, order, reason, key)

    def refund(self, order: Order, refund_: Refund, lines: Mapping[str, int], key: str) -> Transaction:
        """Money back; of status `failure` where the shop or its gateway refuses it."""
        return refund(self._store, order, refund_, lines, key)

    def probe(self) -> str:
        """Whether the key may read orders. Raises `ConnectionFailedError`."""
        self._store.get("orders", query={"per_page": 1})
        return "signed in, and orders can be read"
