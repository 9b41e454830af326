"""`orderloom runs erase`: a person's data is gone from the bytes of every file, and everything still counts."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.cli.past import ANN, BEN, HOME, Shop, open_shop, with_three_runs

from orderloom.journal import FILE
from orderloom.project import shipped

OF_ANN = (ANN, "Ann Lindqvist", "Ann rings twice", "c-Ann")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """Order 1 of Ann's has ended; orders 2 (of Ann) and 3 (of Ben) are open."""
    with with_three_runs(tmp_path) as shop:
        yield shop


@pytest.fixture
def ended(shop: Shop) -> Shop:
    """Both of Ann's have ended: one went through, one was cancelled."""
    shop.tell("runs", "cancel", "api:main:2")
    return shop


def erase(shop: Shop, *words: str, who: str = ANN, code: int = 0) -> dict[str, object]:
    told: dict[str, object] = shop.json("runs", "erase", "--customer", who, "--yes", *words, code=code)
    return told


def test_nothing_of_the_person_is_left_in_the_bytes_of_any_file(ended: Shop) -> None:
    assert ended.files_with(ANN) != []

    told = erase(ended)

    assert {word: files for word in OF_ANN if (files := ended.files_with(word))} == {}
    assert told["erased"] == {"runs of theirs": 2, "messages in outbox/": 1}
    assert told["files"] == []


def test_what_is_bens_stays(ended: Shop) -> None:
    before = ended.json("runs", "show", "api:main:3", "--full")

    erase(ended)

    assert ended.json("runs", "show", "api:main:3", "--full") == before
    assert BEN in json.dumps(before)


def test_runs_are_still_listed_and_counted_with_how_they_ended(ended: Shop) -> None:
    before = ended.json("runs", "list")["runs"]

    erase(ended)

    after = ended.json("runs", "list")["runs"]
    assert [run["payload"] for run in after[1:]] == ["erased", "erased"]
    assert [{**run, "payload": None} for run in after] == [{**run, "payload": None} for run in before]
    assert ended.json("stats")["holds"] is True
    assert ended.json("runs", "list", "--customer", ANN)["runs"] == []


def test_how_it_went_is_still_told_with_articles_and_amounts_and_no_person(ended: Shop) -> None:
    erase(ended)

    told = ended.json("runs", "show", "api:main:1", "--full")

    assert told["unplayed"] == "the values of the run have been erased"
    assert [step["words"] for step in told["steps"]] == [[], ["small"], [], [], ["valid"]]
    order = told["steps"][0]["calls"][0]["out"]["order"]
    assert order["lines"][0]["sku"] == "MUG"
    assert order["totals"]["grand_total"] == {"amount": "25.00", "currency": "USD"}
    assert order["shipping_address"] == {"region_code": "KY", "country_code": "US"}
    assert told["steps"][1]["calls"][0]["decisions"][0]["rows"] == ["usual"]
    assert [word for word in OF_ANN if word in json.dumps(told)] == []


def test_the_same_order_again_is_still_not_run_twice(ended: Shop) -> None:
    erase(ended)
    asked = len(ended.asked)

    told = ended.run(1)

    assert (told["repeated"], told["status"]) == (True, "completed")
    assert told["path"] == ["capture", "weigh:small", "tell", "thank", "file:valid"]
    assert len(ended.asked) == asked
    assert ended.files_with(ANN) == []


def test_twice_is_as_once_and_says_when_it_was(ended: Shop) -> None:
    erase(ended)

    told = erase(ended)

    assert told["erased"] == {}
    assert "kept, since it was erased on 20" in ended.tell("runs", "erase", "--customer", ANN, "--yes")


def test_while_a_run_of_theirs_is_open_nothing_is_erased_and_it_is_said_which(shop: Shop) -> None:
    before = (shop.folder / FILE).read_bytes()

    _, error = shop.both("runs", "erase", "--customer", ANN, "--yes", code=1)

    assert "error[J008]: r-" in error
    assert "(small api:main:2) is waiting and needs what it holds: nothing was erased" in error
    assert "or orderloom runs cancel r-" in error
    assert (shop.folder / FILE).read_bytes() == before


def test_a_dry_run_says_what_there_is_and_changes_nothing(ended: Shop) -> None:
    before = (ended.folder / FILE).read_bytes()

    told = ended.json("runs", "erase", "--customer", ANN, "--dry-run")

    assert (told["erased"], told["found"]) == ({}, {"runs of theirs": 2, "messages in outbox/": 1})
    assert (ended.folder / FILE).read_bytes() == before


def test_where_nobody_can_be_asked_it_must_be_said_beforehand(ended: Shop) -> None:
    _, error = ended.both("runs", "erase", "--customer", ANN, code=2)

    assert "There is no way back. Nobody can be asked here: say --yes" in error
    assert ended.files_with(ANN) != []


def test_a_customers_id_will_do_and_other_names_of_theirs_are_told(ended: Shop) -> None:
    told = erase(ended, who="c-Ann")

    assert told["also"] == [ANN]
    assert "Chestnut Street" not in json.dumps(ended.json("runs", "show", "api:main:1", "--full"))


def test_of_a_run_that_only_names_them_their_part_goes_and_the_buyers_stays(ended: Shop) -> None:
    cara = {**HOME, "name": "Cara Olsen", "email": "cara@example.com", "address_lines": ["Mill Lane 7"], "city": "Bath"}
    ended.answers = lambda _: _answer()
    ended.run(5, email=BEN, shipping_address=cara)

    told = erase(ended, who="cara@example.com")

    assert told["erased"] == {"runs that name them": 1}
    assert [ended.files_with(word) for word in ("cara@example.com", "Cara Olsen", "Mill Lane")] == [[], [], []]
    order = ended.json("runs", "show", "api:main:5", "--full")["steps"][0]["calls"][0]["out"]["order"]
    assert order["customer"]["email"] == BEN


