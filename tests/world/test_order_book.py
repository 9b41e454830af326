"""The book of orders: what several steps and runs note of one order adds up, and nothing that happened is undone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.nodes.orders import good_order, mug
from tests.nodes.paying import taken

from orderloom.model import Order, Shipment
from orderloom.world.order_book import OrderBook
from orderloom.world.shelf import Shelf

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def parcel(name: str, units: int, line_id: str = "1", **more: Any) -> Shipment:
    lines = [{"line_id": line_id, "quantity": units}]
    told = {"shipment_id": name, "order_id": "shopify:main:1", "location_id": "reno", "lines": lines}
    return Shipment.model_validate({**told, "status": "label_purchased", **more})


def noted(book: OrderBook) -> Order:
    record = book.find("shopify:main:1")
    assert record is not None
    return record.order


def test_a_payment_that_was_taken_stays_so_whatever_the_captured_order_says() -> None:
    book, captured = OrderBook(Shelf()), good_order(payment={"status": "authorized"})
    paid = captured.model_copy(update={
        "payment": captured.payment.model_copy(update={"status": "paid", "transactions": (taken("t1", "25.00"),)}),
    })  # fmt: skip

    book.note(paid, "pay")
    book.note(captured, "ship", shipments=[parcel("s1", 2)])

    order = noted(book)
    assert (order.payment.status, len(order.payment.transactions)) == ("paid", 1)
    assert (order.fulfillment_status, order.lines[0].quantity_shipped) == ("fulfilled", 2)


def test_parcels_of_one_line_add_up_though_each_knows_the_captured_order_alone() -> None:
    book, captured = OrderBook(Shelf()), good_order(lines=(mug(quantity=5),))

    states = []
    for name, units in (("s1", 3), ("s2", 2)):
        book.note(captured, name, shipments=[parcel(name, units)])
        states.append((noted(book).lines[0].quantity_shipped, noted(book).fulfillment_status))

    assert states == [(3, "partially_fulfilled"), (5, "fulfilled")]


def test_a_parcel_that_is_noted_again_is_counted_once() -> None:
    book, captured = OrderBook(Shelf()), good_order(lines=(mug(quantity=5),))

    book.note(captured, "first", shipments=[parcel("s1", 3)])
    book.note(captured, "second", shipments=[parcel("s1", 3)])

    assert noted(book).lines[0].quantity_shipped == 3


def test_units_of_a_parcel_that_does_not_leave_after_all_are_not_shipped_any_more() -> None:
    book, captured = OrderBook(Shelf()), good_order(lines=(mug(quantity=5),))
    book.note(captured, "first", shipments=[parcel("s1", 3)])
    book.note(captured, "second", shipments=[parcel("s2", 2)])

    states = []
    for name, units in (("s2", 2), ("s2", 2), ("s1", 3)):
        book.note(captured, f"void {name} {len(states)}", shipments=[parcel(name, units, status="cancelled")])
        states.append((noted(book).lines[0].quantity_shipped, noted(book).fulfillment_status))

    assert states == [(3, "partially_fulfilled"), (3, "partially_fulfilled"), (0, "unfulfilled")]
    record = book.find(captured.order_id)
    assert record is not None
    assert [one.status for one in record.shipments] == ["cancelled", "cancelled"]


def test_a_parcel_that_leaves_after_it_was_called_back_is_counted_again() -> None:
    book, captured = OrderBook(Shelf()), good_order(lines=(mug(quantity=5),))
    for number, status in enumerate(("label_purchased", "cancelled", "label_purchased")):
        book.note(captured, str(number), shipments=[parcel("s1", 5, status=status)])

    assert (noted(book).lines[0].quantity_shipped, noted(book).fulfillment_status) == (5, "fulfilled")


def test_units_that_stay_are_cancelled_where_their_order_is() -> None:
    book, captured = OrderBook(Shelf()), good_order(lines=(mug(quantity=5),))
    book.note(captured, "ship", shipments=[parcel("s1", 5)])
    book.note(captured.model_copy(update={"cancelled_at": NOON}), "cancel")

    book.note(captured, "void", shipments=[parcel("s1", 5, status="cancelled")])

    line = noted(book).lines[0]
    assert (line.quantity_shipped, line.quantity_cancelled) == (0, 5)
    assert noted(book).fulfillment_status == "cancelled"


def test_a_cancelled_order_stays_cancelled_when_its_money_goes_back() -> None:
    book, captured = OrderBook(Shelf()), good_order()
    lines = (mug(quantity=2, quantity_cancelled=2),)

    book.note(captured.model_copy(update={"cancelled_at": NOON, "cancel_reason": "staff", "lines": lines}), "cancel")
    book.note(captured, "refund")

    order = noted(book)
    assert (order.cancelled_at, order.cancel_reason, order.lines[0].quantity_cancelled) == (NOON, "staff", 2)


@pytest.mark.parametrize("first", ["cancel", "ship"])
def test_a_unit_that_has_left_is_not_cancelled_whichever_was_noted_first(first: str) -> None:
    book, captured = OrderBook(Shelf()), good_order()
    cancelled = captured.model_copy(update={"lines": (mug(quantity=2, quantity_cancelled=2),), "cancelled_at": NOON})

    for step in sorted(("cancel", "ship"), key=lambda step: step != first):
        if step == "cancel":
            book.note(cancelled, step)
        else:
            book.note(captured, step, shipments=[parcel("s1", 1)])

    line = noted(book).lines[0]
    assert (line.quantity_shipped, line.quantity_cancelled) == (1, 1)


def test_a_later_revision_of_the_channel_is_its_word_and_keeps_the_payments() -> None:
    book = OrderBook(Shelf())
    book.note(good_order(revision=1, payment={"status": "paid", "transactions": [taken("t1", "25.00")]}), "first")

    book.note(good_order(revision=2, payment={"status": "refunded"}), "second")
    book.note(good_order(revision=1, payment={"status": "paid"}), "stale")

    order = noted(book)
    assert (order.revision, order.payment.status) == (2, "refunded")
    assert [one.transaction_id for one in order.payment.transactions] == ["t1"]
