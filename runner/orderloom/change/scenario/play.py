"""A case in; its run in a closed world, on a clock that jumps, out.

Nodes without effects are called, with no connection at hand; all else is what the case says, and what it does not say
stops the case. Nothing sleeps: what takes time is put on the agenda, and the clock jumps to it once nothing is due.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orderloom.change.scenario.model import Case
from orderloom.change.scenario.opening import TestedFlow
from orderloom.change.scenario.payload import read_payload
from orderloom.change.scenario.timeline import Timeline
from orderloom.change.scenario.world import Stop, StopError
from orderloom.declare import PassedOver, Payload, Revising, Unreadable
from orderloom.packs.modules import own_place
from orderloom.problems import ProblemsError
from orderloom.run.machine.interpreter import Interpreter
from orderloom.run.machine.program import StepProgram
from orderloom.run.telling.report import RunReport


@dataclass(frozen=True)
class Played:
    """What became of a case. `report` is there once a run has begun, `unreadable` where the trigger refused the input.

    `given` is what each step was handed, by its name; of a for_each by the number of the item. `runs` are the run and
    those of the flows within it.
    """

    case: Case
    report: RunReport | None = None
    given: Mapping[str, Any] = field(default_factory=dict)
    unreadable: Unreadable | None = None
    stop: Stop | None = None
    runs: tuple[Interpreter, ...] = ()


def play(flow: TestedFlow, case: Case, folders: Sequence[Path]) -> Played:
    """Play one case of a scenario without errors."""
    try:
        came = _came_in(flow, case, folders)
        if isinstance(came, Unreadable):
            return Played(case, unreadable=came)
        return _run(Timeline(flow, case, came))
    except StopError as error:
        return Played(case, stop=error.stop)
    except ProblemsError as error:
        first = error.problems[0]
        return Played(case, stop=Stop(first.message, first.help, first.place))


def _came_in(flow: TestedFlow, case: Case, folders: Sequence[Path]) -> Any:
    """What the trigger makes of the input: one document, or that it cannot be read."""
    assert flow.program is not None
    found = _triggered(flow.program.steps[0], read_payload(case.input, folders))
    kept = [one for one in found if not isinstance(one, PassedOver)]
    if len(kept) == 1:
        return kept[0].outcome if isinstance(kept[0], Revising) else kept[0]
    reasons = "; ".join(one.reason for one in found if isinstance(one, PassedOver))
    what = f"holds {len(kept)} documents" if kept else f"starts nothing: {reasons or 'there is no document in it'}"
    mend = "give a file with one document: a case is one run"
    raise StopError(f"`{case.input.file}` {what}", mend, case.input.place)


def _triggered(trigger: StepProgram, payload: Payload) -> list[Any]:
    try:
        return list(trigger.node.call(payload=payload, **trigger.given.fixed))
    except ProblemsError:
        raise
    except Exception as error:  # of a node that is not ours
        at = own_place(error, trigger.node.folder)
        told = f"`{trigger.node.name}` broke{f' at {at}' if at else ''}: {type(error).__name__}: {error}"
        raise StopError(told, "the trigger must give what it cannot read as `Unreadable`") from error


def _run(timeline: Timeline) -> Played:
    stop = None
    try:
        timeline.go()
    except StopError as error:
        stop = error.stop
    return Played(timeline.case, timeline.report, timeline.given, None, stop, tuple(timeline.runs.values()))
