"""A command that dies at any of its writes is given again: all comes to what it had come to without."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from orderloom.journal import JournalUnusableError, LostLeaseError
from orderloom.run.drivers.crew import BusyError
from orderloom.run.drivers.sending import send
from orderloom.run.forgetting.pruning import Pruning
from orderloom.run.people import acts
from orderloom.run.people.acts import Act, Person, TaskGoneError
from orderloom.run.people.cancelling import cancel_run, cancel_without_undo
from orderloom.settings import Keep
from tests.run.keeping import Came, Place, Process, flow_text, opened_once

Command = Callable[[Process], Any]
ANN = Person("ann")


@dataclass(frozen=True)
class Story:
    """A flow's steps, the commands that are given one after another, and what is refused until it is let through."""

    steps: str
    commands: tuple[Command, ...]
    refused: str = ""


def document(revision: int) -> Came:
    return Came(order={"id": "1", "order_id": "1", "revision": revision, "lines": [1, 2, 3]})


def order(revision: int = 1) -> Command:
    return lambda process: process.order(document(revision), "1")


def revises(revision: int) -> Command:
    """A document that only revises its order."""

    def command(process: Process) -> None:
        place = process.place
        asyncio.run(process.crew.revise(place.program, "1", document(revision), place.opened))

    return command


def event(name: str) -> Command:
    return lambda process: asyncio.run(send(process.crew, name, "1", "null", f"{name}-1"))


def cancels(process: Process, *, undoing: bool = True) -> None:
    run = process.journal.run(1)
    if run.ended is None:
        crew = process.crew
        asyncio.run(crew.resume(run, cancel_run(ANN)) if undoing else cancel_without_undo(crew, run, ANN))


def does(step: str, act: Act) -> Command:
    """A person does something about the task of that step, unless nothing is to be done about it any more."""

    def command(process: Process) -> None:
        for task in process.journal.pending("step = ?", (step,)):
            process.do(task, act)

    return command


def works(process: Process) -> None:
    process.work()


def is_let_through(process: Process) -> None:
    """Nothing is refused any more."""
    process.place.outside.fails = lambda _what, _given, _time: None


def later(**time: float) -> Command:
    """Time passes; given again it passes again, which changes nothing."""
    return lambda process: process.place.clock.move(timedelta(**time).total_seconds())


def prunes(process: Process) -> None:
    list(Pruning(process.journal, Keep(payloads=timedelta(days=30))).prune())


def prunes_runs(process: Process) -> None:
    list(Pruning(process.journal, Keep(runs=timedelta(days=35))).prune())


def is_spoilt(process: Process) -> None:
    """The run cannot be played back any more."""
    spoilt = "UPDATE event SET step = 'x' WHERE run = 1 AND seq = 1"
    process.journal.change(lambda db: db.execute(spoilt))


def is_mended(process: Process) -> None:
    process.journal.change(lambda db: db.execute("UPDATE event SET step = 'a' WHERE run = 1 AND step = 'x'"))


