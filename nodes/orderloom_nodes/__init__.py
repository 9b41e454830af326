"""The core pack of order-management nodes. A node is a folder here and a line in `NODES`."""

from __future__ import annotations

NODES = {
    name: f"{__name__}.{name.replace('-', '_')}"
    for name in ("ask", "capture", "choose-carrier", "decision", "notify", "return-evaluate", "route", "validate")
}
