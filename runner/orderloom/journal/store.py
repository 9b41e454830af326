"""The journal as the rest of orderloom sees it: one file, one writer of this process, readers beside it."""

from __future__ import annotations

import hmac
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from orderloom.journal import leasing, reading, revisions, writing
from orderloom.journal.errors import JournalError, JournalUnusableError, said
from orderloom.journal.held import held
from orderloom.journal.lane import Joint, Lane, Waiting
from orderloom.journal.opening import open_for_reading, open_for_writing, version_of
from orderloom.journal.owners import own_name
from orderloom.journal.rows import (
    NO_ITEM,
    Accepted,
    Change,
    Event,
    Held,
    Lease,
    Pending,
    Pin,
    Revised,
    Revision,
    Run,
    Signal,
    Standing,
    Taken,
)
from orderloom.journal.schema import MIGRATIONS
from orderloom.journal.sheet import Sheet
from orderloom.world import Clock, SystemClock

T = TypeVar("T")
FILE = ".orderloom/journal.db"
LEASE = timedelta(seconds=30)
Committing = Callable[[str], None]
Values = Sequence[Any] | Mapping[str, Any]
_PENDING = "number, run, kind, step, item, since, due, desk, event, match, body"
_OF_P = ", ".join(f"p.{name}" for name in _PENDING.split(", "))


