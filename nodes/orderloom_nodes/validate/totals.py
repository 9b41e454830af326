"""Whether the parts of an order add up to its total, to the minor unit.

Channels state discounts, shipping and tax in several places: whole on the order, shared out over the lines, as a
total. Each statement is one reading of that part; the sums are right when some reading of the parts gives the total.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Context, Decimal, localcontext
from itertools import product
from typing import NamedTuple

from orderloom.model import Line, Money, Order, TaxLine, Totals, minor_unit
from orderloom_nodes.validate.findings import Findings

NOTHING = Decimal(0)
_EXACT = Context(prec=60)  # 15 digits of money, a million units, ten thousand lines: nothing is rounded


class Sum(NamedTuple):
    """One reading of the parts."""

    goods: Decimal
    discount: Decimal
    shipping: Decimal
    fees: Decimal
    tax: Decimal

    @property
    def total(self) -> Decimal:
        return self.goods - self.discount + self.shipping + self.fees + self.tax


def check_totals(order: Order, findings: Findings) -> None:
    """The grand total against its parts, and each stated total against the currency's digits."""
    with localcontext(_EXACT):
        _check_digits(order, findings)
        _check_sum(order, findings)
        _check_line_totals(order, findings)


def can_be_paid(amount: Decimal, currency: str) -> bool:
    """Whether it has no digit beyond the currency's minor unit."""
    smallest = minor_unit(currency)
    return amount.same_quantum(smallest) or amount == amount.quantize(smallest, context=_EXACT)


def _check_sum(order: Order, findings: Findings) -> None:
    stated = order.totals.grand_total.amount
    if stated < 0:
        findings.error("V133", "totals.grand_total", f"the total is negative, {order.totals.grand_total}")
    tolerance = minor_unit(order.currency) * len(order.lines)
    nearest = None
    for reading in readings(order):
        if abs(reading.total - stated) <= tolerance:
            return
        if nearest is None or abs(reading.total - stated) < abs(nearest.total - stated):
            nearest = reading
    if nearest is not None and not _was_edited(order, stated, tolerance):
        _say_difference(order, nearest, findings)


def readings(order: Order) -> Iterator[Sum]:
    """Every way to read the order's parts, the most explicit first."""
    goods = sum((line.unit_price.amount * line.quantity for line in order.lines), NOTHING)
    parts = (_discounts(order), _shipping(order), _fees(order), _taxes(order))
    return (Sum(goods, *chosen) for chosen in product(*parts))


def _was_edited(order: Order, stated: Decimal, tolerance: Decimal) -> bool:
    """Whether the sums are right for an order that was edited after the buyer had ordered.

    A channel may then keep the old total or tell the new one, beside all lines or with what is left of them. The new
    total counts only where the old one agrees with its own parts: a total that is simply wrong stays wrong.
    """
    left = _what_is_left(order)
    if left is not order and _gives(left, stated, tolerance):
        return True
    now = order.totals.current_total
    if now is None or not _agrees_with_itself(order.totals, order.taxes_included, tolerance):
        return False
    return _gives(order, now.amount, tolerance) or _gives(left, now.amount, tolerance)


def _gives(order: Order, total: Decimal, tolerance: Decimal) -> bool:
    return any(abs(reading.total - total) <= tolerance for reading in readings(order))


def _agrees_with_itself(totals: Totals, taxes_included: bool, tolerance: Decimal) -> bool:
    if totals.subtotal is None:
        return False
    off, *added = (
        part.amount if part else NOTHING
        for part in (totals.discount, totals.shipping, totals.fees, None if taxes_included else totals.tax)
    )
    return abs(totals.subtotal.amount - off + sum(added) - totals.grand_total.amount) <= tolerance


def _what_is_left(order: Order) -> Order:
    """The order with its lines as they are now: without units that were taken off it, each with its share."""
    if not any(line.quantity_cancelled or line.quantity_returned for line in order.lines):
        return order
    lines = tuple(found for line in order.lines if (found := _left_of(line)))
    return order.model_copy(update={"lines": lines})


def _left_of(line: Line) -> Line | None:
    left = line.quantity - line.quantity_cancelled - line.quantity_returned
    if left == line.quantity or not left:
        return line if left else None
    shares = {
        name: tuple(
            part.model_copy(update={"amount": _share(part.amount, left, line.quantity)}) for part in getattr(line, name)
        )
        for name in ("discounts", "taxes")
    }
    return line.model_copy(update={"quantity": left, **shares})


def _share(whole: Money, left: int, of: int) -> Money:
    return whole.model_copy(update={"amount": whole.amount * left / of})


def _discounts(order: Order) -> list[Decimal]:
    of_lines = _total(discount.amount for line in order.lines for discount in line.discounts)
    of_shipping = _total(discount.amount for line in order.shipping_lines for discount in line.discounts)
    of_order = _total(discount.amount for discount in order.discounts)
    shared = of_lines + of_shipping
    stated = [order.totals.discount.amount] if order.totals.discount else []
    if not order.discounts:
        return _apart([shared, of_lines, *stated])
    # an order's discount stands whole on the order and, with some channels, in shares on the lines again
    return _apart([of_order, *([shared, of_lines, of_order + shared] if shared else []), *stated])


