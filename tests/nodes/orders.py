"""Small orders for the tests of `validate` and `notify`: a good one, and ways to spoil it."""

from __future__ import annotations

from typing import Any

from orderloom.model import Address, Line, Money, Order, Party, Totals
from orderloom_nodes.validate import Fixable, Rejected, Valid, validate
from orderloom_nodes.validate.findings import FieldProblem

HOME: dict[str, Any] = {
    "name": "Ann Lee",
    "address_lines": ("Chestnut Street 92",),
    "city": "Louisville",
    "region_code": "KY",
    "postal_code": "40202",
    "country_code": "US",
}


def usd(amount: str) -> Money:
    return Money.of(amount, "USD")


def mug(**changes: Any) -> Line:
    return Line(
        **{"line_id": "1", "sku": "MUG", "title": "Blue mug", "quantity": 2, "unit_price": usd("12.50"), **changes}
    )


def good_order(**changes: Any) -> Order:
    """Two mugs for 25.00 USD to a good address of a customer with an e-mail address."""
    good = {
        "order_id": "shopify:main:1",
        "channel": {"type": "shopify"},
        "ordered_at": "2026-03-01T09:00:00Z",
        "currency": "USD",
        "customer": Party(first_name="Ann", last_name="Lee", email="ann@example.test"),
        "shipping_address": Address(**HOME),
        "lines": (mug(),),
        "totals": Totals(grand_total=usd("25.00")),
        "payment": {"status": "paid"},
    }
    return Order(**{**good, **changes})


def to(**changes: Any) -> Order:
    """A good order to an address with these fields."""
    return good_order(shipping_address=Address(**{**HOME, **changes}))


def costing(total: str, **changes: Any) -> Order:
    """A good order that states this total."""
    return good_order(totals=Totals(grand_total=usd(total)), **changes)


def problems(order: Order) -> tuple[FieldProblem, ...]:
    """What holds or rejects the order."""
    result = validate(order)
    return () if isinstance(result, Valid) else result.problems


def problem(order: Order) -> FieldProblem:
    """The one thing that is wrong."""
    (found,) = problems(order)
    return found


def notes(order: Order) -> tuple[FieldProblem, ...]:
    result = validate(order)
    return () if isinstance(result, Rejected) else result.notes


def normal(order: Order) -> Order:
    """The order in normal form."""
    result = validate(order)
    assert isinstance(result, (Valid, Fixable))
    return result.order


def address(order: Order) -> Address:
    """Its shipping address in normal form."""
    found = normal(order).shipping_address
    assert found is not None
    return found
