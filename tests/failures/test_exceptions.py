"""Failure 28 and its like: what a customer can mend is asked of the customer, and the order goes on by itself."""

from __future__ import annotations

import json
import re
from email import message_from_string
from email.policy import default

import pytest

from orderloom.model import Substitution
from tests.failures.shop import NOTHING, Shop, line, order, to

LINKS = "links: {type: links, base: 'https://shop.example.com/answer', secret: {env: LINKS_SECRET}}\n"


@pytest.fixture
def linking(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.setenv("LINKS_SECRET", "a secret of some length")
    file = shop.folder / "connections.yaml"
    file.write_text(file.read_text() + LINKS)
    return shop


def letter(shop: Shop) -> str:
    """The text of the one mail there is."""
    [mail] = shop.mails()
    body = message_from_string(mail, policy=default).get_body(("plain",))
    return str(body.get_content()) if body else ""


def said(shop: Shop, answer: object) -> str:
    (shop.folder / "answer.json").write_text(json.dumps(answer))
    return "answer.json"


def test_an_order_to_an_address_that_may_be_two_asks_its_customer_and_goes_on_by_itself(linking: Shop) -> None:
    """Failure 28."""
    asked = linking.run(to(city="Lexington"))
    mail = letter(linking)
    [link] = re.findall(r"https://shop\S+", mail)

    answered = linking.tell(
        "event", "send", "address-confirmed", "--link", link, "--data", said(linking, {"candidate": 2}), "--json"
    )

    assert (asked.report["status"], asked.path) == ("waiting", ["capture", "validate:fixable"])
    assert "1. Louisville KY 40202" in mail
    assert "ZIP code 40202 is Louisville, KY, and Lexington has others" in mail
    [run] = answered.report["runs"]
    assert run["path"][2:5] == ["ask_customer:confirmed", "recheck:valid", "history:usual"]
    assert "documents" in run["path"]
    assert run["outputs"]["recheck"]["order"]["shipping_address"]["postal_code"] == "40502"
    assert linking.done() == {"mails": 2, "charges": 0, "labels": 1, "reservations": 1}


def test_an_address_without_a_house_number_may_be_confirmed_as_it_is(shop: Shop) -> None:
    """Failure 28."""
    shop.run(to(address_lines=("Chestnut Street",)))

    answered = shop.tell(
        "event", "send", "address-confirmed", "--match", "api:main:1", "--data", said(shop, "confirmed"), "--json"
    )

    [run] = answered.report["runs"]
    assert "documents" in run["path"]
    assert shop.done()["labels"] == 1
    assert "Please answer this message with the right address" in shop.mails()[0] + shop.mails()[1]


def test_an_answer_that_is_still_no_address_is_refused_with_the_reason_and_the_order_waits_on(shop: Shop) -> None:
    """Failure 28."""
    shop.run(to(city="Lexington"))
    wrong = {"address": {"postal_code": "9"}}

    refused = shop.tell("event", "send", "address-confirmed", "--match", "api:main:1", "--data", said(shop, wrong))

    assert refused.code == 1
    assert "`9` is not a ZIP code" in refused.words
    assert shop.done() == {**NOTHING, "mails": 1}
    assert "ask_customer" in shop.tell("inbox", "list", "--kind", "event").words


@pytest.mark.parametrize(
    ("event", "change", "why"),
    [
        ("address-confirmed", lambda link: link[:-3] + "AAA", "was not made here"),
        ("substitute.answered", lambda link: link, "this link is for the event `address-confirmed`"),
    ],
)
def test_a_forged_link_and_one_for_another_question_answer_nothing(
    event: str, change: object, why: str, linking: Shop
) -> None:
    """Failure 28."""
    linking.run(to(city="Lexington"))
    [link] = re.findall(r"https://shop\S+", letter(linking))

    refused = linking.tell("event", "send", event, "--link", change(link))  # type: ignore[operator]

    assert refused.code == 1
    assert linking.done()["labels"] == 0
    assert why in refused.words


def test_what_is_short_is_offered_in_another_kind_until_a_moment_and_else_comes_later(shop: Shop) -> None:
    """Failure 33, the side of the customer who comes second."""
    wished = Substitution(allowed=True, candidates=("BLANKET-WOOL-GRY",))
    few = order(lines=(line(quantity=2, sku="MUG-ENAMEL-RED", substitution=wished),))

    told = shop.run(few, "--answer", "substitute=declined")

    assert told.path[-2:] == ["substitute:declined", "tell_backorder"]
    [offer, later] = sorted(shop.mails(), key=lambda mail: "takes a little longer" in mail)
    assert "2 x BLANKET-WOOL-GRY in place of MUG-ENAMEL-RED" in offer
    assert "The offer is good until" in offer
    assert "2 x MUG-ENAMEL-RED" in later
    assert told.report["status"] == "waiting"
    assert shop.done()["labels"] == 0