def _shipping(order: Order) -> list[Decimal]:
    listed = _total(line.price for line in order.shipping_lines)
    stated = [order.totals.shipping.amount] if order.totals.shipping else []
    return _apart([listed, *stated] if order.shipping_lines or not stated else stated)


def _fees(order: Order) -> list[Decimal]:
    listed = _total(fee.amount for fee in order.fees)
    stated = [order.totals.fees.amount] if order.totals.fees else []
    # some channels list a tip among the lines too: then it must not be counted twice
    lines = {_costs(line) for line in order.lines if not line.requires_shipping}
    besides = _total(fee.amount for fee in order.fees if fee.amount.amount not in lines)
    return _apart([listed, *stated, besides] if order.fees or not stated else stated)


def _taxes(order: Order) -> list[Decimal]:
    """What tax adds to the prices; nothing where the prices hold it."""
    by_line = [tax for taxes in _taxes_by_line(order) for tax in taxes]
    found = []
    if order.taxes:
        found.append(_added(order, order.taxes))
    if by_line:
        found.append(_added(order, by_line))
    if order.totals.tax is not None and not order.taxes_included:
        found.append(order.totals.tax.amount)
    return _apart(found or [NOTHING])


def _taxes_by_line(order: Order) -> Iterator[tuple[TaxLine, ...]]:
    yield from (line.taxes for line in order.lines)
    yield from (line.taxes for line in order.shipping_lines)


def _added(order: Order, taxes: Iterable[TaxLine]) -> Decimal:
    return _total(tax.amount for tax in taxes if not (order.taxes_included if tax.included is None else tax.included))


def _say_difference(order: Order, found: Sum, findings: Findings) -> None:
    stated, currency = order.totals.grand_total.amount, order.currency
    gap = stated - found.total
    more = "more" if gap > 0 else "less"
    message = (
        f"the parts add up to {_shown(found.total, currency)} {currency} ({_spelt(found, currency)}), the order says "
        f"{_shown(stated, currency)} {currency}: {_shown(abs(gap), currency)} {currency} {more}"
    )
    mend = "; ".join([*_clues(order, found, gap), "correct the part that is wrong, or the total"])
    findings.error("V131", "totals.grand_total.amount", message, mend, _shown(found.total, currency))


def _spelt(found: Sum, currency: str) -> str:
    signed = (("−", "discount"), ("+", "shipping"), ("+", "fees"), ("+", "tax"))
    parts = ((sign, getattr(found, name), name) for sign, name in signed)
    added = (f" {sign} {_shown(amount, currency)} {name}" for sign, amount, name in parts if amount)
    return f"{_shown(found.goods, currency)} goods{''.join(added)}"


def _clues(order: Order, found: Sum, gap: Decimal) -> list[str]:
    """What the difference may come from, where the order itself contradicts in a telling way."""
    totals, currency = order.totals, order.currency
    clues = []
    if totals.subtotal is not None and totals.subtotal.amount not in {found.goods, found.goods - found.discount}:
        goods = _shown(found.goods, currency)
        clues.append(f"its subtotal says {_shown(totals.subtotal.amount, currency)}, its lines cost {goods}")
    if totals.discount is not None and totals.discount.amount != found.discount:
        clues.append(f"its discount total says {_shown(totals.discount.amount, currency)}")
    costs = (index for index, line in enumerate(order.lines) if _costs(line) == abs(gap))
    if (first := next(costs, None)) is not None:
        clues.append(f"the difference is what line {first + 1} costs")
    return clues


def _costs(line: Line) -> Decimal:
    return line.unit_price.amount * line.quantity


def _check_digits(order: Order, findings: Findings) -> None:
    for name in type(order.totals).model_fields:
        total: Money | None = getattr(order.totals, name)
        if total is not None and not can_be_paid(total.amount, total.currency):
            smallest = minor_unit(total.currency)
            message = f"{total} cannot be paid: {total.currency} has no unit smaller than {smallest}"
            findings.error("V132", f"totals.{name}.amount", message, None, f"{total.amount.quantize(smallest):f}")


def _check_line_totals(order: Order, findings: Findings) -> None:
    tolerance = minor_unit(order.currency)
    for index, line in enumerate(order.lines):
        if line.line_total is None:
            continue
        net = _costs(line) - _total(discount.amount for discount in line.discounts)
        if abs(net - line.line_total.amount) > tolerance:
            message = (
                f"line {index + 1} adds up to {_shown(net, order.currency)} {order.currency}, it says {line.line_total}"
            )
            findings.note("V134", f"lines[{index}].line_total.amount", message)


def _shown(amount: Decimal, currency: str) -> str:
    """With at least the currency's digits: 598.94, 10.00, 1000 (JPY)."""
    smallest = minor_unit(currency)
    whole = amount.quantize(smallest)
    return f"{whole if whole == amount else amount.normalize():f}"


def _total(amounts: Iterable[Money]) -> Decimal:
    return sum((amount.amount for amount in amounts), NOTHING)


def _apart(amounts: Iterable[Decimal]) -> list[Decimal]:
    return list(dict.fromkeys(amounts))