class Journal:
    """The runs of a project. `close` it: what is queued is then on the disk, and its leases are let go.

    Where it is for `reading`, nothing is locked and the file is not opened for writing before something is written.
    `lane` makes the one writer; simulations bring one that has no thread.
    Raises `JournalUnusableError` where the file cannot be opened.
    """

    def __init__(
        self,
        file: Path,
        clock: Clock | None = None,
        owner: str | None = None,
        committing: Committing | None = None,
        lease: timedelta = LEASE,
        *,
        reading: bool = False,
        lane: Callable[[Path, sqlite3.Connection, Committing | None], Lane] = Lane,
    ) -> None:
        self.file, self.lease, self._committing, self._made_lane = file, lease, committing, lane
        self.clock = clock or SystemClock()
        self.owner = owner or own_name()
        self._readers = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._writer: Lane | None = None
        self._opening = threading.Lock()
        if not reading or version_of(file) != len(MIGRATIONS):
            _ = self._lane

    # What changes it

    def accept(
        self,
        run: Run,
        began: Event,
        pin: Pin | None = None,
        people: Collection[str] = (),
        tell: revisions.Tell | None = None,
        waiting: Waiting | None = None,
    ) -> Any:
        """The run of this key: a new one, durable when the future is done, or the one that is there.

        `people` are the addresses and ids of those who stand in what began it; only their hashes are kept. `tell` makes
        of what was kept for a new run what it is to be told. `waiting` is told in place of a future.
        """
        now, hashes = self._now(), [self.hash_of(one) for one in people]

        def work(db: sqlite3.Connection, sheet: Sheet) -> Accepted:
            if pin is not None:
                writing.keep_pin(db, pin)
            accepted = writing.accept(db, sheet, run, began, hashes, self.owner, self._until(now), now)
            if accepted.is_revised and tell:
                revisions.tell_kept(db, accepted.run, tell)
            return accepted

        return self._lane.submit(Joint(work), waiting)

    def take_task(self, run: Run, taken: Taken) -> None:
        """A task that is dealt with without anything happening in its run. Raises `LostLeaseError`."""
        self._lane.do(lambda db: writing.mark_taken(db, run.number, taken))

    def keep_revision(self, revision: Revision) -> Future[Run | None]:
        """Keep a document that revises another one until that arrives; its run, where it has arrived already."""
        return self._lane.submit(lambda db: revisions.keep(db, revision))

    def revise(self, run: Run, first: int, change: Change) -> Future[Revised]:
        """Tell a run of a later revision of its document, which began with the revision `first`."""
        return self._lane.submit(lambda db: revisions.revise(db, run, first, change))

    def append(
        self,
        lease: Lease,
        events: Sequence[Event],
        standing: Standing | None = None,
        signals: Sequence[str] = (),
        taken: Taken | None = None,
        waiting: Waiting | None = None,
    ) -> Any:
        """Add what happened; with a standing the run is let go. The future raises `LostLeaseError`.

        It gives whether the run, let go, is due again at once. `waiting` is told in place of a future.

        `signals` are those that the run has had, `taken` is the task by which a person made it happen: all is written
        or nothing. Appends of one run may be queued one after another without waiting.
        """
        here = Lease(lease.run, lease.epoch, lease.events)
        lease.events += len(events)

        def work(db: sqlite3.Connection, sheet: Sheet) -> bool:
            if taken is not None:  # before the event that it was about is delivered, which takes it away
                writing.mark_taken(db, here.run, taken)
            for signal in signals:
                writing.deliver(db, signal, here.run)
            if standing is not None:
                return writing.rest(db, sheet, here, events, standing)
            sheet.append(here, events)
            return False

        return self._lane.submit(Joint(work), waiting)

    def take(self, run: Run) -> Lease | None:
        """The right to work on an open run; None where another process has it."""
        return self.taking(run).result()

    def taking(self, run: Run) -> Future[Lease | None]:
        """`take`, not waited for."""
        now = self._now()
        return self._lane.submit(lambda db: leasing.take(db, run.number, self.owner, self._until(now), now))

    def take_due(self, most: int = 50) -> list[Lease]:
        """Runs that are due by now, or whose process has gone, leased to this one."""
        return self.taking_due(most).result()

    def taking_due(self, most: int = 50) -> Future[list[Lease]]:
        """`take_due`, not waited for."""
        now = self._now()
        return self._lane.submit(lambda db: leasing.take_due(db, self.owner, self._until(now), now, most))

    def renew(self) -> Future[int]:
        """The heartbeat: to be given well within `lease`. What dead processes had is free then."""
        until = self._until(self._now())

        def work(db: sqlite3.Connection) -> int:
            leasing.free_the_dead(db)
            return leasing.renew(db, self.owner, until)

        return self._lane.submit(work)

    def release(self, lease: Lease, again_s: float | None = None) -> Future[None]:
        """Let a run go as it stands; where it cannot be gone on with, nobody takes it before `again_s` seconds."""
        due = None if again_s is None else self._now() + again_s
        return self._lane.submit(lambda db: leasing.release(db, lease, due))

    def stick(self, lease: Lease, why: Pending, again_s: float | None) -> Future[None]:
        """Let a run go that cannot be gone on with: people see why, and it is tried again in `again_s` seconds."""
        due = None if again_s is None else self._now() + again_s
        return self._lane.submit(lambda db: writing.stick(db, lease, why, due))

    def keep_signal(self, signal: Signal) -> bool:
        """Keep an event from outside; False where the same had come before."""
        return self.keeping_signal(signal).result()

    def keeping_signal(self, signal: Signal) -> Future[bool]:
        """`keep_signal`, not waited for."""
        return self._lane.submit(lambda db: writing.keep_signal(db, signal))

    def change(self, work: Callable[[sqlite3.Connection], Any]) -> Any:
        """Any other change, in a transaction, waited for."""
        return self._lane.do(work)

    # What stands in it

    def run(self, number: int) -> Run:
        """The run of that number. Raises `JournalError` where there is none."""
        for found in self.select_runs("number = ?", (number,)):
            return found
        raise JournalError(f"there is no run number {number}")

    def find(self, name: str) -> list[Run]:
        """The runs that a person can mean: by an id, a business key, or the beginning of an id."""
        return self.read(lambda db: reading.named(db, name))

    def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Any other query (reading.py, counting.py), by this thread's reader. Raises `JournalUnusableError`."""
        with self._readable():
            return work(self._reader)

    def select_runs(self, where: str, values: Sequence[Any] = (), last: str = "") -> Iterator[Run]:
        """The runs for which the condition holds (our own SQL, the values apart), in the order of their numbers."""
        statement = f"SELECT {writing.COLUMNS} FROM run WHERE {where} ORDER BY number {last}"
        return (Run(*row) for row in self._rows(statement, values))

    def events(self, run: int) -> list[Event]:
        """What happened in the run, in order."""
        rows = self._rows("SELECT kind, step, item, at, body FROM event WHERE run = ? ORDER BY seq", (run,))
        return [Event(*row) for row in rows]

    def held(self, leases: Sequence[Lease]) -> list[Held]:
        """The runs of these leases with what happened in each: many together cost a tenth of one after another."""
        return self.read(lambda db: held(db, leases))

    def pending(self, where: str = "1", values: Sequence[Any] = ()) -> list[Pending]:
        """What open runs wait for, oldest first."""
        rows = self._rows(f"SELECT {_PENDING} FROM pending WHERE {where} ORDER BY number", values)
        return [_pending(row) for row in rows]

    def waits_of(self, run: Run) -> list[Pending]:
        """What the run waits for."""
        return self.pending("run = ?", (run.number,))

    def pending_of_runs(self, where: str, values: Values = ()) -> Iterator[tuple[Pending, Run]]:
        """What runs wait for, each with its run, the oldest first; `where` may name `p`, the wait, and `r`, the run."""
        of_r = ", ".join(f"r.{name}" for name in writing.COLUMNS.split(", "))
        rows = self._rows(
            f"SELECT {_OF_P}, {of_r} FROM pending p JOIN run r ON r.number = p.run WHERE {where} "
            "ORDER BY p.since, p.number",
            values,
        )
        width = len(_PENDING.split(", "))
        return ((_pending(row[:width]), Run(*row[width:])) for row in rows)

    def change_task(self, run: int) -> int | None:
        """The task that shows how a run's document has changed; None where nobody need see to that."""
        row = self.one("SELECT number FROM pending WHERE run = ? AND kind = 'changed'", (run,))
        return row[0] if row else None

    def taken(self, task: int) -> Taken | None:
        """Who has taken the task of that number, and what was done with it."""
        row = self.one("SELECT task, by, act, at, run FROM taken WHERE task = ?", (task,))
        return Taken(*row) if row else None

    def signal(self, id_: str) -> Signal | None:
        """The event that came under that id."""
        row = self.one("SELECT id, event, match, at, body FROM signal WHERE id = ?", (id_,))
        return Signal(*row) if row else None

    def waiting_for(self, event: str, match: str) -> list[Run]:
        """The runs that wait for the event of that value."""
        where = "number IN (SELECT run FROM pending WHERE event = ? AND match = ?)"
        return list(self.select_runs(where, (event, match)))

    def awaited(self) -> list[tuple[str, int]]:
        """The events that runs wait for, and how many wait for each."""
        counted = "SELECT event, count(*) FROM pending WHERE event IS NOT NULL GROUP BY event ORDER BY event"
        return [tuple(row) for row in self.all(counted)]

    def signals_for(self, run: int) -> list[tuple[Signal, Pending]]:
        """The events that have come for what a run waits for: each wait with the first it has not missed."""
        found: dict[int, tuple[Signal, Pending]] = {}
        rows = self._rows(
            f"SELECT s.id, s.event, s.match, s.at, s.body, {_OF_P} FROM pending p JOIN signal s "
            f"ON s.event = p.event AND s.match = p.match WHERE p.run = ? AND {writing.IS_NEWS} ORDER BY s.at, s.id",
            (run,),
        )
        for row in rows:
            wait = _pending(row[5:])
            found.setdefault(wait.number, (Signal(*row[:5]), wait))
        return list(found.values())

    def pin(self, hash_: str) -> tuple[str, int, str]:
        """Flow, version and content (JSON text) of what a run is held to."""
        return tuple(self.one("SELECT flow, version, content FROM pin WHERE hash = ?", (hash_,)))

    def steps(self, run: Run) -> str:
        """The steps that the run came to, a line each, sorted."""
        found = self.one("SELECT steps FROM path WHERE number = ?", (run.path,))
        return found[0] if found else ""

    def is_due(self) -> bool:
        """Whether there is a run to go on with now."""
        now = self._now()
        return self.read(lambda db: leasing.is_due(db, self._until(now), now))

    def next_due(self) -> float | None:
        """When the next run that nobody has is due, in POSIX seconds; None where none will be by itself."""
        statement = "SELECT min(due) FROM run WHERE due IS NOT NULL AND owner IS NULL"
        return self.one(statement)[0]  # type: ignore[no-any-return]

    def hash_of(self, person: str) -> str:
        """By what the journal knows an address or a customer's id: nobody reads it back out of the file."""
        return hmac.new(self._salt, person.strip().casefold().encode(), sha256).hexdigest()[:24]

    def one(self, statement: str, values: Sequence[Any] = ()) -> Any:
        """The first row of a query of our own."""
        return self.read(lambda db: db.execute(statement, values).fetchone())

    def all(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        return list(self._rows(statement, values))

    def close(self) -> None:
        if self._writer is not None:
            self._writer.submit(lambda db: leasing.let_go(db, self.owner))
            self._writer.close()
        for reader in self._opened:
            reader.close()

    def _rows(self, statement: str, values: Values = ()) -> Iterator[Any]:
        with self._readable():
            yield from self._reader.execute(statement, values)

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise JournalUnusableError(f"{self.file} cannot be read: {said(error)}") from error

    @property
    def _lane(self) -> Lane:
        if self._writer is not None:
            return self._writer
        with self._opening:
            if self._writer is None:
                self._writer = self._made_lane(self.file, open_for_writing(self.file), self._committing)
                self._writer.do(leasing.free_the_dead)
            return self._writer

    @cached_property
    def _salt(self) -> bytes:
        return bytes.fromhex(self.one("SELECT value FROM fact WHERE name = 'salt'")[0])

    @property
    def _reader(self) -> sqlite3.Connection:
        if not hasattr(self._readers, "db"):
            self._readers.db = open_for_reading(self.file)
            self._opened.append(self._readers.db)
        return self._readers.db  # type: ignore[no-any-return]

    def _now(self) -> float:
        return self.clock.now().timestamp()

    def _until(self, now: float) -> float:
        return now + self.lease.total_seconds()


def _pending(row: Any) -> Pending:
    number, run, kind, step, item, since, due, desk, event, match, body = row
    return Pending(kind, step, None if item == NO_ITEM else item, since, body, due, desk, event, match, number, run)
