"""What an exchange costs: the articles sent at their prices, paid with what was paid for those that come back."""

from __future__ import annotations

from dataclasses import dataclass

from orderloom import NodeError
from orderloom.model import Line, Money, Order, Return, ReturnLine
from orderloom_nodes.return_evaluate.refund import paid_order


@dataclass(frozen=True)
class Settled:
    """`goods` is what is sent, `credit` what pays for it; one of `due` and `back` is nought."""

    goods: Money
    credit: Money

    @property
    def due(self) -> Money:
        return max(Money.zero(self.goods.currency), self.goods - self.credit)

    @property
    def back(self) -> Money:
        return max(Money.zero(self.goods.currency), self.credit - self.goods)


def settled(original: Order, request: Return, lines: tuple[Line, ...]) -> Settled:
    """A line without a price of its own costs what it did: nothing is due for it, and nothing goes back."""
    goods = credit = Money.of("0", original.currency)
    by_id = {line.line_id: line for line in lines}
    paid = _Paid(original)
    for wanted in request.lines:
        worth = paid.next(wanted)
        line = by_id.get(wanted.line_id)
        if line is None:
            continue
        costs = line.unit_price * line.quantity
        goods += costs
        credit += costs if wanted.exchange_price is None else worth
    return Settled(goods, credit)


class _Paid:
    """What units of each line were paid, in the order in which they come back."""

    def __init__(self, order: Order) -> None:
        self._order, self._paid = order, paid_order(order)
        self._gone = {line.line_id: line.quantity_cancelled + line.quantity_returned for line in order.lines}

    def next(self, line: ReturnLine) -> Money:
        """Raises `NodeError` (invalid) where a price is wanted and the order has none that can be told."""
        if line.exchange_price is not None and self._paid.unpriced:
            raise NodeError("invalid", self._paid.unpriced)
        before = self._gone[line.line_id]
        self._gone[line.line_id] += line.quantity
        return self._paid.money(self._paid.lines[line.line_id].share(before, line.quantity).both)
