"""An order to call off in; an order of status `cancelled`, with a note that says why, out."""

from __future__ import annotations

from orderloom.model import Order
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.shops.answers import own_order
from orderloom.world.shops.woocommerce.notes import note_once
from orderloom.world.shops.woocommerce.store import RefusedError, Store

FIELD = "_orderloom_cancelled"
_GONE = {"completed", "refunded"}


def cancel(store: Store, order: Order, reason: str, key: str) -> None:
    """Raises `ConnectionFailedError`: refused where the shop says that the goods have left."""
    number = own_order(order, "woocommerce")
    status = store.order(number)["status"]
    if status in _GONE:
        message = f"order {number} is {status} in the shop and cannot be cancelled: let the customer return it"
        raise ConnectionFailedError("refused", message)
    if status != "cancelled":
        try:
            fields = [{"key": FIELD, "value": key}]
            store.put("orders/{order}", {"status": "cancelled", "meta_data": fields}, order=number)
        except RefusedError as error:
            raise ConnectionFailedError("refused", f"the shop refuses to cancel the order: {error}") from None
    note_once(store, number, f"Cancelled. Reason: {reason}", key)
