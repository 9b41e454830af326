"""Whether a customer can be asked about what is wrong with an order."""

from __future__ import annotations

from collections.abc import Sequence

from orderloom import NodeError
from orderloom.model import Order
from orderloom_nodes.notify.message import NobodyError, recipient
from orderloom_nodes.validate.findings import FieldProblem

PLACE = "shipping_address"
_NOT_THEIRS = frozenset({"V135"})  # where nothing is sent to is for no customer to confirm


def why_not(order: Order, problems: Sequence[FieldProblem]) -> str | None:
    """Why the desk must see to it; None where the customer can."""
    other = next((one for one in problems if not _is_theirs(one)), None)
    if other is not None:
        return f"it is not the address alone: {other.message}"
    if not problems or order.shipping_address is None:
        return "there is nothing about an address to ask"
    try:
        recipient(order.customer)
    except NobodyError as nobody:
        return str(nobody)
    except NodeError as forged:
        return forged.message
    return None


def _is_theirs(problem: FieldProblem) -> bool:
    return problem.path.split(".")[0] == PLACE and problem.code not in _NOT_THEIRS
