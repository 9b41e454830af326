"""A return item of Amazon's External Fulfillment API (2024-09-11) in, the canonical return out.

Fields are those of the published model externalFulfillmentReturns_2024-09-11.json (read November 2026). Amazon names
the article by its SKU and no line of an order: the line's id is the SKU.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orderloom.model import ExternalRef, Return, ReturnLine, order_identity
from orderloom.model.returns import RequestStatus

from ...problems import Findings
from ...reading import Reading
from ..told import units

_STATUS: dict[str, RequestStatus] = {
    "created": "requested", "carrier_notified_to_pick_up_from_customer": "label_sent",
    "carrier_out_for_pick_up_from_customer": "label_sent", "customer_cancelled_pick_up": "requested",
    "customer_rescheduled_pick_up": "label_sent", "picked_from_customer": "in_transit", "in_transit": "in_transit",
    "out_for_delivery": "in_transit", "customer_dropped_off": "in_transit", "replanned": "in_transit",
    "delivered": "received", "partially_processed": "inspected", "processed": "closed", "rejected": "declined",
    "cancelled": "cancelled",
}  # fmt: skip
# words that occur in Amazon's free text of a reason, in the order in which they are looked for
_REASONS = (
    ("defect", "defective"), ("not work", "defective"), ("damage", "damaged"), ("wrong", "wrong_item"),
    ("missing", "missing_parts"), ("too small", "too_small"), ("too large", "too_large"), ("too big", "too_large"),
    ("late", "arrived_late"), ("descri", "not_as_described"), ("style", "style"), ("unwanted", "unwanted"),
    ("no longer", "unwanted"), ("not needed", "unwanted"), ("mistake", "unwanted"),
)  # fmt: skip


def read_return(data: Mapping[str, Any], account: str, findings: Findings) -> Return | None:
    """The return, or None after findings."""
    read = Reading(data, (), findings)
    own_id, sku = read.required("id"), read.required("merchantSku")
    about = read.part("returnMetadata") or Reading({}, (), findings)
    sold = read.part("marketplaceChannelDetails") or Reading({}, (), findings)
    order, asked = sold.text("customerOrderId"), read.moment("creationDateTime")
    count = units(read, "numberOfUnits")
    status = read.word("status", _STATUS, "status of a return")
    if not order:
        sold.missing("customerOrderId")
    if asked is None and not read.has("creationDateTime"):
        read.missing("creationDateTime")
    if count == 0:
        read.find("V018", "numberOfUnits", "`{}` is 0: a return has at least one unit")
    if findings.problems or asked is None:
        return None
    told = about.text("returnReason")
    line = ReturnLine(line_id=sku, sku=sku, quantity=count or 1, reason=reason(told), customer_note=told)
    shipping = read.part("returnShippingInfo") or Reading({}, (), findings)
    return Return(
        return_id=f"amazon:{account}:{own_id}",
        rma_number=about.text("rmaId"),
        order_id=order_identity("amazon", account, order or ""),
        requested_at=asked,
        initiator="customer" if read.told("returnType") in ("customer", "") else "carrier",
        status=status or "requested",
        lines=(line,),
        external_refs=tuple(_references(own_id, about, sold, shipping)),
    )


def reason(told: str | None) -> Any:
    """One of ours by the words that stand in Amazon's; `other` where none does. Its own words stay as the note."""
    text = (told or "").lower().replace("_", " ")
    return next((ours for word, ours in _REASONS if word in text), "other")


def _references(own_id: str, about: Reading, sold: Reading, shipping: Reading) -> Any:
    back = shipping.part("reverseTrackingInfo")
    found = {
        "return": own_id,
        "fulfillment_order": about.text("fulfillmentOrderId"),
        "shipment": sold.text("shipmentId"),
        "return_location": sold.text("returnLocationId"),
        "return_tracking": back.text("trackingId") if back else None,
    }
    return (ExternalRef(system="amazon", type=kind, value=value) for kind, value in found.items() if value)
