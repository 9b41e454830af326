"""A shelf of our own for connections that work on this machine: JSON documents under a key, in one SQLite file.

What stands there is there for good: a change is on the disk before the call that made it returns. Several processes
may share the file.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orderloom.world.errors import ConnectionFailedError, ConnectionUnusableError

DEFAULT_FILE = ".orderloom/world.sqlite"
WAIT_S = 30.0  # for another process that writes
MOST_TOGETHER = 100  # changes in one commit: other processes get their turn
_TABLE = "CREATE TABLE IF NOT EXISTS shelf (kind TEXT, key TEXT, value TEXT, PRIMARY KEY (kind, key)) WITHOUT ROWID"


def shelf_at(base: Path, values: Mapping[str, Any]) -> Shelf:
    """The shelf that a connection's `file` names, else the one that all local connections of a project share."""
    return Shelf(base / str(values.get("file", DEFAULT_FILE)))


@dataclass
class _Group:
    """Changes that reach the disk together; `done` is set when they have, or when `error` says why not."""

    size: int = 0
    done: threading.Event = field(default_factory=threading.Event)
    error: sqlite3.Error | None = None


class Shelf:
    """Documents by kind and key. The file is made when something is first put there: looking makes none.

    Threads that change it at the same time share a commit: whoever finds nobody waiting behind it writes for all.
    Without a file it is kept in memory, for tests. Raises `ConnectionUnusableError` where the file cannot be opened.
    """

    def __init__(self, file: Path | None = None) -> None:
        self.file = file
        self._lock = threading.RLock()
        self._mutex = threading.Lock()  # of `_waiting`
        self._waiting = 0  # threads that want to change something and have not begun
        self._group: _Group | None = None
        self._changes = threading.local()  # `inside`: this thread is changing something
        self._readers = threading.local()
        self._opened: sqlite3.Connection | None = None
        self._read: list[sqlite3.Connection] = []

    def get(self, kind: str, key: str) -> Any:
        """The document, or None."""
        if not self.exists:
            return None
        [*found] = self._select("SELECT value FROM shelf WHERE kind = ? AND key = ?", (kind, key))
        return json.loads(found[0][0]) if found else None

    def between(self, kind: str, low: str, high: str) -> dict[str, Any]:
        """Every document of a kind whose key is `low` or more, and less than `high`, in the order of their keys."""
        if not self.exists:
            return {}
        statement = "SELECT key, value FROM shelf WHERE kind = ? AND key >= ? AND key < ? ORDER BY key"
        return {key: json.loads(value) for key, value in self._select(statement, (kind, low, high))}

    def all(self, kind: str) -> dict[str, Any]:
        """Every document of a kind by its key."""
        return self.between(kind, "", "\U0010ffff")

    def mentioning(self, texts: Iterable[str]) -> Iterator[tuple[str, str, Any]]:
        """Kind, key and value of every document in which one of the texts stands, however it is capitalised (ASCII)."""
        for text in texts if self.exists else ():
            for kind, key in self._keys_with(text):
                with self._lock:
                    row = self._run("SELECT value FROM shelf WHERE kind = ? AND key = ?", (kind, key)).fetchone()
                if row is not None:
                    yield kind, key, json.loads(row[0])

    def _keys_with(self, text: str) -> list[tuple[str, str]]:
        within = "instr(lower(value), lower(?)) OR instr(lower(key), lower(?))"
        with self._lock:
            return self._run(f"SELECT kind, key FROM shelf WHERE {within}", (text, text)).fetchall()  # noqa: S608

    def scrub(self) -> bool:
        """Leave nothing of what was dropped or replaced in the file; False where somebody else is reading it."""
        if not self.exists:
            return True
        with self._lock:
            self._run("VACUUM")
            return not self._run("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]

    def put(self, kind: str, key: str, value: Any) -> None:
        """Keep a document, in place of the one that stood there."""
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        with self.changing():
            self._run("INSERT OR REPLACE INTO shelf VALUES (?, ?, ?)", (kind, key, text))

    def drop(self, kind: str, key: str) -> None:
        with self.changing():
            self._run("DELETE FROM shelf WHERE kind = ? AND key = ?", (kind, key))

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Everything inside happens together or not at all, and nobody else writes meanwhile.

        When it is left, it is on the disk. Inside another one it is part of that.
        """
        if self._is_inside:
            yield
            return
        with self._mutex:
            self._waiting += 1
        with self._lock:
            with self._mutex:
                self._waiting -= 1
            group = self._begun()
            try:
                with self._apart():
                    yield
            finally:
                group.size += 1
                if self._waiting == 0 or group.size >= MOST_TOGETHER:
                    self._commit(group)
        group.done.wait()
        if group.error is not None:
            raise _failed(self.file, group.error)

    @property
    def exists(self) -> bool:
        return self._opened is not None or (self.file is not None and self.file.exists())

    def count(self, kind: str | None = None) -> int:
        """How many documents stand there, of this kind or of all."""
        if not self.exists:
            return 0
        [(found,)] = self._select("SELECT count(*) FROM shelf WHERE ? IS NULL OR kind = ?", (kind, kind))
        return int(found)

    def probe(self, *, every_page: bool = False) -> None:
        """Raises `ConnectionFailedError` where it cannot be used. Looking at every page takes its time."""
        if not self.exists:
            return
        self._select("SELECT value FROM shelf LIMIT 1", ())
        if every_page:
            [(found,)] = self._select("PRAGMA quick_check(1)", ())
            if found != "ok":
                raise ConnectionFailedError("unavailable", f"{self.file} is damaged")

    def version(self) -> int:
        """A number that another one than before means that somebody else has changed the file."""
        if not self.exists:
            return 0
        with self._lock:
            return int(self._run("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        with self._lock:
            for db in [*self._read, *([self._opened] if self._opened else [])]:
                db.close()
            self._opened, self._read, self._readers = None, [], threading.local()

    @property
    def _is_inside(self) -> bool:
        return bool(getattr(self._changes, "inside", False))

    def _begun(self) -> _Group:
        """The group that is open, or a new one; the lock is held."""
        if self._group is None:
            self._run("BEGIN IMMEDIATE")
            self._group = _Group()
        return self._group

    @contextmanager
    def _apart(self) -> Iterator[None]:
        """What fails is taken back alone: what others did in the same group stays."""
        self._run("SAVEPOINT change")
        self._changes.inside = True
        try:
            yield
        except BaseException:
            if self._db.in_transaction:
                self._run("ROLLBACK TO change")
                self._run("RELEASE change")
            raise
        else:
            self._run("RELEASE change")
        finally:
            self._changes.inside = False

    def _commit(self, group: _Group) -> None:
        self._group = None
        try:
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            group.error = error
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
        finally:
            group.done.set()

    @property
    def _db(self) -> sqlite3.Connection:
        with self._lock:
            if self._opened is None:
                self._opened = _open(self.file)
            return self._opened

    def _select(self, statement: str, values: tuple[Any, ...]) -> list[Any]:
        """Rows as they stand on the disk; inside a change, as this change has made them."""
        if self._is_inside or self.file is None:
            with self._lock:
                return self._run(statement, values).fetchall()
        try:
            return self._reader.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise _failed(self.file, error) from error

    @property
    def _reader(self) -> sqlite3.Connection:
        """This thread's own connection: who reads waits for nobody who writes."""
        if not hasattr(self._readers, "db"):
            opened = _open(self.file)
            with self._lock:
                self._read.append(opened)
            self._readers.db = opened
        found = self._readers.db
        assert isinstance(found, sqlite3.Connection)
        return found

    def _run(self, statement: str, values: tuple[Any, ...] = ()) -> sqlite3.Cursor:
        try:
            return self._db.execute(statement, values)
        except sqlite3.Error as error:
            raise _failed(self.file, error) from error


def _failed(file: Path | None, error: sqlite3.Error) -> ConnectionFailedError:
    return ConnectionFailedError("unavailable", f"{file} cannot be used: {error}")


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
