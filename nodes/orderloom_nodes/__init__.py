"""The core pack of order-management nodes. A node is a folder here and a line in `NODES`."""

from __future__ import annotations

NODES = {
    name: f"{__name__}.{name.replace('-', '_')}"
    for name in (
        "ask", "authorize-payment", "cancel-order", "capture", "capture-payment", "check-history", "choose-carrier",
        "collect-payment", "confirm-address", "create-order", "customs-invoice", "decision", "find-order", "flow",
        "http", "look-up-parcel", "map", "notify", "offer-substitute", "pack", "pick-list", "print-label",
        "receive-edi", "refund", "release-stock", "reserve-stock", "restock", "return-evaluate", "return-grade",
        "return-label", "route", "ship-documents", "validate", "void-label", "void-payment", "wait-for", "write-edi",
        "write-ubl",
    )
}
