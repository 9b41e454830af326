"""An order done again from one of its steps, once its run has ended: another run, which takes over what stands.

The run that has ended stays as it is. The other one is held to the flow of today, begins with the same document, and is
told at once what every step gave that does not come after the one to begin at: they are not called. Everything from
there on is called anew, with keys of its own. So it is refused where that would do an effect twice that stands, or of
which nobody knows whether it does (docs/decisions/0023).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from orderloom.declare import AnswerRefused
from orderloom.flow.open import Opened
from orderloom.flow.plan import Plan, PlannedStep
from orderloom.journal import Journal, Run
from orderloom.model.people import people_in
from orderloom.run.arrivals.coming import Coming
from orderloom.run.arrivals.keys import run_id
from orderloom.run.drivers.crew import Crew
from orderloom.run.drivers.durable import LiveRun
from orderloom.run.kept.pins import Pins, pin_of
from orderloom.run.kept.recording import CallPlace, Taken, place_of
from orderloom.run.kept.records import Recorder
from orderloom.run.kept.replay import Replay, replay, take_over
from orderloom.run.machine.events import Call
from orderloom.run.machine.fitting import with_edits
from orderloom.run.machine.interpreter import Interpreter
from orderloom.run.machine.program import Program
from orderloom.run.people.acts import Person
from orderloom.run.telling.history import CallHistory, Try, history_of
from orderloom.run.telling.report import RunReport

_NOT_DONE = frozenset({"refused", "invalid", "empty", "rate_limited"})  # classes that say that nothing was done
_SIGN = "~"  # between the key of an order and how often it is done


class NotAgainError(Exception):
    """Why the order cannot be done again from there; a sentence each."""

    def __init__(self, why: Sequence[str]) -> None:
        self.why = tuple(why)
        super().__init__("; ".join(why))


@dataclass(frozen=True)
class Again:
    """What is to be begun. `repeats` are effects that are done a second time, since nothing takes them back."""

    run: Run
    program: Program
    opened: Opened
    step: str
    trigger: Any
    taken: Sequence[Taken]
    repeats: Sequence[str]
    instead: Mapping[int | None, Mapping[str, Any]] = field(default_factory=dict)


@dataclass
class _Past:
    """The run that has ended: where its interpreter stands, and each call that reached outside."""

    interpreter: Interpreter
    effects: dict[CallPlace, Call]
    calls: Mapping[CallPlace, CallHistory]

    @property
    def taken_back(self) -> set[tuple[str, int | None]]:
        return {(step, item) for (step, item, undo), one in self.calls.items() if undo and one.state == "done"}


def again(
    journal: Journal, pins: Pins, run: Run, today: tuple[Opened, Program], step: str | None,
    edits: Sequence[Mapping[str, Any]] = (),
) -> Again:  # fmt: skip
    """What doing the order again would be. Raises `NotAgainError`, `AnswerRefused`, `PinError`, `RecordError`."""
    opened, program = today
    past = _past(journal, pins, run)
    first = _first(program, step)
    anew = _from(program.plan, first)
    taken = list(_taken(past, program, anew))
    problems = [*_unfit(past, program, anew), *_standing(past, program, anew)]
    if problems:
        raise NotAgainError(problems)
    trigger = past.interpreter.scope[past.interpreter.program.steps[0].name]
    made = Again(run, program, opened, first.name, trigger, taken, sorted(_repeats(past, program, anew)))
    return replace(made, instead=_instead(made, edits)) if any(edits) else made


async def begin_again(crew: Crew, made: Again, who: Person) -> RunReport:
    """Begin the other run, and go on with it. What it takes over is written with its beginning: all or nothing."""
    journal, instead = crew.shop.journal, {made.step: made.instead}
    about = {"of": made.run.id, "from": made.step, "by": who.by, "why": who.why}
    pin = pin_of(made.opened, made.program.plan)
    crew.pins.add(made.program)
    while True:  # two people may begin at once: each key is one run
        coming, now = Coming.of(made.program, _key(journal, made.run), made.trigger), crew.shop.clock.now()
        step = made.program.steps[0].name
        began = coming.writer.began_again(step, coming.recorded, now, about, made.taken, instead)
        accepted = await asyncio.wrap_future(journal.accept(coming.run(now), began, pin, people_in(made.trigger)))
        if accepted.fresh and accepted.lease:
            break
    played = Replay(made.program, Interpreter(made.program, made.trigger, now), coming.writer.recorder)
    take_over(played, made.taken, instead)
    return await LiveRun(crew.shop, accepted.run, accepted.lease, played).go()


def _key(journal: Journal, run: Run) -> str:
    """The order's own key with how often it is done: `1001~2`, `1001~3`."""
    first, sign, number = run.key.rpartition(_SIGN)
    base, count = (first, int(number)) if sign and number.isdecimal() else (run.key, 1)
    while True:
        count += 1
        key = f"{base}{_SIGN}{count}"
        if not journal.find(run_id(run.flow, key)):
            return key


def _past(journal: Journal, pins: Pins, run: Run) -> _Past:
    effects: dict[CallPlace, Call] = {}

    def watch(_: Any, call: Call) -> None:
        if call.node.effects != "none" and call.program.inner is None:
            effects[place_of(call)] = call

    events = journal.events(run.number)
    played = replay(pins.program(run.pin), events, watch)
    return _Past(played.interpreter, effects, history_of(events).calls)


