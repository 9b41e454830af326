"""The shipped flow `returns`, as a merchant meets it: what is to be paid, what is sent, what the customer reads."""

from __future__ import annotations

import email
import json
from email import policy
from pathlib import Path
from typing import Any

import pytest

from orderloom.cli import invoke
from orderloom.project import shipped

SAMPLE = json.loads((shipped() / "samples" / "return-request-late.json").read_text())
TIMELY = "2026-03-10T12:00:00Z"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    assert invoke(["init", "shop"]) == 0
    monkeypatch.chdir(tmp_path / "shop")
    return tmp_path / "shop"


def taken(amount: dict[str, str]) -> dict[str, Any]:
    return {
        "transaction_id": "ch_1", "kind": "sale", "status": "success", "gateway": "test-gateway", "amount": amount,
    }


def in_currency(currency: str, price: str, **payment: Any) -> dict[str, Any]:
    """A return of one article sold for that price, and paid."""
    def money(amount: str) -> dict[str, str]:
        return {"amount": amount, "currency": currency}

    line = {"line_id": "1", "sku": "MUG", "quantity": 1, "quantity_shipped": 1, "unit_price": money(price)}
    order = SAMPLE["order"] | {
        "currency": currency, "presentment_currency": currency, "lines": [line], "shipping_lines": [], "taxes": [],
        "discounts": [], "totals": {"grand_total": money(price)},
        "payment": {"status": "paid", "transactions": [taken(money(price))], **payment},
    }
    back = {"line_id": "1", "quantity": 1, "reason": "unwanted", "resolution": "refund"}
    return SAMPLE | {"order": order, "lines": [back], "requested_at": TIMELY}


def report(shop: Path, request: dict[str, Any], capsys: pytest.CaptureFixture[str], *answers: str) -> dict[str, Any]:
    (shop / "request.json").write_text(json.dumps(request))
    (shop / "orders" / "1042.json").write_text(json.dumps(request["order"]))
    told = [part for answer in answers for part in ("--answer", answer)]
    capsys.readouterr()
    invoke(["run", "returns", "--input", "request.json", *told, "--json"])
    [line] = capsys.readouterr().out.splitlines()
    made: dict[str, Any] = json.loads(line)
    return made


def inspected(condition: str) -> str:
    return "inspected=" + json.dumps({"data": {"condition": condition, "lines": []}})


@pytest.mark.parametrize(
    ("currency", "price", "condition", "sum_"),
    [
        ("USD", "89.00", "new", "89.00 USD"),
        ("USD", "89.00", "opened", "80.10 USD"),
        ("USD", "73.45", "used", "36.72 USD"),
        ("JPY", "735", "used", "368 JPY"),
        ("KWD", "7.355", "opened", "6.620 KWD"),
        ("KWD", "7.350", "new", "7.350 KWD"),
    ],
)
def test_the_grade_reaches_the_money_to_the_minor_unit(
    shop: Path, capsys: pytest.CaptureFixture[str], currency: str, price: str, condition: str, sum_: str
) -> None:
    made = report(shop, in_currency(currency, price), capsys, inspected(condition))

    back = made["outputs"]["refund"]
    assert made["status"] == "completed"
    assert f"{back['amount']['amount']} {back['amount']['currency']}" == sum_
    assert [moved["transaction_id"][:3] for moved in back["transactions"]] == ["re_"]


