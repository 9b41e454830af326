"""One writer for one SQLite file: what is handed in goes to disk in groups; nothing is told done before it is there.

A thread drains what is queued into one transaction (group commit). Each piece of work is whole by itself: one that
fails is taken back alone. Where the transaction itself fails (disk full, file locked, file torn), all of it is.
Pieces that can share statements are done together, and where one of them fails, all of these again one by one.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Protocol, TypeVar, overload

from orderloom.journal.errors import JournalUnusableError, said
from orderloom.journal.sheet import Sheet
from orderloom.journal.turn import Turn

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], Any]
Told = tuple[Any, Exception | None]
MOST_TOGETHER = 500  # pieces of work in one transaction: others who share the file get their turn


class Waiting(Protocol):
    """Who is told the result of a piece of work, from the writing thread."""

    def set_result(self, value: Any, /) -> None: ...
    def set_exception(self, failure: Exception, /) -> None: ...


@dataclass(frozen=True, slots=True)
class Joint:
    """Work that can be done together with other such: it leaves on a sheet what is written with theirs.

    It may be done more than once: what it does besides writing must be the same each time.
    """

    work: Callable[[sqlite3.Connection, Sheet], Any]


Piece = tuple[Work | Joint, Waiting]  # what is to be done, and who is told what came of it


class Lane:
    """Runs work on the file's only writing connection of this process. `close` waits for what is queued.

    `committing` is called in the writing thread with `before` and with `after` each commit; tests kill the process
    there. What it raises is what the commit failed with, whether it was made or not.
    """

    def __init__(self, file: Path, db: sqlite3.Connection, committing: Callable[[str], None] | None = None) -> None:
        self.file, self._db, self._committing = file, db, committing or (lambda _when: None)
        self._turn = Turn(db)
        self._queue: SimpleQueue[Piece | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="orderloom-journal", daemon=True)
        self._closed, self._closing = False, threading.Lock()
        self._thread.start()

    @overload
    def submit(self, work: Callable[[sqlite3.Connection], T]) -> Future[T]: ...
    @overload
    def submit(self, work: Joint, waiting: Waiting | None = None) -> Any: ...
    def submit(self, work: Work | Joint, waiting: Waiting | None = None) -> Any:
        """Queue the work. The future gives its result once it is on the disk; it cannot be cancelled.

        It raises what the work raised, or `JournalUnusableError` where the file could not be written. `waiting` is told
        in place of a future.
        """
        waiting = waiting or begun()
        with self._closing:
            if self._closed:
                waiting.set_exception(JournalUnusableError(f"{self.file} has been closed"))
            else:
                self._queue.put((work, waiting))
        return waiting

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
            self._turn.begin()
            told = [one for is_joint, works in _stretches(batch) for one in _DONE[is_joint](self._db, works)]
            self._committing("before")
            self._db.execute("COMMIT")
            self._committing("after")
        except Exception as error:  # whatever it is: the thread must live, and nobody wait for ever
            self._give_up(batch, error)
        else:
            for (_, waiting), (value, failure) in zip(batch, told, strict=True):
                if failure is None:
                    waiting.set_result(value)
                else:
                    waiting.set_exception(failure)

    def _give_up(self, batch: Sequence[Piece], error: Exception) -> None:
        with suppress(sqlite3.Error):  # a disk that fails may fail here too; the next BEGIN tells
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
        for _, waiting in batch:
            waiting.set_exception(JournalUnusableError(f"{self.file} cannot be written: {said(error)}"))


def begun() -> Future[Any]:
    """A future of what is on its way: who gives up waiting does not take it back."""
    future: Future[Any] = Future()
    future.set_running_or_notify_cancel()
    return future


def _stretches(batch: Sequence[Piece]) -> Iterator[tuple[bool, list[Any]]]:
    """What comes one after another and can be done together; the order stays."""
    for is_joint, pieces in groupby(batch, key=lambda piece: isinstance(piece[0], Joint)):
        yield is_joint, [work for work, _ in pieces]


def _together(db: sqlite3.Connection, works: Sequence[Joint]) -> list[Told]:
    def all_of_them(db: sqlite3.Connection) -> list[Told]:
        sheet = Sheet()
        told: list[Told] = [(joint.work(db, sheet), None) for joint in works]
        sheet.write(db)
        return told

    told, failure = _apart(db, all_of_them)
    if failure is None:
        return told  # type: ignore[no-any-return]
    if len(works) == 1:
        return [(None, failure)]
    return [one for work in works for one in _together(db, [work])]


def _one_by_one(db: sqlite3.Connection, works: Sequence[Work]) -> list[Told]:
    return [_apart(db, work) for work in works]


_DONE: Mapping[bool, Callable[[sqlite3.Connection, Sequence[Any]], list[Told]]] = {True: _together, False: _one_by_one}


def _apart(db: sqlite3.Connection, work: Work) -> Told:
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
