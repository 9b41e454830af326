"""Grades goods that came back, lot by lot: what is given back for them, and where they go."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from orderloom import NodeError, Outcome, World, node
from orderloom.model import Model, Money, Order, Return
from orderloom_nodes.restock import Inspected
from orderloom_nodes.return_evaluate import EvaluatedLine
from orderloom_nodes.return_grade.inspection import Arrived, Inspection, matched
from orderloom_nodes.return_grade.sums import Lot, lot_sums
from orderloom_nodes.word_tables import WordTable

WORDS = ("restock_and_refund", "refund", "replace", "nothing", "review")


class GradingTable(WordTable):
    """A rule table that grades goods; anything but its five words is refused when it is loaded."""

    words = WORDS
    subject = "a grade"
    one_each = "a lot of goods, and each has one grade"


class GradedLine(Model):
    """Units of a line that came in one condition. `refund` is what is given back for them."""

    line_id: str
    sku: str
    quantity: int
    received: int
    condition: str | None
    grade: str
    disposition: str | None
    location_id: str | None
    share: Decimal
    refund: Money
    reason: str
    row: str


class _Graded(Outcome):
    """`amount` is what goes back for all of it, `moves` where the goods go, `reasons` a sentence for each lot."""

    amount: Money
    lines: tuple[GradedLine, ...]
    moves: tuple[Inspected, ...]
    reasons: tuple[str, ...]


class RestockAndRefund(_Graded, name="restock_and_refund"):
    """Something of it can be sold as new, and money goes back."""


class RefundOnly(_Graded, name="refund"):
    """Money goes back; nothing can be sold as new."""


class Replace(_Graded, name="replace"):
    """Another is sent."""


class Nothing(_Graded, name="nothing"):
    """Nothing is owed for what came."""


class Review(_Graded, name="review"):
    """A person looks: another article was in the parcel, more units than announced, or the table says so."""


_KINDS: dict[str, Any] = {kind.outcome_name: kind for kind in (RestockAndRefund, RefundOnly, Replace, Nothing, Review)}
_PAYING = {"restock_and_refund", "refund", "review"}
# the first of these that some lot has is the word for the whole
_PRECEDENCE = ("restock_and_refund", "refund", "replace", "nothing")


@node("return-grade", kind="decision", errors=("no_match", "conflict", "missing_fact", "wrong_type"))
def return_grade(
    request: Return,
    order: Order,
    inspection: Inspection,
    evaluated: list[EvaluatedLine],
    due: Money,
    table: GradingTable,
    world: World,
    resolution: str | None = None,
) -> RestockAndRefund | RefundOnly | Replace | Nothing | Review:
    """Ask the grading table about each lot that came back, and work out what is given back for it, exactly.

    `evaluated` are the lines as `return-evaluate` gave them, `due` what it owes for all of them. The table may read
    `inspection` (condition, sku, quantity), `line`, `sold`, `received`, `resolution`, `order` and `request`; it says
    `outcome`, `share` (of what the units are worth, 1 without it), `disposition`, `location` and `reasons`. What `due`
    holds beyond the lines (shipping, fees) goes back where all that was announced came and some of it is paid for.
    Never more than `due` is given back. An article or units that nobody announced make it a review.
    """
    came = matched(request, inspection)
    worth = _worth(request, evaluated)
    lines = _lines(came.arrived, table, order, request, world, resolution, worth)
    word, doubts = _word(lines, came.odd)
    amount = _amount(lines, worth, due, request)
    return _KINDS[word](  # type: ignore[no-any-return]
        amount=amount, lines=lines, moves=_moves(lines),
        reasons=(*_reasons(lines), *doubts),
    )  # fmt: skip


def _reasons(lines: tuple[GradedLine, ...]) -> tuple[str, ...]:
    """In the table's words; which lot is meant is told where there are several."""
    if len(lines) == 1:
        return (lines[0].reason,)
    return tuple(f"{one.received} x {one.sku or one.line_id}: {one.reason}" for one in lines)


