"""What people do about a task: answer it, have its step called again, give its result, or cancel its run (rule 17).

An act is given a run that is in our hands and the task as it stands, and notes what happened with who did it and why.
The task is taken in the same write: nobody else can act on it, and what comes of its step later is another task.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orderloom.declare import AnswerRefused
from orderloom.journal import Pending, Taken
from orderloom.run.drivers.crew import NotDoneError
from orderloom.run.drivers.durable import LiveRun
from orderloom.run.drivers.waking import ANSWERED, is_over
from orderloom.run.machine import resolving
from orderloom.run.machine.answers import failure_said
from orderloom.run.machine.events import Call, Failure
from orderloom.run.machine.fitting import demand_fit


class NotSoError(NotDoneError):
    """This kind of task is not dealt with in that way."""


class TaskGoneError(NotDoneError):
    """There is no such task, or not any more; `taken` says who has taken it, where somebody has; `why`, why else."""

    def __init__(self, number: int, taken: Taken | None = None, why: str = "there is no such task, or not any more"):
        self.taken = taken
        told = f"{taken.by} {taken.act} at {taken.at}" if taken else why
        super().__init__(f"task {number}: {told}")


@dataclass(frozen=True)
class Person:
    """Who does it, and why."""

    by: str
    why: str | None = None


Act = Callable[[LiveRun, Pending, Person], None]


def answer(said: Any) -> Act:
    """Answer a question, say that an event happened, give a parked step's result, or say that a step is taken back.

    The act raises `AnswerRefused`: nothing has happened then, and the task stays (rule 14).
    """

    def act(live: LiveRun, task: Pending, who: Person) -> None:
        if task.kind in ANSWERED:
            _answer(live, task, said, who)
        elif task.kind == "parked" and task.step:
            _give(live, task, said, who)
        elif task.kind == "undo":
            _taken_back(live, task, said, who)
        elif task.kind == "changed":
            _seen(live, task, said, who)
        else:
            raise NotSoError("it takes no answer")

    return act


def answer_first(attempts: Sequence[Any]) -> Act:
    """Answer with the first of these that is taken; where none is, the first refusal counts."""

    def act(live: LiveRun, task: Pending, who: Person) -> None:
        refused: AnswerRefused | None = None
        for said in attempts:
            try:
                answer(said)(live, task, who)
            except AnswerRefused as refusal:
                refused = refused or refusal
            else:
                return
        assert refused is not None
        raise refused

    return act


def retry(*edits: Mapping[str, Any]) -> Act:
    """Call a parked step again, or try once more to take a step back.

    `edits` are ways to read what a person wants of the inputs (path → value): the first that fits is used. The act
    raises `AnswerRefused` where none does.
    """

    def act(live: LiveRun, task: Pending, who: Person) -> None:
        if task.kind == "undo":
            _retry_undo(live, task, who, edits)
        elif task.kind == "parked" and task.step:
            inputs = resolving.edited(live.interpreter, task.step, edits)
            live.notes.add(live.writer.retried(task.step, None, inputs, live.now(), **_who(task, who)))
            _taken(live, task, who, "had it tried again")
            resolving.retry(live.interpreter, task.step, inputs)
        elif task.kind != "parked":  # a run that could not be gone on with is gone on with, and that is all
            raise NotSoError("it has not failed")

    return act


def cancel(live: LiveRun, task: Pending, who: Person) -> None:
    """End the task's run as cancelled: what waits is withdrawn, what is done is taken back (rule 25)."""
    live.notes.add(live.writer.cancelled(live.now(), **_who(task, who)))
    _taken(live, task, who, "cancelled the run")
    resolving.cancel(live.interpreter)


def demand(live: LiveRun, task: Pending) -> None:
    """The run waits for that still, or `TaskGoneError`: its process may have died before it could say how it stands."""
    opened = live.played.opened().get((task.step, task.item, False))
    if opened is not None and task.kind in ANSWERED and is_over(live, opened):
        raise TaskGoneError(task.number, why="its time limit has passed: the run goes on without an answer")
    if not _stands(live, task):
        raise TaskGoneError(task.number)


def _stands(live: LiveRun, task: Pending) -> bool:
    if task.kind == "parked":
        return not task.step or task.step in resolving.names_of_parked(live.interpreter)
    if task.kind == "undo":
        return any((call.name, call.item) == (task.step, task.item) for call, _ in live.interpreter.undo_failures)
    if task.kind == "changed":
        return True
    return (task.step, task.item, False) in live.played.opened()


def _answer(live: LiveRun, task: Pending, said: Any, who: Person) -> None:
    call = live.played.opened()[(task.step, task.item, False)].call
    told = live.answer(call, _signed(call, said, who), **_who(task, who))
    word = f"!{told.error_class}" if isinstance(told, Failure) else told[0]
    _taken(live, task, who, f"answered `{word}`")


def _give(live: LiveRun, task: Pending, said: Any, who: Person) -> None:
    if failure_said(said) is not None:
        raise AnswerRefused(["a result is wanted, not a failure: the step has failed already"])
    outcome, value = resolving.result_of(live.interpreter, task.step, said, live.shop.catalogue)
    _, program = resolving.find_parked(live.interpreter, task.step)
    demand_fit(program, value)
    live.notes.add(live.writer.given(task.step, None, outcome, value, live.now(), **_who(task, who)))
    _taken(live, task, who, "gave its result")
    resolving.give(live.interpreter, task.step, outcome, value)


def _taken_back(live: LiveRun, task: Pending, said: Any, who: Person) -> None:
    if said != "done":
        raise AnswerRefused(["say `done` once the step has been taken back by hand"])
    event = live.writer.given(task.step, task.item, "done", None, live.now(), undo=True, **_who(task, who))
    live.notes.add(event)
    _taken(live, task, who, "took it back by hand")
    resolving.give_undo(live.interpreter, task.step, task.item)


def _seen(live: LiveRun, task: Pending, said: Any, who: Person) -> None:
    if said != "seen":
        raise AnswerRefused(["say `seen` once you have done what the change asks for"])
    _taken(live, task, who, "saw to the change" + (f": {who.why}" if who.why else ""))


def _retry_undo(live: LiveRun, task: Pending, who: Person, edits: Sequence[Mapping[str, Any]]) -> None:
    if any(edits):
        raise AnswerRefused(["an undo is given what its step gave: it takes no other inputs"])
    live.notes.add(live.writer.retried(task.step, task.item, {}, live.now(), undo=True, **_who(task, who)))
    _taken(live, task, who, "had it tried again")
    resolving.retry_undo(live.interpreter, task.step, task.item)


def _who(task: Pending, who: Person) -> dict[str, Any]:
    return {"by": who.by, "why": who.why, "task": task.number}


def _taken(live: LiveRun, task: Pending, who: Person, what: str) -> None:
    live.notes.take_task(Taken(task.number, who.by, what, live.now().isoformat()))


def _signed(call: Call, said: Any, who: Person) -> Any:
    """The answer with who gave it and why, where what it gives has room for that."""
    record = {"outcome": said} if isinstance(said, str) else said
    if not isinstance(record, Mapping) or failure_said(said) is not None:
        return said
    schemas = call.node.outcomes(call.program.planned.settings).values()
    signature = {"by": who.by, "note": who.why}
    fits = {name: value for name, value in signature.items() if value and all(name in s["properties"] for s in schemas)}
    return {**fits, **record} if fits else said
