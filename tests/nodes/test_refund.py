"""Money goes back the way it came: at most what was taken, exact to the cent, once, and never in silence."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_CEILING, Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderloom import NodeError
from orderloom.model import Money, Order, Payment, Transaction
from orderloom.world.errors import ConnectionFailedError
from orderloom_nodes.refund import Refunded, Refused, refund
from tests.nodes.orders import good_order, mug, usd
from tests.nodes.paying import NOON, Till, back, order, taken

Payer = Callable[[Till], Order]


def paid(till: Till, *amounts: str) -> Order:
    """An order that the gateway took these sums for, noted in the book."""
    made = order(*(till.charge(f"c{place}", amount) for place, amount in enumerate(amounts, start=1)), status="paid")
    till.book.note(made, "paid")
    return made


def give(till: Till, key: str = "call", **given: Any) -> Any:
    return refund(**{"world": till.world(key), **given})


def test_all_of_a_payment_goes_back_and_the_book_knows() -> None:
    till = Till()
    sold = paid(till, "30.00")

    told = give(till, order=sold)

    assert isinstance(told, Refunded)
    assert (told.amount, told.order.payment.status if told.order else "") == (usd("30.00"), "refunded")
    assert till.given_back == "30.00"
    assert till.noted().status == "refunded"


def test_the_same_call_again_gives_nothing_more_and_says_the_same() -> None:
    till = Till()
    sold = paid(till, "30.00")

    first, second = (give(till, order=sold, amount=usd("10.00")) for _ in range(2))

    assert (first.amount, first.refund) == (second.amount, second.refund)
    assert till.given_back == "10.00"


def test_a_second_click_on_a_refund_is_refused_with_the_sums() -> None:
    till = Till()
    sold = paid(till, "30.00")
    give(till, "click 1", order=sold, amount=usd("30.00"))

    told = give(till, "click 2", order=sold, amount=usd("30.00"))

    assert isinstance(told, Refused)
    assert told.reason == "30.00 USD is to go back, and of 30.00 USD taken only 0.00 USD is not back yet"
    assert till.given_back == "30.00"


def test_more_than_was_taken_is_refused_with_the_sums() -> None:
    till = Till()

    told = give(till, order=paid(till, "30.00"), amount=usd("30.01"))

    assert isinstance(told, Refused)
    assert told.reason == "30.01 USD is to go back, and of 30.00 USD taken only 30.00 USD is not back yet"
    assert till.given_back == "0"


def test_all_that_is_left_goes_back_where_nobody_names_a_sum() -> None:
    till = Till()
    sold = paid(till, "30.00")
    give(till, "first", order=sold, amount=usd("12.00"))

    rest, nothing = (give(till, key, order=sold) for key in ("rest", "again"))

    assert (rest.amount, nothing.amount) == (usd("18.00"), usd("0.00"))
    assert till.given_back == "30.00"


def test_nothing_goes_back_of_a_payment_that_is_disputed() -> None:
    till = Till()
    sold = order(till.charge("c1", "30.00"), status="disputed")

    told = give(till, order=sold)

    assert isinstance(told, Refused)
    assert told.reason.startswith("the payment is disputed (a chargeback)")
    assert till.given_back == "0"


def test_it_goes_to_the_payments_that_brought_it_the_largest_first() -> None:
    till = Till()

    told = give(till, order=paid(till, "5.00", "25.00"), amount=usd("27.00"))

    assert [(one.transaction_id, one.amount) for one in told.refund.allocations] == [
        ("ch_c2", usd("25.00")), ("ch_c1", usd("2.00")),
    ]  # fmt: skip
    assert till.given_back == "27.00"


def test_a_gift_card_of_the_shops_is_given_back_by_the_shop_and_the_rest_by_the_gateway() -> None:
    till = Till()
    sold = order(taken("gift-1", "10.00", gateway="gift_card"), till.charge("c1", "20.00"), status="paid")
    world = till.world(shopify=till.shop)

    told = refund(order=sold, world=world)

    assert isinstance(told, Refunded)
    assert told.amount == usd("30.00")
    assert (till.given_back, list(till.shop.given.values())) == ("20.00", [usd("10.00")])


def test_where_nobody_could_move_a_share_no_other_share_moves() -> None:
    till = Till()
    sold = order(taken("gift-1", "10.00", gateway="gift_card"), till.charge("c1", "20.00"), status="paid")

    told = give(till, order=sold)

    assert isinstance(told, Refused)
    assert "no gateway here took 10.00 USD of gift-1, and connections.yaml names no shop `shopify`" in told.reason
    assert till.given_back == "0"


class _Silent:
    """A gateway whose answer to the first refund is lost."""

    def __init__(self, till: Till) -> None:
        self.inner, self.lost = till.gateway, False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def refund(self, *given: Any) -> Transaction:
        made = self.inner.refund(*given)
        if not self.lost:
            self.lost = True
            raise ConnectionFailedError("timeout", "the answer was lost")
        return made


def test_an_answer_that_was_lost_is_found_by_its_key_and_nothing_goes_back_twice() -> None:
    till = Till()
    sold = paid(till, "30.00")
    world = till.world(payments=_Silent(till))

    first = refund(order=sold, amount=usd("10.00"), world=world)
    told = refund(order=sold, amount=usd("10.00"), world=world)

    assert isinstance(told, Refunded)
    assert first == told
    assert till.given_back == "10.00"


# Returns


def test_lines_that_come_back_are_worth_what_was_paid_for_them() -> None:
    till = Till()

    told = give(till, order=paid(till, "30.00"), request=back(units=2))

    assert told.amount == usd("20.00")


def test_more_units_than_were_sold_do_not_come_back_however_many_returns_there_are() -> None:
    till = Till()
    sold = paid(till, "30.00")
    for number in (1, 2, 3):
        give(till, f"return {number}", order=sold, request=back(number), amount=usd("5.00"))

    told = give(till, "return 4", order=sold, request=back(4), amount=usd("5.00"))

    assert isinstance(told, Refused)
    assert told.reason == "1 of MUG come back, and of 3 sold 3 are back already"
    assert till.given_back == "15.00"


def test_a_line_that_no_policy_took_keeps_nothing_of_the_others_back() -> None:
    """The flow hands over the whole request and the sum for the lines that were accepted."""
    till = Till()
    sold = paid(till, "30.00")
    asked = back(units=2)
    asked = asked.model_copy(update={"lines": (*asked.lines, *back(units=3).lines)})

    told = give(till, "first", order=sold, request=asked, amount=usd("20.00"))
    last = give(till, "last", order=sold, request=back(2))
    beyond = give(till, "beyond", order=sold, request=back(3))

    assert (told.amount, last.amount) == (usd("20.00"), usd("10.00"))
    assert isinstance(beyond, Refused)
    assert till.given_back == "30.00"


def test_the_same_return_again_is_the_same_units() -> None:
    till = Till()
    sold = paid(till, "30.00")

    first, second = (give(till, order=sold, request=back(units=3)) for _ in range(2))

    assert (first.amount, second.amount) == (usd("30.00"), usd("30.00"))
    assert till.given_back == "30.00"


@settings(deadline=None, max_examples=50)
@given(st.decimals("0.01", "99.99", places=2), st.integers(1, 7))
def test_what_all_returns_of_an_order_give_back_is_always_what_was_paid(price: Decimal, units: int) -> None:
    till = Till()
    each = (price / units).quantize(Decimal("0.01"), ROUND_CEILING)
    sold = good_order(
        lines=(mug(quantity=units, unit_price=usd(str(each))),), order_number="7",
        totals={"grand_total": usd(str(price)), "discount": usd(str(each * units - price))},
        payment={"status": "paid", "transactions": [till.charge("c1", str(price))]},
    )  # fmt: skip
    till.book.note(sold, "paid")

    for number in range(units):
        record = till.book.find("shopify:main:1")
        assert record is not None
        assert isinstance(give(till, f"{number}", order=record.order, request=back(number)), Refunded)

    assert Decimal(till.given_back) == price


@pytest.mark.parametrize(("share", "amount"), [("0.5", "5.00"), ("0.333", "3.33"), ("0.125", "1.25"), ("0", "0.00")])
def test_a_share_is_rounded_half_to_even_to_the_cent(share: str, amount: str) -> None:
    till = Till()

    told = give(till, order=paid(till, "30.00"), request=back(), share=Decimal(share))

    assert told.amount == usd(amount)


def test_yen_have_no_decimals() -> None:
    till = Till()
    charge = till.gateway.collect(order(), Money.of("1000", "JPY"), "c1")
    payment = Payment(status="paid", transactions=(charge,))

    told = give(till, payment=payment, share=Decimal("0.3335"))

    assert told.amount == Money.of("334", "JPY")


def test_a_return_of_another_order_is_refused_before_anything_moves() -> None:
    till = Till()

    with pytest.raises(NodeError, match=r"return return:main:1 is for order shopify:main:2, not shopify:main:1"):
        give(till, order=paid(till, "30.00"), request=back(order_id="shopify:main:2"))

    assert till.given_back == "0"


def test_without_a_payment_or_an_order_it_says_what_is_missing() -> None:
    with pytest.raises(NodeError, match="hand over `payment`, or `order`"):
        give(Till())


def test_the_book_shows_every_refund_with_its_return() -> None:
    till = Till()
    give(till, order=paid(till, "30.00"), request=back())

    record = till.book.find("7")

    assert record is not None
    assert [one.amount for one in record.refunds] == [usd("10.00")]
    assert [one.return_id for one in record.returns] == ["return:main:1"]
    assert record.order.payment.status == "partially_refunded"
    assert record.returns[0].requested_at <= NOON
