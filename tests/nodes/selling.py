"""Orders that add up, in currencies of every exponent there is, for the tests of what always holds."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from orderloom.model import MINOR_DIGITS, Line, Money, Order
from tests.nodes.orders import good_order

BY_DIGITS = ("JPY", "USD", "KWD", "CLF")  # 0, 2, 3 and 4


@st.composite
def sold(draw: st.DrawFn) -> Order:
    """Lines, a discount on the order, tax and shipping whose sums are the grand total."""
    currency = draw(st.sampled_from(BY_DIGITS))
    digits = MINOR_DIGITS[currency]

    def money(most: int) -> Money:
        return Money.of(Decimal(draw(st.integers(0, most))).scaleb(-digits), currency)

    lines = tuple(
        Line(line_id=str(number), sku=f"S{number}", quantity=draw(st.integers(1, 5)), unit_price=money(9_999))
        for number in range(draw(st.integers(1, 4)))
    )
    subtotal = sum(line.unit_price.amount * line.quantity for line in lines)
    discount = min(money(500).amount, subtotal)
    shipping, tax = money(999), money(999)
    grand = subtotal - discount + shipping.amount + tax.amount
    return good_order(
        order_number="7", currency=currency, lines=lines, shipping_lines=({"price": shipping},),
        payment={"status": "unpaid"}, totals={
            "grand_total": Money.of(grand, currency), "discount": Money.of(discount, currency), "tax": tax,
        },
    )  # fmt: skip
