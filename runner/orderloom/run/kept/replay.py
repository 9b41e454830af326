"""A run's events in; the interpreter as it stood after the last of them out, with what was left in doubt."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from orderloom.declare import Wait
from orderloom.journal import Event
from orderloom.run.kept.recording import CallPlace, Taken, body_of, log_of, place_of
from orderloom.run.kept.records import Recorder, RecordError
from orderloom.run.machine.events import Call, Failure, Open, Retry
from orderloom.run.machine.interpreter import Interpreter
from orderloom.run.machine.program import Program
from orderloom.run.machine.resolving import cancel, give, give_undo, retry, retry_undo
from orderloom.world import CallLog


@dataclass
class Replay:
    """A run played back. `calls` were handed out and have come to nothing yet; `doubts` are those that had begun.

    `since` says when a wait began, `again_at` when a retry is due.
    """

    program: Program
    interpreter: Interpreter
    recorder: Recorder
    calls: dict[CallPlace, Call] = field(default_factory=dict)
    doubts: dict[CallPlace, datetime] = field(default_factory=dict)
    since: dict[CallPlace, datetime] = field(default_factory=dict)
    again_at: dict[CallPlace, datetime] = field(default_factory=dict)
    logs: list[tuple[Call, CallLog]] = field(default_factory=list)
    watch: Callable[[Event, Call], None] | None = None  # is shown every call that an event is of

    def find(self, place: CallPlace) -> Call:
        """The call that an event is of. Raises `RecordError` where the plan has no such call there."""
        found = self.calls.pop(place, None) or self._opened(place) or self._again(place)
        if found is None:
            self.take()
            found = self.calls.pop(place, None)
        if found is None:
            raise RecordError(f"the journal tells of `{place[0]}`, which the flow does not come to there")
        return found

    def begin(self, place: CallPlace) -> Call:
        """The call is being made; nobody knows what came of it before its result is told."""
        if place not in self.calls:  # else it keeps its place among those that were handed out with it
            self.calls[place] = self.find(place)
        return self.calls[place]

    def take(self) -> None:
        """Hand out what the interpreter has ready."""
        for call in self.interpreter.take():
            self.calls[place_of(call)] = call

    def opened(self) -> dict[CallPlace, Open]:
        """Every call that waits, of this run and of the subflows in it."""
        return {place_of(one.call): one for run in self.interpreter.live() for one in run.open.values()}

    def retries(self) -> dict[CallPlace, Retry]:
        """Every call that is to be made again."""
        return {place_of(one.call): one for run in self.interpreter.live() for one in run.retries}

    def _opened(self, place: CallPlace) -> Call | None:
        every = (one for run in self.interpreter.live() for one in run.open.values())
        found = next((one for one in every if place_of(one.call) == place), None)
        if found is not None and found.wait.kind == "time":
            return found.call.owner.look_again(found)
        return found.call if found else None

    def _again(self, place: CallPlace) -> Call | None:
        every = (one for run in self.interpreter.live() for one in run.retries)
        found = next((one for one in every if place_of(one.call) == place), None)
        if found is None:
            return None
        self.again_at.pop(place, None)
        return found.call.owner.again(found)


def replay(program: Program, events: Sequence[Event], watch: Callable[[Event, Call], None] | None = None) -> Replay:
    """Play the events back. Raises `RecordError` where they do not fit the program."""
    first, *rest = events
    recorder = Recorder()
    body = body_of(first, recorder)
    made = Replay(program, Interpreter(program, body["value"], datetime.fromisoformat(body["now"])), recorder)
    made.watch = watch
    if "taken" in body:
        take_over(made, [Taken(*one) for one in body["taken"]], _by_step(body.get("instead", ())))
    for event in rest:
        _PLAYED[event.kind](made, event, body_of(event, recorder))
    return made


def take_over(
    made: Replay, taken: Sequence[Taken], instead: Mapping[str, Mapping[int | None, Mapping[str, Any]]]
) -> None:
    """Tell a run that has just begun what these steps gave; what it then has ready waits to be called.

    `instead` are inputs in place of the calls' own, by step and item.
    """
    known = {(one.step, one.item): one for one in taken}
    while calls := made.interpreter.take():
        for call in calls:
            one = None if call.undo else known.get((call.name, call.item))
            if one is not None:
                call.owner.done(call, one.outcome, one.value)
            else:
                changed = instead.get(call.name, {}).get(call.item, {})
                made.calls[place_of(call)] = replace(call, inputs={**call.inputs, **changed}) if changed else call


def _by_step(told: Sequence[Any]) -> dict[str, dict[int | None, Mapping[str, Any]]]:
    found: dict[str, dict[int | None, Mapping[str, Any]]] = {}
    for step, item, inputs in told:
        found.setdefault(step, {})[item] = inputs
    return found


def _place(event: Event, body: Mapping[str, Any]) -> CallPlace:
    return event.step, event.item, bool(body.get("undo"))


def _intent(made: Replay, event: Event, body: Mapping[str, Any]) -> None:
    place = _place(event, body)
    _watched(made, event, made.begin(place))
    made.doubts[place] = datetime.fromisoformat(event.at)


def _done(made: Replay, event: Event, body: Mapping[str, Any]) -> None:
    call = _settled(made, event, body)
    made.logs.append((call, log_of(body.get("log"))))
    call.owner.done(call, body["outcome"], body["value"])


def _failed(made: Replay, event: Event, body: Mapping[str, Any]) -> None:
    call = _settled(made, event, body)
    if body.get("again_at"):
        made.again_at[place_of(call)] = datetime.fromisoformat(body["again_at"])
    flags = {name: True for name in ("environment", "in_doubt", "final", "held_back") if body.get(name)}
    failure = Failure(body["class"], body["message"], call.item, body.get("retry_after_s"), **flags)
    call.owner.failed(call, failure)


def _waits(made: Replay, event: Event, body: Mapping[str, Any]) -> None:
    call = _settled(made, event, body)
    if "state" in body:
        call = replace(call, state=body["state"])
    made.since.setdefault(place_of(call), datetime.fromisoformat(event.at))
    call.owner.waits(call, Wait(body["for"], body["about"]))


def _withdrawn(made: Replay, event: Event, body: Mapping[str, Any]) -> None:
    call = _settled(made, event, body)
    call.owner.withdraw(call)


def _entered(made: Replay, event: Event, body: Mapping[str, Any]) -> None:
    call = _settled(made, event, body)
    call.owner.enter(call)


def _refused(_made: Replay, _event: Event, _body: Mapping[str, Any]) -> None:
    """It is told in the history alone: the wait goes on as if nothing had come."""


def _given(made: Replay, event: Event, body: Mapping[str, Any]) -> None:
    if body.get("undo"):
        give_undo(made.interpreter, event.step, event.item)
    else:
        give(made.interpreter, event.step, body["outcome"], body["value"])


def _retried(made: Replay, event: Event, body: Mapping[str, Any]) -> None:
    if body.get("undo"):
        retry_undo(made.interpreter, event.step, event.item)
    else:
        retry(made.interpreter, event.step, dict(body.get("inputs", ())))


def _cancelled(made: Replay, _event: Event, body: Mapping[str, Any]) -> None:
    if body.get("undone") is False:
        made.interpreter.undos = []  # a person has said that nothing is taken back
    cancel(made.interpreter)


def _settled(made: Replay, event: Event, body: Mapping[str, Any]) -> Call:
    place = _place(event, body)
    made.doubts.pop(place, None)
    if event.kind != "waits":
        made.since.pop(place, None)
    return _watched(made, event, made.find(place))


def _watched(made: Replay, event: Event, call: Call) -> Call:
    if made.watch is not None:
        made.watch(event, call)
    return call


_PLAYED: Mapping[str, Callable[[Replay, Event, Mapping[str, Any]], None]] = {
    "intent": _intent,
    "done": _done,
    "failed": _failed,
    "waits": _waits,
    "withdrawn": _withdrawn,
    "entered": _entered,
    "refused": _refused,
    "given": _given,
    "retried": _retried,
    "cancelled": _cancelled,
}
