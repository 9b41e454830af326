"""An order and a shipment of it in, the DespatchAdvice that announces it out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from orderloom.model import Order, Shipment, ShipmentLine

from .parts import Data, address, buyer, head, item, reference, seller, unit
from .xml import document


def despatch_advice(order: Order, shipment: Shipment, now: datetime) -> bytes:
    """What is in the shipment, what of each line is still to come, and how it can be followed."""
    return document("DespatchAdvice", {
        **head(order, shipment.shipment_id, ("despatch_advice", "despatch_advice"), now),
        "DespatchAdviceTypeCode": "351",  # UNCL 1001: despatch advice
        **reference(order),
        "DespatchSupplierParty": {"Party": seller(order).get("Party")},
        "DeliveryCustomerParty": {"Party": _receiver(order)},
        "BuyerCustomerParty": buyer(order),
        "Shipment": _shipment(order, shipment, now),
        "DespatchLine": [_line(order, line, number) for number, line in enumerate(shipment.lines, 1)],
    })  # fmt: skip


def _receiver(order: Order) -> Data:
    where = order.shipping_address
    name = (where.company or where.name) if where else None
    party = buyer(order).get("Party") or {}
    told = {one: party.get(one) for one in ("EndpointID", "EndpointID@schemeID", "PartyIdentification")}
    return {**told, "PartyName": {"Name": name} if name else party.get("PartyName"), "PostalAddress": address(where)}


def _shipment(order: Order, shipment: Shipment, now: datetime) -> Data:
    packages = shipment.packages
    tracking = next((one.tracking_number for one in packages if one.tracking_number), None)
    carrier = shipment.carrier.carrier_code if shipment.carrier else None
    return {
        "ID": shipment.shipment_id,
        "Consignment": {"ID": tracking or shipment.shipment_id},
        "ShipmentStage": {"CarrierParty": {"PartyName": {"Name": carrier}}} if carrier else None,
        "Delivery": {
            "TrackingID": tracking,
            "DeliveryAddress": address(order.shipping_address),
            "Despatch": {"ActualDespatchDate": f"{now:%Y-%m-%d}", "ActualDespatchTime": f"{now:%H:%M:%SZ}"},
        },
        "TransportHandlingUnit": [{"ID": one.sscc or one.package_id} for one in packages],
    }


def _line(order: Order, sent: ShipmentLine, number: int) -> dict[str, Any]:
    line = order.line(sent.line_id)
    left = max(0, line.quantity_open - sent.quantity) if line is not None else 0
    what = item(line) if line is not None else {"Name": sent.sku, "SellersItemIdentification": {"ID": sent.sku}}
    return {
        "ID": str(number),
        "DeliveredQuantity": str(sent.quantity),
        "DeliveredQuantity@unitCode": unit(line),
        "OutstandingQuantity": str(left) if left else None,
        "OutstandingQuantity@unitCode": unit(line),
        "OrderLineReference": {"LineID": sent.line_id, **reference(order)},
        "Item": {**what, "ItemInstance": [{"SerialID": serial} for serial in sent.serials]},
    }
