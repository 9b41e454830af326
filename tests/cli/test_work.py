"""`orderloom work`: what it says, and what it ends with; what it does stands in tests/run/test_working.py."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from tests.journal.making import SetClock

from orderloom.cli import invoke
from orderloom.cli.working import work
from orderloom.journal import FILE, Journal, Signal

ASKED = """
flow: asked
version: 1
key: =capture.order.order_id
steps:
  capture: {use: capture}
  ask: {use: ask, with: {kind: task, desk: depot, question: "{capture.order.order_number}"}, timeout: 8h}
  parcel: {use: wait-for, with: {event: parcel, match: one}, after: [capture]}
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A shop with an order that waits for a person and for an event."""
    monkeypatch.chdir(tmp_path)
    assert invoke(["init", "shop"]) == 0
    monkeypatch.chdir(tmp_path / "shop")
    Path("flows/asked.yaml").write_text(ASKED, encoding="utf-8")
    assert invoke(["run", "asked", "--input", "samples/shopify-order.json"]) == 3
    capsys.readouterr()
    return tmp_path / "shop"


def happened(shop: Path, body: str = "null") -> None:
    """Somebody keeps an event, and dies before the run hears of it."""
    with closing(Journal(shop / FILE)) as journal:
        journal.keep_signal(Signal("e1", "parcel", "one", "2026-03-02T10:00:00+00:00", body))


def test_where_nothing_has_run_nothing_is_due_and_nothing_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert invoke(["work"]) == 0
    assert "nothing is due" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_it_tells_each_run_and_sums_up_what_is_left(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    happened(shop)

    assert invoke(["work", "--json"]) == 0

    said = capsys.readouterr()
    [report] = map(json.loads, said.out.splitlines())
    assert report["path"] == ["capture", "parcel"]
    assert re.search(r"1 runs: 1 waiting\nthe next is due at .*, in 7 h\n1 waiting for people", said.err)
    assert invoke(["work"]) == 0
    assert "nothing was due" in capsys.readouterr().err


def test_what_a_wait_does_not_take_of_an_event_is_told(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    happened(shop, '{"data": 1, "at": "yesterday"}')
    assert invoke(["work"]) == 0
    assert "parcel: `at` is `yesterday`: write a moment" in capsys.readouterr().err


def test_a_run_that_comes_to_an_exception_is_told_by_the_exit_code(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = SetClock()
    with closing(Journal(shop / FILE)) as journal:
        clock.moment = journal.clock.now() + timedelta(hours=9)

    assert work(watch=False, in_flight=64, as_json=False, clock=clock) == 1

    assert "ask timeout: `ask` gave no result within 8h" in capsys.readouterr().out


def test_a_run_that_cannot_be_gone_on_with_is_told_with_why(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    happened(shop)
    with closing(Journal(shop / FILE)) as journal:
        journal.change(lambda db: db.execute("UPDATE pin SET content = replace(content, 'wait-for', 'wait-four')"))

    assert invoke(["work"]) == 1

    assert "cannot be made again" in capsys.readouterr().err
    invoke(["inbox", "list", "--kind", "stuck", "--json"])
    assert "cannot be made again" in json.loads(capsys.readouterr().out)["why"]


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_a_watch_notices_what_another_process_sends_and_ends_cleanly_when_it_is_told_to(
    shop: Path, sent: signal.Signals, code: int
) -> None:
    command = [sys.executable, "-c", "import sys; from orderloom.cli import invoke; sys.exit(invoke(sys.argv[1:]))"]
    with subprocess.Popen(
        [*command, "work", "--watch", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as watch:
        assert watch.stdout
        assert watch.stderr
        assert watch.stderr.readline() == "working; Ctrl-C ends it\n"
        happened(shop)
        assert json.loads(watch.stdout.readline())["path"] == ["capture", "parcel"]
        watch.send_signal(sent)
        said = watch.stderr.read()
    assert watch.returncode == code
    assert "1 runs: 1 waiting" in said
    assert "Traceback" not in said
