"""What people do about tasks: they answer, look outside where nobody knows, have things tried again, or end a run."""

from __future__ import annotations

import json
from typing import Any

from orderloom.journal import Pending
from orderloom.run.drivers.calling import idempotency_key
from orderloom.run.machine.doubt import IN_DOUBT
from orderloom.run.people import acts
from orderloom.run.people.acts import Act
from tests.simulation.process import Place, Process

BY_HAND = "by hand"
PEOPLES = "kind IN ('person', 'parked', 'undo', 'changed')"


class _Call:
    """What a key is made of."""

    def __init__(self, name: str, item: int | None, *, undo: bool) -> None:
        self.name, self.item, self.undo = name, item, undo


def key_of(run_id: str, step: str, item: int | None, *, undo: bool = False) -> str:
    call: Any = _Call(step, item, undo=undo)
    return idempotency_key(run_id, call)


def act_on(place: Place, process: Process, task: Pending, *, calm: bool) -> tuple[str, Act]:
    """What somebody does about the task, in words and as an act."""
    shown = json.loads(task.body)
    if task.kind == "person":
        word = place.chance.choice([word for word in shown["outcomes"] if word])
        return word, acts.answer(word)
    if task.kind == "changed":
        return "seen", acts.answer("seen")
    if not calm and task.kind == "parked" and place.chance.random() < 0.08:
        return "cancel", acts.cancel
    if task.kind == "undo":
        return _of_undo(place, process, task)
    return _of_parked(place, process, task, in_doubt=shown["error"] == IN_DOUBT)


def _of_undo(place: Place, process: Process, task: Pending) -> tuple[str, Act]:
    """Taken back by hand where the outside has done it, else tried again."""
    run = process.journal.run(task.run)
    if place.outside.has(key_of(run.id, task.step, task.item, undo=True)):
        return "taken back", acts.answer("done")
    return "try undo", acts.retry()


def _of_parked(place: Place, process: Process, task: Pending, *, in_doubt: bool) -> tuple[str, Act]:
    run = process.journal.run(task.run)
    alone = key_of(run.id, task.step, None)
    done = any(place.outside.has(key_of(run.id, task.step, item)) for item in (None, 0, 1, 2))
    by_hand = not in_doubt and place.chance.random() < 0.2
    if not (done and in_doubt) and not by_hand:
        return "try again", acts.retry()
    out = place.outside.whats[alone] if in_doubt and place.outside.has(alone) else BY_HAND
    return f"give {out}", acts.answer({"outcome": "worked", "out": out})
