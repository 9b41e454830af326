"""The example that reads rows: our own sample, and a day of the public data set whose shape it has."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from orderloom.cli import invoke

EXAMPLE = Path(__file__).parent.parent / "examples" / "online-retail"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(EXAMPLE, tmp_path / "retail")
    monkeypatch.chdir(tmp_path / "retail")
    return tmp_path / "retail"


def test_the_example_passes_the_check(project: Path) -> None:
    assert invoke(["check"]) == 0


def test_rows_that_a_rule_leaves_out_are_counted_by_reason_and_a_bad_cell_is_named(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke(["run", "online-retail", "--input", "samples/day.csv"]) == 1

    told = capsys.readouterr()
    assert "3 orders: 1 completed, 1 no_customer, 1 could not be read" in told.out
    assert "1  cancellation: the invoice was cancelled" in told.out
    assert "1  charge: postage or a charge and no article" in told.out
    assert "1  correction: a negative quantity corrects the stock" in told.out
    assert "samples/day.csv:8:1" in told.err
    assert "`quantity` is `two`, which is no number" in told.err


def test_a_day_of_the_public_data_set_runs_and_every_row_is_accounted_for(
    project: Path, shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = shared / "data" / "datasets" / "online_retail_2010-12-01.csv"
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    kept = [row for row in rows if expected(row) == "keep"]

    assert invoke(["run", "online-retail", "--input", str(file), "--json"]) == 3

    said = capsys.readouterr()
    reports = [json.loads(line) for line in said.out.splitlines()]
    orders = [report["outputs"]["capture"]["order"] for report in reports]
    assert left_out(said.err) == Counter(word for row in rows if (word := expected(row)) != "keep")
    assert {order["order_number"] for order in orders} == {row["InvoiceNo"] for row in kept}
    assert sum(len(order["lines"]) for order in orders) + sum(left_out(said.err).values()) == len(rows) == 3108
    units = [line["quantity"] for order in orders for line in order["lines"]]
    assert sum(units) == sum(int(row["Quantity"]) for row in kept)
    assert sum(total(order) for order in orders) == sum(worth(row) for row in kept) == Decimal("57626.33")


def test_orders_without_a_customer_and_large_ones_go_their_own_ways(
    project: Path, shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = shared / "data" / "datasets" / "online_retail_2010-12-01.csv"

    invoke(["run", "online-retail", "--input", str(file), "--json"])

    reports = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert Counter(report["status"] for report in reports) == {"completed": 121, "no_customer": 5, "waiting": 1}
    for report in reports:
        order = report["outputs"]["capture"]["order"]
        nameless = "customer_id" not in order.get("customer", {})
        way = "waiting" if total(order) > 5000 else "no_customer" if nameless else "completed"
        assert report["status"] == way


def total(order: dict[str, Any]) -> Decimal:
    return Decimal(order["totals"]["grand_total"]["amount"])


def worth(row: dict[str, str]) -> Decimal:
    return int(row["Quantity"]) * Decimal(row["UnitPrice"])


def expected(row: dict[str, str]) -> str:
    """What the rule table says, said once more in Python."""
    if row["InvoiceNo"].startswith("C"):
        return "cancellation"
    if row["StockCode"] in {"POST", "DOT", "M", "D", "C2", "S", "AMAZONFEE", "BANK CHARGES"}:
        return "charge"
    return "correction" if float(row["Quantity"]) <= 0 or float(row["UnitPrice"]) <= 0 else "keep"


def left_out(out: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for number, word in re.findall(r"^ +([\d,]+)  (\w+): ", out, re.MULTILINE):
        found[word] += int(number.replace(",", ""))
    return found


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new shop whose `order-to-delivery` reads the rows of the data set."""
    monkeypatch.chdir(tmp_path)
    assert invoke(["init", "shop"]) == 0
    monkeypatch.chdir(tmp_path / "shop")
    shutil.copytree(EXAMPLE / "mappings", "mappings")
    shutil.copy(EXAMPLE / "rules" / "rows.table.yaml", "rules")
    flow = Path("flows/order-to-delivery.yaml")
    columns = "columns: mappings/online-retail.columns.yaml"
    flow.write_text(flow.read_text().replace("    with:\n", f"    with:\n      {columns}\n", 1))
    return tmp_path / "shop"


def test_a_day_through_order_to_delivery_is_told_in_groups_with_their_sums_and_what_to_do(
    shop: Path, shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = shared / "data" / "datasets" / "online_retail_2010-12-01.csv"
    capsys.readouterr()

    assert invoke(["run", "order-to-delivery", "--input", str(file)]) == 3

    told = capsys.readouterr().out.partition("\n\n")[2]
    assert "127 orders: 111 completed, 16 waiting" in told
    groups = re.findall(r"^ +(\d+)  (completed|at the desk `fraud`), worth ([\d,.]+) GBP", told, re.MULTILINE)
    assert [(number, where) for number, where, _ in groups] == [
        ("111", "completed"), ("11", "at the desk `fraud`"), ("5", "at the desk `fraud`"),
    ]  # fmt: skip
    assert sum(Decimal(worth.replace(",", "")) for *_, worth in groups) == Decimal("57626.33")
    assert "a first order of 1000 or more" in told
    assert "next: orderloom inbox list --desk fraud" in told
