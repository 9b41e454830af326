"""What the tests of `capture` share: a Shopify order as plain data, and short ways to capture it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from orderloom.declare import Payload, Unreadable
from orderloom.model import Order
from orderloom.problems import Problem
from orderloom_nodes.capture import capture


def item(**changes: Any) -> dict[str, Any]:
    return {
        "id": 11,
        "sku": "MUG",
        "title": "Mug",
        "quantity": 2,
        "price": "18.50",
        "grams": 340,
        "product_id": 7,
        "variant_id": 8,
        "requires_shipping": True,
        "taxable": True,
        "fulfillable_quantity": 2,
        "fulfillment_status": None,
        **changes,
    }


def shopify(**changes: Any) -> dict[str, Any]:
    return {
        "id": 450789469,
        "name": "#1001",
        "order_number": 1001,
        "created_at": "2026-03-02T08:31:04-08:00",
        "updated_at": "2026-03-02T08:32:04-08:00",
        "currency": "USD",
        "email": "ann@example.test",
        "financial_status": "paid",
        "fulfillment_status": None,
        "total_price": "44.95",
        "total_line_items_price": "37.00",
        "total_discounts": "0.00",
        "total_tax": "0.00",
        "line_items": [item()],
        "shipping_lines": [{"title": "Standard", "code": "Standard", "price": "7.95"}],
        "shipping_address": {
            "name": "Ann Larkin",
            "address1": "1120 SW 5th Avenue",
            "city": "Portland",
            "province": "Oregon",
            "province_code": "OR",
            "zip": "97204",
            "country": "United States",
            "country_code": "US",
        },
        **changes,
    }


def captured(payload: Any, **settings: Any) -> list[Any]:
    data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    told = {name: settings.pop(name) for name in ("format", "account") if name in settings}
    name = settings.pop("name", "payload.json")
    settings = {key if key != "own_account" else "account": value for key, value in settings.items()}
    return list(capture(Payload(data, name, told.get("format"), told.get("account")), **settings))


def order(payload: Any, **settings: Any) -> Order:
    found = captured(payload, **settings)
    assert len(found) == 1
    assert not isinstance(found[0], Unreadable), found[0].problems
    read = found[0].order
    assert isinstance(read, Order)
    return read


def problems(payload: Any, **settings: Any) -> tuple[Problem, ...]:
    found = captured(payload, **settings)
    assert len(found) == 1
    assert isinstance(found[0], Unreadable), found
    return found[0].problems


def codes(payload: Any, **settings: Any) -> list[str]:
    return [problem.code for problem in problems(payload, **settings)]


def without(document: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in names}
