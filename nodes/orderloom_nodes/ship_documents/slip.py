"""A shipment in, its packing slip out: A4 pages of PDF, the same bytes for the same shipment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256

from orderloom.model import Address, Order, Shipment
from orderloom.paper import Column, Pages, pages

_COLUMNS = (Column("Units", 10, "right", bold=True), Column("Article", 28), Column("What", 62))


def packing_slip(shipment: Shipment, order: Order | None) -> bytes:
    """Never with prices: the parcel may be a gift."""
    number = (order.order_number if order else None) or shipment.order_id
    return pages(f"Packing slip {number}", lambda page: _drawn(page, number, shipment, order))


def file_name(identity: str) -> str:
    """A name that a file may bear, made of an id; two ids never make the same, also where case is not told apart."""
    plain = re.sub(r"[^A-Za-z0-9.+-]+", "_", identity).strip("._")[:80] or "shipment"
    return f"{plain}-{sha256(identity.encode()).hexdigest()[:8]}"


def address_lines(address: Address | None) -> Iterator[str]:
    """As an envelope bears them; nothing where there is no address."""
    if address is None:
        return
    town = " ".join(part for part in (address.city, address.region_code, address.postal_code) if part)
    told = (address.name, address.company, *address.address_lines, town, address.country_code)
    yield from (line for line in told if line)


def _drawn(page: Pages, number: str, shipment: Shipment, order: Order | None) -> None:
    page.heading(f"Packing slip {number}")
    page.line(f"Shipment {shipment.shipment_id}{_carrier(shipment)}")
    page.beside(*((head, lines) for head, lines in _ends(shipment) if lines))
    page.table(_COLUMNS, _rows(shipment, order))
    wishes = order.shipping_preferences if order else None
    if wishes and wishes.gift_message:
        page.framed(wishes.gift_message)


def _ends(shipment: Shipment) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "From", tuple(address_lines(shipment.ship_from))
    yield "To", tuple(address_lines(shipment.ship_to))


def _rows(shipment: Shipment, order: Order | None) -> Iterator[tuple[str, str, str]]:
    for line in shipment.lines:
        sold = order.line(line.line_id) if order else None
        what = " ".join(part for part in ((sold.title, sold.variant_title) if sold else ()) if part)
        yield str(line.quantity), line.sku, what


def _carrier(shipment: Shipment) -> str:
    carrier = shipment.carrier
    told = " ".join(part for part in (carrier.carrier_code, carrier.service_code) if part) if carrier else ""
    return f", by {told}" if told else ""
