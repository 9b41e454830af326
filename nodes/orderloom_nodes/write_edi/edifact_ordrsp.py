"""An order and what was asked in, the rows of an ORDRSP (answer to an order) out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from orderloom.model import Line, Order
from orderloom_nodes.edi.answers import Partner
from orderloom_nodes.edi.items import edifact_numbers, unit_of
from orderloom_nodes.edi.writing import Row
from orderloom_nodes.write_edi.compare import Answer, answers, whole_state
from orderloom_nodes.write_edi.edifact_places import dtm, nad, sides
from orderloom_nodes.write_edi.x12_places import known

_WHOLE = {"accepted": "29", "changed": "4", "rejected": "27"}  # 1225
_ACTION = {"accepted": "5", "changed": "3", "rejected": "7"}  # 1229


def rows(order: Order, asked: Order | None, at: datetime, us: Partner, partner: Partner) -> Iterator[Row]:
    """BGM, what it refers to, the parties, and a LIN group for each line that was asked."""
    found = answers(order, asked)
    number = order.purchase_order_number or order.order_number or order.order_id
    yield ("BGM", "231", order.order_id[:35], _WHOLE[whole_state(found)])
    yield dtm("137", at, "203")
    yield ("RFF", ("ON", number[:35]))
    yield dtm("171", order.ordered_at)
    yield from sides(us, partner)
    if order.shipping_address is not None:
        yield nad("DP", order.shipping_address, known(order, "ship_to"))
    yield ("CUX", ("2", order.currency, "9"))
    for answer in found:
        yield from _line(answer)
    yield ("UNS", "S")
    yield ("CNT", ("2", len(found)))


def _line(answer: Answer) -> Iterator[Row]:
    asked, agreed = answer.asked, answer.agreed
    yield ("LIN", asked.line_id[:6], _ACTION[answer.state], _gtin(asked))
    yield from _numbers("5", asked)
    if answer.other_article and answer.state == "changed":
        yield ("PIA", "3", *edifact_numbers(agreed))  # 3: in place of
    if asked.title:
        yield ("IMD", "F", "", ("", "", "", asked.title[:35], asked.title[35:70]))
    unit = unit_of(asked, "PCE")
    yield ("QTY", ("21", asked.quantity, unit))
    yield ("QTY", ("113", answer.units, unit))  # to be delivered
    yield ("PRI", ("AAA", f"{agreed.unit_price.amount:f}"))


def _gtin(line: Line) -> tuple[str, str] | str:
    return (line.gtin, "SRV") if line.gtin else ""


def _numbers(kind: str, line: Line) -> Iterator[Row]:
    numbers = edifact_numbers(line)
    if numbers:
        yield ("PIA", kind, *numbers)
