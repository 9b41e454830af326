"""Failures 48 and 49: what carriers tell late, twice, of another parcel, or not at all."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from orderloom import World
from orderloom.model import OrderRecord
from orderloom.world import FixedClock
from orderloom.world.order_book import OrderBook
from orderloom.world.shelf import Shelf
from orderloom_nodes.look_up_parcel import look_up_parcel
from tests.failures.shop import Shop, Told, order


def told(shop: Shop, number: str, *events: tuple[str, str], carrier: str | None = None) -> Told:
    said = {
        "tracking_number": number,
        "carrier": carrier,
        "events": [{"status": status, "at": at} for status, at in events],
    }
    (shop.folder / "told.json").write_text(json.dumps(said))
    return shop.tell("event", "track", "told.json", "--json")


def under_way(shop: Shop) -> str:
    """An order whose parcel has left; gives its tracking number."""
    [waiting] = shop.run(order()).report["waiting"]
    return str(waiting["match"])


def soon(hours: int) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat(timespec="seconds")


def test_a_delivery_ends_the_order_once_and_a_scan_that_comes_later_is_history(shop: Shop) -> None:
    """Failure 48."""
    number = under_way(shop)

    first = told(shop, number, ("out_for_delivery", soon(1)), ("delivered", soon(2)))
    again = told(shop, number, ("out_for_delivery", soon(1)), ("delivered", soon(2)))
    late = told(shop, number, ("in_transit", soon(3)))

    assert (first.report["status"], first.report["event"], len(first.report["woke"])) == (
        "delivered",
        "parcel.delivered",
        1,
    )
    assert "event" not in again.report
    assert (late.report["status"], late.code) == ("delivered", 0)
    assert shop.done()["mails"] == 2  # sent and arrived, each once
    assert "comes after it was delivered: kept as history" in late.report["notes"][0]


def test_the_word_of_another_carrier_and_of_a_number_of_nobody_change_nothing(shop: Shop) -> None:
    """Failure 48."""
    number = under_way(shop)

    other = told(shop, number, ("delivered", soon(2)), carrier="Yodel")
    nobody = told(shop, "XX1", ("delivered", soon(2)))

    assert (other.report["status"], nobody.report["status"], nobody.code) == ("label_purchased", None, 1)
    assert shop.done()["mails"] == 1
    assert "this tells of a parcel of Yodel" in other.report["notes"][0]
    assert "no parcel with the number XX1 was sent from here" in nobody.report["notes"][0]


def test_a_parcel_that_nobody_sees_opens_a_case_with_what_a_claim_needs(shop: Shop) -> None:
    """Failure 49."""
    number = under_way(shop)
    told(shop, number, ("in_transit", soon(1)))
    record = OrderBook(Shelf(shop.folder / ".orderloom" / "world.sqlite")).of_parcel(number)
    assert record is not None

    seen = {days: looked_up(record, number, days) for days in (1, 5, 15)}

    assert {days: one.outcome for days, one in seen.items()} == {1: "on_its_way", 5: "stuck", 15: "lost"}
    assert seen[5].reason == "nobody has seen it for 4 days: ask its carrier to look for it"
    claim = seen[15].claim
    assert (claim.order_number, str(claim.worth), claim.contents[0].quantity) == ("1", "25.00 USD", 2)
    assert shop.done()["labels"] == 1


@pytest.mark.parametrize(
    ("status", "says", "outcome"),
    [("lost", "is lost", "lost"), ("returned_to_sender", "goes back to its sender", "returned")],
)
def test_a_parcel_that_its_carrier_gives_up_opens_a_case_at_once(
    shop: Shop, status: str, says: str, outcome: str
) -> None:
    """Failure 49."""
    number = under_way(shop)

    word = told(shop, number, ("in_transit", soon(1)), (status, soon(2)))
    again = told(shop, number, ("in_transit", soon(1)), (status, soon(2)))
    [case] = shop.tell("inbox", "list", "--desk", "carriers", "--json").reports

    [run] = word.report["woke"]
    assert (word.report["event"], case["run"], case["step"]) == ("parcel.failed", run, "overdue")
    assert "event" not in again.report
    assert shop.done()["mails"] == 1  # that it was sent, and none that it arrived
    history = shop.tell("runs", "show", run, "--json").words
    assert f'{{"from": "where", "to": "overdue", "kind": "route", "words": ["{outcome}"]}}' in history
    assert f"its carrier says that parcel {number} {says}" in history
    assert case["suggest"].startswith("Ask its carrier")


def test_what_was_given_up_and_arrives_after_all_leaves_the_case_to_its_desk(shop: Shop) -> None:
    """Failure 49."""
    number = under_way(shop)
    told(shop, number, ("lost", soon(1)))

    found = told(shop, number, ("lost", soon(1)), ("delivered", soon(2)))

    assert (found.report["status"], found.report["woke"]) == ("delivered", [])
    assert shop.done()["mails"] == 1
    assert len(shop.tell("inbox", "list", "--desk", "carriers", "--json").reports) == 1


def test_a_delivery_that_the_customer_disputes_has_its_claim_packed(shop: Shop) -> None:
    """Failure 49."""
    number = under_way(shop)
    told(shop, number, ("delivered", soon(2)))
    record = OrderBook(Shelf(shop.folder / ".orderloom" / "world.sqlite")).of_parcel(number)
    assert record is not None

    found = looked_up(record, number, 3)

    assert (found.outcome, found.claim.status) == ("arrived", "delivered")
    assert found.claim.last_seen is not None
    assert "it was delivered" in found.reason


def looked_up(record: OrderRecord, number: str, days: int) -> Any:
    book = OrderBook(Shelf())
    book.note(record.order, "told", shipments=record.shipments)
    return look_up_parcel(
        tracking_number=number, world=World(FixedClock(datetime.now(UTC) + timedelta(days=days)), {"orders": book})
    )
