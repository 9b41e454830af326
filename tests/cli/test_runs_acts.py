"""`orderloom runs retry`, `resume` and `cancel`: what a person does about one run."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.cli.past import ANN, BEN, CARD, SECRET, Shop, order, out_of_order, with_three_runs
from tests.world.serving import Answer, said

from orderloom.journal import FILE
from orderloom.world.secrets import HIDDEN

WAITS, FAILED, ENDED = "api:main:2", "api:main:3", "api:main:1"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with with_three_runs(tmp_path) as shop:
        yield shop


def well(_: Any) -> Answer:
    return said({"ok": True})


def change(shop: Shop, *statements: str) -> None:
    with closing(sqlite3.connect(shop.folder / FILE)) as db, db:
        for statement in statements:
            db.execute(statement)


def test_a_failed_step_is_called_again_and_the_run_goes_on_to_its_end(shop: Shop) -> None:
    shop.answers = well

    told = shop.json("runs", "retry", FAILED, "--by", "kim", "--reason", "it is up again")

    assert (told["status"], told["path"][1:3]) == ("completed", ["weigh:small", "tell"])
    lines = [" ".join(line.split()) for line in shop.tell("runs", "show", FAILED, "--step", "tell").splitlines()]
    assert any(line.endswith("was called again by kim: it is up again (task=2)") for line in lines)


def test_an_input_may_be_changed_in_part_or_by_a_file(shop: Shop) -> None:
    shop.answers = lambda asked: well(asked) if asked.path.endswith("/77") else out_of_order(asked)
    shop.json("runs", "retry", FAILED, "--set", "parts.id=76", code=1)
    (shop.folder / "inputs.json").write_text(json.dumps({"parts": {"id": "77"}}))

    told = shop.json("runs", "retry", FAILED, "--step", "tell", "--input", "inputs.json")

    assert told["status"] == "completed"
    assert [asked.path for asked in shop.asked][-2:] == ["/orders/76", "/orders/77"]
    assert shop.json("runs", "show", FAILED, "--step", "tell")["steps"][0]["calls"][0]["in"]["parts"] == {"id": "77"}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("parts=4", "not done: parts: must be an object"),
        ("parst.id=4", "not done: `http` takes no `parst`; did you mean `parts`?"),
        ("parts.di=4", "not done: parts.di: the document has no `di`"),
    ],
)
def test_an_input_that_does_not_fit_is_refused_in_a_sentence_and_nothing_is_called(
    shop: Shop, given: str, says: str
) -> None:
    asked = len(shop.asked)

    assert says in shop.both("runs", "retry", FAILED, "--set", given, code=1)[1]

    assert len(shop.asked) == asked
    assert shop.json("runs", "list", "--key", FAILED)["runs"][0]["status"] == "exception"


def test_a_step_that_has_not_failed_is_not_called_again_and_the_way_out_is_said(shop: Shop) -> None:
    _, waits = shop.both("runs", "retry", WAITS, "--step", "weigh", code=1)
    _, failed = shop.both("runs", "retry", FAILED, "--step", "tel", code=1)
    _, ended = shop.both("runs", "retry", ENDED, code=1)

    assert "error[J005]: `weigh` has not failed in r-" in waits
    assert "`orderloom runs cancel` it first" in waits
    assert "did you mean `tell`?" in failed
    assert "no step has failed" in ended
    assert "it has ended" in ended


def test_an_open_run_goes_on_where_something_else_had_lost_what_it_waits_for(shop: Shop) -> None:
    change(shop, "DELETE FROM pending WHERE step = 'approve'")
    shop.json("doctor", "--offline", code=4)

    told = shop.json("runs", "resume", WAITS, code=3)

    assert [one["step"] for one in told["waiting"]] == ["approve"]
    assert shop.json("doctor", "--offline")["verdict"] in {"ok", "warning"}


def test_a_run_whose_node_was_missing_goes_on_once_it_is_back(shop: Shop) -> None:
    change(shop, "UPDATE pin SET content = json_set(content, '$.nodes.\"core/http\"', 9)")
    _, error = shop.both("runs", "resume", FAILED, code=4)
    assert "it began with core/http@9, installed is @1" in error

    change(shop, "UPDATE pin SET content = json_set(content, '$.nodes.\"core/http\"', 1)")
    shop.answers = well
    shop.json("runs", "resume", FAILED, code=1)  # it is where it was: its step has failed

    assert shop.json("runs", "retry", FAILED)["status"] == "completed"


def test_a_run_that_has_ended_is_told_and_left_as_it_is(shop: Shop) -> None:
    before = (shop.folder / FILE).read_bytes()

    assert shop.json("runs", "resume", ENDED)["status"] == "completed"

    assert (shop.folder / FILE).read_bytes() == before


def approved(shop: Shop) -> None:
    """Run 2 has told the service, and waits for nothing more than its customer's message: which fails."""
    shop.answers = well
    (shop.folder / "outbox").rename(shop.folder / "outbox-away")
    (shop.folder / "outbox").write_text("in the way")
    task = next(task["task"] for task in map(json.loads, shop.tell("inbox", "list", "--json").splitlines())
                if task["step"] == "approve")  # fmt: skip
    shop.tell("inbox", "approve", str(task), "--by", "kim", code=1)


