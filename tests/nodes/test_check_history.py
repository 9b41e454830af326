"""An order beside its customer's earlier ones; the node's cases tell the rest."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from orderloom import World
from orderloom.model import Order, Party
from orderloom.world import FixedClock
from orderloom.world.order_book import OrderBook
from orderloom.world.shelf import Shelf
from orderloom_nodes.check_history import Odd, Usual, check_history
from tests.nodes.orders import good_order, mug, usd

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def placed(number: int, at: str = "2026-03-01T09:00:00Z", **changes: Any) -> Order:
    return good_order(order_id=f"shopify:main:{number}", order_number=str(number), ordered_at=at, **changes)


def told(book: OrderBook, order: Order, **more: Any) -> Usual | Odd:
    world = World(FixedClock(NOON), {"orders": book}, key=f"run of {order.order_id}", **more)
    return check_history(order=order, world=world)


def test_an_order_is_known_to_the_next_one_by_having_been_looked_at() -> None:
    book = OrderBook(Shelf())

    first, second = told(book, placed(1)), told(book, placed(2, "2026-03-01T09:04:59Z"))

    assert isinstance(first, Usual)
    assert isinstance(second, Odd)
    assert second.twins == ("shopify:main:1",)


def test_an_order_is_not_its_own_twin_however_often_it_is_looked_at() -> None:
    book = OrderBook(Shelf())

    assert [told(book, placed(1)).outcome for _ in range(3)] == ["usual"] * 3


def test_lines_in_another_order_and_split_in_two_are_the_same_articles() -> None:
    book = OrderBook(Shelf())
    whole = (mug(quantity=3), mug(line_id="2", sku="CUP", quantity=1))
    split = (mug(line_id="9", sku="cup", quantity=1), mug(line_id="8", quantity=1), mug(line_id="7", quantity=2))

    told(book, placed(1, lines=whole))

    assert isinstance(told(book, placed(2, lines=split)), Odd)


def test_another_customer_may_want_the_same() -> None:
    book = OrderBook(Shelf())
    told(book, placed(1))

    assert isinstance(told(book, placed(2, customer=Party(email="bob@example.test"))), Usual)


def test_fifty_times_the_usual_worth_is_odd_and_the_usual_is_the_median() -> None:
    book = OrderBook(Shelf())
    for number, total in enumerate(("20.00", "25.00", "9000.00")):
        told(
            book,
            placed(
                number,
                f"2026-02-0{number + 1}T09:00:00Z",
                totals={"grand_total": usd(total)},
                lines=(mug(quantity=number + 1),),
            ),
        )

    odd = told(book, placed(7, totals={"grand_total": usd("1250.00")}, lines=(mug(quantity=9),)))

    assert isinstance(odd, Odd)
    assert [one.message for one in odd.problems] == ["it costs 1250.00 USD, and this customer usually pays 25.00 USD"]


def test_a_rehearsal_enters_nothing() -> None:
    book = OrderBook(Shelf())

    told(book, placed(1), rehearsal=True)

    assert book.of_customer("ann@example.test") == ()
