"""`orderloom capture`: canonical orders on standard output, problems on standard error."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from orderloom.cli import invoke
from orderloom.cli.capture import command
from tests.channels.ubl import ubl

from .capturing import shopify

SAMPLES = Path(__file__).parents[2] / "flows" / "orderloom_flows" / "samples"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def test_json_mode_prints_one_canonical_order_a_line() -> None:
    done = run(str(SAMPLES / "shopify-orders.jsonl"), "--json")

    assert done.exit_code == 0
    orders = [json.loads(line) for line in done.stdout.splitlines()]
    assert [order["order_number"] for order in orders] == ["1044", "1045", "1046", "1047", "1048"]
    assert all("cancelled_at" not in order for order in orders)
    assert done.stderr == ""


def test_what_is_left_out_by_a_channels_own_rule_is_told_with_the_reason(tmp_path: Path) -> None:
    file = tmp_path / "pending.json"
    pending = {"AmazonOrderId": "1", "OrderStatus": "Pending", "PurchaseDate": "2026-03-01T10:00:00Z"}
    file.write_text(json.dumps(pending))

    done = run(str(file))

    assert (done.exit_code, done.stdout) == (0, "")
    assert "left out 1: pending at Amazon" in done.stderr


def test_a_file_of_rows_is_read_by_the_column_map_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "day.csv").write_text("Order,Date,Article,Pieces,Price\n1,2026-03-02T10:00:00Z,MUG,2,9.95\n")
    (tmp_path / "day.columns.yaml").write_text(
        "one_order: =row.Order\norder: {ordered_at: =row.Date, currency: EUR}\n"
        "line: {sku: =row.Article, quantity: =row.Pieces, unit_price: =row.Price}\n"
    )

    done = run("day.csv", "--columns", "day.columns.yaml", "--json")

    assert (done.exit_code, json.loads(done.stdout)["order_id"]) == (0, "csv:main:1")
    assert run("day.csv").exit_code == 1


def test_what_revises_an_order_is_printed_and_said_to(tmp_path: Path) -> None:
    file = tmp_path / "change.xml"
    reference = "<cac:OrderReference><cbc:ID>34</cbc:ID></cac:OrderReference>"
    file.write_text(ubl("OrderCancellation", head=reference, lines="", total="", delivery=""))

    done = run(str(file), "--json")

    assert json.loads(done.stdout)["order_id"] == "edi:7300010000001:34"
    assert "this revises an order that came before, and begins none" in done.stderr


def test_text_mode_prints_a_short_table() -> None:
    done = run(str(SAMPLES / "shopify-order.json"))

    assert done.exit_code == 0
    heading, row = done.stdout.splitlines()
    assert heading.split()[:3] == ["order", "ordered", "lines"]
    assert row.split()[:6] == ["1042", "2026-03-02", "2", "3", "133.95", "USD"]


def test_a_return_is_captured_when_it_is_asked_for() -> None:
    done = run(str(SAMPLES / "return-request-late.json"), "--document", "return", "--json")

    assert done.exit_code == 0
    assert json.loads(done.stdout)["rma_number"] == "RMA-3002"


def test_what_cannot_be_read_exits_1_with_its_problems_and_the_rest_still_comes(tmp_path: Path) -> None:
    file = tmp_path / "orders.json"
    file.write_text(json.dumps([shopify(id=1), shopify(id=2, total_price="1,0")]), encoding="utf-8")

    done = run(str(file), "--json")

    assert done.exit_code == 1
    assert [json.loads(line)["order_id"] for line in done.stdout.splitlines()] == ["shopify:main:1"]
    assert "error[V012]: `[1].total_price` is `1,0`: that is no amount" in done.stderr


def test_the_account_goes_into_the_orders_name() -> None:
    done = run(str(SAMPLES / "shopify-order.json"), "--account", "eu", "--json")

    assert json.loads(done.stdout)["order_id"] == "shopify:eu:5870012345001"


def test_a_missing_file_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["capture", "nowhere.json"]) == 2
    assert "there is no file `nowhere.json`" in capsys.readouterr().err


def test_a_wrong_format_is_mended() -> None:
    done = run(str(SAMPLES / "shopify-order.json"), "--format", "shopfy")

    assert done.exit_code == 1
    assert "did you mean `shopify`?" in done.stderr