def test_the_same_return_is_paid_once_however_often_it_comes(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = report(shop, in_currency("USD", "89.00"), capsys, inspected("new"))
    again = report(shop, in_currency("USD", "89.00"), capsys, inspected("new"))

    assert first["path"][-2:] == ["refund:refunded", "tell_refunded"]
    assert again == first | {"repeated": True}


def test_a_return_is_not_paid_again_where_the_journal_has_been_lost(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report(shop, in_currency("USD", "89.00"), capsys, inspected("new"))
    for file in (shop / ".orderloom").glob("journal.db*"):
        file.unlink()

    again = report(shop, in_currency("USD", "89.00"), capsys, inspected("new"))

    assert again["path"] == ["capture", "history:found", "evaluate:review"]


def test_an_order_that_nobody_knows_is_answered_without_a_word_on_whether_it_exists(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    request = in_currency("USD", "89.00") | {"requested_by": {"email": "eve@example.test"}}

    made = report(shop, request, capsys)

    assert made["path"] == ["capture", "history:unknown", "tell_unknown"]


def test_the_customer_reads_the_sum_and_the_number_of_the_order(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = report(shop, in_currency("USD", "89.00"), capsys, inspected("opened"))

    assert made["status"] == "completed"
    mails = [email.message_from_bytes(file.read_bytes(), policy=policy.default) for file in shop.glob("outbox/*.eml")]
    texts = [mail.get_body(("plain",)).get_content() for mail in mails]  # type: ignore[union-attr]
    assert any("given back 80.10 USD" in text for text in texts)
    assert all(f"order {SAMPLE['order']['order_number']}" in text for text in texts)


def too_small() -> dict[str, Any]:
    request = in_currency("USD", "89.00")
    request["lines"][0] |= {"reason": "too_small", "resolution": "exchange", "exchange_sku": "MUG-L"}
    return request


def test_an_exchange_shows_its_lines_and_costs_nothing(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replaced = report(shop, too_small(), capsys, inspected("new"))

    [line] = replaced["outputs"]["exchange"]["order"]["lines"]
    assert (line["sku"], line["quantity"]) == ("MUG-L", 1)
    assert replaced["outputs"]["exchange"]["order"]["totals"]["grand_total"]["amount"] == "0"


def test_the_order_of_an_exchange_leaves_with_a_label_of_its_own(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    request = too_small()
    request["lines"][0]["exchange_sku"] = "BLANKET-WOOL-GRY"
    request["order"]["lines"][0]["weight"] = {"value": "1.4", "unit": "kg"}

    made = report(shop, request, capsys, inspected("new"))

    [sent] = made["outputs"]["send"]["documents"]
    assert made["status"] == "completed"
    assert sent["shipment"]["order_id"] == made["outputs"]["exchange"]["order"]["order_id"]
    assert sent["tracking_number"] != made["outputs"]["label"]["tracking_number"]


def test_worn_goods_that_were_to_be_exchanged_are_paid_for_by_their_share(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paid = report(shop, too_small(), capsys, inspected("used"))

    assert paid["outputs"]["refund"]["amount"]["amount"] == "44.50"


def test_a_unit_that_was_exchanged_is_not_taken_back_by_another_return(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report(shop, too_small(), capsys, inspected("new"))

    again = report(shop, too_small() | {"return_id": "return:main:2"}, capsys, inspected("new"))

    assert again["status"] == "rejected"
    assert "1 sent back, but of 1 sold 1 are back: 0 left" in again["outputs"]["evaluate"]["reasons"][0]


def of_two(**second: Any) -> dict[str, Any]:
    """A return of two articles, of which the second is on final sale."""
    request = in_currency("USD", "89.00")
    first = request["order"]["lines"][0]
    other = first | {"line_id": "2", "sku": "SCARF", "final_sale": True}
    total = {"amount": "178.00", "currency": "USD"}
    payment = {"status": "paid", "transactions": [taken(total)]}
    order = request["order"] | {"lines": [first, other], "totals": {"grand_total": total}, "payment": payment}
    return request | {"order": order, "lines": [*request["lines"], request["lines"][0] | {"line_id": "2"} | second]}


def test_a_line_that_the_policy_rejected_may_come_back_another_time(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = report(shop, of_two(), capsys, inspected("new"))
    broken = of_two(reason="damaged")
    broken |= {"return_id": "return:main:2", "lines": broken["lines"][1:]}

    second = report(shop, broken, capsys, inspected("new"))

    assert [first["outputs"]["refund"]["amount"]["amount"], first["status"]] == ["89.00", "completed"]
    assert second["path"][2] == "evaluate:accept"
    assert second["outputs"]["refund"]["amount"]["amount"] == "89.00"


def test_a_line_that_the_policy_rejected_is_not_exchanged_beside_others(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    request = of_two()
    request["lines"][0] |= {"reason": "too_small", "resolution": "exchange", "exchange_sku": "MUG-L"}

    made = report(shop, request, capsys, inspected("new"))

    assert made["path"][2] == "evaluate:exchange"
    assert [line["sku"] for line in made["outputs"]["exchange"]["order"]["lines"]] == ["MUG-L"]
    assert [line["line_id"] for line in made["outputs"]["label"]["shipment"]["lines"]] == ["1"]


def test_an_empty_parcel_is_told_with_its_own_reason(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = report(shop, in_currency("USD", "89.00"), capsys, inspected("missing"))

    assert (made["status"], made["path"][-1]) == ("rejected", "tell_rejected")
    assert any("the parcel was empty" in file.read_text() for file in shop.glob("outbox/*.eml"))


def test_a_customer_who_cannot_be_written_to_still_gets_the_money(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    request = in_currency("USD", "89.00") | {"requested_by": {"first_name": "Ann"}}
    request["order"] = request["order"] | {"customer": {"first_name": "Ann"}}

    made = report(shop, request, capsys, inspected("new"))

    assert (made["status"], made["sent"]) == ("completed", [])


@pytest.mark.parametrize("status", ["disputed", "refunded", "partially_refunded"])
def test_money_that_may_be_gone_waits_for_a_person(
    shop: Path, capsys: pytest.CaptureFixture[str], status: str
) -> None:
    made = report(shop, in_currency("USD", "89.00", status=status), capsys)

    assert made["path"] == ["capture", "history:found", "evaluate:review"]
    assert status in made["waiting"][0]["because"][-1]
