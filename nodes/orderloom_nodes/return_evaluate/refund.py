"""What each unit of an order was paid for, in whole minor units, so that partial refunds add up to all that was paid.

Sums are shared by largest remainder: of a line's 10.00 for three units the first gives 3.34, the others 3.33 each.
Units that were cancelled or came back before are the first ones, so any sequence of returns ends at the same total.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from orderloom.model import MINOR_DIGITS, Discount, Line, MixedCurrenciesError, Model, Money, Order, TaxLine
from orderloom_nodes.return_evaluate.paid import Standing, minor, standing


class RefundSum(Model):
    """`amount = items + tax + shipping + fees - restocking_fee - withheld`.

    Shipping and the order's fees are given back with the return that brings the last unit home. `withheld` is what
    the sum would exceed of what was paid less what is refunded already; all of it where that cannot be told.
    `minor_digits` are the currency's decimals: 2 for USD, 0 for JPY.
    """

    items: Money
    tax: Money
    shipping: Money
    fees: Money
    restocking_fee: Money
    withheld: Money
    amount: Money
    minor_digits: int


@dataclass(frozen=True)
class Share:
    """Goods and the tax on them, in minor units."""

    goods: int
    tax: int

    @property
    def both(self) -> int:
        return self.goods + self.tax


@dataclass(frozen=True)
class PaidLine:
    """What a whole line was paid: the goods without any tax, and the tax."""

    units: int
    paid: Share

    def share(self, before: int, count: int) -> Share:
        """What `count` units were paid, after `before` others."""
        parts = (_between(sum_, self.units, before, before + count) for sum_ in (self.paid.goods, self.paid.tax))
        return Share(*parts)


@dataclass(frozen=True)
class PaidOrder:
    """An order as it was paid, in minor units of its currency. `unpriced` says why its lines have no prices here."""

    currency: str
    lines: Mapping[str, PaidLine]
    shipping: Share
    fees: int
    standing: Standing
    unpriced: str | None = None

    @property
    def left(self) -> int:
        """What was paid and is not refunded, as far as that is known: no refund goes beyond it."""
        return self.standing.left

    def money(self, minor: int) -> Money:
        amount = Decimal(minor).scaleb(-MINOR_DIGITS[self.currency])
        return Money.model_construct(amount=amount, currency=self.currency)     # whole by construction


def paid_order(order: Order) -> PaidOrder:
    """The order's sums by line; all of them nought, and `unpriced`, where prices of two currencies meet.

    What lines and shipping state of discounts and taxes stands; what only the order's sums state is shared out.
    """
    try:
        return _paid_order(order)
    except MixedCurrenciesError as mixed:
        found = f"order {order.order_id} has amounts in {mixed.one} and {mixed.other}: a refund needs one currency"
        nothing = {line.line_id: PaidLine(line.quantity, Share(0, 0)) for line in order.lines}
        return PaidOrder(order.currency, nothing, Share(0, 0), 0, Standing(None, None, found), found)


def _paid_order(order: Order) -> PaidOrder:
    prices, shipping = _after_discounts(order)
    included, added, shipping_tax, shipping_tax_inside = _taxes(order, prices, shipping)
    lines = {
        line.line_id: PaidLine(line.quantity, Share(max(0, price - inside), inside + on_top))
        for line, price, inside, on_top in zip(order.lines, prices, included, added, strict=True)
    }
    carried = Share(max(0, shipping - shipping_tax_inside), shipping_tax)
    fees = sum(minor(fee.amount, order) for fee in order.fees)
    return PaidOrder(order.currency, lines, carried, fees, standing(order))


def _after_discounts(order: Order) -> tuple[list[int], int]:
    """What each line costs after its own discounts and its share of the order's, and what shipping costs."""
    own = [_sum(line.discounts, order) for line in order.lines]
    gross = [minor(line.unit_price * line.quantity, order) for line in order.lines]
    prices = [max(0, price - off) for price, off in zip(gross, own, strict=True)]
    on_shipping = max(
        sum(_sum(line.discounts, order) for line in order.shipping_lines),
        _sum([discount for discount in order.discounts if discount.type == "free_shipping"], order),
    )
    shipping = max(0, sum(minor(line.price, order) for line in order.shipping_lines) - on_shipping)
    whole = minor(order.totals.discount, order) if order.totals.discount else _sum(order.discounts, order)
    rest = min(max(0, whole - sum(own) - on_shipping), sum(prices))
    return [price - off for price, off in zip(prices, shared(rest, prices), strict=True)], shipping


def _taxes(order: Order, prices: Sequence[int], shipping: int) -> tuple[list[int], list[int], int, int]:
    """Tax of each line that its price holds, and that comes on top; shipping's whole tax, and what of it is inside."""
    inside = [_sum(_within(line.taxes, order, wanted=True), order) for line in order.lines]
    on_top = [_sum(_within(line.taxes, order, wanted=False), order) for line in order.lines]
    carried = [tax for line in order.shipping_lines for tax in line.taxes]
    carried_inside = _sum(_within(carried, order, wanted=True), order)
    whole = minor(order.totals.tax, order) if order.totals.tax else _sum(order.taxes, order)
    rest = max(0, whole - sum(inside) - sum(on_top) - _sum(carried, order))
    *by_line, by_shipping = shared(rest, _untold(order, prices, 0 if carried else shipping))
    if order.taxes_included:
        inside = [a + b for a, b in zip(inside, by_line, strict=True)]
    else:
        on_top = [a + b for a, b in zip(on_top, by_line, strict=True)]
    if order.taxes_included:
        carried_inside += by_shipping
    return inside, on_top, _sum(carried, order) + by_shipping, carried_inside


def _untold(order: Order, prices: Sequence[int], shipping: int) -> list[int]:
    """By what a tax that nobody states is shared: the prices of what states none, else all prices."""
    untold = [price if _is_untold(line) else 0 for line, price in zip(order.lines, prices, strict=True)]
    return [*untold, shipping] if any(untold) or shipping else [*prices, 0]


def _is_untold(line: Line) -> bool:
    return line.taxable and not line.taxes


def _within(taxes: Iterable[TaxLine], order: Order, *, wanted: bool) -> list[TaxLine]:
    return [tax for tax in taxes if (order.taxes_included if tax.included is None else tax.included) is wanted]


def shared(sum_: int, weights: Sequence[int]) -> list[int]:
    """The sum in whole parts as near to the weights as can be (largest remainder; ties to the first)."""
    total = sum(weights)
    if not total:
        return [sum_ if index == 0 else 0 for index in range(len(weights))]
    parts = [sum_ * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda index: (-(sum_ * weights[index] % total), index))
    for index in by_remainder[: sum_ - sum(parts)]:
        parts[index] += 1
    return parts


def percent_of(sum_: int, percent: Decimal) -> int:
    """Rounded half to even."""
    return int((Decimal(sum_) * percent / 100).quantize(Decimal(1), ROUND_HALF_EVEN))


def _between(sum_: int, units: int, first: int, last: int) -> int:
    return _up_to(sum_, units, last) - _up_to(sum_, units, first)


def _up_to(sum_: int, units: int, count: int) -> int:
    """What the first `count` of `units` equal units have of a sum."""
    return count * (sum_ // units) + min(count, sum_ % units)


def _sum(parts: Iterable[Discount | TaxLine], order: Order) -> int:
    return sum(minor(part.amount, order) for part in parts)
