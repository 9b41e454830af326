"""`orderloom event send`, as whoever is told by a carrier or a warehouse meets it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from orderloom.cli import invoke

PARCELS = """
flow: parcels
version: 1
key: =capture.order.order_id
steps:
  capture: {use: capture}
  first: {use: wait-for, with: {event: parcel.delivered, match: =capture.order.order_number}}
  second: {use: wait-for, with: {event: parcel.delivered, match: =capture.order.order_number}, after: [first]}
"""
NUMBER = "#1001"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.chdir(tmp_path)
    assert invoke(["init", "shop"]) == 0
    monkeypatch.chdir(tmp_path / "shop")
    Path("flows/parcels.yaml").write_text(PARCELS, encoding="utf-8")
    Path("data.json").write_text('{"weight": 0.10, "by": "Ola"}')
    capsys.readouterr()
    return tmp_path / "shop"


def ordered(capsys: pytest.CaptureFixture[str]) -> str:
    """An order comes in and waits; gives the value by which it does."""
    invoke(["run", "parcels", "--input", "samples/shopify-order.json", "--json"])
    return str(told(capsys)["waiting"][0]["match"])


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    [line] = capsys.readouterr().out.splitlines()
    found = json.loads(line)
    assert isinstance(found, dict)
    return found


def test_an_event_wakes_the_runs_that_wait_for_it_and_says_which(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    match = ordered(capsys)

    assert invoke(["event", "send", "parcel.delivered", "--match", match, "--data", "data.json", "--json"]) == 0

    sent = told(capsys)
    [run] = sent["runs"]
    assert (sent["repeated"], sent["woke"]) == (False, [run["run"]])
    assert run["path"] == ["capture", "first"]
    assert run["outputs"]["first"]["data"] == {"weight": "0.10", "by": "Ola"}


def test_a_webhook_that_comes_again_changes_nothing_and_another_event_has_another_id(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    send = ["event", "send", "parcel.delivered", "--match", ordered(capsys), "--data"]
    Path("again.json").write_text('{"by": "Ola",\n "weight": 0.10}')
    invoke([*send, "data.json"])

    for again in ("data.json", "again.json"):  # the same, also laid out otherwise
        assert invoke([*send, again, "--json"]) == 0
        sent = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert (sent["repeated"], sent["woke"]) == (True, [])

    assert invoke([*send, "data.json", "--id", "d-2", "--json"]) == 0
    assert told(capsys)["runs"][0]["status"] == "completed"


def test_one_id_with_two_contents_is_told_and_the_first_counts(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["event", "send", "parcel.delivered", "--match", "1", "--id", "d-1"]) == 0
    assert invoke(["event", "send", "parcel.delivered", "--match", "2", "--id", "d-1"]) == 1
    assert "with other content: that one counts" in capsys.readouterr().err


def test_an_event_that_nobody_waits_for_yet_is_kept(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    match = ordered(capsys)
    assert invoke(["event", "send", "parcel.delivred", "--match", match]) == 0
    assert "kept for the first that does (did you mean `parcel.delivered`?)" in capsys.readouterr().err
    assert invoke(["event", "send", "parcel.delivered", "--match", "other"]) == 0
    assert "parcel.delivered is awaited 1×, with another --match" in capsys.readouterr().err


def test_data_comes_from_standard_input_too(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    match = ordered(capsys)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b'{"by": "Kari"}')))
    assert invoke(["event", "send", "parcel.delivered", "--match", match, "--data", "-", "--json"]) == 0
    assert told(capsys)["runs"][0]["outputs"]["first"]["data"] == {"by": "Kari"}


def test_data_that_the_wait_refuses_is_told_and_the_run_waits_on(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    match = ordered(capsys)
    Path("bad.json").write_text('{"data": {}, "at": "yesterday"}')
    assert invoke(["event", "send", "parcel.delivered", "--match", match, "--data", "bad.json"]) == 1
    assert "first: `at` is `yesterday`" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("data", "code", "why"), [("nowhere.json", 2, "there is no file `nowhere.json`"), ("twice.json", 1, "Y024")]
)
def test_data_that_is_no_strict_json_is_refused_before_anything_is_kept(
    shop: Path, capsys: pytest.CaptureFixture[str], data: str, code: int, why: str
) -> None:
    Path("twice.json").write_text('{"a": 1, "a": 2}')
    assert invoke(["event", "send", "parcel.delivered", "--data", data]) == code
    assert why in capsys.readouterr().err
    assert not (shop / ".orderloom" / "journal.db").exists()


def test_an_event_that_the_wait_refuses_stands_in_the_runs_history_with_the_reason(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    match = ordered(capsys)
    Path("wrong.json").write_text('{"at": "yesterday"}')

    assert invoke(["event", "send", "parcel.delivered", "--match", match, "--data", "wrong.json", "--id", "d-1"]) == 1

    capsys.readouterr()
    assert invoke(["runs", "show", "shopify:main:5870012345001", "--json"]) == 0
    shown = told(capsys)
    [call] = next(step["calls"] for step in shown["steps"] if step["step"] == "first")
    [refused] = call["people"]
    assert (call["state"], refused["what"], refused["signal"]) == ("waiting", "refused", "d-1")
    assert refused["why"] == "`at` is `yesterday`: write a moment such as 2026-03-02T10:00:00Z"
    assert invoke(["event", "send", "parcel.delivered", "--match", match, "--data", "data.json"]) == 0
