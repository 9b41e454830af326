"""A shipment and its order in, the rows of a 940 (order to a warehouse) out."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.model import Order, Shipment, ShipmentLine
from orderloom_nodes.edi.answers import Partner
from orderloom_nodes.edi.items import unit_of, x12_numbers
from orderloom_nodes.edi.writing import Row
from orderloom_nodes.write_edi.x12_places import known, n1_loop

_MOST = 22  # element 285


def reference(order: Order, shipment: Shipment) -> str:
    """Our number in W0502, by which the warehouse's 945 refers to it: the shipment's id, shortened where it must be."""
    if len(shipment.shipment_id) <= _MOST:
        return shipment.shipment_id
    tail = "/" + shipment.shipment_id.rpartition("/")[2]
    return f"{(order.order_number or order.order_id)[-(_MOST - len(tail)) :]}{tail}"[-_MOST:]


def rows(order: Order, shipment: Shipment, us: Partner) -> Iterator[Row]:
    """W05, the parties, dates and wishes, and an LX loop for each line."""
    number = order.purchase_order_number or order.order_number or ""
    yield ("W05", "N", reference(order, shipment), number[:22])
    yield ("N1", "DE", us.id[:60], "ZZ", us.id)
    yield ("N1", "WH", shipment.location_id[:60], "92", shipment.location_id[:80])
    yield from n1_loop("ST", shipment.ship_to or order.shipping_address, known(order, "ship_to"))
    yield ("N9", "CO", order.order_id[:30])
    if shipment.ship_by:
        yield ("G62", "10", f"{shipment.ship_by:%Y%m%d}")
    if shipment.promised_delivery:
        yield ("G62", "02", f"{shipment.promised_delivery:%Y%m%d}")
    yield from _wishes(order)
    carrier = shipment.carrier
    if carrier is not None:
        way = " ".join(part for part in (carrier.carrier_code, carrier.service_code) if part)
        payer = "CC" if carrier.paid_by == "recipient" else "TP" if carrier.paid_by == "third_party" else "PP"
        yield ("W66", payer, "", "", "", way[:35], "", "", "", "", carrier.scac or "")
    for place, line in enumerate(shipment.lines, 1):
        yield from _line(order, line, place)
    yield ("W76", shipment.quantity)


def _wishes(order: Order) -> Iterator[Row]:
    wishes = order.shipping_preferences
    said = [wishes.instructions, wishes.gift_message] if wishes else []
    for text in [*said, *order.notes]:
        if text:
            yield ("NTE", "WHI", text[:80])


def _line(order: Order, line: ShipmentLine, place: int) -> Iterator[Row]:
    sold = order.line(line.line_id)
    unit = unit_of(sold, "EA") if sold is not None else "EA"
    numbers = x12_numbers(sold, 2) if sold is not None else ["VN", line.sku]
    yield ("LX", place)
    yield ("W01", line.quantity, unit, "", *numbers)
    if sold is not None and sold.title:
        yield ("G69", sold.title[:45])
    yield ("N9", "LI", line.line_id[:30])
