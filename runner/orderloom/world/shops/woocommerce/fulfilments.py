"""A parcel in; the id of the shop's note of it out. WooCommerce has no fulfilments: fields of the order hold them.

`_orderloom_shipped_KEY` is ours and says which lines left by which call. `_wc_shipment_tracking_items` is where
the extension Shipment Tracking, and others that read its fields, look for tracking numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import md5
from typing import Any

from orderloom.model import Order, Shipment
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.shops.answers import own_number, own_order
from orderloom.world.shops.parcels import company, quantities, tracking_numbers
from orderloom.world.shops.woocommerce.notes import note_once
from orderloom.world.shops.woocommerce.store import RefusedError, Store, meta

SHIPPED = "_orderloom_shipped_"
TRACKING = "_wc_shipment_tracking_items"
_OVER = {"cancelled", "refunded", "failed", "trash"}


def fulfil(store: Store, order: Order, shipment: Shipment, key: str, now: datetime) -> str:
    """Raises `ConnectionFailedError`: refused where the order is called off in the shop."""
    number = own_order(order, "woocommerce")
    at = store.order(number)
    if meta(at, f"{SHIPPED}{key}") is None:
        at = _write(store, at, shipment, key, now)
    if at["status"] != "completed" and _is_all_gone(at, order):
        _put(store, number, {"status": "completed"})
    return str(note_once(store, number, _sentence(order, shipment), key))


def _write(store: Store, at: Mapping[str, Any], shipment: Shipment, key: str, now: datetime) -> Mapping[str, Any]:
    """The order as it is then: with what others wrote meanwhile, so that one of them sees that all has left."""
    if at["status"] in _OVER:
        message = f"order {at['id']} is {at['status']} in the shop: nothing of it is to leave"
        raise ConnectionFailedError("refused", message)
    leaving = {str(own_number(line, "line")): units for line, units in quantities(shipment).items()}
    known = {str(line["id"]) for line in at["line_items"]}
    if unknown := sorted(leaving.keys() - known):
        raise ConnectionFailedError("refused", f"order {at['id']} has no line {' and '.join(unknown)} in the shop")
    told = {"lines": leaving, "tracking": list(tracking_numbers(shipment))}
    fields = [{"key": f"{SHIPPED}{key}", "value": told}, *_tracking(at, shipment, now)]
    return _put(store, at["id"], {"meta_data": fields})


def _put(store: Store, number: int, body: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        return dict(store.put("orders/{order}", body, order=number))
    except RefusedError as error:
        raise ConnectionFailedError("refused", f"the shop refuses the change: {error}") from None


def _tracking(at: Mapping[str, Any], shipment: Shipment, now: datetime) -> list[dict[str, Any]]:
    """The field with every parcel of the order, these among them; none where there is nothing to add."""
    known = meta(at, TRACKING)
    items = list(known) if isinstance(known, list) else []
    there = {item.get("tracking_number") for item in items if isinstance(item, dict)}
    fresh = [number for number in tracking_numbers(shipment) if number not in there]
    if not fresh:
        return []
    return [{"key": TRACKING, "value": items + [_item(number, shipment, now) for number in fresh]}]


def _item(number: str, shipment: Shipment, now: datetime) -> dict[str, str]:
    name = company(shipment) or ""
    identity = md5(f"{name}-{number}".encode(), usedforsecurity=False).hexdigest()  # the extension's form of an id
    return {
        "tracking_provider": name, "custom_tracking_provider": "", "custom_tracking_link": "",
        "tracking_number": number, "date_shipped": str(int(now.timestamp())), "tracking_id": identity,
    }


def _is_all_gone(at: Mapping[str, Any], order: Order) -> bool:
    """Whether nothing that travels is left, by what the shop was told and by what we know."""
    gone: dict[str, int] = {}
    for field in at["meta_data"]:
        if str(field["key"]).startswith(SHIPPED) and isinstance(field["value"], dict):
            for line, units in (field["value"].get("lines") or {}).items():
                gone[line] = gone.get(line, 0) + int(units)
    return all(
        max(gone.get(line.line_id, 0), line.quantity_shipped) >= line.quantity - line.quantity_cancelled
        for line in order.lines if line.requires_shipping
    )


def _sentence(order: Order, shipment: Shipment) -> str:
    numbers = ", ".join(tracking_numbers(shipment)) or "without a tracking number"
    names = {line.line_id: line.sku or line.title or line.line_id for line in order.lines}
    goods = ", ".join(f"{line.quantity} × {names.get(line.line_id, line.sku)}" for line in shipment.lines)
    return f"Shipped with {company(shipment) or 'a carrier'}: {numbers}. {goods}"
