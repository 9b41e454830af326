"""An exchange is an order of its own, linked to the first; the difference is charged or given back exactly."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from orderloom.model import MINOR_DIGITS, ExternalRef, Money, Order, Return
from orderloom_nodes.collect_payment import Paid, collect_payment
from orderloom_nodes.create_order import Created, create_order
from orderloom_nodes.refund import Refunded, refund
from tests.nodes.orders import usd
from tests.nodes.paying import Till, back, order
from tests.nodes.selling import sold
from tests.searching import search


def wanting(price: str | None, units: int = 1, **more: Any) -> Return:
    line = {"line_id": "1", "quantity": units, "reason": "too_small", "resolution": "exchange", "exchange_sku": "MUG-L"}
    costs = {} if price is None else {"exchange_price": usd(price)}
    return back(lines=[{**line, **costs, **more}])


def exchanged(till: Till, request: Return, of: Order | None = None) -> Created:
    return create_order(kind="exchange", original=of or order(status="paid"), request=request, world=till.world("swap"))


def test_an_article_without_a_price_of_its_own_costs_nothing_more() -> None:
    made = exchanged(Till(), wanting(None))

    assert (made.due.amount, made.back.amount) == (0, 0)
    assert (made.order.original_order_id, made.order.order_type) == ("shopify:main:1", "exchange")
    assert made.order.payment.status == "paid"


def test_a_dearer_article_leaves_the_difference_to_be_charged() -> None:
    till = Till()
    made = exchanged(till, wanting("16.50"))

    paid = collect_payment(order=made.order, world=till.world("pay"))

    assert (made.due, made.back.amount) == (usd("6.50"), 0)
    assert (made.order.payment.status, made.order.totals.grand_total) == ("unpaid", usd("6.50"))
    assert isinstance(paid, Paid)
    assert till.charges == ["6.50"]


def test_a_cheaper_article_gives_the_difference_back() -> None:
    till = Till()
    bought = collect_payment(order=order(), world=till.world("pay"))
    made = exchanged(till, wanting("7.25"))

    given_back = refund(till.world("back"), payment=bought.payment, order=order(), amount=made.back)

    assert (made.due.amount, made.back) == (0, usd("2.75"))
    assert isinstance(given_back, Refunded)
    assert till.given_back == "2.75"


def test_what_the_buyer_paid_with_is_what_the_difference_is_charged_to() -> None:
    token = ExternalRef(system="test-gateway", type="payment_method", value="tok_stolen_card")
    till = Till()
    made = exchanged(till, wanting("16.50"), order(status="paid", external_refs=(token,)))

    assert collect_payment(order=made.order, world=till.world("pay")).outcome == "unpaid"


def test_the_same_return_makes_the_same_order() -> None:
    till = Till()

    assert exchanged(till, wanting("16.50")) == exchanged(till, wanting("16.50"))


@search(80)
@given(of=sold(), minor=st.integers(0, 20_000))
def test_what_was_paid_and_what_is_due_is_always_what_is_sent_and_what_goes_back(of: Order, minor: int) -> None:
    line, price = of.lines[0], Money.of(Decimal(minor).scaleb(-MINOR_DIGITS[of.currency]), of.currency)
    wanted = {"line_id": line.line_id, "quantity": line.quantity, "reason": "too_small", "resolution": "exchange"}
    request = back(lines=[{**wanted, "exchange_sku": "OTHER", "exchange_price": price}])

    made = exchanged(Till(), request, of)

    discount = made.order.totals.discount
    assert discount is not None
    credit = discount + made.back
    assert made.due + discount == price * line.quantity
    assert made.due.amount == 0 or made.back.amount == 0
    assert 0 <= credit.amount <= of.totals.grand_total.amount
