"""A task of the inbox, and what a person does about it: its run is taken up, and goes on from there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn, cast

from orderloom.journal import Journal, Lease, Pending, Run
from orderloom.run.drivers.crew import Crew, NotDoneError
from orderloom.run.drivers.durable import LiveRun
from orderloom.run.drivers.notes import Notes
from orderloom.run.people.acts import Act, Person, TaskGoneError, demand
from orderloom.run.telling.report import RunReport


async def do(crew: Crew, number: int, act: Act, who: Person) -> RunReport:
    """Do something about the task of that number, and go on with its run.

    Raises what `Crew.resume` does, `NotDoneError` (`TaskGoneError` where somebody else has taken it), and
    `AnswerRefused`: then nothing has happened, and the task stays.
    """
    journal = crew.shop.journal

    def doing(live: LiveRun) -> None:
        task = find_task(journal, number)
        demand(live, task)
        act(live, task, who)

    task = find_task(journal, number)
    run = journal.run(task.run)
    if run.ended and task.kind == "changed":
        return _see(crew, run, task, act, who)
    return await crew.resume(run, doing)


def find_task(journal: Journal, number: int) -> Pending:
    """The task of that number. Raises `TaskGoneError`."""
    for found in journal.pending("number = ?", (number,)):
        return found
    raise TaskGoneError(number, journal.taken(number))


@dataclass
class _Over:
    """A run that has ended, to an act: nothing happens in it any more, but that somebody has seen to a change.

    It is not played back: its values may have been erased by now, and its nodes be gone.
    """

    run: Run
    notes: Notes
    now: Callable[[], datetime]

    @property
    def writer(self) -> NoReturn:
        raise NotDoneError(f"its run has ended as {self.run.status}: what the change asks for is to be done by hand")


def _see(crew: Crew, run: Run, task: Pending, act: Act, who: Person) -> RunReport:
    """That its document has changed can be seen of a run that has ended, and that is all."""
    journal = crew.shop.journal
    over = _Over(run, Notes(journal, Lease(run.number, run.epoch, run.events)), crew.shop.clock.now)
    act(cast("Any", over), task, who)
    if over.notes.task is not None:
        journal.take_task(run, over.notes.task)
    return crew.look(run)
