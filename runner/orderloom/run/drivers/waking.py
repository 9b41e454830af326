"""A run that is taken up again: what was left in doubt, what has come for what waits, and what is due by now."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from orderloom.declare import AnswerRefused
from orderloom.journal import Pending, Signal
from orderloom.run.drivers.memory import too_slow
from orderloom.run.kept.recording import CallPlace, place_of
from orderloom.run.machine.answers import failure_said
from orderloom.run.machine.events import Open
from orderloom.run.machine.resolving import give, parked_steps, result_of
from orderloom.source import parse_json

if TYPE_CHECKING:
    from orderloom.run.drivers.durable import LiveRun

ANSWERED = {"person", "event"}  # what a time limit ends, and an answer


async def wake(live: LiveRun) -> None:
    """See to all of it, before the run goes on."""
    for place in live.played.doubts:
        _see_to_doubt(live, place)
    if live.played.calls:
        await live.make(live.due_calls())
    take_signals(live)
    _take_answers(live)
    time_out(live)


def _see_to_doubt(live: LiveRun, place: CallPlace) -> None:
    """The call had begun and told nothing: what its connection or its node says of that.

    To be made again, it stays where it is; also after an end, which what has begun comes before (rule 24).
    """
    call = live.played.calls.get(place)
    if call is None:
        return
    failure = live.calling.interrupted(call)
    if failure is None:
        live.played.calls[place] = replace(call, in_doubt=True)
    else:
        del live.played.calls[place]
        live.tell(call, failure)


def take_signals(live: LiveRun) -> None:
    """What has come from outside goes to what waits for it."""
    for signal, wait in live.shop.journal.signals_for(live.run.number):
        opened = live.played.opened().get((wait.step, wait.item, False))
        if opened is not None and not _is_too_late(live, signal, wait):
            live.notes.had(signal.id)
            live.try_answer(opened.call, parse_json(signal.body, signal.event).data, signal=signal.id)


def _is_too_late(live: LiveRun, signal: Signal, wait: Pending) -> bool:
    """It came after the wait's time limit: that nobody was there to tell so in time changes nothing."""
    if wait.due is None or wait.due > live.shop.clock.now().timestamp():
        return False
    return datetime.fromisoformat(signal.at).timestamp() > wait.due


def time_out(live: LiveRun) -> None:
    """Waits and tasks whose time limit has passed fail as `timeout` (rule 18)."""
    for place in list(live.played.opened()):
        opened = live.played.opened().get(place)  # an end that the one before it brought has withdrawn the others
        if opened is not None and is_over(live, opened):
            live.tell(opened.call, too_slow(opened.call))


def is_over(live: LiveRun, opened: Open) -> bool:
    """Whether the time limit of a wait has passed."""
    limit: timedelta | None = opened.call.timeout
    if limit is None or opened.wait.kind not in ANSWERED:
        return False
    return live.since[place_of(opened.call)] + limit <= live.shop.clock.now()


def _take_answers(live: LiveRun) -> None:
    """Answers that this command was given are taken by what waits for them, and by steps that are parked (rule 17)."""
    for place in list(live.played.opened()):
        opened = live.played.opened().get(place)
        said = live.calling.said(opened.call) if opened else None
        if opened is not None and said is not None and opened.wait.kind in ANSWERED:
            live.try_answer(opened.call, said)
    for part, step, _ in list(parked_steps(live.interpreter)):
        name = f"{part.prefix}{step.name}"
        said = live.calling.answers.by_step.get(name)
        if said is not None and failure_said(said) is None:
            _give(live, name, said)


def _give(live: LiveRun, step: str, said: Any) -> None:
    try:
        outcome, value = result_of(live.interpreter, step, said, live.shop.catalogue)
    except AnswerRefused as refusal:
        live.calling.refused[(step, None)] = refusal.problems
    else:
        live.notes.add(live.writer.given(step, None, outcome, value, live.shop.clock.now()))
        give(live.interpreter, step, outcome, value)
