"""`orderloom runs prune`: what is older than the project keeps it goes; what is open never does."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.cli.past import ANN, Shop, with_three_runs

from orderloom.journal import FILE

OLD, OLDER = "2024-06-01T00:00:00+00:00", "2020-06-01T00:00:00+00:00"
KEEP = "keep: {payloads: 90d, runs: 5y}\n"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """Run 1 has ended; 2 waits, and 3 has failed. All of them began, and 1 ended, long ago."""
    with with_three_runs(tmp_path) as shop:
        keep(shop, KEEP)
        change(shop, f"UPDATE run SET began = '{OLD}', changed = '{OLD}', ended = iif(ended IS NULL, NULL, '{OLD}')")
        yield shop


def keep(shop: Shop, text: str) -> None:
    (shop.folder / "orderloom.yaml").write_text(f"project: shop\n{text}")


def change(shop: Shop, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(shop.folder / FILE)) as db, db:
        return db.execute(statement).fetchall()


def test_values_go_first_and_what_happened_stays(shop: Shop) -> None:
    assert shop.tell("runs", "prune", "--yes") == "let go of the values of 1 runs\n"

    told = shop.json("runs", "show", "api:main:1", "--full")
    assert told["payload"] == "removed"
    assert [(step["step"], step["words"]) for step in told["steps"]][:2] == [("capture", []), ("weigh", ["small"])]
    [decision] = told["steps"][1]["calls"][0]["decisions"]
    assert decision == {"table": "size", "rows": ["usual"], "facts": {}, "why": "usual"}
    assert [call for step in told["steps"] for call in step["calls"] if "out" in call or "in" in call] == []
    assert "size: usual" in shop.tell("runs", "show", "api:main:1")


def test_open_runs_are_left_alone_however_old_they_are(shop: Shop) -> None:
    before = [shop.json("runs", "show", f"api:main:{number}", "--full") for number in (2, 3)]

    keep(shop, "keep: {payloads: 1d, runs: 1d}\n")
    shop.tell("runs", "prune", "--yes")

    assert [shop.json("runs", "show", f"api:main:{number}", "--full") for number in (2, 3)] == before
    assert [run["key"] for run in shop.json("runs", "list")["runs"]] == ["api:main:3", "api:main:2"]


def test_runs_go_later_and_are_counted_as_they_ended_and_never_run_again(shop: Shop) -> None:
    change(shop, f"UPDATE run SET ended = '{OLDER}' WHERE ended IS NOT NULL")
    name = shop.json("runs", "list", "--key", "api:main:1")["runs"][0]["run"]
    asked = len(shop.asked)

    assert shop.tell("runs", "prune", "--yes") == "let go of the history of 1 runs\n"

    assert change(shop, "SELECT count(*) FROM event WHERE run = 1") == [(0,)]
    stats = shop.json("stats")
    assert (stats["in"], stats["ended"], stats["holds"], stats["removed"]) == (3, {"completed": 1}, True, 1)
    assert "the history of 1 has been removed" in shop.tell("stats")
    told = shop.run(1)
    assert (told["run"], told["repeated"], told["status"], told["path"]) == (name, True, "completed", [])
    assert len(shop.asked) == asked
    for one in (name, "api:main:1"):
        _, error = shop.both("runs", "show", one, code=2)
        assert f"`{one}` ended on 2020-06-01 (completed), and its history has been removed" in error


def test_a_run_of_which_somebody_still_has_to_see_to_something_is_left(shop: Shop) -> None:
    change(
        shop,
        "INSERT INTO pending (run, kind, step, item, since, desk, body) "
        f"VALUES (1, 'changed', '', -1, '{OLD}', 'orders', '{{}}')",
    )

    assert shop.tell("runs", "prune", "--yes") == "nothing is older than it is kept\n"


def test_a_dry_run_says_how_much_there_is_and_changes_nothing(shop: Shop) -> None:
    before = (shop.folder / FILE).read_bytes()

    assert shop.tell("runs", "prune", "--dry-run") == "there is to let go of: the values of 1 runs\n"
    assert shop.json("runs", "prune", "--dry-run") == {"done": False, "payloads": 1, "runs": 0, "events": 0}

    assert (shop.folder / FILE).read_bytes() == before


def test_where_nobody_can_be_asked_it_must_be_said_beforehand(shop: Shop) -> None:
    assert "say --yes" in shop.both("runs", "prune", code=2)[1]


def test_a_project_that_says_nothing_keeps_everything(shop: Shop) -> None:
    keep(shop, "")

    assert shop.tell("runs", "prune", "--yes").startswith("everything is kept: `keep: {payloads: 90d, runs: 2y}`")
    assert shop.json("runs", "show", "api:main:1")["steps"][0]["calls"][0]["out"]["order"]["order_id"] == "api:main:1"


def test_events_that_nobody_waited_for_say_nothing_after_a_time_and_count_once(shop: Shop) -> None:
    (shop.folder / "data.json").write_text(f'{{"by": "{ANN}"}}')
    shop.tell("event", "send", "parcel.delivered", "--match", "P1", "--id", "e1", "--data", "data.json")
    change(shop, f"UPDATE signal SET at = '{OLD}'")

    assert "1 events that nobody waited for" in shop.tell("runs", "prune", "--yes")

    assert change(shop, "SELECT id, match, body FROM signal") == [("e1", "", "null")]


def test_what_was_let_go_is_gone_from_the_file_once_it_is_written_anew(shop: Shop) -> None:
    change(shop, "UPDATE run SET ended = began, status = 'completed' WHERE ended IS NULL")
    change(shop, "DELETE FROM pending")

    shop.tell("runs", "prune", "--yes", "--compact")

    assert [file for file in shop.files_with(ANN) if file.startswith(".orderloom")] == []


def test_many_runs_go_some_at_a_time_and_all_of_them(shop: Shop) -> None:
    change(
        shop,
        "INSERT INTO run (id, flow, key, pin, status, began, changed, ended, digest, events, epoch, payload) "
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 501) "
        f"SELECT 'r-' || i, 'small', 'k' || i, 'p', 'completed', '{OLD}', '{OLD}', '{OLD}', 'd', 0, 1, 'kept' FROM n",
    )

    assert shop.json("runs", "prune", "--yes") == {"done": True, "payloads": 502, "runs": 0, "events": 0}
    assert change(shop, "SELECT payload, count(*) FROM run GROUP BY payload") == [("kept", 2), ("removed", 502)]


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("keep: {payload: 90d}", "J020", "there is no setting `keep.payload`"),
        ("kepe: {payloads: 90d}", "J020", "there is no setting `kepe`"),
        ("keep: 90d", "J020", "`keep` says for each how long"),
        ("keep: {payloads: 3 months}", "J021", "`payloads` is a whole number of days, weeks or years: 90d, 12w, 2y"),
        ("keep: {payloads: 90}", "J021", "`payloads` is a whole number"),
        ("keep: {payloads: 2y, runs: 90d}", "J022", "`runs` ends before `payloads`"),
    ],
)
def test_a_setting_that_is_wrong_is_refused_with_its_place_everywhere(
    shop: Shop, text: str, code: str, says: str
) -> None:
    keep(shop, f"{text}\n")

    for words in (["runs", "prune", "--yes"], ["check"], ["check", "orderloom.yaml"]):
        _, error = shop.both(*words, code=1)
        assert f"error[{code}]: {says}" in error
        assert "orderloom.yaml:2:" in error
    assert code in {finding["code"] for finding in shop.json("doctor", "--offline", code=4)["findings"]}


def test_a_slip_in_a_setting_is_mended(shop: Shop) -> None:
    keep(shop, "keep: {payload: 90d}\n")

    shop.tell("check", "--fix")

    assert "keep: {payloads: 90d}" in (shop.folder / "orderloom.yaml").read_text()
