"""Opens the journal's file, for the one writer or for a reader."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from orderloom.journal.errors import JournalUnusableError, said
from orderloom.journal.schema import migrate

WAIT_S = 30.0  # for another process that writes
PAGES_KB = 64_000


def open_for_writing(file: Path) -> sqlite3.Connection:
    """The file, made where there is none, in its newest version. Raises `JournalUnusableError`."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(file, timeout=WAIT_S, isolation_level=None, check_same_thread=False)
    except (OSError, sqlite3.Error) as error:
        raise JournalUnusableError(f"{file} cannot be opened: {_said(error)}") from error
    try:
        _to_write_ahead(db)
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
    """A connection of its own that cannot write; one for each thread that reads."""
    try:
        db = sqlite3.connect(file, timeout=WAIT_S, isolation_level=None, check_same_thread=False)
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


def _said(error: OSError | sqlite3.Error) -> str:
    return said(error) if isinstance(error, sqlite3.Error) else (error.strerror or str(error))


def _to_write_ahead(db: sqlite3.Connection) -> None:
    """SQLite does not wait for others while it turns a new file to write-ahead logging: that is done here."""
    until = time.monotonic() + WAIT_S
    while True:
        try:
            db.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return
