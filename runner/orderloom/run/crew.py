"""Runs by the dozen: orders in, each to its own run, kept in the journal; open runs taken up again.

An order whose key has a run is not run twice: the first run is told. Where that one is open and nobody works on it,
it goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from orderloom.flow.open import Opened
from orderloom.journal import KEPT, RUNNING, JournalUnusableError, Lease, LostLeaseError, Pin, Run
from orderloom.run.calling import run_id
from orderloom.run.durable import LiveRun, Workshop
from orderloom.run.keys import digest_of
from orderloom.run.past import past_report
from orderloom.run.people import people_in
from orderloom.run.pins import PinError, Pins, pin_of
from orderloom.run.program import Program
from orderloom.run.recording import Writer
from orderloom.run.records import RecordError
from orderloom.run.replay import replay
from orderloom.run.report import RunReport

BEATS = 3  # heartbeats within a lease
PAUSE_S = 300.0  # before a run is tried again that cannot be made of what is installed
Act = Callable[[LiveRun], Awaitable[None] | None]


class BusyError(Exception):
    """Another process works on the run just now."""


@dataclass(frozen=True)
class _Coming:
    """An order that has been read and has no run yet, as far as this process knows."""

    program: Program
    name: str
    key: str
    trigger: Any
    writer: Writer
    recorded: str
    digest: str

    def run(self, now: datetime) -> Run:
        flow, hash_, at = self.program.plan.flow.name, self.program.plan.hash, now.isoformat()
        return Run(0, self.name, flow, self.key, hash_, RUNNING, at, at, None, self.digest, 0, None, None, 1, None)


@dataclass
class Crew:
    """The runs that this process works on. `ours` are in its hands now, by id: content and what it comes to."""

    shop: Workshop
    pins: Pins
    ours: dict[str, tuple[str, asyncio.Future[RunReport]]] = field(default_factory=dict)
    _pinned: set[str] = field(default_factory=set)

    async def order(self, program: Program, key: str, trigger: Any, opened: Opened) -> RunReport:
        """The report of the order's run, as far as it goes; of the first run, `repeated`, where it had come before."""
        flow = program.plan.flow.name
        name = run_id(flow, key)
        writer = Writer()
        recorded = writer.recorder.text(trigger)
        digest = digest_of(recorded)
        if name in self.ours:
            first, coming = self.ours[name]
            return replace(await asyncio.shield(coming), repeated=True, changed=first != digest)
        told: asyncio.Future[RunReport] = asyncio.get_running_loop().create_future()
        self.ours[name] = digest, told
        try:
            report = await self._order(_Coming(program, name, key, trigger, writer, recorded, digest), opened)
        except BaseException as error:
            told.set_exception(error)
            told.exception()  # read here, so that nobody is told that nobody read it
            raise
        finally:
            del self.ours[name]
        told.set_result(report)
        return report

    async def resume(self, run: Run, act: Act | None = None) -> RunReport:
        """Take an open run up, do what a person asks of it, and go on.

        Raises `BusyError`, `PinError`, `RecordError`.
        """
        lease = self.shop.journal.take(run)
        if lease is None:
            raise BusyError(f"{run.id} has ended, or another process works on it just now")
        return await self._go_on(run, lease, act)

    async def go_on(self, lease: Lease) -> tuple[Run, RunReport | None]:
        """Go on with a run that was due; no report where it is no longer ours, or cannot be gone on with."""
        run = self.shop.journal.run(lease.run)
        try:
            return run, await self._go_on(run, lease, None)
        except (PinError, RecordError, LostLeaseError):
            return run, None

    def look(self, run: Run) -> RunReport:
        """The report of a run as it stands in the journal. Raises `PinError`, `RecordError`."""
        if run.payload != KEPT:
            return past_report(self.shop.journal, run)
        program = self.pins.program(run.pin)
        played = replay(program, self.shop.journal.events(run.number))
        return RunReport(run.id, run.key, played.interpreter, played.logs, again_at=played.again_at)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """As long as it lasts, the leases of this process are renewed."""
        beating = asyncio.create_task(self._beat())
        try:
            yield
        finally:
            beating.cancel()
            with suppress(asyncio.CancelledError):
                await beating

    async def _order(self, coming: _Coming, opened: Opened) -> RunReport:
        now = self.shop.clock.now()
        began = coming.writer.began(coming.program.steps[0].name, coming.recorded, now)
        pin, people = self._pin(coming.program, opened), people_in(coming.trigger)
        accepted = await asyncio.wrap_future(self.shop.journal.accept(coming.run(now), began, pin, people))
        self._pinned.add(coming.program.plan.hash)
        if accepted.fresh and accepted.lease:
            taken, seen = (accepted.run, accepted.lease), coming.writer.recorder
            return await LiveRun.begun(self.shop, taken, coming.program, coming.trigger, now, seen).go()
        if accepted.lease:
            report = await self._go_on(accepted.run, accepted.lease, None)
        else:
            report = self.look(accepted.run)
        return replace(report, repeated=True, changed=accepted.run.digest != coming.digest)

    def _pin(self, program: Program, opened: Opened) -> Pin | None:
        """What is to be kept of the plan; None where this process has kept it already."""
        self.pins.add(program)
        if program.plan.hash in self._pinned:
            return None
        return pin_of(opened, program.plan)

    async def _go_on(self, run: Run, lease: Lease, act: Act | None) -> RunReport:
        try:
            live = LiveRun.resumed(self.shop, run, lease, self.pins.program(run.pin))
            if act is not None and (doing := act(live)) is not None:
                await doing
        except (PinError, RecordError):
            await asyncio.wrap_future(self.shop.journal.release(lease, again_s=PAUSE_S))
            raise
        except BaseException:
            await asyncio.wrap_future(self.shop.journal.release(lease))
            raise
        return await live.go()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self.shop.journal.lease.total_seconds() / BEATS)
            with suppress(JournalUnusableError):  # whoever works meets it too, and tells it; it may pass before
                await asyncio.wrap_future(self.shop.journal.renew())
