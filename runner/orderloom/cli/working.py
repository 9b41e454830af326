"""The work behind `orderloom work`: go on with what is due, tell each run, sum up."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import click

from orderloom.cli.failure import told as tell_bug
from orderloom.cli.interrupts import on_interrupt, on_terminate
from orderloom.cli.place import Place, place
from orderloom.cli.running import WORST_FIRST
from orderloom.cli.telling import tell_briefly
from orderloom.cli.times import ago, moment
from orderloom.run.drivers.crew import Crew, WorkedOn
from orderloom.run.drivers.working import Worker
from orderloom.run.telling.tasks import tasks
from orderloom.world import Clock

INTERRUPTED = 130


@dataclass
class Telling:
    """Prints each run as it comes to rest, and counts."""

    as_json: bool
    statuses: Counter[str] = field(default_factory=Counter)
    codes: set[int] = field(default_factory=set)

    def __call__(self, worked: WorkedOn) -> None:
        if worked.report is not None:
            self._report(worked)
        elif worked.why is not None:
            self.codes.add(1)
            self.statuses["stuck"] += 1
            click.echo(f"{worked.run.id} {worked.run.key}: {worked.why}", err=True)
        else:
            self.statuses["taken over"] += 1
        if worked.bug is not None:
            tell_bug(worked.bug)

    def _report(self, worked: WorkedOn) -> None:
        report = worked.report
        assert report is not None
        self.statuses[report.status] += 1
        self.codes.add(0 if report.exit_code == 3 else report.exit_code)  # that it waits is as it should be
        for refusal in worked.refusals:
            click.echo(f"not accepted by {refusal}", err=True)
        if self.as_json:
            click.echo(json.dumps(report.to_json(), ensure_ascii=False))
        else:
            tell_briefly(report)


def work(*, watch: bool, in_flight: int, as_json: bool, clock: Clock | None = None) -> int:
    """Work off what is due; gives the exit code. Raises `JournalUnusableError`, `ProblemsError`."""
    with place(clock, make=watch) as here:
        if here is None:
            click.echo("nothing is due: nothing has run here yet", err=True)
            return 0
        telling = Telling(as_json)
        with here.crew() as crew:
            code = asyncio.run(_work(crew, telling, in_flight, watch=watch))
        _sum_up(here, telling)
    return code if code is not None else next(one for one in WORST_FIRST if one in telling.codes | {0})


async def _work(crew: Crew, telling: Telling, in_flight: int, *, watch: bool) -> int | None:
    """The exit code where it was told to end, else None."""
    stopping = on_interrupt(quietly=watch)
    terminated = on_terminate(stopping)
    worker = Worker(crew, telling, in_flight, stopping)
    ending = asyncio.create_task(_rest_soon(crew, stopping))
    if watch:
        click.echo("working; Ctrl-C ends it", err=True)
    await (worker.watch() if watch else worker.work_off())
    ending.cancel()
    return None if not stopping.is_set() else 0 if terminated.is_set() else INTERRUPTED


async def _rest_soon(crew: Crew, stopping: asyncio.Event) -> None:
    """Told to end, runs no longer stay at hand for a retry that is near."""
    await stopping.wait()
    crew.shop.patience = timedelta(0)


def _sum_up(here: Place, telling: Telling) -> None:
    total = sum(telling.statuses.values())
    each = ", ".join(f"{number:,} {status}" for status, number in sorted(telling.statuses.items()))
    click.echo(f"{total:,} runs: {each}" if total else "nothing was due", err=True)
    due, now = here.journal.next_due(), here.clock.now()
    if due is not None:
        at = max(now, datetime.fromtimestamp(due, UTC))
        click.echo(f"the next is due at {moment(at)}, in {ago(at - now)}", err=True)
    waiting = sum(1 for _ in tasks(here.journal))
    if waiting:
        click.echo(f"{waiting:,} waiting for people: orderloom inbox list", err=True)
