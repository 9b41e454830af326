"""A shelf of our own for connections that work on this machine: JSON documents under a key, in one SQLite file.

What stands there is there for good: a change is on the disk before the call that made it returns. Several processes
may share the file.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from orderloom.world.errors import ConnectionFailedError, ConnectionUnusableError

DEFAULT_FILE = ".orderloom/world.sqlite"
WAIT_S = 30.0  # for another process that writes
_TABLE = "CREATE TABLE IF NOT EXISTS shelf (kind TEXT, key TEXT, value TEXT, PRIMARY KEY (kind, key)) WITHOUT ROWID"


def shelf_at(base: Path, values: Mapping[str, Any]) -> Shelf:
    """The shelf that a connection's `file` names, else the one that all local connections of a project share."""
    return Shelf(base / str(values.get("file", DEFAULT_FILE)))


class Shelf:
    """Documents by kind and key. The file is made when something is first put there: looking makes none.

    Without a file it is kept in memory, for tests. Raises `ConnectionUnusableError` where the file cannot be opened.
    """

    def __init__(self, file: Path | None = None) -> None:
        self.file = file
        self._lock = threading.RLock()
        self._opened: sqlite3.Connection | None = None

    def get(self, kind: str, key: str) -> Any:
        """The document, or None."""
        if not self.exists:
            return None
        with self._lock:
            found = self._run("SELECT value FROM shelf WHERE kind = ? AND key = ?", (kind, key)).fetchone()
        return None if found is None else json.loads(found[0])

    def between(self, kind: str, low: str, high: str) -> dict[str, Any]:
        """Every document of a kind whose key is `low` or more, and less than `high`, in the order of their keys."""
        if not self.exists:
            return {}
        statement = "SELECT key, value FROM shelf WHERE kind = ? AND key >= ? AND key < ? ORDER BY key"
        with self._lock:
            rows = self._run(statement, (kind, low, high)).fetchall()
        return {key: json.loads(value) for key, value in rows}

    def all(self, kind: str) -> dict[str, Any]:
        """Every document of a kind by its key."""
        return self.between(kind, "", "\U0010ffff")

    def put(self, kind: str, key: str, value: Any) -> None:
        """Keep a document, in place of the one that stood there."""
        with self._lock:
            text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
            self._run("INSERT OR REPLACE INTO shelf VALUES (?, ?, ?)", (kind, key, text))

    def drop(self, kind: str, key: str) -> None:
        with self._lock:
            self._run("DELETE FROM shelf WHERE kind = ? AND key = ?", (kind, key))

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Everything inside happens together or not at all, and nobody else writes meanwhile."""
        with self._lock:
            self._run("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._run("ROLLBACK")
                raise
            self._run("COMMIT")

    @property
    def exists(self) -> bool:
        return self._opened is not None or (self.file is not None and self.file.exists())

    def count(self, kind: str | None = None) -> int:
        """How many documents stand there, of this kind or of all."""
        if not self.exists:
            return 0
        with self._lock:
            found = self._run("SELECT count(*) FROM shelf WHERE ? IS NULL OR kind = ?", (kind, kind))
            return int(found.fetchone()[0])

    def probe(self, *, every_page: bool = False) -> None:
        """Raises `ConnectionFailedError` where it cannot be used. Looking at every page takes its time."""
        if not self.exists:
            return
        with self._lock:
            self._run("SELECT value FROM shelf LIMIT 1").fetchone()
            if every_page:
                [(found,)] = self._run("PRAGMA quick_check(1)").fetchall()
                if found != "ok":
                    raise ConnectionFailedError("unavailable", f"{self.file} is damaged")

    def version(self) -> int:
        """A number that another one than before means that somebody else has changed the file."""
        return int(self._run("PRAGMA data_version").fetchone()[0]) if self.exists else 0

    def close(self) -> None:
        with self._lock:
            if self._opened is not None:
                self._opened.close()
                self._opened = None

    @property
    def _db(self) -> sqlite3.Connection:
        with self._lock:
            if self._opened is None:
                self._opened = _open(self.file)
            return self._opened

    def _run(self, statement: str, values: tuple[Any, ...] = ()) -> sqlite3.Cursor:
        try:
            return self._db.execute(statement, values)
        except sqlite3.Error as error:
            raise ConnectionFailedError("unavailable", f"{self.file} cannot be used: {error}") from error


def _open(file: Path | None) -> sqlite3.Connection:
    try:
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(file or ":memory:", timeout=WAIT_S, isolation_level=None, check_same_thread=False)
        _prepare(db)
    except (OSError, sqlite3.Error) as error:
        raise ConnectionUnusableError(f"{file} cannot be opened: {error}") from error
    return db


def _prepare(db: sqlite3.Connection) -> None:
    """SQLite does not wait for others while it turns a new file to write-ahead logging: that is done here."""
    until = time.monotonic() + WAIT_S
    while True:
        try:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=FULL")
            db.execute(_TABLE)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return
