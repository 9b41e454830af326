"""`orderloom route`: many orders planned together, tried against another policy, reserved only when asked."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from orderloom.cli import invoke

LOCATIONS = """
locations:
  - {location_id: newark, address: {postal_code: "07114", country_code: US}, capacity: 4}
  - {location_id: reno, address: {postal_code: "89502", country_code: US}}
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "orderloom.yaml").write_text("")
    (tmp_path / "connections.yaml").write_text("stock: {type: stock-files, folder: stock}\n")
    (tmp_path / "stock").mkdir()
    (tmp_path / "stock" / "locations.yaml").write_text(LOCATIONS)
    (tmp_path / "stock" / "levels.csv").write_text("location_id,sku,on_hand\nnewark,TEA,3\nreno,TEA,3\nreno,MUG,9\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def orders(shop: Path, *wanted: dict[str, int]) -> None:
    (shop / "orders.jsonl").write_text("".join(json.dumps(order(n, lines)) + "\n" for n, lines in enumerate(wanted)))


def order(number: int, wanted: dict[str, int]) -> dict[str, Any]:
    price = {"amount": "9.50", "currency": "USD"}
    return {
        "order_id": f"api:main:{number}", "channel": {"type": "api"}, "ordered_at": f"2026-11-30T14:0{number}:00Z",
        "currency": "USD", "shipping_address": {"city": "Louisville", "postal_code": "40202", "country_code": "US"},
        "lines": [
            {"line_id": sku, "sku": sku, "quantity": n, "unit_price": price} for sku, n in wanted.items()
        ],
        "totals": {"grand_total": price}, "payment": {"status": "paid"},
    }  # fmt: skip


def report(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_orders_that_want_the_same_units_are_planned_together(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    orders(shop, {"TEA": 3}, {"TEA": 1, "MUG": 1}, {"TEA": 2})

    code = invoke(["route", "--batch", "orders.jsonl", "--json", "--time-limit", "5"])

    told = report(capsys)
    assert code == 0
    assert (told["totals"]["routed"], told["totals"]["shipments"], told["totals"]["split_orders"]) == (3, 3, 0)
    proof = {name: Decimal(str(value)) for name, value in told["proof"].items()}
    assert proof["lower_bound"] <= proof["cost"] <= proof["one_by_one"]
    assert proof["gap"] <= Decimal("0.0005")


def test_nothing_is_reserved_unless_it_is_asked_for_and_then_once(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    orders(shop, {"MUG": 2})

    invoke(["route", "--batch", "orders.jsonl"])
    assert not (shop / ".orderloom" / "world.sqlite").exists()
    codes = [invoke(["route", "--batch", "orders.jsonl", "--reserve", "--output", "out.jsonl"]) for _ in range(2)]

    (allocation,) = map(json.loads, (shop / "out.jsonl").read_text().splitlines())
    assert codes == [0, 0]
    assert [take["quantity"] for take in allocation["takes"]] == [2]
    assert invoke(["stock", "audit"]) == 0
    orders(shop, {"MUG": 2}, {"MUG": 8})
    assert invoke(["route", "--batch", "orders.jsonl"]) == 1
    assert "api:main:1: " in capsys.readouterr().out


def test_what_cannot_be_planned_is_told_with_the_reason_and_exit_code_1(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    orders(shop, {"TEA": 7}, {"NOSUCH": 1}, {"MUG": 1})

    code = invoke(["route", "--batch", "orders.jsonl"])

    shown = capsys.readouterr().out
    assert code == 1
    assert shown.startswith("3 orders: 1 routed, 0 partly, 1 short, 1 left out\n")
    assert "api:main:0: 1 units of it cannot be sent" in shown
    assert "api:main:1: no location has any of it, or may send it" in shown


def test_another_policy_is_tried_on_past_orders_and_the_difference_told(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    orders(shop, {"TEA": 1, "MUG": 1})
    (shop / "near.yaml").write_text("strategy: nearest\n")

    code = invoke(["route", "--batch", "orders.jsonl", "--against", "near.yaml"])

    shown = capsys.readouterr().out
    assert code == 0
    assert "against: 2 shipments (1 orders split, 0 late)" in shown
    assert "the change: +" in shown
    assert shown.rstrip().endswith("+1 shipments, +0 late, +0 routed, 1 orders sent otherwise")


def test_a_policy_with_a_slip_is_told_with_its_line(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    orders(shop, {"MUG": 1})
    (shop / "policy.yaml").write_text("strategy: cheapest\ncosts: {per_shipmnt: 3}\n")

    code = invoke(["route", "--batch", "orders.jsonl", "--policy", "policy.yaml"])

    told = capsys.readouterr().err
    assert code == 1
    assert "policy.yaml:2" in told
    assert "per_shipmnt" in told


def test_counts_are_taken_over_into_a_database_that_then_plans(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STOCK_URL", f"sqlite:///{shop / 'stock.db'}")
    (shop / "connections.yaml").write_text("stock: {type: stock-sql, url: {env: STOCK_URL}}\n")
    (shop / "stock" / "levels.csv").write_text("location_id,sku,on_hand\nnewark,TEA,-3\nreno,MUG,9\n")
    orders(shop, {"MUG": 2})

    codes = [
        invoke(["stock", "import", "stock"]),
        invoke(["route", "--batch", "orders.jsonl", "--reserve"]),
        invoke(["stock", "audit"]),
    ]

    shown = capsys.readouterr()
    assert codes == [0, 0, 0]
    assert "imported: 2 locations, 2 levels" in shown.out
    assert "stock alert: TEA at newark is -3: count it" in shown.err
