"""What is bought: article numbers, quantities and prices of each line."""

from __future__ import annotations

from typing import Literal

from orderloom.model import Line, Order
from orderloom_nodes.validate.findings import Findings
from orderloom_nodes.validate.texts import clean
from orderloom_nodes.validate.totals import can_be_paid

Weights = Literal["hold", "note"]
MOST_PER_LINE = 10_000                                          # more of one article than this is asked about
PRICELESS_ORDERS = frozenset({"exchange", "replacement"})       # their goods were paid for with another order


def check_lines(order: Order, most_per_line: int, findings: Findings, weights: Weights | None = None) -> None:
    """Every line by itself."""
    for index, line in enumerate(order.lines):
        path = f"lines[{index}]"
        if line.requires_shipping and not line.gift_card and not clean(line.sku) and not order.is_collected:
            message = f"line {index + 1}{_titled(line)} has no article number"
            findings.error("V122", f"{path}.sku", message, "enter the SKU under which it lies in stock")
        if line.quantity > most_per_line:
            message = (
                f"line {index + 1}{_titled(line)} is for {line.quantity:,} units, unusual beyond {most_per_line:,}"
            )
            findings.error("V120", f"{path}.quantity", message, "ask the buyer")
        _check_price(order, index, line, findings)
        if weights is not None and _must_be_weighed(order, line):
            message = f"line {index + 1}{_titled(line)} has no weight, and carriers price by weight"
            tell = findings.error if weights == "hold" else findings.note
            tell("V127", f"{path}.weight", message, 'enter that of one unit, such as {"value": "250", "unit": "g"}')


def in_normal_form(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines with article numbers that can be looked up: no blanks around them, nothing invisible inside."""
    if all(clean(line.sku) == line.sku for line in lines):
        return lines
    return tuple(line.model_copy(update={"sku": clean(line.sku)}) for line in lines)


def _must_be_weighed(order: Order, line: Line) -> bool:
    if order.is_collected or line.gift_card or not line.requires_shipping or not line.quantity_open:
        return False
    return line.weight is None or line.weight.value == 0


def _check_price(order: Order, index: int, line: Line, findings: Findings) -> None:
    amount, path = line.unit_price.amount, f"lines[{index}].unit_price"
    if amount < 0:
        message = f"line {index + 1}{_titled(line)} has a negative price, {line.unit_price}"
        findings.error("V125", path, message, "write what it takes off as a discount")
    if amount == 0 and not line.discounts and line.bundle_id is None and order.order_type not in PRICELESS_ORDERS:
        message = f"line {index + 1}{_titled(line)} costs nothing, and no discount says why"
        findings.error("V123", path, message, "enter its price")
    if not can_be_paid(amount * line.quantity, line.unit_price.currency):
        message = f"line {index + 1}{_titled(line)}: {line.quantity} × {line.unit_price} has to be rounded to be paid"
        findings.note("V126", path, message)


def _titled(line: Line) -> str:
    title = clean(line.title or "")
    return f" ({title if len(title) <= 60 else title[:59] + '…'})" if title else ""