def _worth(request: Return, evaluated: list[EvaluatedLine]) -> dict[str, tuple[int, Money]]:
    """Units and their worth by line; what is exchanged is worth what was paid for it. Raises `NodeError` (invalid)."""
    found = {one.line_id: one for one in evaluated}
    missing = [line.line_id for line in request.lines if line.line_id not in found]
    if missing:
        raise NodeError("invalid", f"line {missing[0]} of the return was not evaluated: `evaluated` has no such line")
    return {line.line_id: (found[line.line_id].quantity, _of(found[line.line_id])) for line in request.lines}


def _of(one: EvaluatedLine) -> Money:
    return one.value if one.decision in {"exchange", "reject"} else one.refund


def _lines(
    arrived: tuple[Arrived, ...], table: GradingTable, order: Order, request: Return, world: World,
    resolution: str | None, worth: dict[str, tuple[int, Money]],
) -> tuple[GradedLine, ...]:  # fmt: skip
    told, lots = [], []
    before: Counter[str] = Counter()
    for one in arrived:
        facts = {"order": order, "request": request, "line": one.line, "sold": order.line(one.line.line_id),
                 "inspection": one.found, "received": Decimal(one.received), "resolution": resolution}
        decision = table.at(world.now()).decide(facts)
        fields = {"outcome": decision.outcome, "row": ", ".join(decision.rows), **decision.fields}
        told.append(fields)
        lots.append(Lot(one.line.line_id, one.received, before[one.line.line_id], _share(fields, table)))
        before[one.line.line_id] += one.received
    sums = lot_sums(lots, worth)
    together = zip(arrived, told, lots, sums, strict=True)
    return tuple(_line(one, fields, lot, sum_) for one, fields, lot, sum_ in together)


def _share(fields: dict[str, Any], table: GradingTable) -> Decimal:
    share = Decimal(1) if fields.get("share") is None else Decimal(fields["share"])
    if not 0 <= share <= 1:
        raise NodeError("invalid", f"row {fields['row']} of table {table.name} gives {share} of the value: 0 to 1")
    return share


def _line(one: Arrived, fields: dict[str, Any], lot: Lot, refund: Money) -> GradedLine:
    pays = fields["outcome"] in _PAYING
    return GradedLine(
        line_id=one.line.line_id, sku=one.found.sku, quantity=one.line.quantity, received=one.received,
        condition=one.found.condition, grade=str(fields["outcome"]),
        disposition=one.found.disposition or fields.get("disposition"),
        location_id=one.found.location_id or fields.get("location"), share=lot.share,
        refund=refund if pays else Money.zero(refund.currency), reason=str(fields.get("reasons") or fields["outcome"]),
        row=str(fields["row"]),
    )  # fmt: skip


def _word(lines: tuple[GradedLine, ...], odd: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    words = {one.grade for one in lines}
    if odd or "review" in words:
        return "review", odd
    paying = words & {"restock_and_refund", "refund"}
    if "replace" in words and paying:
        return "review", ("money for some goods and another article for others: one answer cannot give both",)
    return next(word for word in _PRECEDENCE if word in words), ()


def _amount(
    lines: tuple[GradedLine, ...], worth: dict[str, tuple[int, Money]], due: Money, request: Return
) -> Money:
    """The lots' sums and, where all came, what is due beside the lines; at most what is due."""
    zero = Money.zero(due.currency)
    back = sum((one.refund for one in lines), zero)
    beside = max(zero, due - sum((sum_ for _, sum_ in worth.values()), zero))
    came = sum(one.received for one in lines) >= sum(line.quantity for line in request.lines)
    pays = any(one.received and one.share > 0 and one.grade in _PAYING for one in lines)
    return min(due, back + beside if came and pays else back)


def _moves(lines: tuple[GradedLine, ...]) -> tuple[Inspected, ...]:
    return tuple(
        Inspected(sku=one.sku, quantity=one.received, condition=one.condition, disposition=one.disposition,
                  location_id=one.location_id)
        for one in lines if one.received
    )  # fmt: skip
