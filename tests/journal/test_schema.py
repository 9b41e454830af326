"""The file's own form: made once, brought up version by version, never taken apart by half."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from orderloom.journal import Journal, JournalUnusableError
from orderloom.journal.opening import open_for_writing
from orderloom.journal.schema import MIGRATIONS, migrate
from tests.journal.making import begun, journal

VERSION_1 = (Path(__file__).parent / "version_1.sql").read_text(encoding="utf-8")


@contextmanager
def plain(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        yield db


def form_of(file: Path) -> list[tuple[str, ...]]:
    """Its tables and indexes, as SQLite has them."""
    with plain(file) as db:
        rows = db.execute("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
        return sorted(tuple(" ".join(str(part).split()) for part in row) for row in rows)


def test_a_file_that_is_opened_again_is_the_same_one(tmp_path: Path) -> None:
    with journal(tmp_path) as first:
        number = begun(first).run
    with journal(tmp_path) as again:
        assert again.run(number).key == "1"
        assert [event.kind for event in again.events(number)] == ["began"]


def test_two_who_open_a_new_file_at_once_both_get_it(tmp_path: Path) -> None:
    opening = (
        "import sys; from pathlib import Path; from orderloom.journal import Journal; sys.stdin.read(1); "
        "Journal(Path(sys.argv[1])).close()"
    )
    command = [sys.executable, "-c", opening, str(tmp_path / "journal.db")]
    started = [subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)]
    for process in started:
        assert process.stdin is not None
        process.stdin.write(b".")
        process.stdin.flush()
    assert [(process.communicate()[1], process.returncode) for process in started] == [(b"", 0)] * 3


def test_a_file_of_a_newer_orderloom_is_left_as_it_is(tmp_path: Path) -> None:
    with journal(tmp_path) as made:
        begun(made)
    with plain(tmp_path / "journal.db") as db:
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    before = (tmp_path / "journal.db").read_bytes()

    with pytest.raises(JournalUnusableError, match=r"journal\.db was written by a newer orderloom .* install that one"):
        Journal(tmp_path / "journal.db")

    assert (tmp_path / "journal.db").read_bytes() == before


def test_a_migration_that_breaks_leaves_the_version_before_it_and_the_next_goes_on_from_there(tmp_path: Path) -> None:
    good, bad = ("CREATE TABLE one (x)",), ("CREATE TABLE two (x)", "CREATE NONSENSE")
    with plain(tmp_path / "j.db") as db:
        with pytest.raises(sqlite3.OperationalError):
            migrate(db, "j.db", [good, bad])
        assert db.execute("PRAGMA user_version").fetchone() == (1,)
        assert [row[0] for row in db.execute("SELECT name FROM sqlite_master")] == ["one"]

        migrate(db, "j.db", [good, ("CREATE TABLE two (x)",)])

        assert db.execute("PRAGMA user_version").fetchone() == (2,)
        assert sorted(row[0] for row in db.execute("SELECT name FROM sqlite_master")) == ["one", "two"]


def test_a_file_of_version_1_with_runs_in_it_is_brought_up_and_goes_on(tmp_path: Path) -> None:
    with plain(tmp_path / "journal.db") as db:
        db.executescript(VERSION_1)
    open_for_writing(tmp_path / "new.db").close()

    with journal(tmp_path) as made:
        [open_run, ended] = made.select_runs("1")
        assert (open_run.key, open_run.status, ended.status) == ("1001", "waiting", "completed")
        assert [event.kind for event in made.events(open_run.number)] == ["began", "waits"]
        [task] = made.pending()
        assert (task.number, task.run, task.desk) == (7, open_run.number, "orders")
        assert made.pin("a1b2")[:2] == ("small", 1)
        assert made.take(open_run) is not None
    assert form_of(tmp_path / "journal.db") == form_of(tmp_path / "new.db")
