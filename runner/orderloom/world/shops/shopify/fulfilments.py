"""A parcel in; the shop's id of its fulfilment out, made for what the shop does not have under its tracking number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from orderloom.model import Order, Shipment
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.shops.answers import own_number, own_order
from orderloom.world.shops.parcels import company, quantities, tracking_numbers
from orderloom.world.shops.shopify import queries
from orderloom.world.shops.shopify.admin import Admin, RefusedError, gid

_CLOSED = {"CLOSED", "CANCELLED", "INCOMPLETE"}
_VOID = {"CANCELLED", "ERROR", "FAILURE"}


@dataclass(frozen=True)
class _Part:
    """Units of one line that one fulfilment order still waits for."""

    location: str
    fulfilment_order: str
    line: str
    quantity: int


def fulfil(admin: Admin, order: Order, shipment: Shipment) -> str:
    """One fulfilment for each location that Shopify assigned the lines to: it takes no others together."""
    numbers = tracking_numbers(shipment)
    if not numbers:
        raise ConnectionFailedError("invalid", f"shipment {shipment.shipment_id} bears no tracking number to tell of")
    at = gid("Order", own_order(order, "shopify"))
    wanted = {gid("LineItem", own_number(line, "line")): units for line, units in quantities(shipment).items()}
    made = [found["id"] for found in _under(admin, at, numbers)]
    for found in made:
        _take_off(wanted, admin.every(queries.FULFILLED_LINES, "fulfillment", found, "fulfillmentLineItems"))
    if any(wanted.values()):
        made += [_create(admin, parts, shipment) for parts in _by_location(_parts(admin, at, wanted))]
    return ",".join(number.rpartition("/")[2] for number in made)


def _under(admin: Admin, at: str, numbers: tuple[str, ...]) -> Iterator[Mapping[str, Any]]:
    """The order's fulfilments with one of these tracking numbers."""
    for found in admin.one(queries.FULFILMENTS, "order", at)["fulfillments"]:
        if found["status"] not in _VOID and any(info["number"] in numbers for info in found["trackingInfo"]):
            yield found


def _take_off(wanted: dict[str, int], done: Iterator[Mapping[str, Any]]) -> None:
    for line in done:
        name = line["lineItem"]["id"]
        if name in wanted:
            wanted[name] = max(0, wanted[name] - line["quantity"])


def _parts(admin: Admin, at: str, wanted: Mapping[str, int]) -> list[_Part]:
    """Where to take the units from. Raises `ConnectionFailedError` (refused) where the shop waits for fewer."""
    left = dict(wanted)
    parts: list[_Part] = []
    for held in admin.every(queries.FULFILMENT_ORDERS, "order", at, "fulfillmentOrders"):
        if held["status"] in _CLOSED or not any(left.values()):
            continue
        location = (held["assignedLocation"]["location"] or {}).get("id", "")
        for line in admin.every(queries.OPEN_LINES, "fulfillmentOrder", held["id"], "lineItems"):
            name = line["lineItem"]["id"]
            units = min(left.get(name, 0), line["remainingQuantity"])
            if units > 0:
                parts.append(_Part(location, held["id"], line["id"], units))
                left[name] -= units
    short = [f"{units} of line {name.rpartition('/')[2]}" for name, units in left.items() if units]
    if short:
        message = f"the shop does not wait for {' and '.join(short)} any more: it was fulfilled or cancelled there"
        raise ConnectionFailedError("refused", message)
    return parts


def _by_location(parts: list[_Part]) -> list[list[_Part]]:
    found: defaultdict[str, list[_Part]] = defaultdict(list)
    for part in parts:
        found[part.location].append(part)
    return list(found.values())


def _create(admin: Admin, parts: list[_Part], shipment: Shipment) -> str:
    lines: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for part in parts:
        lines[part.fulfilment_order].append({"id": part.line, "quantity": part.quantity})
    name = company(shipment)
    wanted = {
        "lineItemsByFulfillmentOrder": [
            {"fulfillmentOrderId": held, "fulfillmentOrderLineItems": some} for held, some in lines.items()
        ],
        "trackingInfo": {"numbers": list(tracking_numbers(shipment))} | ({"company": name} if name else {}),
        "notifyCustomer": False,  # a step of the flow does
    }
    try:
        made = admin.change(queries.FULFIL, "fulfillmentCreate", {"fulfillment": wanted})
    except RefusedError as error:
        raise ConnectionFailedError("refused", f"the shop refuses the fulfilment: {error}") from None
    return str(made["fulfillment"]["id"])
