"""An order with what has become of it: the parcels that left, the money that went back, the goods that came back."""

from __future__ import annotations

from collections import Counter

from orderloom.model.base import Model
from orderloom.model.order import Order
from orderloom.model.returns import Refund, Return
from orderloom.model.shipment import Shipment

_NOTHING_CAME = {"declined", "cancelled", "expired"}


class OrderRecord(Model):
    """What is known of one earlier order. The order itself holds every payment and refund as a transaction."""

    order: Order
    shipments: tuple[Shipment, ...] = ()
    refunds: tuple[Refund, ...] = ()
    returns: tuple[Return, ...] = ()

    def order_but_for(self, return_id: str, order: Order | None = None) -> Order:
        """The order (or `order`, a later word on it), units that other returns brought back counted as returned.

        Where the channel counts more of them already, its own figure stands. A line of a return that asks for more
        than was sold and is not back brought nothing: no policy takes it.
        """
        at = order or self.order
        left = {line.line_id: line.quantity - line.quantity_cancelled for line in at.lines}
        back: Counter[str] = Counter()
        for one in self.returns:
            if one.return_id == return_id or one.status in _NOTHING_CAME:
                continue
            for line in one.lines:
                if back[line.line_id] + line.quantity <= left.get(line.line_id, 0):
                    back[line.line_id] += line.quantity
        lines = tuple(
            line.model_copy(update={"quantity_returned": max(line.quantity_returned, back[line.line_id])})
            for line in at.lines
        )
        return at.model_copy(update={"lines": lines})


def all_back(order: Order, request: Return) -> bool:
    """Whether not one unit of the request's lines is left to come back."""
    left = {line.line_id: line.quantity - line.quantity_cancelled - line.quantity_returned for line in order.lines}
    return all(left.get(line.line_id, 0) <= 0 for line in request.lines)


def more_than_sold(order: Order, request: Return) -> str | None:
    """Which line comes back more often than it was sold and is not back yet, in a sentence with the sums; or None."""
    wanted: Counter[str] = Counter()
    for line in request.lines:
        wanted[line.line_id] += line.quantity
    for sold in order.lines:
        back, gone = wanted[sold.line_id], sold.quantity_cancelled + sold.quantity_returned
        if back and back + gone > sold.quantity:
            article = sold.sku or sold.line_id
            return f"{back} of {article} come back, and of {sold.quantity} sold {gone} are back already"
    return None
