"""Goes through the lines of a return in their order: a verdict for each, then the sum of what is given back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from orderloom import DecisionTable
from orderloom.model import Line, Model, Money, Order, Return, ReturnHistory, ReturnLine
from orderloom_nodes.return_evaluate.policy import Verdict, Word, asked, days_since_delivery, ruled_out
from orderloom_nodes.return_evaluate.refund import PaidOrder, RefundSum, Share, paid_order, percent_of

_NOTHING = Share(0, 0)


class EvaluatedLine(Model):
    """One line of the return. `value` is what its units were paid with tax, `refund` what is given back for them."""

    line_id: str
    sku: str
    quantity: int
    decision: Word
    reason: str
    row: str | None
    value: Money
    restocking_fee: Money
    refund: Money
    facility: str | None


@dataclass(frozen=True)
class Evaluation:
    """The whole return, line by line."""

    lines: tuple[EvaluatedLine, ...]
    reasons: tuple[str, ...]
    refund: RefundSum
    facility: str | None


@dataclass(frozen=True)
class _Judged:
    line: ReturnLine
    sku: str
    verdict: Verdict
    share: Share
    fee: int

    @property
    def back(self) -> int:
        return self.share.both - self.fee if self.verdict.pays else 0


def evaluate(request: Return, order: Order, table: DecisionTable, history: ReturnHistory) -> Evaluation:
    """Judge every line and add up. Raises `NodeError` as the table does, or invalid."""
    paid = paid_order(order)
    days = days_since_delivery(request, order)
    common = {"request": request, "order": order, "history": history, "days since delivery": days}
    gone = {line.line_id: line.quantity_cancelled + line.quantity_returned for line in order.lines}
    judged: list[_Judged] = []
    for line in request.lines:
        sold = order.line(line.line_id)
        one = _judged(line, sold, order, paid, gone.get(line.line_id, 0), table, common)
        judged.append(one)
        if one.verdict.word != "reject":
            gone[line.line_id] += line.quantity
    refund = _refund(judged, order, paid)
    return Evaluation(
        lines=tuple(_told(one, paid) for one in judged),
        reasons=(*(_sentence(one, paid) for one in judged), *_withheld(refund)),
        refund=refund,
        facility=next((one.verdict.facility for one in judged if one.verdict.word != "reject"), None),
    )


def _judged(
    line: ReturnLine,
    sold: Line | None,
    order: Order,
    paid: PaidOrder,
    gone: int,
    table: DecisionTable,
    common: Mapping[str, object],
) -> _Judged:
    verdict = ruled_out(line, sold, order, gone)
    fits = sold is not None and gone + line.quantity <= sold.quantity
    share = paid.lines[line.line_id].share(gone, line.quantity) if fits else _NOTHING
    sku = line.sku or (sold.sku if sold else "")
    if verdict is None:
        assert sold is not None
        known = line.model_copy(update={
            "sku": sku, "value": paid.money(share.both), "final_sale": line.final_sale or sold.final_sale,
        })
        verdict = asked(table, {**common, "line": known, "sold": sold})
    fee = percent_of(share.both, verdict.fee_percent) if verdict.pays else 0
    return _Judged(line, sku, verdict, share, fee)


_PARTS: tuple[Callable[[_Judged], int], ...] = (
    lambda one: one.share.goods, lambda one: one.share.tax, lambda one: one.fee,
)


def _refund(judged: Sequence[_Judged], order: Order, paid: PaidOrder) -> RefundSum:
    paying = [one for one in judged if one.verdict.pays]
    goods, tax, fee = (sum(getter(one) for one in paying) for getter in _PARTS)
    carried, fees = (paid.shipping, paid.fees) if _last_unit_is_back(paying, order) else (_NOTHING, 0)
    whole = goods + tax + carried.both + fees - fee
    withheld = max(0, whole - paid.left)
    return RefundSum(
        items=paid.money(goods),
        tax=paid.money(tax + carried.tax),
        shipping=paid.money(carried.goods),
        fees=paid.money(fees),
        restocking_fee=paid.money(fee),
        withheld=paid.money(withheld),
        amount=paid.money(whole - withheld),
    )


def _last_unit_is_back(paying: Sequence[_Judged], order: Order) -> bool:
    if not paying or not all(one.verdict.shipping for one in paying):
        return False
    back = {line.line_id: line.quantity_cancelled + line.quantity_returned for line in order.lines}
    for one in paying:
        if one.line.line_id in back:
            back[one.line.line_id] += one.line.quantity
    return all(back[line.line_id] == line.quantity for line in order.lines)


def _told(one: _Judged, paid: PaidOrder) -> EvaluatedLine:
    return EvaluatedLine(
        line_id=one.line.line_id,
        sku=one.sku,
        quantity=one.line.quantity,
        decision=one.verdict.word,
        reason=one.verdict.reason,
        row=one.verdict.row,
        value=paid.money(one.share.both),
        restocking_fee=paid.money(one.fee),
        refund=paid.money(one.back),
        facility=one.verdict.facility,
    )


def _sentence(one: _Judged, paid: PaidOrder) -> str:
    article = f"line {one.line.line_id}" + (f" ({one.sku})" if one.sku else "")
    row = f" [{one.verdict.row}]" if one.verdict.row else ""
    return f"{article}: {one.verdict.word}, {one.verdict.reason}{row}{_money_back(one, paid)}"


def _money_back(one: _Judged, paid: PaidOrder) -> str:
    if not one.verdict.pays:
        return ""
    of = f" of {paid.money(one.share.both)}" if one.fee else ""
    return f"; {paid.money(one.back)}{of} {'would go' if one.verdict.word == 'review' else 'goes'} back"


def _withheld(refund: RefundSum) -> list[str]:
    if not refund.withheld.amount:
        return []
    return [f"{refund.withheld} is withheld: only {refund.amount} of what was paid is not refunded yet"]
