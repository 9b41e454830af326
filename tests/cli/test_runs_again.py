"""`orderloom runs again`: an order whose run has ended is done again, and nothing outside is done twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cli.past import Shop, out_of_order, with_three_runs
from tests.world.serving import Answer, said

from orderloom.cli.runs.acting import summed

ENDED, WAITS, FAILED = "api:main:1", "api:main:2", "api:main:3"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with with_three_runs(tmp_path) as shop:
        shop.answers = well
        yield shop


def well(_: Any) -> Answer:
    return said({"ok": True})


def again(shop: Shop, key: str, *words: str, code: int = 0) -> dict[str, Any]:
    told: dict[str, Any] = shop.json("runs", "again", key, "--by", "kim", *words, code=code)
    return told


def test_what_comes_before_the_step_is_taken_over_and_not_called(shop: Shop) -> None:
    first = shop.json("runs", "show", ENDED)
    asked = len(shop.asked)

    told = again(shop, ENDED, "--from", "file", "--reason", "the addresses were wrong")

    assert (told["key"], told["status"]) == (f"{ENDED}~2", "completed")
    assert told["path"] == ["capture", "weigh:small", "tell", "thank", "file:valid"]
    assert len(shop.asked) == asked
    assert shop.json("runs", "show", ENDED) == first
    lines = [" ".join(line.split()) for line in shop.tell("runs", "show", f"{ENDED}~2").splitlines()]
    assert any(f"begun again by kim: the addresses were wrong (of={first['run']}, from=file)" in line for line in lines)
    assert len([line for line in lines if f"taken over (of={first['run']})" in line]) == 3


def test_it_can_be_done_again_and_again_each_time_another_run(shop: Shop) -> None:
    keys = [again(shop, key, "--from", "file")["key"] for key in (ENDED, f"{ENDED}~2", ENDED)]

    assert keys == [f"{ENDED}~2", f"{ENDED}~3", f"{ENDED}~4"]
    assert shop.json("stats")["in"] == 6


def test_what_was_done_outside_and_stands_is_not_done_twice(shop: Shop) -> None:
    asked = len(shop.asked)

    _, error = shop.both("runs", "again", ENDED, "--from", "weigh", "--yes", code=1)

    assert "error[J010]: `tell` was done and stands: it would be done twice" in error
    assert len(shop.asked) == asked
    assert len(shop.json("runs", "list")["runs"]) == 3


def test_of_a_step_with_many_items_one_is_asked_once() -> None:
    assert summed(["thank", "tell[1]", "tell[10]", "tell[2]", "parcels[1]/print"]) == [
        "thank", "tell (3 items)", "parcels[1]/print",
    ]  # fmt: skip


def test_what_cannot_be_taken_back_is_done_once_more_where_that_is_said(shop: Shop) -> None:
    _, error = shop.both("runs", "again", ENDED, "--from", "thank", code=2)
    assert "thank: done before, and done once more. Go on? Nobody can be asked here: say --yes" in error

    again(shop, ENDED, "--from", "thank", "--yes")

    assert len(list((shop.folder / "outbox").glob("*.eml"))) == 2


def test_after_a_run_was_cancelled_all_of_it_is_done_again_with_keys_of_its_own(shop: Shop) -> None:
    shop.json("runs", "cancel", FAILED)

    told = again(shop, FAILED)

    assert told["status"] == "completed"
    keys = [asked.headers["idempotency-key"] for asked in shop.asked if asked.path == "/orders/3"]
    assert len(keys) == len(set(keys)) == 2


def test_where_nobody_knows_whether_something_was_done_it_is_refused(shop: Shop) -> None:
    shop.answers = lambda _: Answer(503)
    shop.run(8, code=1)
    shop.json("runs", "cancel", "api:main:8")

    _, error = shop.both("runs", "again", "api:main:8", code=1)

    assert "error[J010]: nobody knows whether `tell` took effect (unavailable): it might be done twice" in error


def test_what_was_taken_back_is_not_taken_over(shop: Shop) -> None:
    connections = (shop.folder / "connections.yaml").read_text()
    (shop.folder / "connections.yaml").write_text(connections.replace("mail:", "letters:"))
    shop.run(9, code=4)
    shop.json("runs", "cancel", "api:main:9")
    (shop.folder / "connections.yaml").write_text(connections)

    _, error = shop.both("runs", "again", "api:main:9", "--from", "thank", "--yes", code=1)
    assert "error[J010]: `tell` was taken back: begin there, or before it" in error

    assert again(shop, "api:main:9", "--from", "tell", "--yes")["status"] == "completed"


def test_the_flow_of_today_decides(shop: Shop) -> None:
    shop.json("runs", "cancel", FAILED)
    table = shop.folder / "rules" / "size.table.yaml"
    table.write_text(table.read_text().replace('">= 100"', '">= 10"'))

    told = again(shop, FAILED, code=3)

    assert told["path"] == ["capture", "weigh:big"]
    assert [one["step"] for one in told["waiting"]] == ["approve"]


def test_inputs_of_the_step_may_be_changed_and_one_that_does_not_fit_is_refused(shop: Shop) -> None:
    shop.json("runs", "cancel", FAILED)
    _, error = shop.both("runs", "again", FAILED, "--from", "tell", "--set", "parts=4", code=1)
    assert "not done: parts: must be an object" in error

    told = again(shop, FAILED, "--from", "tell", "--set", "parts.id=33")

    assert told["status"] == "completed"
    assert shop.asked[-1].path == "/orders/33"
    shown = shop.json("runs", "show", f"{FAILED}~2", "--step", "tell")
    assert shown["steps"][0]["calls"][0]["in"]["parts"] == {"id": 33}


def test_a_run_that_was_begun_again_plays_back_to_where_it_stands(shop: Shop) -> None:
    shop.json("runs", "cancel", FAILED)
    shop.answers = out_of_order
    again(shop, FAILED, "--from", "tell", "--set", "parts.id=33", code=1)
    assert [one for one in shop.json("doctor", "--offline")["findings"] if one["section"] == "journal"][-1]["says"] == (
        "2 played back, and each waits for what it says it does"
    )

    shop.answers = well
    assert shop.json("runs", "retry", f"{FAILED}~2")["status"] == "completed"


def test_an_open_run_is_not_begun_again(shop: Shop) -> None:
    _, error = shop.both("runs", "again", WAITS, code=1)

    assert "error[J009]" in error
    assert "has not ended: it is waiting" in error


def test_a_step_that_the_flow_of_today_has_not_is_told_with_those_it_has(shop: Shop) -> None:
    _, error = shop.both("runs", "again", ENDED, "--from", "wrap", code=1)

    assert "the flow of today has no step `wrap` to begin at; it has weigh, approve" in error