def test_a_run_is_cancelled_and_what_was_done_is_taken_back_and_told_with_who_and_why(shop: Shop) -> None:
    approved(shop)

    told = shop.json("runs", "cancel", WAITS, "--by", "robin", "--reason", "sold out")

    assert (told["status"], told["undone"]) == ("cancelled", ["tell"])
    assert [asked.method for asked in shop.asked[-2:]] == ["PUT", "DELETE"]
    lines = [" ".join(line.split()) for line in shop.tell("runs", "show", WAITS).splitlines()]
    assert any(line.startswith("↶ tell taken back") for line in lines)
    assert any(line.endswith("cancelled by robin: sold out") for line in lines)


def test_an_undo_that_fails_is_a_task_and_can_be_tried_again(shop: Shop) -> None:
    approved(shop)
    shop.answers = out_of_order
    shop.json("runs", "cancel", WAITS, code=1)
    assert "undo of tell!invalid" in shop.tell("runs", "list", "--key", WAITS)

    shop.answers = well
    told = shop.json("runs", "retry", WAITS)

    assert (told["status"], told["undone"]) == ("cancelled", ["tell"])


def test_to_cancel_twice_is_as_good_as_once_and_what_ended_otherwise_stays_so(shop: Shop) -> None:
    shop.json("runs", "cancel", FAILED)
    assert shop.json("runs", "cancel", FAILED)["status"] == "cancelled"

    _, error = shop.both("runs", "cancel", ENDED, code=1)
    assert "error[J007]" in error
    assert "has ended: completed" in error


def test_a_run_whose_nodes_are_gone_for_good_can_be_ended_without_an_undo(shop: Shop) -> None:
    approved(shop)
    change(shop, "UPDATE pin SET content = json_set(content, '$.nodes.\"core/http\"', 9)")
    shop.both("runs", "cancel", WAITS, code=4)
    asked = len(shop.asked)

    told = shop.json("runs", "cancel", WAITS, "--no-undo", "--by", "robin")

    assert (told["status"], len(shop.asked)) == ("cancelled", asked)
    assert shop.json("runs", "list", "--status", "open")["runs"][0]["key"] == FAILED
    assert shop.json("stats")["holds"] is True
    assert shop.json("runs", "show", WAITS)["people"][0] | {"at": ""} == {
        "at": "", "what": "cancelled", "by": "robin", "undone": False,
    }  # fmt: skip


def test_an_order_that_comes_again_meets_the_cancelled_run(shop: Shop) -> None:
    shop.json("runs", "cancel", FAILED)

    told = shop.run(3, email=BEN)

    assert (told["status"], told["repeated"]) == ("cancelled", True)


def test_a_step_that_is_tried_again_later_says_why_wherever_it_is_told_that_it_waits(shop: Shop) -> None:
    flow = shop.folder / "flows" / "small.yaml"
    flow.write_text(flow.read_text().replace("    undo:\n", "    retry: 3x 1h..2h\n    undo:\n", 1))
    shop.answers = lambda _: said({}, 503)

    [waiting] = shop.run(4, code=3)["waiting"]

    assert (waiting["for"], waiting["error"], waiting["attempt"]) == ("time", "unavailable", 2)
    assert "503" in waiting["message"]
    assert f"tried again: unavailable: {waiting['message']}"[:60] in shop.tell("inbox", "list", "--kind", "time")
    (shop.folder / "again.json").write_text(json.dumps(order(4)))
    told = shop.tell("run", "small", "--input", "again.json", "--format", "canonical", code=3)
    assert f"unavailable: {waiting['message']}" in told
    assert "orderloom work goes on with it then" in told


def test_a_task_shows_its_data_without_secrets_and_the_numbers_of_cards(shop: Shop) -> None:
    assert shop.tell("runs", "show", FAILED, "--full").count(CARD) == 0
    number = str(shop.json("inbox", "list", "--kind", "parked")["task"])
    for words in (("show", number), ("show", number, "--json"), ("list",)):
        told = shop.tell("inbox", *words)
        assert (CARD in told, SECRET in told) == (False, False)
    assert f"my card is {HIDDEN}" in shop.tell("inbox", "show", number)
    assert BEN in shop.tell("inbox", "show", number)


def test_the_report_of_a_run_has_no_card_numbers_and_is_whole_otherwise(shop: Shop) -> None:
    (shop.folder / "again.json").write_text(json.dumps(order(4, notes=[f"ring twice, {CARD}"])))

    told = shop.json("run", "small", "--input", "again.json", "--format", "canonical", code=1)

    captured = told["outputs"]["capture"]["order"]
    assert (captured["notes"], captured["customer"]["email"]) == ([f"ring twice, {HIDDEN}"], ANN)
