"""A shipment and its order in, the rows of a DESADV (despatch advice) out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from orderloom.model import Order, Package, Shipment, ShipmentLine
from orderloom_nodes.edi.answers import Partner
from orderloom_nodes.edi.items import edifact_numbers, unit_of
from orderloom_nodes.edi.writing import Row
from orderloom_nodes.write_edi.edifact_places import dtm, nad, sides
from orderloom_nodes.write_edi.loose import outside
from orderloom_nodes.write_edi.x12_places import known


def rows(order: Order, shipment: Shipment, at: datetime, us: Partner, partner: Partner) -> Iterator[Row]:
    """BGM, dates, parties, and a CPS for the whole and for each package, with its SSCC and its lines."""
    sent = shipment.shipped_at or at
    number = order.purchase_order_number or order.order_number or order.order_id
    yield ("BGM", "351", shipment.shipment_id[-35:], "9")
    yield dtm("137", at, "203")
    yield dtm("11", sent, "203")
    if shipment.estimated_delivery:
        yield dtm("17", shipment.estimated_delivery)
    yield ("RFF", ("ON", number[:35]))
    yield dtm("171", order.ordered_at)
    yield from sides(us, partner)
    address = shipment.ship_to or order.shipping_address
    if address is not None:
        yield nad("DP", address, known(order, "ship_to"))
    yield from _carrier(shipment)
    packed = [package for package in shipment.packages if package.lines]
    yield ("CPS", "1")
    yield ("PAC", max(1, len(shipment.packages)), "", "CT")
    lines = 0
    for line in outside(shipment):
        lines += 1
        yield from _item(order, line, lines)
    for place, package in enumerate(packed, 2):
        yield from _package(package, place)
        for line in package.lines:
            lines += 1
            yield from _item(order, line, lines)
    yield ("CNT", ("2", lines))


def _carrier(shipment: Shipment) -> Iterator[Row]:
    carrier = shipment.carrier
    if carrier is None:
        return
    tracking = next((one.tracking_number for one in shipment.packages if one.tracking_number), "")
    way = " ".join(part for part in (carrier.carrier_code, carrier.service_code) if part)
    yield ("TDT", "20", tracking[:17], "30", "", (carrier.scac or "", "", "", way[:35]))


def _package(package: Package, place: int) -> Iterator[Row]:
    yield ("CPS", place, "1")
    yield ("PAC", "1", "", "CT")
    if package.sscc:
        yield ("PCI", "33E")
        yield ("GIN", "BJ", package.sscc)


def _item(order: Order, line: ShipmentLine, place: int) -> Iterator[Row]:
    sold = order.line(line.line_id)
    gtin = (sold.gtin, "SRV") if sold is not None and sold.gtin else ""
    yield ("LIN", place, "", gtin)
    numbers = edifact_numbers(sold) if sold is not None else [(line.sku, "SA")]
    if numbers:
        yield ("PIA", "5", *numbers)
    unit = unit_of(sold, "PCE") if sold is not None else "PCE"
    yield ("QTY", ("12", line.quantity, unit))
    yield ("RFF", ("LI", line.line_id[:35]))
    if line.lot:
        yield ("RFF", ("BT", line.lot[:35]))
