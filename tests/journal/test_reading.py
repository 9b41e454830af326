"""Finding runs: newest first, by whatever is known of them, and never by looking through all."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.journal import Journal, Run, Standing
from orderloom.journal.reading import Page, Wanted, kinds, page, place_of
from tests.journal.making import NOON, SetClock, event, journal, run

PATHS = {"completed": "pay:paid\nsend", "cancelled": "pay:unpaid\nstop", "exception": "pay!timeout", "waiting": "ask"}


def add(
    made: Journal, key: str, status: str, minutes: int = 0, flow: str = "small", people: tuple[str, ...] = ()
) -> Run:
    """A run that has come to rest, begun so many minutes after noon."""
    at = (NOON + timedelta(minutes=minutes)).isoformat()
    accepted = made.accept(run(key, flow, began=at, changed=at), event("began"), None, people).result()
    assert accepted.lease is not None
    ended = status not in {"exception", "waiting"}
    made.append(accepted.lease, [], Standing(status, ended, path=PATHS[status])).result()
    return made.run(accepted.run.number)


@contextmanager
def filled(folder: Path) -> Iterator[Journal]:
    """Two flows, some runs of each status; keys tell the order in which they began."""
    with journal(folder, SetClock()) as made:
        for number, status in enumerate(["completed", "exception", "completed", "waiting", "cancelled", "completed"]):
            flow = "returns" if number % 3 == 2 else "small"
            people = ("anna@example.com",) if number < 3 else ("17",)
            add(made, str(number), status, number, flow, people)
        yield made


def keys(made: Journal, **wanted: object) -> list[str]:
    return [found.key for found in made.read(lambda db: page(db, Wanted(**wanted))).runs]  # type: ignore[arg-type]


def test_the_newest_run_comes_first(tmp_path: Path) -> None:
    with filled(tmp_path) as made:
        assert keys(made) == ["5", "4", "3", "2", "1", "0"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"flow": "returns"}, ["5", "2"]),
        ({"status": "completed"}, ["5", "2", "0"]),
        ({"status": "open"}, ["3", "1"]),
        ({"status": "ended"}, ["5", "4", "2", "0"]),
        ({"flow": "small", "status": "completed"}, ["0"]),
        ({"key": "4"}, ["4"]),
        ({"key": "4", "status": "open"}, []),
        ({"step": "pay"}, ["5", "4", "2", "1", "0"]),
        ({"step": "pay", "outcome": "paid"}, ["5", "2", "0"]),
        ({"step": "send", "outcome": "paid"}, []),
        ({"error": "timeout"}, ["1"]),
        ({"step": "ask", "status": "completed"}, []),
        ({"since": (NOON + timedelta(minutes=4)).isoformat()}, ["5", "4"]),
        ({"until": (NOON + timedelta(minutes=4)).isoformat()}, ["3", "2", "1", "0"]),
        ({"flow": "nothing"}, []),
    ],
    ids=str,
)
def test_a_run_is_found_by_what_is_known_of_it(tmp_path: Path, wanted: dict[str, object], found: list[str]) -> None:
    with filled(tmp_path) as made:
        assert keys(made, **wanted) == found


def test_a_person_is_found_by_a_hash_and_stands_nowhere_in_the_file(tmp_path: Path) -> None:
    with filled(tmp_path) as made:
        assert keys(made, hash=made.hash_of(" Anna@Example.com ")) == ["2", "1", "0"]
        assert keys(made, hash=made.hash_of("anna@example.com"), status="completed", step="pay") == ["2", "0"]
    files = [file.read_bytes() for file in tmp_path.glob("journal.db*")]
    assert not any(b"anna@" in content for content in files)


def test_pages_go_on_where_the_one_before_ended_also_among_runs_of_one_moment(tmp_path: Path) -> None:
    with journal(tmp_path) as made:
        for number in range(7):
            add(made, str(number), "completed" if number % 2 else "cancelled", minutes=number // 4)
        met: list[str] = []
        wanted = Wanted(limit=2)
        while True:
            found: Page = made.read(lambda db, wanted=wanted: page(db, wanted))  # type: ignore[misc]
            met += [one.key for one in found.runs]
            if not found.more:
                break
            wanted = Wanted(limit=2, before=place_of(found.runs[-1]))
        assert met == ["6", "5", "4", "3", "2", "1", "0"]


def test_what_can_be_wanted_is_looked_up_in_an_index_and_nothing_is_sorted(tmp_path: Path) -> None:
    """A file of a million runs is read no longer than one of ten: no statement scans, none sorts."""
    with filled(tmp_path) as made:
        here = {"since": NOON.isoformat(), "until": (NOON + timedelta(days=1)).isoformat()}
        wants = [
            {}, {"flow": "small"}, {"status": "open"}, {"flow": "small", "status": "completed", **here}, {"key": "4"},
            {"step": "pay"}, {"outcome": "paid", **here}, {"error": "timeout"}, {"hash": "x"},
        ]  # fmt: skip
        asked: set[str] = set()
        db = made.read(lambda db: db)
        db.set_trace_callback(asked.add)
        for wanted in wants:
            keys(made, **wanted)
        for name in ("r-small-1", "4", "r-sma"):
            made.find(name)
        db.set_trace_callback(None)
        assert len(asked) > 10
        plans = {statement: plan_of(db, statement) for statement in asked}
    assert {statement: plan for statement, plan in plans.items() if "SCAN" in plan or "TEMP B-TREE" in plan} == {}


def plan_of(db: sqlite3.Connection, statement: str) -> str:
    return "; ".join(row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {statement}"))


def test_flows_and_their_statuses_are_found_by_leaps(tmp_path: Path) -> None:
    with filled(tmp_path) as made:
        assert list(made.read(kinds)) == [
            ("returns", "completed"), ("small", "cancelled"), ("small", "completed"), ("small", "exception"),
            ("small", "waiting"),
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("r-small-4", ["4"]),
        ("4", ["4"]),
        ("r-returns", ["2", "5"]),
        ("r-", []),
        ("nobody", []),
    ],
)
def test_a_person_names_a_run_by_its_id_its_key_or_the_beginning_of_its_id(
    tmp_path: Path, name: str, found: list[str]
) -> None:
    with filled(tmp_path) as made:
        assert sorted(one.key for one in made.find(name)) == found


def test_orders_are_counted_as_they_come_in_by_flow_and_day(tmp_path: Path) -> None:
    with filled(tmp_path) as made:
        made.accept(run("0"), event("began")).result()  # came again: it is not another one
        assert [tuple(row) for row in made.all("SELECT flow, day, runs FROM intake ORDER BY flow")] == [
            ("returns", "2026-03-02", 2), ("small", "2026-03-02", 4),
        ]  # fmt: skip


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(sorted(PATHS))), max_size=12), st.integers(1, 4))
def test_pages_together_are_always_all_runs_in_order(
    tmp_path_factory: pytest.TempPathFactory, runs: list[tuple[int, str]], size: int
) -> None:
    with journal(tmp_path_factory.mktemp("pages")) as made:
        added = [add(made, str(number), status, minutes) for number, (minutes, status) in enumerate(runs)]
        met: list[Run] = []
        more = True
        while more:
            before = {"before": place_of(met[-1])} if met else {}
            wanted = Wanted(limit=size, **before)  # type: ignore[arg-type]
            found = made.read(lambda db, wanted=wanted: page(db, wanted))  # type: ignore[misc]
            met += found.runs
            more = found.more
        assert [one.number for one in met] == [one.number for one in sorted(added, key=place_of, reverse=True)]
