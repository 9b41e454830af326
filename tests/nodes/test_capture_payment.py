"""Money is set aside first and taken when parcels leave: in parts that add up, once; what is not needed is given up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom import NodeError
from orderloom.model import Line, Order, Shipment
from orderloom_nodes.authorize_payment import Authorized, authorize_payment
from orderloom_nodes.capture_payment import Captured, NotCaptured, capture_payment
from orderloom_nodes.void_payment import Kept, Voided, void_payment
from tests.nodes.orders import good_order, usd
from tests.nodes.paying import NOON, Till, order, taken
from tests.nodes.selling import sold
from tests.searching import search


def aside(till: Till, paying: Order | None = None) -> Order:
    done = authorize_payment(order=paying or order(), world=till.world("aside"))
    assert isinstance(done, Authorized)
    return done.order


def parcel(name: str, **units: int) -> Shipment:
    lines = [{"line_id": line_id.removeprefix("l"), "quantity": count} for line_id, count in units.items()]
    told = {"shipment_id": name, "order_id": "shopify:main:1", "location_id": "reno", "status": "packed"}
    return Shipment.model_validate({**told, "lines": lines})


def test_money_is_set_aside_until_a_moment_and_not_taken() -> None:
    till = Till()

    done = authorize_payment(order=order(), world=till.world())

    assert done.why == "30.00 USD set aside until 2026-03-09 12:00 UTC"
    assert (done.payment.status, till.noted().status) == ("authorized", "authorized")
    assert till.charges == []


def test_what_is_set_aside_already_is_not_asked_for_again() -> None:
    till = Till()
    first = aside(till)

    again = authorize_payment(order=first, world=till.world("another"))

    assert (again.transaction, again.why) == (None, "30.00 USD is set aside already")
    assert till.shelf.count("authorization") == 1


def test_parcels_take_what_their_units_were_paid_and_shipping_goes_with_the_first() -> None:
    till = Till()
    lines = (Line(line_id="1", sku="MUG", quantity=3, unit_price=usd("10.00")),)
    sold = good_order(
        order_number="7", lines=lines, totals={"grand_total": usd("34.99")}, payment={"status": "unpaid"},
        shipping_lines=({"price": usd("4.99")},),
    )  # fmt: skip
    held = aside(till, sold)

    first = capture_payment(order=held, shipments=[parcel("s1", l1=1)], world=till.world("one"))
    till.book.note(held, "left", shipments=[parcel("s1", l1=1)])
    second = capture_payment(order=held, shipments=[parcel("s2", l1=2)], world=till.world("two"))

    assert [first.amount, second.amount] == [usd("14.99"), usd("20.00")]
    assert [first.payment.status, second.payment.status] == ["partially_paid", "paid"]


def test_the_same_capture_again_takes_nothing_more_and_says_the_same() -> None:
    till = Till()
    held = aside(till)

    first = capture_payment(order=held, world=till.world("once"))
    second = capture_payment(order=held, world=till.world("once"))

    assert first == second
    assert till.charges == ["30.00"]


def test_never_more_is_taken_than_is_due() -> None:
    till = Till()
    held = aside(till)

    capture_payment(order=held, amount=usd("25.00"), world=till.world("one"))
    rest = capture_payment(order=held, amount=usd("25.00"), world=till.world("two"))

    assert rest.amount == usd("5.00")
    assert till.charges == ["25.00", "5.00"]


def test_a_gateway_that_captures_once_is_asked_to_set_the_rest_aside_anew() -> None:
    till = Till({"7": "one_capture"})
    held = aside(till)

    capture_payment(order=held, amount=usd("10.00"), world=till.world("one"))
    rest = capture_payment(order=held, amount=usd("20.00"), world=till.world("two"))

    assert isinstance(rest, Captured)
    assert (rest.payment.status, till.charges) == ("paid", ["10.00", "20.00"])


def test_a_capture_that_the_bank_declines_is_told_with_what_the_buyer_can_do() -> None:
    till = Till({"7": "capture_declined"})
    held = aside(till)

    kept = capture_payment(order=held, world=till.world())

    assert isinstance(kept, NotCaptured)
    assert (kept.reason, kept.missing) == ("30.00 USD could not be taken: card declined", usd("30.00"))
    assert till.charges == []


def test_what_another_gateway_has_set_aside_is_left_to_it() -> None:
    till = Till()
    foreign = order(taken("auth-1", "30.00", kind="authorization", gateway="shopify_payments"), status="authorized")

    kept = capture_payment(order=foreign, world=till.world())

    assert isinstance(kept, NotCaptured)
    assert kept.reason == "30.00 USD is set aside by shopify_payments, and this is another: capture it there"
    assert till.shelf.count("authorization") == 0


def test_nothing_is_taken_for_an_order_that_is_cancelled() -> None:
    till = Till()
    held = aside(till)
    till.book.note(order(cancelled_at=NOON), "cancelled")

    kept = capture_payment(order=held, world=till.world())

    assert (type(kept), kept.reason) == (NotCaptured, "the order is cancelled: nothing is taken any more")
    assert till.charges == []


def test_what_is_set_aside_is_given_up_once_and_taken_no_more() -> None:
    till = Till()
    held = aside(till)

    first = void_payment(order=held, world=till.world("undo"))
    again = void_payment(order=held, world=till.world("undo"))
    kept = capture_payment(order=first.order, world=till.world("late"), expired="hold")

    assert isinstance(first, Voided)
    assert (first.amount, again.amount) == (usd("30.00"), usd("30.00"))
    assert till.noted().status == "voided"
    assert isinstance(kept, NotCaptured)


def test_a_part_that_is_taken_stays_when_the_rest_is_given_up() -> None:
    till = Till()
    held = aside(till)
    part = capture_payment(order=held, amount=usd("10.00"), world=till.world("one"))

    done = void_payment(order=part.order, world=till.world("undo"))

    assert isinstance(done, Voided)
    assert (done.amount, done.order.payment.status) == (usd("20.00"), "partially_paid")


def test_what_the_gateway_has_taken_meanwhile_is_not_given_up_and_the_reason_says_so() -> None:
    till = Till()
    held = aside(till)
    till.gateway.capture(held.payment.transactions[0].transaction_id, usd("30.00"), "elsewhere")

    kept = void_payment(order=held, world=till.world("undo"))

    assert isinstance(kept, Kept)
    assert kept.reason.endswith("charge already captured")


@search(100)
@given(of=sold(), data=st.data())
def test_whatever_parcels_an_order_leaves_in_all_captures_are_the_total_and_none_is_beyond_it(
    of: Order, data: st.DataObject
) -> None:
    if of.totals.grand_total.amount == 0:
        return
    till = Till()
    held = aside(till, of)
    left = {line.line_id: line.quantity for line in of.lines}
    taken_: list[Any] = []
    for number in range(20):
        units = {f"l{name}": data.draw(st.integers(0, count)) for name, count in left.items()}
        if number == 19 or not data.draw(st.booleans()):
            units = {f"l{name}": count for name, count in left.items()}
        units = {name: count for name, count in units.items() if count}
        if not units:
            continue
        one = parcel(f"s{number}", **units)
        taken_.append(capture_payment(order=held, shipments=[one], world=till.world(f"take-{number}")))
        till.book.note(held, f"left-{number}", shipments=[one])
        left = {name: count - units.get(f"l{name}", 0) for name, count in left.items()}
        assert sum(got.amount.amount for got in taken_) <= of.totals.grand_total.amount
        if not any(left.values()):
            break

    assert sum(got.amount.amount for got in taken_) == of.totals.grand_total.amount
    assert till.noted().status == "paid"


@pytest.mark.parametrize("taken_", [True, False])
def test_a_capture_without_an_answer_is_found_or_made_once(taken_: bool) -> None:
    till = Till({"7": "capture_unknown_taken" if taken_ else "capture_unknown"})
    held = aside(till)
    try:
        done: Any = capture_payment(order=held, world=till.world("once"))
    except NodeError:
        done = capture_payment(order=held, world=till.world("once", now=NOON + timedelta(hours=1)))

    assert isinstance(done, Captured)
    assert till.charges == ["30.00"]
