"""Calls with the same key, and calls for the same goods, out of several processes at once."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from orderloom.project import shipped
from orderloom.world.shelf import Shelf

BEGIN = """
import json, sys, time
from datetime import UTC, datetime
from pathlib import Path
from orderloom.model import Money, OrderRecord, Shipment, Take
from orderloom.world.gateway import TestGateway
from orderloom.world.labels import TestLabels
from orderloom.world.order_book import OrderBook
from orderloom.world.papers import Folder
from orderloom.world.shelf import Shelf
from orderloom.world.stock import StockFiles

here, name = Path(sys.argv[1]), sys.argv[2]
shelf = Shelf(here / "world.sqlite")
record = OrderRecord.model_validate_json((here / "1042.json").read_text())
now = datetime(2026, 3, 3, tzinfo=UTC)


def shipment(name):
    line = {"line_id": "14801000000001", "quantity": 1}
    told = {"shipment_id": name, "order_id": record.order.order_id, "location_id": "reno", "lines": [line]}
    return Shipment.model_validate(told)


print("ready", flush=True)
sys.stdin.readline()
"""
COLLECT = """
gateway = TestGateway(shelf, {"1042": ["success", "hard", "hard", "hard"]})
made = gateway.collect(record.order, Money.of("133.95", "USD"), "same-key")
print(json.dumps([made.status, made.transaction_id]))
"""
REFUND = """
gateway = TestGateway(shelf, {}, lambda: [record])
made = [gateway.refund("ch_sample_1042", Money.of("30.00", "USD"), f"{name}-{number}") for number in range(3)]
print(json.dumps([one.status for one in made]))
"""
RESERVE = """
stock = StockFiles(here / "stock", shelf)
take = [Take(location_id="newark", sku="CHAIR-OAK", quantity=1)]
made = [stock.reserve(f"order-{name}", take, f"{name}-{number}", now) for number in range(3)]
print(json.dumps([one is not None for one in made]))
"""
SAME_RESERVATION = """
stock = StockFiles(here / "stock", shelf)
made = stock.reserve("order", [Take(location_id="newark", sku="CHAIR-OAK", quantity=2)], "same-key", now)
print(json.dumps([made.reservation_id]))
"""
LABEL = """
labels = TestLabels(shelf, Folder(here / "documents"))
made = labels.buy(shipment("s-1"), "same-key")
print(json.dumps([made.tracking_number]))
"""
NOTE = """
book = OrderBook(shelf)
for number in range(5):
    book.note(record.order, f"{name}-{number}", shipments=[shipment(f"{name}-{number}")])
print(json.dumps([len(book.find("1042").shipments) >= 5]))
"""


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "1042.json").write_bytes((shipped() / "orders" / "1042.json").read_bytes())
    (tmp_path / "stock").mkdir()
    for file in (shipped() / "stock").iterdir():
        (tmp_path / "stock" / file.name).write_bytes(file.read_bytes())
    return tmp_path


def at_once(here: Path, code: str, count: int = 3) -> list[list[Any]]:
    """What processes say that all begin at the same moment."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", BEGIN + code, str(here), f"process{number}"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for number in range(count)
    ]  # fmt: skip
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=120)[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * count
    return [json.loads(text) for text in said]


def kept(here: Path, kind: str) -> dict[str, Any]:
    with closing(Shelf(here / "world.sqlite")) as shelf:
        return shelf.all(kind)


def test_one_key_in_three_processes_is_charged_once_and_answered_alike(here: Path) -> None:
    said = at_once(here, COLLECT)

    assert said == [said[0]] * 3
    assert said[0][0] == "success"
    assert len(kept(here, "charge")) == 1


def test_three_processes_never_give_back_more_than_was_taken(here: Path) -> None:
    said = at_once(here, REFUND)

    assert Counter(status for statuses in said for status in statuses) == {"success": 4, "failure": 5}
    assert kept(here, "charge")["ch_sample_1042"]["refunded"] == "120.00"


def test_three_processes_never_promise_more_units_than_there_are(here: Path) -> None:
    said = at_once(here, RESERVE)

    # six on hand, one reserved elsewhere, one kept for safety
    assert sum(made for all_made in said for made in all_made) == 4
    assert list(kept(here, "stock-reserved").values()) == [4]


def test_one_key_in_three_processes_is_one_reservation(here: Path) -> None:
    said = at_once(here, SAME_RESERVATION)

    assert said == [said[0]] * 3
    assert list(kept(here, "stock-reserved").values()) == [2]


def test_one_key_in_three_processes_is_one_label_with_one_file(here: Path) -> None:
    said = at_once(here, LABEL)

    assert said == [said[0]] * 3
    assert list(kept(here, "label")) == said[0]
    assert [file.name for file in (here / "documents" / "labels").iterdir()] == [f"{said[0][0]}.pdf"]


def test_what_three_processes_note_of_one_order_is_all_there(here: Path) -> None:
    at_once(here, NOTE)

    [noted] = kept(here, "order").values()
    assert len(noted["shipments"]) == 15
