"""An order with what has become of it: the parcels that left, the money that went back, the goods that came back."""

from __future__ import annotations

from orderloom.model.base import Model
from orderloom.model.order import Order
from orderloom.model.returns import Refund, Return
from orderloom.model.shipment import Shipment


class OrderRecord(Model):
    """What is known of one earlier order. The order itself holds every payment and refund as a transaction."""

    order: Order
    shipments: tuple[Shipment, ...] = ()
    refunds: tuple[Refund, ...] = ()
    returns: tuple[Return, ...] = ()
