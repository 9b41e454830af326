"""A task of the inbox, and what a person does about it: its run is taken up, and goes on from there."""

from __future__ import annotations

from orderloom.journal import Journal, Lease, Pending, Run
from orderloom.run.drivers.crew import Crew, NotDoneError
from orderloom.run.drivers.durable import LiveRun
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


def _see(crew: Crew, run: Run, task: Pending, act: Act, who: Person) -> RunReport:
    """A run that has ended takes nothing up; that its document has changed can only be seen."""
    lease = Lease(run.number, run.epoch, run.events)
    live = LiveRun.resumed(crew.shop, run, lease, crew.pins.program(run.pin))
    act(live, task, who)
    if live.notes.task is None or live.notes.has_events:
        raise NotDoneError(f"its run has ended as {run.status}: what the change asks for is to be done by hand")
    crew.shop.journal.take_task(run, live.notes.task)
    return crew.look(run)
