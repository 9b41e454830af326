"""One writer for one SQLite file: what is handed in goes to disk in groups; nothing is told done before it is there.

A thread drains what is queued into one transaction (group commit). Each piece of work is whole by itself: one that
fails is taken back alone. Where the transaction itself fails (disk full, file locked, file torn), all of it is.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TypeVar

from orderloom.journal.errors import JournalUnusableError, said

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], Any]
Piece = tuple[Work, Future[Any]]  # what is to be done, and who is told what came of it
MOST_TOGETHER = 500  # pieces of work in one transaction: others who share the file get their turn


class Lane:
    """Runs work on the file's only writing connection of this process. `close` waits for what is queued.

    `committing` is called in the writing thread with `before` and with `after` each commit; tests kill the process
    there. What it raises is what the commit failed with, whether it was made or not.
    """

    def __init__(self, file: Path, db: sqlite3.Connection, committing: Callable[[str], None] | None = None) -> None:
        self.file, self._db, self._committing = file, db, committing or (lambda _when: None)
        self._queue: SimpleQueue[Piece | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="orderloom-journal", daemon=True)
        self._closed, self._closing = False, threading.Lock()
        self._thread.start()

    def submit(self, work: Callable[[sqlite3.Connection], T]) -> Future[T]:
        """Queue the work. The future gives its result once it is on the disk; it cannot be cancelled.

        It raises what the work raised, or `JournalUnusableError` where the file could not be written.
        """
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()  # who gives up waiting does not take back what is on its way
        with self._closing:
            if self._closed:
                future.set_exception(JournalUnusableError(f"{self.file} has been closed"))
            else:
                self._queue.put((work, future))
        return future

    def do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """The work's result, waited for."""
        return self.submit(work).result()

    def close(self) -> None:
        """Write what is queued, then let the file go."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _serve(self) -> None:
        more = True
        while more:
            batch, more = self._drain()
            if batch:
                self.commit(batch)
        self._db.close()

    def _drain(self) -> tuple[list[Piece], bool]:
        """All that is queued, at least one piece; and whether more may come."""
        batch = []
        found = self._queue.get()
        while found is not None:
            batch.append(found)
            if len(batch) >= MOST_TOGETHER or self._queue.empty():
                return batch, True
            found = self._queue.get()
        return batch, False

    def commit(self, batch: Sequence[Piece]) -> None:
        """Do the pieces in one transaction, in the thread that has the connection, and tell each what came of it."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            told = [_apart(self._db, work) for work, _ in batch]
            self._committing("before")
            self._db.execute("COMMIT")
            self._committing("after")
        except Exception as error:  # whatever it is: the thread must live, and nobody wait for ever
            self._give_up(batch, error)
        else:
            for (_, future), (value, failure) in zip(batch, told, strict=True):
                if failure is None:
                    future.set_result(value)
                else:
                    future.set_exception(failure)

    def _give_up(self, batch: Sequence[Piece], error: Exception) -> None:
        with suppress(sqlite3.Error):  # a disk that fails may fail here too; the next BEGIN tells
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
        for _, future in batch:
            future.set_exception(JournalUnusableError(f"{self.file} cannot be written: {said(error)}"))


def _apart(db: sqlite3.Connection, work: Work) -> tuple[Any, Exception | None]:
    """What the work gave, or raised; then nothing of it has happened. What SQLite cannot do ends the whole group."""
    db.execute("SAVEPOINT piece")
    try:
        value = work(db)
    except Exception as failure:
        if isinstance(failure, sqlite3.Error) and not isinstance(failure, sqlite3.IntegrityError):
            raise
        db.execute("ROLLBACK TO piece")
        db.execute("RELEASE piece")
        return None, failure
    db.execute("RELEASE piece")
    return value, None