def _first(program: Program, step: str | None) -> PlannedStep:
    steps = program.plan.steps[1:]
    found = next((one for one in steps if step in {None, one.name}), None)
    if found is None:
        names = ", ".join(one.name for one in steps)
        raise NotAgainError([f"the flow of today has no step `{step}` to begin at; it has {names}"])
    return found


def _from(plan: Plan, first: PlannedStep) -> frozenset[str]:
    """The step to begin at, and all that come after it by any edge; the first one stands for all."""
    if first.index == 1:
        return frozenset(step.name for step in plan.steps[1:])
    after = {first.index}
    for step in plan.steps:  # in topological order
        if any(index in after for index in step.upstream):
            after.add(step.index)
    return frozenset(plan.steps[index].name for index in after)


def _kept(program: Program, anew: frozenset[str]) -> Iterator[PlannedStep]:
    return (step for step in program.plan.steps[1:] if step.name not in anew)


def _taken(past: _Past, program: Program, anew: frozenset[str]) -> Iterator[Taken]:
    """What each step gave that is not called again, item by item."""
    old = {step.name: step.index for step in past.interpreter.program.steps}
    for step in _kept(program, anew):
        index = old.get(step.name)
        if index is None or past.interpreter.states[index] != "done":
            continue
        items = past.interpreter.items.get(index)
        if items is None:
            [outcome] = past.interpreter.outcomes[index]
            yield Taken(step.name, None, outcome, past.interpreter.scope[step.name])
        else:
            for item, value in sorted(items.values.items()):
                yield Taken(step.name, item, items.outcomes[item], value)


def _unfit(past: _Past, program: Program, anew: frozenset[str]) -> Iterator[str]:
    """Steps whose results cannot be taken over."""
    old = {step.name: step for step in past.interpreter.program.steps}
    back = {name.partition("/")[0].partition("[")[0] for name, _ in past.taken_back}
    for step in _kept(program, anew):
        before = old.get(step.name)
        if before is None:
            continue
        state = past.interpreter.states[before.index]
        if state in {"failed", "parked"}:
            yield f"`{step.name}` had failed: begin there, or before it"
        elif state == "done" and step.name in back:
            yield f"`{step.name}` was taken back: begin there, or before it"
        elif state == "done" and (before.node.name, before.node.version) != (step.node.name, step.node.version):
            yield f"`{step.name}` is another node by now: begin there, or before it"
        elif state == "done" and step.inner and _has_effects(step.inner):
            yield f"`{step.name}` is a flow of its own with effects: begin there, or before it"


def _standing(past: _Past, program: Program, anew: frozenset[str]) -> Iterator[str]:
    """Effects of the run that has ended that nothing has taken back, though something could, or nobody knows of."""
    for place, call in _lost(past, program, anew):
        known = past.calls.get(place)
        label = call.label
        if known is None or known.state == "withdrawn" or place[:2] in past.taken_back:
            continue
        if known.state == "done" and call.program.undo is not None:
            yield f"`{label}` was done and stands: it would be done twice"
        elif known.state != "done" and _is_in_doubt(known):
            yield f"nobody knows whether `{label}` took effect ({_error(known)}): it might be done twice"


def _repeats(past: _Past, program: Program, anew: frozenset[str]) -> Iterator[str]:
    """Effects that nothing takes back, such as a message: they are done once more."""
    for place, call in _lost(past, program, anew):
        known = past.calls.get(place)
        if known is not None and known.state == "done" and call.program.undo is None:
            yield call.label


def _lost(past: _Past, program: Program, anew: frozenset[str]) -> Iterator[tuple[CallPlace, Call]]:
    """The calls that reached outside and whose results are not taken over."""
    kept = {step.name for step in _kept(program, anew)}
    for place, call in past.effects.items():
        if not call.undo and place[0].partition("/")[0].partition("[")[0] not in kept:
            yield place, call


def _is_in_doubt(known: CallHistory) -> bool:
    """Whether one of its attempts may have done something."""
    return not known.tries or any(_may_have_done(one) for one in known.tries)


def _may_have_done(one: Try) -> bool:
    return not one.environment and one.error not in _NOT_DONE


def _error(known: CallHistory) -> str:
    return next((one.error for one in known.tries if one.error and _may_have_done(one)), "it told nothing")


def _has_effects(plan: Plan) -> bool:
    return any(step.node.effects != "none" or (step.inner and _has_effects(step.inner)) for step in plan.steps)


def _instead(made: Again, edits: Sequence[Mapping[str, Any]]) -> dict[int | None, Mapping[str, Any]]:
    """The changed inputs of the step to begin at, by item. Raises `AnswerRefused`, `NotAgainError`."""
    played = Replay(made.program, Interpreter(made.program, made.trigger), Recorder())
    take_over(played, made.taken, {})
    calls = [call for call in played.calls.values() if call.name == made.step]
    if not calls:
        raise NotAgainError([f"`{made.step}` does not come at once: its inputs cannot be changed beforehand"])
    refused: AnswerRefused | None = None
    for paths in edits:
        try:
            return {call.item: with_edits(call.node, call.inputs, paths) for call in calls}
        except AnswerRefused as refusal:
            refused = refused or refusal
    assert refused is not None
    raise refused
