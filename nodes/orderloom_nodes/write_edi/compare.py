"""What was asked and what is agreed in; what becomes of each line out, as an answer to an order says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from orderloom.model import Line, Order

State = Literal["accepted", "changed", "rejected"]


@dataclass(frozen=True)
class Answer:
    """One line: `asked` as the buyer wrote it, `agreed` as it will be delivered."""

    asked: Line
    agreed: Line

    @property
    def units(self) -> int:
        """How many will come."""
        return self.agreed.quantity - self.agreed.quantity_cancelled

    @property
    def other_article(self) -> bool:
        return self.agreed.sku != self.asked.sku

    @property
    def other_price(self) -> bool:
        return self.agreed.unit_price != self.asked.unit_price

    @property
    def other_quantity(self) -> bool:
        return self.units != self.asked.quantity - self.asked.quantity_cancelled

    @property
    def state(self) -> State:
        """Rejected where nothing of it comes."""
        if self.units == 0:
            return "rejected"
        return "changed" if self.other_article or self.other_price or self.other_quantity else "accepted"


def answers(order: Order, asked: Order | None) -> list[Answer]:
    """Each line that was asked, in its order; one that is agreed no more counts as rejected.

    Without `asked` the order itself says what was cancelled of it.
    """
    if asked is None:
        whole = [line.model_copy(update={"quantity_cancelled": 0}) for line in order.lines]
        return [Answer(before, after) for before, after in zip(whole, order.lines, strict=True)]
    return [Answer(line, order.line(line.line_id) or _none_of(line)) for line in asked.lines]


def _none_of(line: Line) -> Line:
    return line.model_copy(update={"quantity_cancelled": line.quantity, "quantity_shipped": 0, "quantity_returned": 0})


def whole_state(found: list[Answer]) -> State:
    """Rejected where every line is, accepted where every line is, else changed."""
    states: set[State] = {answer.state for answer in found}
    return states.pop() if len(states) == 1 else "changed"