def _answer() -> object:
    from tests.world.serving import said

    return said({"ok": True})


def test_what_could_not_be_read_keeps_its_problems_and_loses_what_it_said(ended: Shop) -> None:
    (ended.folder / "odd.json").write_text(json.dumps({"email": ANN, "lines": []}))
    ended.both("run", "small", "--input", "odd.json", "--format", "canonical", code=1)
    (ended.folder / "odd.json").unlink()
    [kept] = (ended.folder / ".orderloom" / "quarantine").iterdir()

    told = erase(ended)

    assert told["erased"] == {"runs of theirs": 2, "messages in outbox/": 1, "documents in quarantine": 1}
    left = json.loads(kept.read_text())
    assert (left["document"], left["from"]) == (None, "odd.json")
    assert left["problems"][0]["code"].startswith("V")


def test_an_event_from_outside_counts_once_and_says_nothing_any_more(ended: Shop) -> None:
    (ended.folder / "data.json").write_text(json.dumps({"signed_by": ANN}))
    ended.tell("event", "send", "parcel.delivered", "--match", "P1", "--id", "e1", "--data", "data.json")
    (ended.folder / "data.json").unlink()

    assert erase(ended)["erased"] == {"runs of theirs": 2, "events from outside": 1, "messages in outbox/": 1}

    assert ended.files_with(ANN) == []
    with closing(sqlite3.connect(ended.folder / FILE)) as db:
        assert db.execute("SELECT id, match, body FROM signal").fetchall() == [("e1", "", "null")]


def test_a_key_that_was_made_of_the_person_goes_and_the_order_is_known_all_the_same(ended: Shop) -> None:
    flow = ended.folder / "flows" / "small.yaml"
    flow.write_text(flow.read_text().replace("key: =capture.order.order_id", "key: =capture.order.customer.email"))
    ended.answers = lambda _: _answer()
    first = ended.run(9)
    assert first["key"] == ANN

    erase(ended)

    assert ended.files_with(ANN) == []
    again = ended.run(9)
    assert (again["run"], again["repeated"]) == (first["run"], True)
    assert ended.files_with(ANN) == []


def test_while_somebody_reads_traces_may_be_left_which_the_same_command_removes_later(
    ended: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orderloom.journal.erasing.WAIT_S", 0.1)
    with closing(sqlite3.connect(ended.folder / FILE, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM event").fetchone()
        _, error = ended.both("runs", "erase", "--customer", ANN, "--yes", code=4)
    assert "another process is reading what stood there" in error

    assert erase(ended)["erased"] == {}
    assert ended.files_with(ANN) == []


def test_papers_notes_and_the_order_book_of_this_machine_forget_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shop = Shop(tmp_path / "shop")
    shop.tell("init", "shop")
    monkeypatch.chdir(shop.folder)
    sample = str(shipped() / "samples" / "shopify-order.json")
    shop.tell("run", "order-to-delivery", "--input", sample, "--answer", "delivered=happened")
    papers = [file for file in (shop.folder / "documents").rglob("*") if file.is_file()]
    assert len(papers) == 2
    own = [file for file in shop.files_with("ann@example.test") if not file.startswith((".orderloom", "outbox"))]

    told = erase(shop, who="ann@example.test")

    assert told["erased"] == {
        "runs of theirs": 1, "orders in the order book": 1, "papers in documents/": 2, "messages in outbox/": 2,
    }  # fmt: skip
    assert [file for file in papers if file.exists()] == []
    assert shop.files_with("ann@example.test") == own == told["files"]
    with closing(sqlite3.connect(shop.folder / ".orderloom" / "world.sqlite")) as db:
        [record] = [json.loads(row[0]) for row in db.execute("SELECT value FROM shelf WHERE kind = 'order'")]
        assert db.execute("SELECT count(*) FROM shelf WHERE key LIKE 'email %'").fetchone() == (0,)
    assert record["order"]["totals"]["grand_total"]["amount"] == "133.95"
    address = {name: value for name, value in record["order"]["shipping_address"].items() if value}
    assert address.keys() <= {"country_code", "region_code", "kind"}


def test_what_is_kept_elsewhere_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_shop(tmp_path, monkeypatch) as shop:
        shop.run(1)

        assert erase(shop)["unreached"] == ["erp"]
        assert "what is kept elsewhere is not reached: erp" in shop.tell("runs", "erase", "--customer", ANN, "--yes")


STOPPED = """
import os, sys
from pathlib import Path
from orderloom.journal import FILE, Journal
from orderloom.run.forgetting.person import Forgetting
from orderloom.run.kept.pins import Pins
from orderloom.project import find_project
from orderloom.world.located import connections_of

left = int(sys.argv[1])

def committing(_):
    global left
    left -= 1
    if left < 0:
        os._exit(9)  # as a power cut: nothing more is written, nothing is closed

project = find_project()
journal = Journal(project.root / FILE, committing=committing)
forgetting = Forgetting(
    journal, Pins(journal, project), connections_of(project, project.connections), project.root, ["ann@example.com"]
)
forgetting.erase(forgetting.look())
"""


@pytest.mark.parametrize("commits", [0, 1, 3])
def test_after_a_stop_in_between_the_same_command_does_the_rest(ended: Shop, commits: int) -> None:
    stopped = subprocess.run([sys.executable, "-c", STOPPED, str(commits)], cwd=ended.folder, check=False)
    assert stopped.returncode == 9

    erase(ended)

    assert {word: files for word in OF_ANN if (files := ended.files_with(word))} == {}
    assert [run["payload"] for run in ended.json("runs", "list")["runs"][1:]] == ["erased", "erased"]
