"""Amazon's own words in, ours out: states, speeds and kinds of address, the same in each of its shapes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from orderloom.model import ExternalRef, Payment, PaymentTerms, Transaction

from ...reading import Reading
from ..told import Names, amount

# v0 has Unshipped, 2026-01-01 UNSHIPPED; what both mean is told in small letters without signs
FULFILLMENT = {
    "pending": "on_hold", "pendingavailability": "on_hold", "pending_availability": "on_hold",
    "unshipped": "unfulfilled", "partiallyshipped": "partially_fulfilled", "partially_shipped": "partially_fulfilled",
    "shipped": "fulfilled", "invoiceunconfirmed": "fulfilled", "canceled": "cancelled", "cancelled": "cancelled",
    "unfulfillable": "on_hold",
}  # fmt: skip
PENDING = {"pending", "pendingavailability", "pending_availability"}
SPEEDS = {
    "standard": "standard", "freeeconomy": "standard", "free_economy": "standard", "expedited": "expedited",
    "priority": "expedited", "secondday": "expedited", "second_day": "expedited", "nextday": "next_day",
    "next_day": "next_day", "sameday": "same_day", "same_day": "same_day", "scheduled": "scheduled",
}  # fmt: skip
ADDRESSES = {
    "residential": "residential", "commercial": "business", "pickup_point": "pickup_point",
    "pickuppoint": "pickup_point",
}  # fmt: skip
_LATER = {"cod", "cashondelivery", "cash_on_delivery", "cvs"}  # paid at the door, or at a shop of convenience


def words(read: Reading, name: str) -> list[str]:
    """The words of a list; none where there is no list."""
    found = read.data.get(name)
    return [str(one) for one in found] if isinstance(found, list) else []


def service_level(word: str | None) -> Any:
    """One of ours; None for a word that says nothing here."""
    return SPEEDS.get((word or "").lower())


def payment_of(
    state: str, methods: list[str], parts: list[Reading], own_id: str, when: datetime | None, currency: str,
    names: tuple[str, str, Names],
) -> Payment:
    """Amazon takes the money and answers for it from `Unshipped` on; cash at the door is not there yet.

    `names` are those of an execution's amount and method.
    """
    moved = tuple(_taken(part, number, own_id, when, currency, names) for number, part in enumerate(parts, 1))
    later = any(method.lower() in _LATER for method in methods)
    told: Any = "paid"
    if state in PENDING or (later and state not in {"canceled", "cancelled"}):
        told = "pending"
    elif state in {"canceled", "cancelled"}:
        told = "voided"
    paid = tuple(one for one in moved if one is not None) if told == "paid" else ()
    return Payment(status=told, terms=PaymentTerms(type="cod") if later else None, transactions=paid)


def _taken(
    part: Reading, number: int, own_id: str, when: datetime | None, currency: str, names: tuple[str, str, Names]
) -> Transaction | None:
    paid = amount(part, names[0], currency, names[2])
    if paid is None or not paid.amount:
        return None
    return Transaction(
        transaction_id=f"amazon-{own_id}-{number}", kind="sale", status="success", amount=paid,
        gateway=part.text(names[1]), occurred_at=when,
    )  # fmt: skip


def references(own_id: str, others: dict[str, str | None]) -> tuple[ExternalRef, ...]:
    """Amazon's name for the order, and the seller's where it bears another."""
    found = {"order": own_id, **others}
    return tuple(ExternalRef(system="amazon", type=kind, value=value) for kind, value in found.items() if value)
