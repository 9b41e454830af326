"""Opens the journal's file, for the one writer or for a reader."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from orderloom.journal.errors import JournalUnusableError, said
from orderloom.journal.schema import migrate
from orderloom.journal.turn import is_busy

WAIT_S = 30.0  # for another process that writes
PAGES_KB = 64_000


def is_there(file: Path) -> bool:
    """Whether a journal has been written here, be it whole or not."""
    try:
        return file.exists() or _log(file).exists()
    except OSError:  # who may not look is told so when it is opened
        return True


def open_for_writing(file: Path, wait_s: float = WAIT_S) -> sqlite3.Connection:
    """The file, made where there is none, in its newest version. Raises `JournalUnusableError`."""
    _must_have_its_log(file)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(file, timeout=wait_s, isolation_level=None, check_same_thread=False)
    except (OSError, sqlite3.Error) as error:
        raise JournalUnusableError(f"{file} cannot be opened: {said(error)}") from error
    try:
        _to_write_ahead(db, wait_s)
        db.execute("PRAGMA synchronous=FULL")
        db.execute(f"PRAGMA cache_size=-{PAGES_KB}")
        migrate(db, str(file))
    except sqlite3.Error as error:
        db.close()
        raise JournalUnusableError(f"{file} cannot be opened: {said(error)}") from error
    except JournalUnusableError:
        db.close()
        raise
    return db


def open_for_reading(file: Path) -> sqlite3.Connection:
    """A connection of its own that cannot write; one for each thread that reads. Raises `JournalUnusableError`."""
    _must_have_its_log(file)
    apart = _can_be_read_alone(file)
    name = f"{file.absolute().as_uri()}?immutable=1" if apart else str(file)
    try:
        db = sqlite3.connect(name, timeout=WAIT_S, isolation_level=None, check_same_thread=False, uri=apart)
        db.execute("PRAGMA query_only=ON")
    except sqlite3.Error as error:
        raise JournalUnusableError(f"{file} cannot be opened: {said(error)}") from error
    db.row_factory = sqlite3.Row
    return db


def version_of(file: Path) -> int:
    """The version of the file's form, read without changing anything. Raises `JournalUnusableError`."""
    try:
        with closing(open_for_reading(file)) as db:
            return int(db.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.Error as error:
        raise JournalUnusableError(f"{file} cannot be opened: {said(error)}") from error


def _can_be_read_alone(file: Path) -> bool:
    """Whether the file lies still where nothing can be written: a disk for reading only, a folder of somebody else.

    SQLite would make two files beside it, and cannot. Where another process writes, those two are there, and serve.
    Raises `JournalUnusableError` where what came last stands in a log that cannot be read so.
    """
    if not file.exists() or _beside(file, "shm").exists() or os.access(file.parent, os.W_OK):
        return False
    log = _log(file)
    if _size(log):
        raise JournalUnusableError(
            f"{file} cannot be read here: its folder may not be written, and {log.name} beside it holds what came "
            "last: copy both into a project whose folder may be, and look there"
        )
    return True


def _must_have_its_log(file: Path) -> None:
    """SQLite takes an empty file for a new one, and throws away the log that stands beside it.

    Raises `JournalUnusableError` where that would lose what was written last.
    """
    log = _log(file)
    if _size(log) and not _size(file):
        raise JournalUnusableError(
            f"{file} is gone or empty, and {log.name} beside it is not: put the file back (a backup), or move "
            f"{log.name} away to begin with an empty one"
        )


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _log(file: Path) -> Path:
    """Where SQLite keeps what it has not yet put in the file itself."""
    return _beside(file, "wal")


def _beside(file: Path, what: str) -> Path:
    return file.with_name(f"{file.name}-{what}")


def _to_write_ahead(db: sqlite3.Connection, wait_s: float) -> None:
    """SQLite does not wait for others while it turns a new file to write-ahead logging: that is done here."""
    until = time.monotonic() + wait_s
    while True:
        try:
            db.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if not is_busy(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return
