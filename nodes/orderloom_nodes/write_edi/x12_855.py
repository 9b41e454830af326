"""An order and what was asked in, the rows of an 855 (answer to a purchase order) out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from orderloom.model import Order
from orderloom_nodes.edi.items import unit_of, x12_numbers
from orderloom_nodes.edi.writing import Row
from orderloom_nodes.write_edi.compare import Answer, answers, whole_state
from orderloom_nodes.write_edi.x12_places import known, n1_loop

_WHOLE = {"accepted": "AD", "changed": "AC", "rejected": "RD"}  # 587


def rows(order: Order, asked: Order | None, at: datetime) -> Iterator[Row]:
    """BAK, the parties, and a PO1 with its ACK for each line that was asked."""
    found = answers(order, asked)
    number = order.purchase_order_number or order.order_number or order.order_id
    code = _WHOLE[whole_state(found)]
    yield (
        "BAK",
        "00",
        code,
        number[:22],
        f"{order.ordered_at:%Y%m%d}",
        "",
        "",
        "",
        order.order_id[:30],
        f"{at:%Y%m%d}",
    )
    yield ("CUR", "SE", order.currency)
    yield from n1_loop("ST", order.shipping_address, known(order, "ship_to"))
    for answer in found:
        yield from _line(answer)
    yield ("CTT", len(found))


def _line(answer: Answer) -> Iterator[Row]:
    asked, agreed = answer.asked, answer.agreed
    unit, price = unit_of(asked, "EA"), f"{asked.unit_price.amount:f}"
    yield ("PO1", asked.line_id[:20], asked.quantity, unit, price, "", *x12_numbers(asked))
    if asked.title:
        yield ("PID", "F", "", "", "", asked.title[:80])
    numbers = x12_numbers(agreed) if answer.other_article else []
    units = answer.units if answer.state != "rejected" else asked.quantity
    yield ("ACK", _code(answer), units, unit, "", "", "", *numbers)
    if answer.other_price and answer.state == "changed":
        yield ("CTP", "", "", f"{agreed.unit_price.amount:f}")


def _code(answer: Answer) -> str:
    """668: IA accepted, IC with changes, IQ another quantity, IP another price, IS another article, IR rejected."""
    if answer.state != "changed":
        return "IA" if answer.state == "accepted" else "IR"
    if answer.other_article:
        return "IS"
    if answer.other_price and answer.other_quantity:
        return "IC"
    return "IP" if answer.other_price else "IQ"
