"""A journal that is torn, is none, is locked or half brought up: no command takes it for a bug, and nothing is lost."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from orderloom.journal import FILE, Journal, JournalUnusableError
from orderloom.journal.lane import Lane
from orderloom.journal.opening import open_for_writing
from orderloom.journal.schema import MIGRATIONS
from tests.cli.past import Shop, open_shop
from tests.faults.disk import tell
from tests.journal.making import begun, journal
from tests.journal.test_schema import VERSION_1, form_of, plain

COMMANDS = (
    "run small --input order.json --format canonical",
    "runs list",
    "runs show api:main:2",
    "runs resume api:main:2",
    "runs cancel api:main:2",
    "runs erase --customer ann@example.com --yes",
    "inbox list",
    "inbox show 1",
    "inbox approve 1",
    "event send a --match 1",
    "work",
    "stats",
    "test --record api:main:2",
)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """With an order that waits for a person."""
    with open_shop(tmp_path, monkeypatch) as shop:
        shop.run(2, "250.00", code=3)
        shutil.copy(shop.folder / FILE, shop.folder / "backup.db")
        (shop.folder / "order.json").write_text("{}")
        yield shop


def torn(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[2 * 4096 :] = random.Random(7).randbytes(len(content) - 2 * 4096)
    file.write_bytes(content)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def other(file: Path) -> None:
    file.write_text("this is a letter and no journal at all\n" * 200)


@pytest.mark.parametrize(
    ("harm", "why"), [(torn, "it is damaged: put a copy back"), (cut, "it is damaged"), (other, "it is no journal")]
)
def test_every_command_tells_of_a_harmed_journal_by_its_name_and_goes_on_with_the_backup(
    shop: Shop, harm: object, why: str
) -> None:
    assert callable(harm)
    harm(shop.folder / FILE)

    for command in COMMANDS:
        told = tell(*command.split())
        assert (command, told["code"], told["err"].count("\n")) == (command, 4, 1), told
        assert f"error: the journal: {shop.folder / FILE} cannot be " in told["err"]
        assert why in told["err"]
    assert tell("doctor", "--offline")["code"] == 4

    shutil.copy(shop.folder / "backup.db", shop.folder / FILE)
    assert tell("inbox", "approve", "1")["code"] == 0


def test_a_journal_that_is_gone_while_its_log_is_there_is_not_taken_for_a_new_one(shop: Shop) -> None:
    """SQLite would begin with an empty file, and throw the log away, in which the last orders stand."""
    file = shop.folder / FILE
    log = file.with_name("journal.db-wal")
    log.write_bytes(b"what was written last")
    for lose in (lambda: file.write_bytes(b""), file.unlink):
        lose()
        for command in ("runs list", "stats", "work", "event send a --match 1"):
            told = tell(*command.split())
            assert told["code"] == 4
            assert f"{file} is gone or empty, and journal.db-wal beside it is not: put the file back" in told["err"]
        assert "is gone or empty" in tell("doctor", "--offline")["out"]
    assert log.read_bytes() == b"what was written last"


def test_of_a_log_that_is_torn_what_stands_before_the_tear_is_there_and_the_rest_comes_again(tmp_path: Path) -> None:
    chance = random.Random(11)
    with journal(tmp_path) as made:
        for number in range(12):
            begun(made, str(number))
        whole = {name: (tmp_path / name).read_bytes() for name in ("journal.db", "journal.db-wal")}

    for turn in range(8):
        folder = tmp_path / str(turn)
        folder.mkdir()
        log = bytearray(whole["journal.db-wal"])
        place = chance.randrange(100_000, len(log))
        log[place:] = b"" if turn % 2 else chance.randbytes(len(log) - place)
        (folder / "journal.db").write_bytes(whole["journal.db"])
        (folder / "journal.db-wal").write_bytes(log)

        with journal(folder) as again:
            kept = [run.key for run in again.select_runs("1")]
            assert kept == [str(number) for number in range(len(kept))]
            assert [len(again.events(run.number)) for run in again.select_runs("1")] == [1] * len(kept)
            for number in range(len(kept), 12):
                begun(again, str(number))
            assert again.one("SELECT count(*) FROM run")[0] == 12


def test_a_lock_that_does_not_end_is_told_and_the_file_opens_once_it_is_gone(tmp_path: Path) -> None:
    with journal(tmp_path) as made:
        begun(made)
    with plain(tmp_path / "journal.db") as other_program:
        other_program.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalUnusableError, match=r"journal\.db cannot be opened: another program keeps it lock"):
            open_for_writing(tmp_path / "journal.db", wait_s=0.05)
        with closing(Journal(tmp_path / "journal.db", reading=True)) as looked:
            assert looked.one("SELECT count(*) FROM run")[0] == 1
        other_program.execute("ROLLBACK")
    open_for_writing(tmp_path / "journal.db", wait_s=0.05).close()


def test_a_write_that_meets_a_lock_is_made_as_soon_as_that_is_gone_and_refused_where_it_stays(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    patient, impatient = (Lane(file, open_for_writing(file, wait_s)) for wait_s in (30, 0.05))
    keep = "INSERT INTO fact VALUES (?, '')"
    with plain(file) as other_program, closing(patient), closing(impatient):
        other_program.execute("BEGIN IMMEDIATE")
        waits = patient.submit(lambda db: db.execute(keep, ("patient",)).rowcount)
        with pytest.raises(JournalUnusableError, match=r"journal\.db cannot be written: another program keeps it lock"):
            impatient.do(lambda db: db.execute(keep, ("refused",)))
        assert not waits.done()
        other_program.execute("COMMIT")
        assert waits.result(10) == 1
        impatient.do(lambda db: db.execute(keep, ("after",)))
        names = [name for (name,) in other_program.execute("SELECT name FROM fact WHERE value = '' ORDER BY 1")]
        assert names == ["after", "patient"]


# One process for all: it forks a child for each statement, which kills itself there
KILLED = """
import os, shutil, signal, sqlite3, sys
from pathlib import Path
from orderloom.journal.schema import migrate
folder = Path(sys.argv[1])
at, survived = 0, False
while not survived:
    file = folder / f"{at}.db"
    shutil.copy(folder / "old.db", file)
    child = os.fork()
    if child == 0:
        left = [at]
        def count(statement):
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left[0] -= 1
        db = sqlite3.connect(file, isolation_level=None)
        db.execute("PRAGMA journal_mode=WAL")
        db.set_trace_callback(count)
        migrate(db, str(file))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    survived = os.waitstatus_to_exitcode(status) == 0
    at += 1
print(at)
"""


def test_who_is_killed_at_any_statement_of_a_migration_leaves_a_file_that_the_next_brings_up(tmp_path: Path) -> None:
    with plain(tmp_path / "old.db") as db:
        db.executescript(VERSION_1)
    open_for_writing(tmp_path / "new.db").close()

    tried = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], capture_output=True, text=True, check=True)

    statements = sum(len(version) + 3 for version in MIGRATIONS[1:])  # BEGIN, the version and COMMIT with them
    assert int(tried.stdout) > statements, "not every statement was killed at"
    form = form_of(tmp_path / "new.db")
    for at in range(int(tried.stdout)):
        file = tmp_path / f"{at}.db"
        with closing(open_for_writing(file)) as opened:
            runs = [tuple(row) for row in opened.execute("SELECT key, status FROM run ORDER BY number")]
        assert runs == [("1001", "waiting"), ("1002", "completed")]
        assert form_of(file) == form
