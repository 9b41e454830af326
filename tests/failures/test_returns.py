"""Failures of returns, 55 and 56: each with the state, the effects and the words that it must end with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom import NodeError
from orderloom.model import Order, Return, StockLevel
from orderloom.testing import StockOf
from orderloom_nodes.collect_payment import collect_payment
from orderloom_nodes.create_order import create_order
from orderloom_nodes.refund import refund
from orderloom_nodes.return_evaluate import return_evaluate
from tests.nodes.grading import graded, policy
from tests.nodes.paying import NOON, Till, back, order
from tests.nodes.selling import sold
from tests.searching import search


def asked(of: Order, units: dict[str, int], number: int) -> Return:
    lines = [{"line_id": name, "quantity": count, "reason": "damaged"} for name, count in units.items() if count]
    return Return.model_validate({
        "return_id": f"return:main:{number}", "order_id": of.order_id, "requested_at": NOON, "delivered_at": NOON,
        "lines": lines,
    })  # fmt: skip


@search(100)
@given(of=sold(), data=st.data())
def test_however_an_order_comes_back_in_parts_all_refunds_are_what_was_paid_to_the_minor_unit(
    of: Order, data: st.DataObject
) -> None:
    """Failure 55, for currencies of 0, 2, 3 and 4 digits."""
    till, left = Till(), {line.line_id: line.quantity for line in of.lines}
    paid = collect_payment(order=of, world=till.world("pay"))
    bought = of.model_copy(update={"payment": paid.payment})
    for number in range(12):
        units = {name: data.draw(st.integers(0, count)) for name, count in left.items()} if number < 11 else dict(left)
        if not any(units.values()):
            continue
        request = asked(of, units, number)
        told = return_evaluate(request, bought, policy(), till.world(f"see-{number}"))
        refund(till.world(f"back-{number}"), order=bought, request=told.taken, amount=told.refund.amount)
        left = {name: count - units[name] for name, count in left.items()}

    record = till.book.find(of.order_id)
    given_back = [one.amount.amount for one in record.refunds] if record else []
    assert sum(given_back) == of.totals.grand_total.amount
    if record is not None and given_back:
        assert till.given_back == str(sum(given_back))
        assert record.order.payment.status == "refunded"


def test_a_return_outside_the_window_is_rejected_with_the_reason_and_nothing_moves() -> None:
    """Failure 56, the window."""
    till = Till()
    late = back(delivered_at="2025-12-01T00:00:00Z", lines=[{"line_id": "1", "quantity": 1, "reason": "unwanted"}])

    told = return_evaluate(late, order(status="paid"), policy(), till.world())

    assert told.outcome == "reject"
    assert (till.given_back, told.refund.amount.amount) == ("0", 0)
    assert told.reasons == ("line 1 (MUG): reject, too late [p13]",)


def test_more_units_than_were_sold_are_rejected_with_the_sums() -> None:
    """Failure 56, more than sold."""
    till = Till()

    told = return_evaluate(back(units=4, delivered_at=NOON), order(status="paid"), policy(), till.world())

    assert told.outcome == "reject"
    assert told.refund.amount.amount == 0
    assert told.reasons == ("line 1 (MUG): reject, 4 sent back, but of 3 sold 0 are back: 3 left",)


def test_a_wrong_article_in_the_box_goes_to_a_person_with_what_was_in_it() -> None:
    """Failure 56, the wrong item."""
    till = Till()

    told = graded(till, {"condition": "new", "lines": [{"sku": "HAT", "quantity": 1}]})

    assert told.outcome == "review"
    assert (told.amount.amount, told.moves, till.given_back) == (0, (), "0")
    assert told.reasons == ("the parcel was empty", "1 of HAT came back, which nobody announced")


def test_an_exchange_for_an_article_that_is_out_of_stock_makes_no_order_and_says_how_many_there_are() -> None:
    """Failure 56, the variant out of stock."""
    till = Till()
    shelves = StockOf([StockLevel(location_id="reno", sku="MUG-L", on_hand=1, safety_stock=1)], [])
    wanted = {"resolution": "exchange", "exchange_sku": "MUG-L"}
    request = back(lines=[{"line_id": "1", "quantity": 1, "reason": "too_small", **wanted}])

    with pytest.raises(NodeError) as failed:
        create_order(kind="exchange", original=order(status="paid"), request=request, world=till.world(stock=shelves))

    assert failed.value.error_class == "out_of_stock"
    assert till.book.find("shopify:main:1/1") is None
    assert failed.value.message == "1 of MUG-L are to be sent in exchange, and 0 are there"
