"""Runs by the dozen: orders in, each to its own run, kept in the journal; open runs taken up again.

An order whose key has a run is not run twice: the first run is told. Where that one is open and nobody works on it,
it goes on.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from orderloom.declare import AnswerRefused
from orderloom.flow.open import Opened
from orderloom.journal import (
    KEPT,
    Accepted,
    Held,
    JournalError,
    Landing,
    Lease,
    LostLeaseError,
    Pending,
    Pin,
    Revised,
    Run,
)
from orderloom.model.people import people_in
from orderloom.run.arrivals import revising
from orderloom.run.arrivals.coming import Coming
from orderloom.run.drivers.durable import LiveRun
from orderloom.run.drivers.workshop import Workshop
from orderloom.run.kept.pins import PinError, Pins, pin_of
from orderloom.run.kept.records import RecordError
from orderloom.run.kept.replay import replay
from orderloom.run.machine.program import Program
from orderloom.run.telling.past import past_report
from orderloom.run.telling.report import RunReport

BEATS = 3  # heartbeats within a lease
PAUSE_S = 300.0  # before a run is tried again that cannot be made of what is installed
LOOK_S = 0.2  # whether another process has let a run go
Doing = Callable[[LiveRun], None]


class NotDoneError(Exception):
    """What a person wants cannot be done; the message says why. Nothing has happened."""


class BusyError(Exception):
    """Another process works on the run just now, or it has ended."""


@dataclass(frozen=True)
class WorkedOn:
    """A run that was due: the report of what it came to, or why it cannot be gone on with.

    Neither is there where another process has taken it over meanwhile. `bug` is a mistake of ours.
    """

    run: Run
    report: RunReport | None = None
    why: str | None = None
    bug: Exception | None = None

    @property
    def refusals(self) -> Sequence[str]:
        """What its waits would not take of what came for them, a sentence each."""
        waiting = self.report.waiting if self.report else ()
        return [f"{self.run.id} {one['step']}: {why}" for one in waiting for why in one.get("refused", ())]


@dataclass
class Crew:
    """The runs that this process works on. `ours` are in its hands now, by id: content and what it comes to."""

    shop: Workshop
    pins: Pins
    ours: dict[str, tuple[str, asyncio.Future[RunReport]]] = field(default_factory=dict)
    _pinned: set[str] = field(default_factory=set)

    async def order(self, program: Program, key: str, trigger: Any, opened: Opened) -> RunReport:
        """The report of the order's run, as far as it goes; of the first run, `repeated`, where it had come before."""
        return await self._arrived(Coming.of(program, key, trigger), opened)

    async def revise(self, program: Program, key: str, trigger: Any, opened: Opened) -> RunReport | None:
        """As `order` for a document that revises another one; None where that has not come, and this one is kept."""
        coming = Coming.of(program, key, trigger)
        kept = self.shop.journal.keep_revision(coming.revision(self.shop.clock.now()))
        return await self._arrived(coming, opened) if await asyncio.wrap_future(kept) else None

    async def _arrived(self, coming: Coming, opened: Opened) -> RunReport:
        """A document that is given here twice at once waits for itself."""
        while coming.name in self.ours:
            first, ours = self.ours[coming.name]
            report = await asyncio.shield(ours)
            if first == coming.digest:
                return replace(report, repeated=True)
        told: asyncio.Future[RunReport] = asyncio.get_running_loop().create_future()
        self.ours[coming.name] = coming.digest, told
        try:
            report = await self._order(coming, opened)
        except BaseException as error:
            told.set_exception(error)
            told.exception()  # read here, so that nobody is told that nobody read it
            raise
        finally:
            del self.ours[coming.name]
        told.set_result(report)
        return report

    async def resume(self, run: Run, doing: Doing | None = None) -> RunReport:
        """Take an open run up, do what a person asks of it, and go on.

        Where another process works on it, it is waited for as long as a lease lasts. What `doing` refuses is raised
        once the run rests. Raises `BusyError`, `PinError`, `RecordError`, `LostLeaseError`.
        """
        return await self._go_on(self._held(await self.lease(run)), doing)

    async def go_on(self, held: Held) -> WorkedOn:
        """Go on with a run that was due. One that cannot be gone on with becomes a task, and the others go on.

        Raises `JournalUnusableError`.
        """
        run = held.run
        try:
            return WorkedOn(run, await self._go_on(held, None))
        except LostLeaseError:
            return WorkedOn(run)
        except (PinError, RecordError) as error:
            return WorkedOn(run, why=str(error))
        except JournalError:
            raise
        except Exception as bug:
            why = f"a bug of orderloom, not a mistake of yours: {type(bug).__name__}: {bug}"
            await self._stick(held.lease, why, None)
            return WorkedOn(run, why=why, bug=bug)

    def look(self, run: Run) -> RunReport:
        """The report of a run as it stands in the journal; of one that has ended what can be told without its nodes.

        Raises `PinError` and `RecordError` of an open one.
        """
        events = self.shop.journal.events(run.number)
        if not self._is_whole(run):
            return past_report(self.shop.journal, run)
        try:
            played = replay(self.pins.program(run.pin), events)
        except (PinError, RecordError):
            if run.ended is None:
                raise
            return past_report(self.shop.journal, run)
        pending = self.shop.journal.waits_of(run)
        return RunReport(run.id, run.key, played.interpreter, played.logs, again_at=played.again_at, pending=pending)

    def _is_whole(self, run: Run) -> bool:
        """Whether its values are there still: it may have ended, and been let go of, since it was found."""
        now = next(self.shop.journal.select_runs("number = ?", (run.number,)), None)
        return now is not None and now.payload == KEPT

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """As long as it lasts, the leases of this process are renewed: by a thread, whatever the nodes are at."""
        done = threading.Event()

        def beat() -> None:
            while not done.wait(self.shop.journal.lease.total_seconds() / BEATS):
                self.shop.journal.renew()

        beating = threading.Thread(target=beat, name="orderloom-heartbeat", daemon=True)
        beating.start()
        try:
            yield
        finally:
            done.set()
            beating.join()

    async def _order(self, coming: Coming, opened: Opened) -> RunReport:
        now = self.shop.clock.now()
        began = coming.writer.began(coming.program.steps[0].name, coming.recorded, now)
        pin, people = self._pin(coming.program, opened), people_in(coming.trigger)
        tell = partial(revising.told, first=coming.trigger, now=now)
        accepted: Accepted = await self.shop.journal.accept(coming.run(now), began, pin, people, tell, Landing())
        self._pinned.add(coming.program.plan.hash)
        if accepted.fresh and accepted.lease:
            taken, seen = (accepted.run, accepted.lease), coming.writer.recorder
            return await LiveRun.begun(self.shop, taken, coming.program, coming.trigger, now, seen).go()
        revised = None if accepted.run.digest == coming.digest else await self._revised(accepted, coming, now)
        if accepted.lease:
            report = await self._go_on(self._held(accepted.lease), None)
        else:
            report = self.look(accepted.run)
        if revised and revised.task:  # a wait may have taken the change meanwhile
            revised = replace(revised, task=self.shop.journal.change_task(accepted.run.number))
        return replace(report, repeated=True, revised=revised)

    async def _revised(self, accepted: Accepted, coming: Coming, now: datetime) -> Revised:
        """What another word on the document of a run is to it; of a run that is forgotten nobody can tell."""
        run, journal = accepted.run, self.shop.journal
        later = coming.revision(now)
        events = journal.events(run.number)
        if not self._is_whole(run):
            return Revised("other", later.revision, 0)
        try:
            self.pins.program(run.pin)  # brings the classes of what was recorded
            first = revising.began_with(events)
            change = revising.change(run, first, coming.trigger, later, now)
            return await asyncio.wrap_future(journal.revise(run, revising.revision_of(first) or 0, change))
        except BaseException:
            if accepted.lease:
                await asyncio.wrap_future(journal.release(accepted.lease))
            raise

    def _pin(self, program: Program, opened: Opened) -> Pin | None:
        """What is to be kept of the plan; None where this process has kept it already."""
        self.pins.add(program)
        if program.plan.hash in self._pinned:
            return None
        return pin_of(opened, program.plan)

    async def lease(self, run: Run) -> Lease:
        """The right to work on an open run; another process is waited for. Raises `BusyError`."""
        clock, journal = self.shop.clock, self.shop.journal
        until = clock.now() + journal.lease
        while (lease := await asyncio.wrap_future(journal.taking(run))) is None:
            ended = next(journal.select_runs("number = ?", (run.number,)), None)
            if ended is None:
                raise BusyError(f"{run.id} has ended, and its history has been removed")
            if ended.ended is not None:
                raise BusyError(f"{run.id} has ended: {ended.status}")
            if clock.now() > until:
                raise BusyError(f"another process works on {run.id} just now: give the command again when it is done")
            await self.shop.sleep(LOOK_S)
        return lease

    def _held(self, lease: Lease) -> Held:
        [held] = self.shop.journal.held([lease])
        return held

    async def _go_on(self, held: Held, doing: Doing | None) -> RunReport:
        try:
            live = await self._resumed(held)
            refused = _refusal(doing, live) if doing else None
        except BaseException:
            self.shop.journal.release(held.lease)  # this process may live on for long
            raise
        report = await live.go()
        if refused:
            raise refused
        return report

    async def _resumed(self, held: Held) -> LiveRun:
        try:
            return LiveRun.resumed(self.shop, held, self.pins.program(held.run.pin))
        except (PinError, RecordError) as error:
            await self._stick(held.lease, str(error), PAUSE_S)
            raise

    async def _stick(self, lease: Lease, why: str, again_s: float | None) -> None:
        since = self.shop.clock.now().isoformat()
        body = json.dumps({"error": "stuck", "message": why}, ensure_ascii=False)
        stuck = Pending("parked", "", None, since, body, desk="exceptions")
        with suppress(LostLeaseError):
            await asyncio.wrap_future(self.shop.journal.stick(lease, stuck, again_s))


def _refusal(doing: Doing, live: LiveRun) -> Exception | None:
    """Why it could not be done; the run goes on all the same, for what is due in it."""
    try:
        doing(live)
    except (AnswerRefused, NotDoneError) as refusal:
        return refusal
    return None
