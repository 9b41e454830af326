"""Distinct orders in Shopify's published shape, each made from its number: lines, prices, address, phone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from random import Random

PLACES = (
    ("Portland", "OR", "972"), ("San Jose", "CA", "951"), ("Austin", "TX", "787"), ("Denver", "CO", "802"),
    ("Chicago", "IL", "606"), ("Boston", "MA", "021"), ("Atlanta", "GA", "303"), ("Miami", "FL", "331"),
    ("Seattle", "WA", "981"), ("Newark", "NJ", "071"), ("Phoenix", "AZ", "850"), ("Columbus", "OH", "432"),
)  # fmt: skip
AREA_CODES = (503, 408, 512, 303, 312, 617, 404, 305, 206, 973, 602, 614)
STREETS = ("Oak", "Pine", "Maple", "Cedar", "Elm", "Lake", "Hill", "Park", "River", "Main")
FIRST, LAST = ("Ann", "Bo", "Cy", "Di", "Ed", "Flo", "Gus"), ("Ash", "Birch", "Clark", "Dunn", "Ellis", "Frost", "Gray")


def payload(number: int, skus: tuple[str, ...]) -> bytes:
    """Order `number` as the body of a webhook; the same number gives the same bytes."""
    return json.dumps(order(number, skus)).encode()


def payloads(count: int, skus: tuple[str, ...]) -> Iterator[bytes]:
    """Orders 0 to `count`, one at a time."""
    return (payload(number, skus) for number in range(count))


def order(number: int, skus: tuple[str, ...]) -> dict[str, object]:
    """Order `number` as plain data."""
    random = Random(number)
    lines = [_line(number, position, random, skus) for position in range(random.randint(1, 3))]
    subtotal = sum((Decimal(str(line["price"])) * int(str(line["quantity"])) for line in lines), Decimal(0))
    tax, shipping = (subtotal * Decimal("0.07")).quantize(Decimal("0.01")), Decimal("5.00")
    place = random.randrange(len(PLACES))
    first, last = random.choice(FIRST), random.choice(LAST)
    address = _address(random, place, first, last)
    return {
        "id": 5_000_000_000 + number,
        "name": f"#{number}",
        "order_number": number,
        "created_at": f"2026-03-{1 + number % 28:02}T{number % 24:02}:00:00-05:00",
        "updated_at": f"2026-03-{1 + number % 28:02}T{number % 24:02}:00:05-05:00",
        "email": f"{first}.{last}.{number}@example.com".lower(),
        "currency": "USD",
        "financial_status": "paid",
        "fulfillment_status": None,
        "taxes_included": False,
        "subtotal_price": str(subtotal),
        "total_tax": str(tax),
        "total_discounts": "0.00",
        "total_price": str(subtotal + tax + shipping),
        "tax_lines": [{"title": "Sales tax", "rate": 0.07, "price": str(tax)}],
        "shipping_lines": [{"code": "std", "title": "Standard", "price": str(shipping)}],
        "line_items": lines,
        "billing_address": address,
        "shipping_address": address,
        "customer": {
            "id": 7_000_000_000 + number % 5_000,
            "email": f"{first}.{last}.{number}@example.com".lower(),
            "first_name": first,
            "last_name": last,
            "orders_count": 1 + number % 9,
        },
        "source_name": "web",
        "tags": "",
    }


def _line(number: int, position: int, random: Random, skus: tuple[str, ...]) -> dict[str, object]:
    return {
        "id": number * 10 + position,
        "sku": skus[(number + position) % len(skus)],
        "title": f"Article {position}",
        "price": f"{random.randint(500, 9999) / 100:.2f}",
        "quantity": random.randint(1, 2),
        "grams": random.randint(100, 3000),
        "requires_shipping": True,
        "taxable": True,
        "gift_card": False,
    }


def _address(random: Random, place: int, first: str, last: str) -> dict[str, object]:
    city, state, prefix = PLACES[place]
    return {
        "first_name": first,
        "last_name": last,
        "name": f"{first} {last}",
        "address1": f"{random.randint(1, 9999)} {random.choice(STREETS)} Street",
        "address2": "",
        "city": city,
        "province_code": state,
        "zip": f"{prefix}{random.randint(1, 60):02}",
        "country_code": "US",
        "phone": f"+1{AREA_CODES[place]}{random.randint(220, 899)}{random.randint(0, 9999):04}",
    }
