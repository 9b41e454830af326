"""Which other articles can be offered for lines that are short, and the order with those that are taken."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from orderloom import Stock
from orderloom.model import Line, Model, Order


class Offer(Model):
    """One article in place of another, for all units of a line that are still open."""

    line_id: str
    missing: str
    sku: str
    quantity: int


Allows = Callable[[Line, str], bool]


def offers(order: Order, skus: Sequence[str], stock: Stock | None, allows: Allows | None = None) -> tuple[Offer, ...]:
    """What may be offered, in the order in which the line names it; with `stock`, what is there in full."""
    return tuple(
        Offer(line_id=line.line_id, missing=line.sku, sku=sku, quantity=line.quantity_open)
        for line in order.lines
        if line.sku in skus and line.quantity_open > 0
        for sku in _candidates(line)
        if allows is None or allows(line, sku)
        if stock is None or _available(stock, sku) >= line.quantity_open
    )


def swapped(order: Order, taken: Sequence[Offer]) -> Order:
    """The order with other articles on these lines; prices, ids and sums stay as they were agreed."""
    by_line = {offer.line_id: offer for offer in taken}
    lines = tuple(_other(line, by_line[line.line_id]) if line.line_id in by_line else line for line in order.lines)
    told = tuple(f"{offer.quantity} x {offer.sku} are sent in place of {offer.missing}, as agreed" for offer in taken)
    return order.model_copy(update={"lines": lines, "notes": (*order.notes, *told)})


def _other(line: Line, offer: Offer) -> Line:
    # codes are those of one article; weight and measures stay, as the best guess there is for one of its kind
    unknown = {"gtin": None, "variant_title": None}
    return line.model_copy(update={"sku": offer.sku, "title": f"{offer.sku} for {line.title or line.sku}", **unknown})


def _candidates(line: Line) -> Sequence[str]:
    wished = line.substitution
    return [sku for sku in wished.candidates if sku != line.sku] if wished and wished.allowed else ()


def _available(stock: Stock, sku: str) -> int:
    return sum(level.available for level in stock.levels([sku]))
