"""What is written beside an order for those who run the shop; the customer does not see it."""

from __future__ import annotations

from orderloom.world.shops.answers import mark
from orderloom.world.shops.woocommerce.store import Store


def note_once(store: Store, order: int, text: str, key: str) -> int:
    """The shop's id of the note of this call, written if it was not yet. Raises `ConnectionFailedError`."""
    for known in store.get("orders/{order}/notes", query={"type": "internal"}, order=order):
        if mark(key) in str(known.get("note", "")):
            return int(known["id"])
    body = {"note": f"{text} ({mark(key)})", "customer_note": False}
    return int(store.post("orders/{order}/notes", body, key, order=order)["id"])
