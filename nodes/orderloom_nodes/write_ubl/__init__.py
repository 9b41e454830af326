"""The node `write-ubl`: an order in, and with it what the buyer's system reads: an answer, or what is on its way."""

from __future__ import annotations

import re
from typing import Literal

from orderloom import Documents, NodeError, Outcome, Setting, World, node
from orderloom.model import Order, Shipment

from .despatch import despatch_advice
from .response import Answer, answer_of, order_response, simple_response


class Written(Outcome, name="written"):
    """The document is kept; `path` is its file, `number` what it calls itself, `answer` what it says to the order."""

    path: str
    number: str
    answer: Answer


@node("write-ubl", effects="keyed")
def write_ubl(
    order: Order,
    world: World,
    document: Setting[Literal["response", "simple-response", "despatch-advice"]] = "response",
    shipment: Shipment | None = None,
    answer: Answer | None = None,
    reason: str = "",
    documents: Setting[str] = "documents",
) -> Written:
    """Write the OrderResponse, OrderResponseSimple or DespatchAdvice (UBL 2.1) of an order into its file.

    Without `answer` what is left of the lines is the answer: all of it accepted, some changed, nothing rejected. A
    despatch advice needs its `shipment`. Parties are those that the buyer's own document named.
    """
    given = answer or answer_of(order)
    now = world.now()
    number = f"{order.order_number or order.order_id}-{document}"
    if document == "despatch-advice":
        if shipment is None:
            raise NodeError("invalid", "a despatch advice needs the shipment that it announces: give it `shipment`")
        number, text = shipment.shipment_id, despatch_advice(order, shipment, now)
    else:
        write = order_response if document == "response" else simple_response
        text = write(order, given, reason, number, now)
    name = f"ubl/{_file_name(order.order_id)}.{_file_name(number)}.xml"
    path = world.connection(documents, Documents).write(name, text)
    return Written(path=path, number=number, answer=given)


def _file_name(text: str) -> str:
    return re.sub(r"[^\w.-]+", "-", text, flags=re.ASCII).strip(".-") or "document"
