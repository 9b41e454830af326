"""A run that a person ends: as rule 25 says, or without taking anything back where nothing is left that could."""

from __future__ import annotations

import asyncio

from orderloom.journal import Lease, Run, Standing
from orderloom.run.drivers.crew import Crew, Doing
from orderloom.run.drivers.durable import LiveRun
from orderloom.run.kept.recording import Writer
from orderloom.run.machine import resolving
from orderloom.run.people.acts import Person
from orderloom.run.telling.past import past_report
from orderloom.run.telling.report import RunReport

CANCELLED = "cancelled"


def cancel_run(who: Person) -> Doing:
    """What `Crew.resume` is to do: end the run as cancelled, and take back what was done, the latest first."""

    def doing(live: LiveRun) -> None:
        live.notes.add(live.writer.cancelled(live.now(), by=who.by, why=who.why))
        resolving.cancel(live.interpreter)

    return doing


async def cancel_without_undo(crew: Crew, run: Run, who: Person) -> RunReport:
    """End the run as it stands. Its flow need not be made again for that, and what it did stays done.

    Raises `BusyError`.
    """
    lease = await crew.lease(run)
    journal = crew.shop.journal
    at = crew.shop.clock.now()
    event = Writer().cancelled(at, by=who.by, why=who.why, undone=False)
    standing = Standing(CANCELLED, True, path=journal.steps(run))
    await asyncio.wrap_future(journal.append(Lease(lease.run, lease.epoch, lease.events), [event], standing))
    return past_report(journal, journal.run(run.number))