WAITS = """
  a: {use: act, with: {given: 1}, after: [start], undo: {use: take-back, with: {given: =result.out}}}
  w: {use: wait-for, with: {event: ready, match: =start.order.id}, after: [a]}
  b: {use: act, with: {given: 2}, after: [w], undo: {use: take-back, with: {given: =result.out}}}
  change: {use: wait-for, with: {event: document.changed, match: =start.order.id}, after: [w]}
"""
ASKS = """
  a: {use: act, with: {given: 1}, after: [start], undo: {use: take-back, with: {given: 1}}}
  ask: {use: ask, with: {kind: approve, desk: d, question: "?"}, after: [a], next: {approved: b, declined: stop}}
  b: {use: act, with: {given: 2}}
  stop: {use: act, with: {given: 3}, end: cancelled}
"""
STORIES = {
    "revisions are told, and one that is known is passed over": Story(
        WAITS, (order(3), order(5), order(4), order(5), event("ready"), works)
    ),
    "revisions come before their order": Story(WAITS, (revises(4), revises(2), order(3), event("ready"), works)),
    "a revision that only revises": Story(WAITS, (order(1), event("ready"), revises(2), works)),
    "an event that comes twice": Story(WAITS, (order(), event("ready"), event("ready"), order(2))),
    "an event that comes first": Story(WAITS, (event("ready"), order(), order(2))),
    "a run that is cancelled": Story(WAITS, (order(), event("ready"), cancels, works)),
    "a run that is cancelled without undo": Story(
        WAITS, (order(), event("ready"), lambda process: cancels(process, undoing=False))
    ),
    "a task that is answered": Story(ASKS, (order(), does("ask", acts.answer("declined")), works)),
    "a task by which a run is cancelled": Story(ASKS, (order(), does("ask", acts.cancel), works)),
    "a step that is had tried again": Story(
        WAITS, (order(), is_let_through, does("a", acts.retry()), event("ready"), order(2), works), "act"
    ),
    "an undo that is had tried again": Story(
        WAITS, (order(), cancels, is_let_through, does("a", acts.retry()), works), "take-back"
    ),
    "an undo that is done by hand": Story(
        WAITS, (order(), cancels, does("a", acts.answer("done")), works), "take-back"
    ),
    "a run that is stuck until it is mended": Story(
        WAITS, (order(), is_spoilt, event("ready"), is_mended, later(minutes=6), works, order(2))
    ),
    "what is old is let go of": Story(
        WAITS, (order(), cancels, works, later(days=40), prunes, order(), prunes_runs, order())
    ),
}  # fmt: skip


def told(story: Story, folder: Path, dies_at: tuple[int, str] | None = None) -> tuple[Place, int, bool]:
    """Give the commands, and one in which the process dies again; the place, the writes, and whether it died."""
    folder.mkdir()
    place = Place(folder, opened_once(flow_text(story.steps)))
    place.outside.fails = lambda what, _given, _time: "refused" if what == story.refused else None
    process = Process(place, dies_at)
    died = False
    for command in story.commands:
        while not given(process, command):
            died = True
            process.close()
            process = Process(place)
            process.journal.change(lambda db: db.execute("UPDATE run SET owner = NULL, lease = NULL"))
            process.work()
    process.close()
    return place, process.commits, died or process.dead


def given(process: Process, command: Command) -> bool:
    """Whether the command came to its end; False where its process died."""
    try:
        command(process)
    except (JournalUnusableError, LostLeaseError):
        assert process.dead
    except (BusyError, TaskGoneError):
        return True  # it had been done
    return not process.dead


def came_to(place: Place) -> dict[str, Any]:
    """All that can be told of the place: its run, what is listed of it, and what was done outside."""
    process = Process(place)
    try:
        journal = process.journal
        runs = [(run.key, run.status, run.payload, journal.steps(run)) for run in journal.select_runs("1")]
        reports = {key: {**one, "path": sorted(one["path"])} for key, one in process.reports().items()}
        listed = sorted((one.kind, one.step, json.loads(one.body).get("revision")) for one in journal.pending())
        tables = {
            "revisions": "SELECT revision, state FROM revision ORDER BY 1, 2",
            "events had": "SELECT run, signal FROM delivery ORDER BY 1, 2",
            "taken": "SELECT by, act FROM taken ORDER BY task",
            "came in": "SELECT flow, sum(runs) FROM intake GROUP BY flow",
            "gone": "SELECT id, status FROM gone",
        }
        kept = {name: [tuple(row) for row in journal.all(statement)] for name, statement in tables.items()}
        return {"runs": runs, "reports": reports, "listed": listed, **kept, "done": sorted(place.outside.done)}
    finally:
        process.close()


@pytest.mark.parametrize("name", STORIES)
def test_commands_that_die_at_any_write_and_are_given_again_come_to_the_same(quick: Path, name: str) -> None:
    story = STORIES[name]
    whole, writes, _ = told(story, quick / "whole")
    expected, once = came_to(whole), whole.outside.doubles()

    for number in range(1, writes + 1):
        when = "before" if number % 2 else "after"
        place, _, died = told(story, quick / f"{number}", (number, when))

        assert died, f"it was to die {when} write {number}"
        assert came_to(place) == expected, f"died {when} write {number}"
        assert sum((place.outside.doubles() - once).values()) <= 1, "more than the one that was in doubt"
