"""`orderloom inbox`, as a person at a desk meets it: exit codes first, then what is told."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from orderloom.cli import invoke
from orderloom.cli.inbox.looks import KINDS
from orderloom.project import shipped
from orderloom.run.telling import tasks

HELD = str(shipped() / "samples" / "woocommerce-order.json")
FIXED = {
    "lines[0].sku": "MUG-ENAMEL-GRN",
    "lines[0].weight": "{value: 340, unit: g}",
    "lines[1].weight": "{value: 900, unit: g}",
}
FIX = [part for path, value in FIXED.items() for part in ("--set", f"{path}={value}")]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.chdir(tmp_path)
    assert invoke(["init", "shop"]) == 0
    monkeypatch.chdir(tmp_path / "shop")
    capsys.readouterr()
    return tmp_path / "shop"


@pytest.fixture
def held(shop: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A shop with an order that a person must correct."""
    assert invoke(["run", "order-to-delivery", "--input", HELD]) == 3
    capsys.readouterr()
    return shop


@pytest.fixture
def asked(shop: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A shop that asks about every order."""
    (shop / "flows" / "asked.yaml").write_text(ASKED, encoding="utf-8")
    assert invoke(["run", "asked", "--input", "samples/shopify-order.json"]) == 3
    capsys.readouterr()
    return shop


ASKED = """
flow: asked
version: 1
key: =capture.order.order_id
steps:
  capture: {use: capture}
  ask:
    use: ask
    with: {kind: approve, desk: fraud, question: "Ship {capture.order.order_number}?"}
    timeout: 8h
    next: {approved: choose, declined: no}
  choose:
    use: ask
    with: {kind: choose, desk: depot, question: Which way?, words: [ground, air]}
    next: {ground: ~, air: ~}
  no: {use: ask, with: {kind: task, desk: depot, question: Put it back}, end: cancelled}
"""


def told(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_an_empty_inbox_says_so_and_makes_no_journal(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["inbox", "list"]) == 0
    assert "nothing waits" in capsys.readouterr().err
    assert not (shop / ".orderloom" / "journal.db").exists()


def test_the_list_shows_each_task_with_its_order_its_desk_and_why(
    held: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke(["inbox", "list"]) == 0

    heads, row = capsys.readouterr().out.splitlines()
    assert heads.split() == ["TASK", "KEY", "FLOW", "STEP", "DESK", "WAITING", "WHY"]
    assert row.split()[:5] == ["1", "woocommerce:main:2107", "order-to-delivery", "fix", "orders"]
    assert row.endswith("lines[0].sku: line 1 (Enamel mug, green) has no article number")


def test_the_list_as_json_is_an_object_a_task(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    invoke(["inbox", "list", "--json"])

    [task] = told(capsys)
    promised = ["task", "run", "flow", "key", "step", "kind", "desk", "why", "since", "due"]
    assert list(task)[: len(promised)] == promised
    assert (task["task"], task["kind"], task["outcomes"]) == (1, "edit", ["edited", "discarded"])
    assert task["commands"][0] == "orderloom inbox edit 1 --set 'lines[0].sku'=VALUE"
    assert task["suggest"] == "Correct what the problems name; ask the customer where you cannot tell."


def test_the_list_can_be_limited(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = {
        ("--desk", "orders"): 1,
        ("--desk", "fraud"): 0,
        ("--kind", "edit"): 1,
        ("--kind", "parked"): 0,
        ("--flow", "order-to-delivery"): 1,
        ("--flow", "returns"): 0,
        ("--kind", "event"): 0,
    }
    for limit, count in shown.items():
        invoke(["inbox", "list", "--json", *limit])
        assert len(told(capsys)) == count, limit


def test_every_kind_of_task_can_be_asked_for() -> None:
    assert KINDS == tasks.KINDS


def test_a_task_is_shown_with_its_document_and_the_commands_for_it(
    held: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke(["inbox", "show", "1"]) == 0
    text = capsys.readouterr().out
    assert "Correct order 2107, or discard it." in text
    assert "suggested: Correct what the problems name" in text
    assert '"order_id": "woocommerce:main:2107"' in text
    assert text.splitlines()[-1] == "orderloom inbox reject 1 --reason TEXT"

    invoke(["inbox", "show", "1", "--json"])
    [task] = told(capsys)
    assert task["document"]["order_id"] == "woocommerce:main:2107"
    assert task["suggest"].startswith("Correct what the problems name")


def test_a_task_is_named_by_its_number_or_by_its_run_too(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    invoke(["inbox", "list", "--json"])
    [task] = told(capsys)
    for name in ("1", task["run"], task["run"][:6], task["run"][2:8]):
        assert invoke(["inbox", "show", name, "--json"]) == 0
        assert told(capsys)[0]["task"] == 1
    assert invoke(["inbox", "show", "7"]) == 2
    assert "there is no task `7`" in capsys.readouterr().err


def test_a_document_is_corrected_by_paths_and_the_run_goes_on(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["inbox", "edit", "1", *FIX, "--by", "kim", "--reason", "called the customer", "--json"]) == 3

    [report] = told(capsys)
    assert report["path"][:4] == ["capture", "validate:fixable", "ask_customer:desk", "fix:edited"]
    assert (report["outputs"]["fix"]["by"], report["outputs"]["fix"]["note"]) == ("kim", "called the customer")
    assert report["outputs"]["fix"]["document"]["lines"][0]["sku"] == "MUG-ENAMEL-GRN"


def test_a_refused_correction_goes_back_in_sentences_and_the_task_stays(
    held: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke(["inbox", "edit", "1", *FIX[:2], "--json"]) == 1

    [answer] = told(capsys)
    assert answer["task"] == 1
    assert answer["refused"][0].startswith("lines[0].weight: line 1")
    invoke(["inbox", "list", "--json"])
    assert len(told(capsys)) == 1


def test_a_value_is_text_where_text_is_wanted(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["inbox", "edit", "1", "--set", "lines[0].sku=12345", *FIX[2:], "--json"]) == 3
    [report] = told(capsys)
    assert report["outputs"]["fix"]["document"]["lines"][0]["sku"] == "12345"


def test_a_whole_document_is_given_as_a_file(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    invoke(["inbox", "show", "1", "--json"])
    document = told(capsys)[0]["document"]
    document["lines"][0] |= {"sku": "MUG-ENAMEL-GRN", "weight": {"value": "340", "unit": "g"}}
    document["lines"][1] |= {"weight": {"value": "900", "unit": "g"}}
    (held / "whole.json").write_text(json.dumps(document))
    assert invoke(["inbox", "edit", "1", "--file", "whole.json"]) == 3


def test_a_document_is_discarded(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["inbox", "reject", "1", "--reason", "a test order", "--json"]) == 0
    [report] = told(capsys)
    assert (report["status"], report["path"][-2:]) == ("cancelled", ["fix:discarded", "cancel"])


def test_yes_and_no_and_words_and_done(asked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["inbox", "approve", "1", "--json"]) == 3
    [waiting] = told(capsys)[0]["waiting"]
    assert invoke(["inbox", "answer", str(waiting["task"]), "sea"]) == 1
    assert "it can be ground or air" in capsys.readouterr().err
    assert invoke(["inbox", "answer", str(waiting["task"]), "ground", "--json"]) == 0
    assert told(capsys)[0]["path"] == ["capture", "ask:approved", "choose:ground"]


def test_a_run_is_cancelled_from_its_task(asked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["inbox", "cancel", "1"]) == 0
    assert "cancelled" in capsys.readouterr().out
    invoke(["inbox", "list", "--json"])
    assert told(capsys) == []


@pytest.mark.parametrize("act", [["approve", "1"], ["retry", "1"]])
def test_what_a_task_does_not_take_is_wrong_usage_and_says_what_it_takes(
    held: Path, capsys: pytest.CaptureFixture[str], act: list[str]
) -> None:
    assert invoke(["inbox", *act]) == 2
    assert "It takes: orderloom inbox edit 1" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "mend"),
    [
        (["edit", "1"], "--set PATH=VALUE"),
        (["edit", "1", "--set", "sku"], "not `sku`"),
        (["edit", "1", "--file", "nowhere.json"], "there is no file `nowhere.json`"),
        (["answer", "1", "nowhere.json"], "there is no file `nowhere.json`"),
        (["retry", "1", "--set", "a=b", "--file", "x"], "by --set or by --file"),
    ],
)
def test_a_slip_on_the_command_line_is_wrong_usage(
    held: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], mend: str
) -> None:
    assert invoke(["inbox", *arguments]) == 2
    assert mend in capsys.readouterr().err


@pytest.fixture
def parked(shop: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A shop whose printer has no paper."""
    (shop / "nodes" / "print_slip").mkdir(parents=True)
    (shop / "nodes" / "print_slip" / "__init__.py").write_text(PRINT, encoding="utf-8")
    (shop / "flows" / "prints.yaml").write_text(PRINTS, encoding="utf-8")
    assert invoke(["run", "prints", "--input", "samples/shopify-order.json"]) == 1
    return shop


PRINT = """
from pathlib import Path
from orderloom import NodeError, Outcome, World, node


class Printed(Outcome, name="printed"):
    slip: str
    copies: int


@node("print-slip", effects="keyed")
def print_slip(world: World, number: str, copies: int = 1) -> Printed:
    \"\"\"Print a slip, where there is paper.\"\"\"
    if not Path("paper").exists():
        raise NodeError("refused", "there is no paper")
    return Printed(slip=number, copies=copies)
"""
PRINTS = """
flow: prints
version: 1
key: =capture.order.order_id
steps:
  capture: {use: capture}
  slip: {use: print-slip, with: {number: =capture.order.order_number}}
"""


def test_a_step_that_failed_is_told_with_the_commands_that_mend_it(
    parked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = capsys.readouterr().out
    assert "mend the cause, then orderloom inbox retry 1; or go on with a given result: orderloom inbox answer" in text

    invoke(["inbox", "show", "1", "--json"])
    [task] = told(capsys)
    assert (task["kind"], task["step"], task["why"]) == ("parked", "slip", "refused: there is no paper")
    assert (list(task["with"][0]), task["path"]) == (["number"], ["capture"])


def test_a_step_that_failed_is_called_again_with_other_inputs(parked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (parked / "paper").touch()
    assert invoke(["inbox", "retry", "1", "--set", "copies=many"]) == 1
    assert "not accepted: copies: must be a whole number" in capsys.readouterr().err
    assert invoke(["inbox", "retry", "1", "--set", "copies=3", "--set", "number=7", "--json"]) == 0
    assert told(capsys)[0]["outputs"]["slip"] == {"outcome": "printed", "slip": "7", "copies": 3}


def test_a_step_that_failed_may_fail_again(parked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["inbox", "retry", "1"]) == 1
    assert invoke(["inbox", "retry", "1"]) == 1
    assert "task 1 has been taken" in capsys.readouterr().err
    invoke(["inbox", "list", "--json"])
    assert told(capsys)[0]["task"] == 2


def test_a_run_goes_on_with_the_result_of_a_step_that_failed(parked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert invoke(["inbox", "answer", "1", "{slip: by hand}"]) == 1
    assert "copies: is missing" in capsys.readouterr().err
    assert invoke(["inbox", "answer", "1", "{slip: by hand, copies: 1}", "--json"]) == 0
    assert told(capsys)[0]["outputs"]["slip"]["slip"] == "by hand"


def test_the_same_order_with_an_answer_for_the_step_that_failed_goes_on_too(
    parked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    given = ["--answer", 'slip={"slip": "by hand", "copies": 1}']
    assert invoke(["run", "prints", "--input", "samples/shopify-order.json", *given, "--json"]) == 0
    assert told(capsys)[0]["outputs"]["slip"]["slip"] == "by hand"


def test_of_two_processes_that_take_one_task_one_does(asked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = [sys.executable, "-c", "import sys; from orderloom.cli import invoke; sys.exit(invoke(sys.argv[1:]))"]
    answers = [["approve", "1", "--by", "kim"], ["reject", "1", "--by", "robin"]]
    both = [
        subprocess.Popen([*command, "inbox", *one], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for one in answers
    ]
    said = [one.communicate()[1] for one in both]
    codes = [one.returncode for one in both]

    assert sorted(codes) == [1, 3], said
    winner, loser = ("kim", codes.index(1)) if codes[0] == 3 else ("robin", codes.index(1))
    assert f"{winner} answered" in said[loser]
    invoke(["inbox", "list", "--json"])
    assert len(told(capsys)) == 1  # the one that the winner's answer brought
