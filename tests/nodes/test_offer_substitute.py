"""Other articles for what is short: offered once, at the agreed price, and taken only as they were offered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from orderloom import AnswerRefused, Place, ProblemsError, Wait, World
from orderloom.model import Order, StockLevel, Substitution
from orderloom.testing import MailKept, StockOf
from orderloom.world import FixedClock
from orderloom_nodes.offer_substitute import Accepted, Declined, offer_substitute
from orderloom_nodes.offer_substitute import _answer as answer
from orderloom_nodes.offer_substitute.prices import PriceList
from tests.nodes.orders import good_order, mug

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def short(*candidates: str, **more: Any) -> Order:
    wished = Substitution(allowed=True, candidates=candidates)
    return good_order(order_number="7", lines=(mug(quantity=2, gtin="4006381333931", substitution=wished),), **more)


def there(**units: int) -> StockOf:
    return StockOf([StockLevel(location_id="reno", sku=sku, on_hand=count) for sku, count in units.items()])


def world(stock: StockOf, post: MailKept | None = None) -> World:
    return World(FixedClock(NOON), {"stock": stock, "mail": post or MailKept()}, key="call")


def test_the_customer_is_written_to_once_with_what_is_there_in_full() -> None:
    post, shelves = MailKept(), there(CUP=1, JAR=2, POT=9)

    for _ in range(2):
        asked = offer_substitute(order=short("CUP", "JAR", "POT"), missing=["MUG"], world=world(shelves, post))

    assert isinstance(asked, Wait)
    assert [offer["sku"] for offer in asked.about["offers"]] == ["JAR", "POT"]
    [letter] = post.messages.values()
    assert letter["To"] == "ann@example.test"
    assert "2 x JAR in place of MUG" in letter.get_content()


def test_an_offer_is_not_made_of_an_order_that_allows_none() -> None:
    refused = offer_substitute(order=good_order(), missing=["MUG"], world=world(there(CUP=9)))

    assert isinstance(refused, Declined)
    assert refused.reason == "there is no other article in stock for MUG"


def test_yes_is_the_first_that_was_offered_at_the_price_that_was_agreed() -> None:
    taken = answer("accepted", order=short("CUP", "JAR"), missing=["MUG"])

    assert isinstance(taken, Accepted)
    [line] = taken.order.lines
    assert (line.sku, line.quantity, line.unit_price, line.gtin) == ("CUP", 2, mug().unit_price, None)
    assert taken.order.notes == ("2 x CUP are sent in place of MUG, as agreed",)
    assert taken.order.totals == good_order().totals


def test_another_one_of_the_offers_may_be_chosen() -> None:
    taken = answer({"outcome": "accepted", "swaps": {"1": "JAR"}}, order=short("CUP", "JAR"), missing=["MUG"])

    assert isinstance(taken, Accepted)
    assert [swap.sku for swap in taken.swaps] == ["JAR"]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"swaps": {"1": "GOLD"}}, "`GOLD` was not offered for line 1: offered are 1: CUP"),
        ({"swaps": {"9": "CUP"}}, "`CUP` was not offered for line 9"),
        ("acepted", "did you mean `accepted`"),
        ({"outcome": "maybe"}, "say accepted or declined"),
    ],
)
def test_what_was_not_offered_cannot_be_taken(said: Any, why: str) -> None:
    with pytest.raises(AnswerRefused) as refused:
        answer(said, order=short("CUP"), missing=["MUG"])

    assert why in refused.value.problems[0]


@pytest.mark.parametrize("said", [["CUP"], 5, None, True])
def test_an_answer_of_no_known_shape_is_refused_in_words(said: Any) -> None:
    with pytest.raises(AnswerRefused):
        answer(said, order=short("CUP"), missing=["MUG"])


def test_no_is_told_with_the_customers_reason() -> None:
    declined = answer({"outcome": "declined", "reason": "a gift"}, order=short("CUP"), missing=["MUG"])

    assert isinstance(declined, Declined)
    assert declined.reason == "a gift"


@pytest.mark.parametrize("name", ["Ann\r\nBcc: all@example.test", "Ann <b>"])
def test_a_name_cannot_write_headers_of_the_letter(name: str) -> None:
    post = MailKept()
    buyer = good_order().customer
    assert buyer is not None
    order = short("CUP", customer=buyer.model_copy(update={"first_name": name}))

    offer_substitute(order=order, missing=["MUG"], world=world(there(CUP=9), post))

    [letter] = post.messages.values()
    assert letter["Bcc"] is None
    assert letter.get_content().startswith(f"Dear {' '.join(name.split())},")


def test_only_articles_of_about_the_same_price_are_offered(tmp_path: Path) -> None:
    (tmp_path / "prices.csv").write_text(
        "sku,price,currency\nCUP,13.75,USD\nJAR,13.76,USD\nPOT,11.24,USD\nTIN,12.00,EUR\n"
    )
    prices = PriceList.load_setting("prices.csv", Place("flow.yaml", 3, 1), [tmp_path])
    shelves = there(CUP=9, JAR=9, POT=9, TIN=9)
    given: dict[str, Any] = {"prices": prices, "dearer_percent": 10, "cheaper_percent": 10}

    asked = offer_substitute(order=short("JAR", "POT", "TIN", "CUP"), missing=["MUG"], world=world(shelves), **given)

    assert isinstance(asked, Wait)
    assert [offer["sku"] for offer in asked.about["offers"]] == ["CUP"]
    taken = answer("accepted", order=short("JAR", "POT", "TIN", "CUP"), missing=["MUG"], **given)
    assert isinstance(taken, Accepted)
    assert taken.order.lines[0].sku == "CUP"
    assert taken.order.lines[0].unit_price == mug().unit_price


def test_a_price_that_cannot_be_read_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "prices.csv").write_text("sku,price,currency\nCUP,13.75,USD\nJAR,cheap,USD\n")

    with pytest.raises(ProblemsError) as refused:
        PriceList.load_setting("prices.csv", Place("flow.yaml", 3, 1), [tmp_path])

    [problem] = refused.value.problems
    assert (problem.code, problem.place.line) == ("V162", 3)


def test_an_offer_says_until_when_it_is_good() -> None:
    post = MailKept()

    asked = offer_substitute(
        order=short("JAR"), missing=["MUG"], world=world(there(JAR=2), post), valid_for=timedelta(hours=6)
    )

    assert isinstance(asked, Wait)
    assert asked.about["until"] == "2026-03-02T18:00:00+00:00"
    [letter] = post.messages.values()
    assert "good until 2026-03-02 18:00 UTC" in letter.get_content()
