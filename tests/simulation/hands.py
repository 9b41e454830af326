"""What takes time in a runner, put into the hands of a simulation: writes, calls, and time itself.

Nothing here has a thread: a write is queued until it is let through, a call until it is made, and the clock stands
until it is moved. So a seed gives the same run of everything, in whatever order it draws.
"""

from __future__ import annotations

import asyncio
import heapq
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextvars import Context
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from orderloom.journal import JournalUnusableError, Landing
from orderloom.journal.lane import Joint, Lane, Piece, Waiting, Work
from orderloom.journal.turn import Turn
from orderloom.run.drivers.threads import Threads
from tests.simulation.disk import Disk

T = TypeVar("T")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class HandLoop(asyncio.SelectorEventLoop):
    """A loop whose time is moved by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.at_s = 0.0
        self._timers: list[float] = []

    def time(self) -> float:
        return self.at_s

    def call_at(
        self, when: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        heapq.heappush(self._timers, when)
        return super().call_at(when, callback, *args, context=context)

    def call_soon_threadsafe(
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        return self.call_soon(callback, *args, context=context)  # there is one thread: nobody is to be woken

    def next_timer(self) -> float | None:
        """The moment of the first timer that is still to come."""
        while self._timers and self._timers[0] <= self.at_s:
            heapq.heappop(self._timers)
        return self._timers[0] if self._timers else None


@dataclass
class HandClock:
    """What the machine says that time is: that of the loop, put forwards or back by whoever sets the clock."""

    loop: HandLoop
    put_by_s: float = 0.0

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.loop.at_s + self.put_by_s)


class HandFuture(Future[T]):
    """What becomes of a queued write. Who cannot but wait for it has all up to it written."""

    def __init__(self, lane: HandLane) -> None:
        super().__init__()
        self.set_running_or_notify_cancel()
        self._lane = lane

    def result(self, timeout: float | None = None) -> T:
        while not self.done():
            self._lane.write(1)
        return super().result(timeout)


class HandLane(Lane):
    """The writer of one process. Writes are made so many together; those of a dead process never are.

    `writes_left` is after how many it dies by itself.
    """

    def __init__(self, file: Path, db: sqlite3.Connection, disk: Disk, writes_left: int | None = None) -> None:
        self.file, self._db, self.disk, self._committing = file, db, disk, disk.committing
        self._turn = Turn(db)
        self.queue: list[Piece] = []
        self.dead, self.writes_left = False, writes_left

    def submit(self, work: Work | Joint, waiting: Waiting | None = None) -> Any:
        waiting = waiting or HandFuture(self)
        if self.dead:
            waiting.set_exception(JournalUnusableError("the process is dead"))
        else:
            self.queue.append((work, waiting))
        return waiting

    def write(self, most: int) -> None:
        """Write the first of what is queued, together."""
        if self.queue and self.writes_left is not None:
            self.writes_left -= 1
            if self.writes_left < 0:
                self.die(0)
        batch, self.queue = self.queue[:most], self.queue[most:]
        if batch:
            self.commit(batch)

    def commit(self, batch: Sequence[Piece]) -> None:
        with self.disk.under(self._db):
            super().commit(batch)

    def die(self, written: int) -> None:
        """The first of what is queued is still written, but nobody is told any more."""
        batch: list[Piece] = [(work, Future[Any]()) for work, _ in self.queue[:written]]
        queue = self.queue
        self.dead, self.queue = True, []
        if batch:
            self.commit(batch)
        self._db.close()
        for _, future in queue:
            future.set_exception(JournalUnusableError("the process is dead"))

    def close(self) -> None:
        if not self.dead:
            self.write(len(self.queue))
            self.dead = True
            self._db.close()


@dataclass(eq=False)
class Job:
    """A call that is on its way: made when its time comes, and told later still."""

    name: str
    work: Callable[[], Any]
    future: Future[Any] | Landing[Any]
    is_made: bool = False
    is_lost: bool = False  # nobody waits for it any more
    value: Any = None

    def make(self) -> None:
        self.value, self.is_made = self.work(), True


@dataclass
class HandThreads(Threads):
    """The calls of one process that are on their way."""

    jobs: list[Job] = field(default_factory=list)

    def do(self, name: str, work: Callable[[], T], future: Future[T] | Landing[T]) -> None:
        future.set_running_or_notify_cancel()
        self.jobs.append(Job(name, work, future))

    def give_up(self, future: Future[Any] | Landing[Any]) -> bool:
        for job in self.jobs:
            job.is_lost |= job.future is future
        return True

    def step(self, job: Job) -> None:
        """Make the call; or, where it is made, tell of it."""
        if not job.is_made:
            job.make()
        if job.is_lost:
            self.jobs.remove(job)

    def tell(self, job: Job) -> None:
        self.jobs.remove(job)
        if not job.is_lost:
            job.future.set_result(job.value)

    def close(self) -> None:
        self.jobs.clear()
