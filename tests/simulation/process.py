"""A runner at work in a simulated world: it takes orders and events, works on what is due, stops, stalls or dies."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from orderloom.declare import AnswerRefused
from orderloom.journal import Journal, JournalUnusableError, LostLeaseError
from orderloom.run.drivers.crew import BusyError, Crew, NotDoneError, WorkedOn
from orderloom.run.drivers.working import Worker
from orderloom.run.drivers.workshop import Workshop
from orderloom.run.kept.pins import PinError, Pins
from orderloom.run.people.again import NotAgainError
from orderloom.world.mail import Outbox
from orderloom.world.shelf import Shelf
from orderloom.world.stock import StockFiles
from tests.simulation import flows
from tests.simulation.disk import Disk
from tests.simulation.hands import HandClock, HandLane, HandLoop, HandThreads
from tests.simulation.outside import Outside, lines

LEASE = timedelta(seconds=30)
# What a user may be told
REFUSALS = (
    NotDoneError, NotAgainError, AnswerRefused, BusyError, LostLeaseError, JournalUnusableError, PinError,
)  # fmt: skip


@dataclass
class Place:
    """What outlives the processes: the folder, the time, the outside; and what was found to be wrong.

    `edition` is that of the flows which lie there; `had_others`: a process was started with nodes of other versions.
    """

    folder: Path
    chance: random.Random
    loop: HandLoop = field(default_factory=HandLoop)
    wrong: list[str] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)
    disk: Disk = field(default_factory=Disk)
    edition: int = 1
    had_others: bool = False

    def __post_init__(self) -> None:
        self.clock = HandClock(self.loop)
        self.outside = Outside(self.chance)
        self.stock = StockFiles(self.folder / "stock", Shelf())
        self.mail = Outbox(self.folder / "outbox")

    @property
    def file(self) -> Path:
        return self.folder / "journal.db"

    def tell(self, what: str) -> None:
        self.trace.append(f"{self.loop.at_s:11.3f} {what.replace(str(self.folder), '')}")

    def complain(self, what: str) -> None:
        self.tell(f"WRONG: {what}")
        self.wrong.append(what)


class Process:
    """`stalled`: nothing that it does reaches the disk or the outside for now, its heartbeat neither.

    With `other` nodes than the runs began with it can go on with none of them.
    """

    lane: HandLane

    def __init__(self, place: Place, name: str, patience: timedelta, in_flight: int, *, other: bool = False) -> None:
        self.place, self.name, self.stalled, self.other, self.edition = place, name, False, other, place.edition
        self.is_giving_up = False
        self.journal = self._journal()
        connections = lines(place.outside, place.loop, place.stock, place.mail)
        self.threads = HandThreads(64)
        nodes = flows.OTHER_NODES if other else flows.NODES
        self.shop = Workshop(self.journal, nodes, connections, place.clock, patience=patience, jitter=random.Random(1))
        self.shop.threads = self.threads
        self.crew = Crew(self.shop, Pins(self.journal, None, flows.Reopening(other=other)))
        self.doing: set[asyncio.Task[Any]] = set()
        self.worker = Worker(self.crew, self._told, in_flight)
        self.watch = self.begin("watch", self.worker.watch())

    def _journal(self) -> Journal:
        try:
            return Journal(self.place.file, self.place.clock, self.name, lease=LEASE, lane=self._lane)
        except JournalUnusableError:
            self.lane.die(0)
            raise

    @property
    def is_alive(self) -> bool:
        return not self.lane.dead

    @property
    def is_busy(self) -> bool:
        """Whether it does anything but watch."""
        return bool(self.lane.queue or self.threads.jobs or self.doing - {self.watch})

    def begin(self, what: str, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Do something beside all else. What a user may be told is no mistake; anything else is one."""
        task = asyncio.ensure_future(self._watched(what, work))
        self.doing.add(task)
        task.add_done_callback(self.doing.discard)
        task.add_done_callback(lambda _: work.close())  # one that is cancelled before it begins has never looked at it
        return task

    def beat(self) -> None:
        if not self.stalled:
            self.journal.renew()

    def die(self, written: int) -> None:
        """At once, in the middle of everything: calls that are on their way may still arrive."""
        self.lane.die(written)
        for job in [job for job in self.threads.jobs if not job.is_made and self.place.chance.random() < 0.5]:
            job.make()
        self._leave()

    def give_up(self) -> None:
        """As a command does that cannot write: everything is let go, and it ends."""
        if not self.is_giving_up:
            self.is_giving_up = True
            self.place.tell(f"{self.name} ends, since it cannot write")
            self.begin("give up", self._give_up())

    async def _give_up(self) -> None:
        self.worker.stopping.set()
        others = self.doing - {asyncio.current_task()}
        for one in others:
            one.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for job in [job for job in self.threads.jobs if not job.is_made and self.place.chance.random() < 0.5]:
            job.make()
        self.threads.close()
        self.journal.close()

    async def stop(self) -> None:
        """As it does when it is told to end."""
        if self.worker.stopping.is_set():
            return
        self.worker.stopping.set()
        while len(self.doing) > 1:  # itself is one of what it does
            await asyncio.sleep(0.1)
        self.journal.close()

    def _leave(self) -> None:
        self.threads.close()
        for task in self.doing:
            task.cancel()
        for reader in self.journal._opened:
            reader.close()

    def _lane(self, file: Path, db: sqlite3.Connection, _committing: object) -> HandLane:
        self.lane = HandLane(file, db, self.place.disk)
        return self.lane

    async def _watched(self, what: str, work: Coroutine[Any, Any, Any]) -> Any:
        try:
            return await work
        except REFUSALS as refusal:
            self.place.tell(f"{self.name} {what}: {type(refusal).__name__} {refusal}")
            if isinstance(refusal, JournalUnusableError) and self.is_alive:
                self._cannot_write(what, refusal)
            if isinstance(refusal, PinError) and not self.other:
                self.place.complain(f"{what}: {refusal}")
            return refusal
        except Exception as error:
            if self.is_alive:
                self.place.complain(f"{what}: {type(error).__name__}: {error}")
            return error

    def _cannot_write(self, what: str, refusal: Exception) -> None:
        if self.place.disk.has_failed:
            self.give_up()
        else:
            self.place.complain(f"{what}: {refusal}")

    def _told(self, worked: WorkedOn) -> None:
        if self.other and worked.why is not None and worked.bug is None:
            self.place.tell(f"{self.name} cannot go on with {worked.run.key}: {worked.why}")
        elif worked.why is not None and self.is_alive:
            self.place.complain(f"{worked.run.id} cannot be gone on with: {worked.why}")
