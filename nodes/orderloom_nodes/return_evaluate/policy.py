"""Asks the policy table about one line of a return; what the facts rule out beforehand never reaches the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from decimal import Decimal
from typing import Any, Literal, cast, get_args
from zoneinfo import ZoneInfo

from orderloom import Decision, DecisionTable, NodeError, did_you_mean
from orderloom.model import Line, Order, Return, ReturnLine
from orderloom_nodes.word_tables import WordTable

Word = Literal["accept", "refund_now", "exchange", "review", "reject"]
WORDS: tuple[str, ...] = get_args(Word)


class PolicyTable(WordTable):
    """A rule table whose answers are those that a return line can have; anything else is refused when it is loaded."""

    words = WORDS
    subject = "a return line"
    one_each = "a line, and a return policy gives one"


@dataclass(frozen=True)
class Verdict:
    """What happens with one line, in a word and a sentence; `row` is the table's row, where it was asked."""

    word: Word
    reason: str
    row: str | None = None
    fee_percent: Decimal = Decimal(0)
    facility: str | None = None
    shipping: bool = True

    @property
    def pays(self) -> bool:
        """Whether money goes back, now, later, or if the review says so."""
        return self.word in {"accept", "refund_now", "review"}


def days_since_delivery(request: Return, order: Order) -> int | None:
    """Whole calendar days in the order's own zone (UTC without one); None where no delivery is known."""
    if request.delivered_at is None:
        return None
    zone = _zone(order)
    days = (request.requested_at.astimezone(zone).date() - request.delivered_at.astimezone(zone).date()).days
    return max(0, days)     # asked for before it was there: the period has not begun


def _zone(order: Order) -> tzinfo:
    name = order.promise.timezone if order.promise else None
    try:
        return ZoneInfo(name) if name else UTC
    except (KeyError, OSError, ValueError):     # KeyError: there is no such zone
        return UTC


def ruled_out(line: ReturnLine, sold: Line | None, order: Order, gone: int) -> Verdict | None:
    """A verdict that needs no table. `gone`: units of the line that were cancelled or are back already."""
    if sold is None:
        near = did_you_mean(line.line_id, [one.line_id for one in order.lines])
        return Verdict("reject", f"order {order.order_id} has no line {line.line_id}" + (f"; {near}" if near else ""))
    if line.sku and sold.sku and line.sku != sold.sku:
        return Verdict("review", f"the return says {line.sku}, but the line sold is {sold.sku}")
    units = sold.quantity_cancelled + sold.quantity_shipped if sold.quantity_shipped else sold.quantity
    if line.quantity > units - gone:
        bought = units - sold.quantity_cancelled
        back = gone - sold.quantity_cancelled
        left = max(0, bought - back)
        return Verdict("reject", f"{line.quantity} sent back, but of {bought} sold {back} are back: {left} left")
    return None


def asked(table: DecisionTable, documents: Mapping[str, Any]) -> Verdict:
    """What the table says. Raises `NodeError`: the table's own classes, or invalid where it says what no policy can."""
    decision = table.decide(documents)
    if decision.outcome not in WORDS:       # a formula in the outcome column can say what no list announces
        words = ", ".join(WORDS)
        raise NodeError("invalid", f"table {table.name} says `{decision.outcome}`: a return line can be {words}")
    outputs, row = decision.fields, ", ".join(decision.rows)
    return Verdict(
        word=cast("Word", decision.outcome),
        reason=_reason(outputs, decision),
        row=row,
        fee_percent=_fee(outputs.get("fee"), row, table),
        facility=outputs.get("facility"),
        shipping=outputs.get("shipping") is not False,
    )


def _reason(outputs: Mapping[str, Any], decision: Decision) -> str:
    told = outputs.get("reasons") or outputs.get("why") or decision.why
    return ", ".join(map(str, told)) if isinstance(told, list | tuple) else str(told)


def _fee(percent: Any, row: str, table: DecisionTable) -> Decimal:
    if percent is None:
        return Decimal(0)
    if not 0 <= percent <= 100:
        raise NodeError("invalid", f"row {row} of table {table.name} keeps {percent} percent: a fee is 0 to 100")
    return Decimal(percent)
