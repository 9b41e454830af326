"""The example that reads rows: our own sample, and a day of the public data set whose shape it has."""

from __future__ import annotations

import csv
import re
import shutil
from collections import Counter
from pathlib import Path

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

    assert invoke(["run", "online-retail", "--input", str(file)]) == 3

    out = capsys.readouterr().out
    assert left_out(out) == Counter(word for row in rows if (word := expected(row)) != "keep")
    kept = {row["InvoiceNo"]: row["CustomerID"] for row in rows if expected(row) == "keep"}
    assert f"{len(kept)} orders: " in out
    assert f"{sum(not customer for customer in kept.values())} no_customer" in out or "1 waiting" in out


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
