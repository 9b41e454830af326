"""Answers of the Orders API v0 in, whole orders out: Amazon tells an order, its items, its address and its buyer apart.

What bears the same AmazonOrderId within one payload is one document: `[{order}, {items}, {address}]`, JSON lines of
whole answers, or one object with `Order` and `OrderItems`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from ...documents import Found

_ID = "AmazonOrderId"


def joined(documents: Iterable[Found]) -> Iterator[Found]:
    """Documents of others as they come; those of Amazon's v0 at the end, each order with all that is said of it."""
    waiting: dict[str, Found] = {}
    for found in documents:
        whole = _whole(found)
        own_id = whole.data.get(_ID) if isinstance(whole.data, dict) else None
        if not isinstance(own_id, str) or ("PurchaseDate" in whole.data and "OrderItems" in whole.data):
            yield whole
        else:
            before = waiting.get(own_id)
            waiting[own_id] = whole if before is None else _merged(before, whole)
    yield from waiting.values()


def _whole(found: Found) -> Found:
    """`{Order: {…}, OrderItems: […]}`, as some write the two answers into one file, is an order with its items."""
    data = found.data
    if not isinstance(data, dict):
        return found
    parts = {name.lower(): value for name, value in data.items()}
    order, items = parts.get("order"), parts.get("orderitems")
    if not isinstance(order, dict) or items is None:
        return found
    order, items = (_opened(one) for one in (order, items))
    listed = items.get("OrderItems") if isinstance(items, dict) else items
    if not isinstance(order, dict) or _ID not in order:
        return found
    return replace(found, data={**order, "OrderItems": listed})


def _opened(answer: Any) -> Any:
    return answer["payload"] if isinstance(answer, dict) and "payload" in answer else answer


def _merged(one: Found, other: Found) -> Found:
    """The order with the other's members; the place is that of what has the date of purchase."""
    first, second = (other, one) if "PurchaseDate" in other.data else (one, other)
    data = {**second.data, **first.data}
    if "OrderItems" in one.data and "OrderItems" in other.data:
        data["OrderItems"] = _items(one.data["OrderItems"], other.data["OrderItems"])
    return replace(first, data=data)


def _items(first: Any, second: Any) -> Any:
    """Items by their id: getOrderItemsBuyerInfo tells of each what the buyer wants of it, a second page tells more."""
    if not isinstance(first, list) or not isinstance(second, list):
        return first
    by_id: dict[Any, Any] = {}
    for item in (*first, *second):
        own_id = item.get("OrderItemId") if isinstance(item, dict) else None
        by_id[own_id] = {**by_id[own_id], **item} if own_id in by_id and own_id else item
    return list(by_id.values())
