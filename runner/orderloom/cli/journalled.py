"""`orderloom run` with the journal: many orders in flight, each kept as it goes, Ctrl-C between them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import click

from orderloom.cli.interrupts import on_interrupt
from orderloom.cli.progress import Progress
from orderloom.cli.running import Session, tell_of, triggers
from orderloom.declare import Revising
from orderloom.journal import FILE, Journal, LostLeaseError
from orderloom.run.arrivals.keys import run_key
from orderloom.run.drivers.crew import Crew
from orderloom.run.drivers.workshop import Workshop
from orderloom.run.kept.pins import PinError, Pins
from orderloom.run.kept.records import RecordError
from orderloom.world import SystemClock


def run_each(session: Session) -> None:
    """Every order of the input, as many at a time as are wanted. Raises `JournalUnusableError`."""
    with closing(Journal(session.opened.base / FILE)) as journal, _workshop(session, journal) as shop:
        try:
            asyncio.run(_all(session, Crew(shop, Pins(journal, session.opened.project))))
        except BaseExceptionGroup as group:  # the first that failed took the others along
            raise group.exceptions[0] from None


@contextmanager
def _workshop(session: Session, journal: Journal) -> Iterator[Workshop]:
    shop = Workshop(journal, session.opened.catalogue, session.connections, SystemClock(), session.answers)
    with closing(shop):
        yield shop
        if shop.threads.lost:
            click.echo(f"{shop.threads.lost}; they end with this command", err=True)


async def _all(session: Session, crew: Crew) -> None:
    stopping = on_interrupt()
    gate = asyncio.Semaphore(session.wanted.in_flight)
    with Progress(session.extent) as progress, crew.at_work():
        async with asyncio.TaskGroup() as group:
            for trigger in triggers(session, progress):
                await gate.acquire()
                if stopping.is_set():
                    break
                group.create_task(_one(session, crew, trigger, gate, progress))
                await asyncio.sleep(0)
    if stopping.is_set():
        click.echo("stopped between orders; the same command goes on with the rest", err=True)
        raise KeyboardInterrupt


async def _one(session: Session, crew: Crew, trigger: Any, gate: asyncio.Semaphore, progress: Progress) -> None:
    try:
        document = trigger.outcome if isinstance(trigger, Revising) else trigger
        key = run_key(session.program, document)
        try:
            if isinstance(trigger, Revising):
                report = await crew.revise(session.program, key, document, session.opened)
            else:
                report = await crew.order(session.program, key, document, session.opened)
            if report is None:
                session.summary.kept += 1
                click.echo(f"{key}: the order that this revises has not come; kept until it does", err=True)
            else:
                tell_of(session, report)
        except LostLeaseError as lost:
            click.echo(f"{key}: {lost}; that one tells how it ends", err=True)
            session.codes.add(3)
            session.summary.elsewhere += 1
        except (PinError, RecordError) as error:
            session.codes.add(1)
            session.summary.stuck += 1
            click.echo(f"{key}: {error}", err=True)
    finally:
        gate.release()
        progress.step()
