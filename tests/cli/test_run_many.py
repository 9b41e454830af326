"""Many orders in one command, in processes of their own: what a person sees meanwhile, Ctrl-C, and going on."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

RUN = [sys.executable, "-m", "orderloom", "run"]
FLOW = """
flow: note
version: 1
key: =capture.order.order_id
steps:
  capture: {use: capture}
  tell: {use: notify, with: {template: shipped, to: =capture.order.customer, data: {order: =capture.order}}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "orderloom.yaml").write_text("")
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "note.yaml").write_text(FLOW)
    return tmp_path


def orders(project: Path, number: int) -> Path:
    """So many canonical orders as JSON lines, each another one."""
    file = project / "orders.jsonl"
    with file.open("w") as lines:
        for at in range(number):
            lines.write(json.dumps(order(at)) + "\n")
    return file


def order(number: int) -> dict[str, object]:
    money = {"amount": "10.00", "currency": "EUR"}
    return {
        "id": 5_000_000_000 + number,
        "name": f"#{number}",
        "email": "ann@example.test",
        "created_at": "2026-03-02T10:00:00Z",
        "updated_at": "2026-03-02T10:00:00Z",
        "currency": "EUR",
        "total_price": "10.00",
        "subtotal_price": "10.00",
        "total_tax": "0.00",
        "customer": {"id": 7, "email": "ann@example.test", "first_name": "Ann", "last_name": "Ames"},
        "line_items": [{"id": 1, "sku": "A", "title": "A", "quantity": 1, "price": "10.00", "grams": 100}],
        "total_price_set": {"shop_money": {"amount": money["amount"], "currency_code": "EUR"}},
    }


def started(command: list[str], folder: Path) -> Any:
    """With its standard error in a file, so that two pipes cannot wait for one another."""
    with (folder / "said.txt").open("w") as said:
        return subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said, text=True
        )


def reports(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def in_terminal(command: list[str], folder: Path) -> Iterator[bytes]:
    """What the command writes to a terminal on standard error."""
    ours, theirs = pty.openpty()
    child = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=theirs)
    os.close(theirs)
    try:
        while True:
            yield os.read(ours, 65536)
    except OSError:  # the other end is closed
        pass
    finally:
        os.close(ours)
        child.wait()


def test_a_long_command_shows_its_rate_and_the_time_that_is_left(project: Path) -> None:
    file = orders(project, 600)

    shown = b"".join(in_terminal([*RUN, "note", "--input", str(file)], project)).decode()

    assert "orders, " in shown
    assert "/s" in shown
    assert "left" in shown


def test_ctrl_c_stops_between_orders_and_the_same_command_goes_on(project: Path) -> None:
    file = orders(project, 600)
    command = [*RUN, "note", "--input", str(file), "--json"]

    with started(command, project) as first:
        begun = first.stdout.readline()
        first.send_signal(signal.SIGINT)
        begun += first.stdout.read()

    assert first.returncode == 130
    assert "the same command goes on with the rest" in (project / "said.txt").read_text()
    assert 0 < len(reports(begun)) < 600

    second = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False, timeout=120)
    told = reports(second.stdout)

    assert second.returncode == 0
    assert len(told) == 600
    assert {one["status"] for one in told} == {"completed"}
    assert sum("repeated" in one for one in told) == len(reports(begun))
    assert len(list((project / "outbox").iterdir())) == 600


def test_a_command_that_is_stopped_twice_ends_at_once_and_loses_nothing(project: Path) -> None:
    file = orders(project, 400)
    command = [*RUN, "note", "--input", str(file), "--json"]
    with started(command, project) as first:
        first.stdout.readline()
        first.send_signal(signal.SIGINT)
        for _ in range(3):
            first.stdout.readline()  # it has heard meanwhile
        first.send_signal(signal.SIGINT)
        first.stdout.read()

    assert first.returncode == 130

    second = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False, timeout=120)

    assert {one["status"] for one in reports(second.stdout)} == {"completed"}
    assert len(list((project / "outbox").iterdir())) == 400
