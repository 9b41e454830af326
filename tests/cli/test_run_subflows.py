"""`orderloom run` of a flow that runs another one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from orderloom.cli import invoke
from orderloom.project import shipped

SAMPLE = str(shipped() / "samples" / "shopify-order.json")
WHOLESALE = """\
flow: wholesale
version: 1
key: =capture.order.order_id
steps:
  capture: {use: capture, with: {sources: [{files: inbox/*.json}]}}
  fulfil:
    use: flow
    with: {flow: order-to-delivery, given: {order: =capture.order}}
    next: {completed: invoice, cancelled: ~}
  invoice:
    use: ask
    with: {kind: task, desk: accounts, question: "Invoice {count(fulfil.route.shipments)} parcels"}
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.chdir(tmp_path)
    assert invoke(["init", "shop"]) == 0
    monkeypatch.chdir(tmp_path / "shop")
    (tmp_path / "shop" / "flows" / "wholesale.yaml").write_text(WHOLESALE)
    capsys.readouterr()
    return tmp_path / "shop"


def run(capsys: pytest.CaptureFixture[str], *answers: str) -> tuple[int, dict[str, Any]]:
    given = [part for answer in answers for part in ("--answer", answer)]
    code = invoke(["run", "wholesale", "--input", SAMPLE, *given, "--json"])
    [line] = capsys.readouterr().out.splitlines()
    return code, json.loads(line)


def test_a_whole_flow_runs_as_a_step_and_its_results_are_read(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, report = run(capsys, "fulfil/delivered=happened")

    assert (code, report["status"]) == (3, "waiting")
    assert report["path"][-3:] == ["fulfil/delivered", "fulfil/tell_delivered", "fulfil:completed"]
    assert report["waiting"][0]["question"] == "Invoice 1 parcels"


def test_what_waits_inside_is_told_by_its_whole_name_and_answered_by_it(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, report = run(capsys)

    assert report["waiting"][0]["step"] == "fulfil/delivered"


def test_a_step_that_is_not_there_inside_is_told_with_the_near_one(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke(["run", "wholesale", "--input", SAMPLE, "--answer", "fulfil/deliverd=happened"]) == 2

    assert "did you mean `fulfil/delivered`?" in capsys.readouterr().err


def test_the_steps_inside_are_told_with_their_decisions(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    invoke(["run", "wholesale", "--input", SAMPLE, "--answer", "fulfil/delivered=happened"])

    told = capsys.readouterr().out
    assert "fulfil/screen" in told
    assert "      fraud-screen: " in told
