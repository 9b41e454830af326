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
from orderloom.run.kept.pins import Pins
from orderloom.run.people.again import NotAgainError
from orderloom.world.mail import Outbox
from orderloom.world.shelf import Shelf
from orderloom.world.stock import StockFiles
from tests.simulation import flows
from tests.simulation.hands import HandClock, HandLane, HandLoop, HandThreads
from tests.simulation.outside import Outside, lines

LEASE = timedelta(seconds=30)
# What a user may be told
REFUSALS = (NotDoneError, NotAgainError, AnswerRefused, BusyError, LostLeaseError, JournalUnusableError)


@dataclass
class Place:
    """What outlives the processes: the folder, the time, the outside; and what was found to be wrong."""

    folder: Path
    chance: random.Random
    loop: HandLoop = field(default_factory=HandLoop)
    wrong: list[str] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock = HandClock(self.loop)
        self.outside = Outside(self.chance)
        self.stock = StockFiles(self.folder / "stock", Shelf())
        self.mail = Outbox(self.folder / "outbox")

    @property
    def file(self) -> Path:
        return self.folder / "journal.db"

    def tell(self, what: str) -> None:
        self.trace.append(f"{self.loop.at_s:11.3f} {what}")

    def complain(self, what: str) -> None:
        self.tell(f"WRONG: {what}")
        self.wrong.append(what)


class Process:
    """`stalled`: nothing that it does reaches the disk or the outside for now, its heartbeat neither."""

    lane: HandLane

    def __init__(self, place: Place, name: str, patience: timedelta, in_flight: int) -> None:
        self.place, self.name, self.stalled = place, name, False
        self.journal = Journal(place.file, place.clock, name, lease=LEASE, lane=self._lane)
        connections = lines(place.outside, place.loop, place.stock, place.mail)
        self.threads = HandThreads(64)
        self.shop = Workshop(
            self.journal, flows.NODES, connections, place.clock, patience=patience, jitter=random.Random(1)
        )
        self.shop.threads = self.threads
        self.crew = Crew(self.shop, Pins(self.journal, None))
        for flow in flows.FLOWS:
            self.crew.pins.add(flows.program(flow))
        self.doing: set[asyncio.Task[Any]] = set()
        self.worker = Worker(self.crew, self._told, in_flight)
        self.watch = self.begin("watch", self.worker.watch())

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
        self.lane = HandLane(file, db)
        return self.lane

    async def _watched(self, what: str, work: Coroutine[Any, Any, Any]) -> Any:
        try:
            return await work
        except REFUSALS as refusal:
            self.place.tell(f"{self.name} {what}: {type(refusal).__name__} {refusal}")
            if isinstance(refusal, JournalUnusableError) and self.is_alive:
                self.place.complain(f"{what}: {refusal}")
            return refusal
        except Exception as error:
            if self.is_alive:
                self.place.complain(f"{what}: {type(error).__name__}: {error}")
            return error

    def _told(self, worked: WorkedOn) -> None:
        if worked.why is not None and self.is_alive:
            self.place.complain(f"{worked.run.id} cannot be gone on with: {worked.why}")
