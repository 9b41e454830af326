"""A shipment and its order in, the rows of an 856 (ship notice) out: shipment, order, packages, items."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import count

from orderloom.model import Order, Package, Shipment, ShipmentLine
from orderloom_nodes.edi.items import unit_of, x12_numbers
from orderloom_nodes.edi.writing import Row
from orderloom_nodes.write_edi.loose import outside
from orderloom_nodes.write_edi.x12_places import known, n1_loop


def rows(order: Order, shipment: Shipment, at: datetime) -> Iterator[Row]:
    """BSN, then the HL loops. BSN05 is 0001 (shipment, order, packaging, item), without packages 0004."""
    sent = shipment.shipped_at or at
    packed = any(package.lines for package in shipment.packages)
    yield ("BSN", "00", shipment.shipment_id[-30:], f"{sent:%Y%m%d}", f"{sent:%H%M}", "0001" if packed else "0004")
    loops = list(_loops(order, shipment, sent))
    yield from loops
    yield ("CTT", sum(row[0] == "HL" for row in loops), shipment.quantity)


def _loops(order: Order, shipment: Shipment, sent: datetime) -> Iterator[Row]:
    numbers = count(1)
    top = next(numbers)
    yield ("HL", top, "", "S")
    yield from _shipment(order, shipment, sent)
    middle = next(numbers)
    yield ("HL", middle, top, "O")
    number = order.purchase_order_number or order.order_number or order.order_id
    yield ("PRF", number[:22], "", "", f"{order.ordered_at:%Y%m%d}")
    for package in shipment.packages:
        if package.lines:
            at = next(numbers)
            yield ("HL", at, middle, "P")
            yield from _package(package)
            for line in package.lines:
                yield ("HL", next(numbers), at, "I")
                yield from _item(order, line)
    for line in outside(shipment):
        yield ("HL", next(numbers), middle, "I")
        yield from _item(order, line)


def _shipment(order: Order, shipment: Shipment, sent: datetime) -> Iterator[Row]:
    weight = shipment.weight_kg
    of_weight = ("G", f"{weight.normalize():f}", "KG") if weight else ()
    yield ("TD1", "CTN", max(1, len(shipment.packages)), "", "", "", *of_weight)
    carrier = shipment.carrier
    if carrier is not None:
        way = " ".join(part for part in (carrier.carrier_code, carrier.service_code) if part)
        yield ("TD5", "B", "2" if carrier.scac else "", carrier.scac or "", "", way[:35])
    for tracking in dict.fromkeys(package.tracking_number for package in shipment.packages):
        if tracking:
            yield ("REF", "CN", tracking[:30])
    yield ("DTM", "011", f"{sent:%Y%m%d}", f"{sent:%H%M}")
    if shipment.estimated_delivery:
        yield ("DTM", "017", f"{shipment.estimated_delivery:%Y%m%d}")
    yield from n1_loop("SF", shipment.ship_from, {"id_kind": "92", "id": shipment.location_id})
    yield from n1_loop("ST", shipment.ship_to or order.shipping_address, known(order, "ship_to"))


def _package(package: Package) -> Iterator[Row]:
    if package.sscc:
        yield ("MAN", "GM", f"00{package.sscc}")  # GM: the SSCC with its application identifier
    if package.tracking_number:
        yield ("MAN", "CP", package.tracking_number[:48])


def _item(order: Order, line: ShipmentLine) -> Iterator[Row]:
    sold = order.line(line.line_id)
    numbers = x12_numbers(sold) if sold is not None else ["VN", line.sku]
    yield ("LIN", line.line_id[:20], *numbers)
    unit = unit_of(sold, "EA") if sold is not None else "EA"
    ordered = (sold.quantity, unit) if sold is not None else ()
    yield ("SN1", "", line.quantity, unit, "", *ordered)
    if sold is not None and sold.title:
        yield ("PID", "F", "", "", "", sold.title[:80])
    if line.lot:
        yield ("REF", "LT", line.lot[:30])
