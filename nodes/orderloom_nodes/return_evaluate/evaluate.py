"""Goes through the lines of a return in their order: a verdict for each, the sum of what is given back, the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from orderloom import DecisionTable
from orderloom.model import MINOR_DIGITS, Line, Model, Money, Order, Return, ReturnHistory, ReturnLine
from orderloom_nodes.return_evaluate.policy import Verdict, Word, asked, days_since_delivery, ruled_out
from orderloom_nodes.return_evaluate.refund import PaidOrder, RefundSum, Share, paid_order, percent_of

_NOTHING = Share(0, 0)
# the first of these that some line has is the word for the whole request
_PRECEDENCE: tuple[Word, ...] = ("review", "accept", "exchange", "refund_now", "reject")


class EvaluatedLine(Model):
    """One line of the return. `value` is what its units were paid with tax, `refund` what is due for them.

    What is withheld of the sum is not taken from single lines.
    """

    line_id: str
    sku: str
    quantity: int
    decision: Word
    reason: str
    row: str | None
    value: Money
    restocking_fee: Money
    refund: Money
    exchange_sku: str | None
    facility: str | None


@dataclass(frozen=True)
class Evaluation:
    """The whole return, line by line, and the word for it."""

    word: Word
    lines: tuple[EvaluatedLine, ...]
    reasons: tuple[str, ...]
    refund: RefundSum
    exchange_value: Money
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
    """Judge every line, add up, and find the word for the whole. Raises `NodeError` as the table does, or invalid."""
    paid = paid_order(order)
    days = days_since_delivery(request, order)
    common = {"request": request, "order": order, "history": history, "days since delivery": days}
    judged = _line_by_line(request, order, paid, table, common)
    refund = _refund(judged, order, paid)
    swapped = sum(one.share.both for one in judged if one.verdict.word == "exchange")
    doubts = tuple(_doubts(judged, refund, swapped, order, paid))
    word: Word = "review" if doubts else next(one for one in _PRECEDENCE if one in _words(judged))
    return Evaluation(
        word=word,
        lines=tuple(_told(one, paid) for one in judged),
        reasons=(*(_sentence(one, word, refund, paid) for one in judged), *(doubts or _withheld(refund))),
        refund=refund,
        exchange_value=min(paid.money(swapped), paid.money(paid.left) - refund.amount),
        facility=next((one.verdict.facility for one in judged if one.verdict.word != "reject"), None),
    )


def _line_by_line(
    request: Return, order: Order, paid: PaidOrder, table: DecisionTable, common: Mapping[str, object]
) -> list[_Judged]:
    """In the order of the request: the units of a line that may come back are gone for the lines after it."""
    gone = {line.line_id: line.quantity_cancelled + line.quantity_returned for line in order.lines}
    judged: list[_Judged] = []
    for line in request.lines:
        one = _judged(line, order.line(line.line_id), order, paid, gone.get(line.line_id, 0), table, common)
        judged.append(one)
        if one.verdict.word != "reject":
            gone[line.line_id] += line.quantity
    return judged


def _judged(
    line: ReturnLine,
    sold: Line | None,
    order: Order,
    paid: PaidOrder,
    gone: int,
    table: DecisionTable,
    common: Mapping[str, object],
) -> _Judged:
    verdict = ruled_out(line, sold, order, gone) or (Verdict("review", paid.unpriced) if paid.unpriced else None)
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


def _words(judged: Sequence[_Judged]) -> set[Word]:
    return {one.verdict.word for one in judged}


def _doubts(
    judged: Sequence[_Judged], refund: RefundSum, swapped: int, order: Order, paid: PaidOrder
) -> Iterator[str]:
    """Why no table alone can say yes to the whole; none where every line is rejected."""
    wanted = _words(judged) - {"reject"}
    due = refund.withheld if refund.withheld.amount else paid.money(swapped)
    if wanted and paid.standing.doubt and not paid.unpriced:
        yield f"{paid.standing.doubt} ({_sums(due, order, paid)})"
    elif refund.withheld.amount and not refund.amount.amount:
        yield f"nothing of what was paid is left to give back ({_sums(due, order, paid)})"
    elif swapped and paid.standing.refunded and not paid.left:
        yield f"what was paid is refunded already, and goods are to be exchanged ({_sums(due, order, paid)})"
    if "exchange" in wanted and wanted & {"accept", "refund_now"}:
        needs = ", ".join(f"{_article(one)} needs {one.verdict.word}" for one in judged if one.verdict.word != "reject")
        yield f"one answer cannot do both, money for one line and goods for another: {needs}"


def _sums(due: Money, order: Order, paid: PaidOrder) -> str:
    known = {"paid": paid.standing.paid, "refunded": paid.standing.refunded}
    told = [f"{paid.money(sum_)} {word}" for word, sum_ in known.items() if sum_ is not None]
    return f"order {order.order_id}, {order.payment.status}: {', '.join([*told, f'{due} due now'])}"


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
        minor_digits=MINOR_DIGITS[paid.currency],
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
        exchange_sku=one.line.exchange_sku,
        facility=one.verdict.facility,
    )


def _article(one: _Judged) -> str:
    return f"line {one.line.line_id}" + (f" ({one.sku})" if one.sku else "")


def _sentence(one: _Judged, whole: Word, refund: RefundSum, paid: PaidOrder) -> str:
    row = f" [{one.verdict.row}]" if one.verdict.row else ""
    money = f"; {_money_back(one, whole, refund, paid)}" if one.verdict.pays and not paid.unpriced else ""
    return f"{_article(one)}: {one.verdict.word}, {one.verdict.reason}{row}{money}"


def _money_back(one: _Judged, whole: Word, refund: RefundSum, paid: PaidOrder) -> str:
    sum_ = str(paid.money(one.back)) + (f" of {paid.money(one.share.both)}" if one.fee else "")
    if refund.withheld.amount:                  # what is due and what goes back are not the same
        return f"{sum_} {'would be' if whole == 'review' else 'is'} due"
    return f"{sum_} {'would go' if whole == 'review' else 'goes'} back"


def _withheld(refund: RefundSum) -> list[str]:
    if not refund.withheld.amount:
        return []
    return [f"{refund.withheld} is withheld: only {refund.amount} of what was paid is not refunded yet"]
