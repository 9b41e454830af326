"""Orders, parcels and refunds as the fakes know them."""

from __future__ import annotations

from typing import Any

from orderloom.model import Order, Refund, Shipment

LINES = {"shopify": {"466157049": 2, "518995019": 1, "703073504": 3}, "woocommerce": {"315": 2, "316": 1}}
OWN = {"shopify": "450789469", "woocommerce": "727"}


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


def order_data(system: str, **more: Any) -> dict[str, Any]:
    lines = [
        {"line_id": line, "sku": f"SKU-{line}", "title": "A thing", "quantity": units, "unit_price": usd("6.00")}
        for line, units in LINES[system].items()
    ]
    return {
        "order_id": f"{system}:main:{OWN[system]}", "order_number": "1001",
        "channel": {"type": system, "account_id": "main"},
        "external_refs": [{"system": system, "type": "order", "value": OWN[system]}],
        "ordered_at": "2026-03-09T10:00:00Z", "currency": "USD", "lines": lines,
        "totals": {"grand_total": usd("19.35")}, "payment": {"status": "paid"}, **more,
    }


def order(system: str, **more: Any) -> Order:
    return Order.model_validate(order_data(system, **more))


def parcel_data(system: str, lines: dict[str, int] | None = None, number: str | None = "1Z999AA1") -> dict[str, Any]:
    leaving = [
        {"line_id": line, "sku": f"SKU-{line}", "quantity": units} for line, units in (lines or LINES[system]).items()
    ]
    package = {"package_id": "p1", "label": {"carrier_code": "ups", "tracking_number": number}}
    return {
        "shipment_id": "s1", "order_id": f"{system}:main:{OWN[system]}", "location_id": "east", "lines": leaving,
        "packages": [package | ({"tracking_number": number} if number else {})],
    }


def parcel(system: str, lines: dict[str, int] | None = None, number: str | None = "1Z999AA1") -> Shipment:
    return Shipment.model_validate(parcel_data(system, lines, number))


def back(amount: str, currency: str = "USD", **shares: str) -> Refund:
    """A refund; `shares` are amounts by transaction, `t389404469="5.00"`."""
    allocations = [
        {"transaction_id": name.removeprefix("t"), "amount": {"amount": part, "currency": currency}}
        for name, part in shares.items()
    ]
    told = {"amount": {"amount": amount, "currency": currency}, "method": "original_payment", "status": "pending"}
    return Refund.model_validate(told | {"allocations": allocations})
