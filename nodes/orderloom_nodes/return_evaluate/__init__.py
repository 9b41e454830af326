"""Decides a return request by a policy table, line by line, and works out the refund to the minor unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orderloom import NodeError, Orders, Outcome, Setting, World, node
from orderloom.model import Money, Order, Return, ReturnHistory
from orderloom_nodes.return_evaluate.evaluate import EvaluatedLine, Evaluation, evaluate
from orderloom_nodes.return_evaluate.policy import PolicyTable
from orderloom_nodes.return_evaluate.refund import RefundSum

__all__ = [
    "Accept", "EvaluatedLine", "Exchange", "RefundNow", "RefundSum", "Reject", "Review", "return_evaluate",
]


class _Evaluated(Outcome):
    """What every outcome gives: a sentence for each line, the lines with their own decisions, the refund, the place.

    `exchange_value` is what was paid for the lines to be exchanged: given back only where they cannot be.
    """

    reasons: tuple[str, ...]
    lines: tuple[EvaluatedLine, ...]
    refund: RefundSum
    exchange_value: Money
    facility: str | None


class _Taken(_Evaluated):
    """Not every line is rejected. `taken` is the request without those that are: for it goods or money move."""

    taken: Return


class Accept(_Taken, name="accept"):
    """The goods come back; what they were paid for is given back once they are here."""


class RefundNow(_Taken, name="refund_now"):
    """The money is given back at once; the goods stay with the customer."""


class Exchange(_Taken, name="exchange"):
    """The goods come back and others are sent; no money moves."""


class Review(_Taken, name="review"):
    """A person decides; the refund is what all lines would cost that are not rejected or exchanged."""


class Reject(_Evaluated, name="reject"):
    """Nothing comes back and nothing is paid."""


_TAKING: Mapping[str, type[Review] | type[Accept] | type[Exchange] | type[RefundNow]] = {
    kind.outcome_name: kind for kind in (Review, Accept, Exchange, RefundNow)
}


@node("return-evaluate", kind="decision", errors=("no_match", "conflict", "missing_fact", "wrong_type"))
def return_evaluate(
    request: Return,
    order: Order,
    table: PolicyTable,
    world: World,
    history: ReturnHistory | None = None,
    orders: Setting[str] = "orders",
) -> Accept | RefundNow | Exchange | Review | Reject:
    """Apply the return policy to each line, and work out the refund exactly.

    The table is asked once per line. Its inputs may read `line` (the return line with `final_sale` and its `value`),
    `sold` (the order's line), `days since delivery` (calendar days; null when it is not known that it was delivered),
    `history`, `order` and `request`. Outputs: `outcome` (accept, refund_now, exchange, review, reject) and, where
    wanted, `fee` (percent of goods and tax kept back), `facility`, `reasons`, `shipping` (false: keep it).

    The outcome of the whole covers every line. Any line to review makes it a review; accept and refund_now together
    are accept; an exchange beside either of them is a review that names which line needs what, for one answer cannot
    give both goods and money; reject only where every line is rejected. Rejected lines beside others are listed and
    not paid, and are not in `taken`, the request that later steps go by: they may be sent back another time.

    Money is a review, with the sums, wherever it cannot be told what is left of the payment: the payment is disputed;
    its status says refunded and nothing says how much; money moved in another currency and no sum of the order says
    how much that is; or nothing is left.

    A line that the order does not have, or of which more is sent back than was sold and is not back yet, is rejected
    with the sums; a line whose SKU is not the one sold goes to review. What other returns of the order brought back, as
    the book of orders knows it, is back.
    """
    if request.order_id != order.order_id:
        raise NodeError("invalid", f"return {request.return_id} is for order {request.order_id}, not {order.order_id}")
    known = history or request.history or ReturnHistory()
    standing = _as_it_stands(order, request, world.optional(orders, Orders))
    return _outcome(request, evaluate(request, standing, table.at(world.now()), known))


def _as_it_stands(order: Order, request: Return, book: Orders | None) -> Order:
    """The order as the book knows it, without what an earlier attempt of this same return brought back."""
    record = book.find(order.order_id) if book is not None else None
    return record.order_but_for(request.return_id, order) if record else order


def _outcome(request: Return, evaluated: Evaluation) -> Accept | RefundNow | Exchange | Review | Reject:
    given: dict[str, Any] = {
        "reasons": evaluated.reasons,
        "lines": evaluated.lines,
        "refund": evaluated.refund,
        "exchange_value": evaluated.exchange_value,
        "facility": evaluated.facility,
    }
    if evaluated.word == "reject":
        return Reject(**given)
    return _TAKING[evaluated.word](**given, taken=_taken(request, evaluated))


def _taken(request: Return, evaluated: Evaluation) -> Return:
    pairs = zip(request.lines, evaluated.lines, strict=True)
    return request.model_copy(update={"lines": tuple(line for line, told in pairs if told.decision != "reject")})
