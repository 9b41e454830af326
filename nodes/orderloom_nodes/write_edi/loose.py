"""A shipment in; what of its lines lies in none of its packages out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from orderloom.model import Shipment, ShipmentLine


def outside(shipment: Shipment) -> Iterator[ShipmentLine]:
    """Lines with the units that no package holds."""
    packed: Counter[str] = Counter()
    for package in shipment.packages:
        for line in package.lines:
            packed[line.line_id] += line.quantity
    for line in shipment.lines:
        left = line.quantity - min(line.quantity, packed[line.line_id])
        packed[line.line_id] -= line.quantity - left
        if left:
            yield line.model_copy(update={"quantity": left})
