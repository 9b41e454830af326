"""The one writer: nothing is told done before it is on the disk, and no piece of work takes others with it."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from orderloom.journal.errors import JournalUnusableError
from orderloom.journal.lane import Joint, Lane
from orderloom.journal.sheet import Sheet


@contextmanager
def lane(folder: Path, committing: Callable[[str], None] | None = None) -> Iterator[Lane]:
    db = sqlite3.connect(folder / "lane.db", isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("CREATE TABLE IF NOT EXISTS kept (value UNIQUE)")
    made = Lane(folder / "lane.db", db, committing)
    try:
        yield made
    finally:
        made.close()


def keep(value: Any) -> Callable[[sqlite3.Connection], Any]:
    return lambda db: db.execute("INSERT INTO kept VALUES (?)", (value,)).rowcount


def jointly(value: Any) -> Joint:
    return Joint(lambda db, _sheet: keep(value)(db))


def kept(folder: Path) -> list[Any]:
    db = sqlite3.connect(folder / "lane.db")
    try:
        return [row[0] for row in db.execute("SELECT value FROM kept ORDER BY rowid")]
    finally:
        db.close()


class Held:
    """Holds the writer inside its commit until it is let go, so that work queues up behind it."""

    def __init__(self) -> None:
        self.inside, self.go_on, self.commits = threading.Event(), threading.Event(), 0

    def __call__(self, when: str) -> None:
        if when == "before":
            self.commits += 1
            self.inside.set()
            assert self.go_on.wait(10)


def test_what_is_told_done_is_on_the_disk(tmp_path: Path) -> None:
    with lane(tmp_path) as made:
        made.do(keep(1))
        assert kept(tmp_path) == [1]


def test_nothing_is_told_done_before_its_commit(tmp_path: Path) -> None:
    held = Held()
    with lane(tmp_path, held) as made:
        future = made.submit(keep(1))
        assert held.inside.wait(10)
        assert (future.done(), kept(tmp_path)) == (False, [])
        held.go_on.set()
        assert (future.result(10), kept(tmp_path)) == (1, [1])


def test_what_queues_up_meanwhile_is_one_commit_in_the_order_in_which_it_came(tmp_path: Path) -> None:
    held = Held()
    with lane(tmp_path, held) as made:
        first = made.submit(keep(0))
        assert held.inside.wait(10)
        others = [made.submit(keep(number)) for number in range(1, 50)]
        held.go_on.set()
        assert [future.result(10) for future in (first, *others)] == [1] * 50
    assert held.commits == 2
    assert kept(tmp_path) == list(range(50))


def test_a_piece_of_work_that_fails_is_taken_back_alone(tmp_path: Path) -> None:
    def half(db: sqlite3.Connection) -> None:
        db.execute("INSERT INTO kept VALUES ('half')")
        raise ValueError("changed my mind")

    held = Held()
    with lane(tmp_path, held) as made:
        made.submit(keep("first"))
        assert held.inside.wait(10)
        told = [made.submit(keep("before")), made.submit(half), made.submit(keep("before")), made.submit(keep("after"))]
        held.go_on.set()
        assert told[0].result(10) == told[3].result(10) == 1
        with pytest.raises(ValueError, match="changed my mind"):
            told[1].result(10)
        with pytest.raises(sqlite3.IntegrityError):
            told[2].result(10)
    assert kept(tmp_path) == ["first", "before", "after"]


def test_work_done_together_with_some_that_fails_is_done_again_without_it(tmp_path: Path) -> None:
    def fail(_db: sqlite3.Connection, _sheet: Sheet) -> None:
        raise ValueError("not I")

    held = Held()
    with lane(tmp_path, held) as made:
        made.submit(keep("first"))
        assert held.inside.wait(10)
        told = [made.submit(work) for work in (jointly("before"), Joint(fail), jointly("before"), jointly("after"))]
        held.go_on.set()
        assert told[0].result(10) == told[3].result(10) == 1
        for failed, error in ((told[1], ValueError), (told[2], sqlite3.IntegrityError)):
            with pytest.raises(error):
                failed.result(10)
        assert held.commits == 2
    assert kept(tmp_path) == ["first", "before", "after"]


def test_work_done_together_keeps_its_place_among_the_rest(tmp_path: Path) -> None:
    held = Held()
    with lane(tmp_path, held) as made:
        made.submit(keep(0))
        assert held.inside.wait(10)
        told = [made.submit(jointly(1)), made.submit(jointly(2)), made.submit(keep(3)), made.submit(jointly(4))]
        held.go_on.set()
        assert [one.result(10) for one in told] == [1] * 4
    assert kept(tmp_path) == [0, 1, 2, 3, 4]


def test_what_sqlite_cannot_do_takes_the_group_back_and_the_next_goes_on(tmp_path: Path) -> None:
    held = Held()
    with lane(tmp_path, held) as made:
        made.submit(keep(0))
        assert held.inside.wait(10)
        group = [made.submit(keep(1)), made.submit(lambda db: db.execute("INSERT INTO nowhere VALUES (1)"))]
        held.go_on.set()
        for future in group:
            with pytest.raises(JournalUnusableError, match=r"lane\.db cannot be written"):
                future.result(10)
        assert made.do(keep(2)) == 1
    assert kept(tmp_path) == [0, 2]


@pytest.mark.parametrize("error", [RuntimeError("out of luck"), MemoryError(), sqlite3.OperationalError("disk I/O")])
def test_a_commit_that_fails_is_told_to_all_whose_work_was_in_it_and_the_lane_lives(
    tmp_path: Path, error: Exception
) -> None:
    failing = [error]

    def fail_once(when: str) -> None:
        if failing:
            raise failing.pop()

    with lane(tmp_path, fail_once) as made:
        with pytest.raises(JournalUnusableError, match=r"lane\.db cannot be written"):
            made.do(keep(1))
        assert made.do(keep(2)) == 1
    assert kept(tmp_path) == [2]


def test_who_no_longer_waits_takes_nothing_with_it(tmp_path: Path) -> None:
    async def give_up(future: Future[Any]) -> None:
        waiting = asyncio.ensure_future(asyncio.wrap_future(future))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    held = Held()
    with lane(tmp_path, held) as made:
        made.submit(keep(0))
        assert held.inside.wait(10)
        given_up, other = made.submit(keep(1)), made.submit(keep(2))
        asyncio.run(give_up(given_up))
        held.go_on.set()
        assert other.result(10) == 1
    assert kept(tmp_path) == [0, 1, 2]  # what was handed in is done: nobody can know how far it had come


def test_closing_writes_what_is_queued_and_takes_nothing_more(tmp_path: Path) -> None:
    with lane(tmp_path) as made:
        futures = [made.submit(keep(number)) for number in range(100)]
    assert all(future.result(0) == 1 for future in futures)
    with pytest.raises(JournalUnusableError, match="has been closed"):
        made.do(keep(100))
    assert kept(tmp_path) == list(range(100))
