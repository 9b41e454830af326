"""All that can be told of one run: how it went step by step, with what, why, how long, and who had a say.

Values are fit to be shown (veil.py). A run that cannot be played back, since its nodes are gone or its values are, is
told from its events alone: then what each call was handed is not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from orderloom.flow.plan import Plan
from orderloom.journal import KEPT, Event, Journal, Pending, Run
from orderloom.run.kept.pins import PinError, Pins
from orderloom.run.kept.records import RecordError
from orderloom.run.kept.replay import replay
from orderloom.run.machine.events import Call
from orderloom.run.machine.program import Program
from orderloom.run.telling.history import CallHistory, History, history_of, values_in
from orderloom.run.telling.past import past_report
from orderloom.run.telling.report import RunReport, shown_inputs
from orderloom.run.telling.veil import Veil

UNSETTLED = ("waiting", "tried again", "running", "entered", "failed", "withdrawn")


@dataclass(frozen=True)
class Step:
    """A step that the run came to. `words` are the outcomes, or the class of the error; `name` is whole."""

    name: str
    node: str
    state: str
    words: Sequence[str]
    calls: Sequence[CallHistory]

    @property
    def first(self) -> datetime:
        return min(call.first for call in self.calls)

    @property
    def last(self) -> datetime | None:
        ends = [call.last for call in self.calls if call.last]
        return max(ends) if ends else None

    @property
    def took_s(self) -> float | None:
        """None where nothing of it was long enough to be written beforehand."""
        if self.last is None or all(call.took_s is None for call in self.calls):
            return None
        return (self.last - self.first).total_seconds()


@dataclass(frozen=True)
class Account:
    """`plan` is None where the flow cannot be made again; `unplayed` says why the run could not be played back."""

    run: Run
    version: int
    history: History
    steps: Sequence[Step]
    pending: Sequence[Pending]
    veil: Veil
    plan: Plan | None = None
    report: RunReport | None = None
    unplayed: str | None = None
    taken: Sequence[Mapping[str, Any]] = field(default=())  # tasks: what people did

    @property
    def undos(self) -> list[CallHistory]:
        return self.history.undos


def account_of(journal: Journal, pins: Pins, run: Run, *, full: bool = False) -> Account:
    """Read, play back where that can be done, and put together."""
    events = journal.events(run.number)
    history = history_of(events)
    program, report, unplayed = _played(pins, run, events, history)
    pending = journal.pending("run = ?", (run.number,))
    taken = journal.all("SELECT task, at, by, act FROM taken WHERE run = ? ORDER BY at", (run.number,))
    past = past_report(journal, run)
    plan = program.plan if program else None
    return Account(
        run, past.version, history, _steps(history, plan, report or past, pending), pending,
        Veil(values_in(events), full=full), plan, report, unplayed, [dict(row) for row in taken],
    )  # fmt: skip


def _played(
    pins: Pins, run: Run, events: Sequence[Event], history: History
) -> tuple[Program | None, RunReport | None, str | None]:
    try:
        program = pins.program(run.pin)
    except PinError as error:
        return None, None, str(error)
    if run.payload != KEPT:
        return program, None, f"the values of the run have been {run.payload}"
    try:
        played = replay(program, events, lambda event, call: _watch(history, event, call))
    except RecordError as error:
        return program, None, str(error)
    return program, RunReport(run.id, run.key, played.interpreter, played.logs, again_at=played.again_at), None


def _watch(history: History, event: Event, call: Call) -> None:
    """What the call was handed; of several attempts the last one's."""
    known = history.calls.get((event.step, event.item, call.undo))
    if known is not None:
        settings = {parameter.name for parameter in call.node.published if parameter.role == "setting"}
        told = shown_inputs(call)
        known.inputs = {name: told[name] for name in told if name not in settings and told[name] is not None}


def _steps(history: History, plan: Plan | None, report: RunReport, pending: Sequence[Pending]) -> list[Step]:
    """In the order in which they settled; then those that have not."""
    entries = {_name(entry): entry for entry in report.path}
    order = {name: place for place, name in enumerate(entries)}
    nodes = _nodes(plan)
    open_ = {one.step: one.kind for one in pending}
    found = [_step(name, history.of_step(name), entries.get(name), nodes, open_) for name in history.steps]
    return sorted(found, key=lambda step: (order.get(step.name, len(order)), step.last or step.first))


def _step(
    name: str, calls: Sequence[CallHistory], entry: str | None, nodes: Mapping[str, str], open_: Mapping[str, str]
) -> Step:
    if entry is not None:
        _, error = _split(entry, "!")
        _, outcomes = _split(entry, ":")
        state, words = ("failed", [error]) if error else ("done", outcomes.split(",") if outcomes else [])
    else:
        states = [call.state for call in calls]
        state = next((one for one in UNSETTLED if one in states), "done")
        errors = [call.error.error for call in calls if call.error and call.error.error]
        words = errors[:1]
    if open_.get(name) == "parked":
        state = "parked"
    return Step(name, nodes.get(_plain(name), ""), state, words, calls)


def _split(entry: str, sign: str) -> tuple[str, str]:
    name, _, word = entry.partition(sign)
    return name, word


def _name(entry: str) -> str:
    return entry.partition(":")[0].partition("!")[0]


def _plain(name: str) -> str:
    """Without the items of the subflows that it stands in: `parcels[2]/label` is `parcels/label`."""
    return "/".join(part.partition("[")[0] for part in name.split("/"))


def _nodes(plan: Plan | None, prefix: str = "") -> dict[str, str]:
    """The node of each step, those of the flows within too."""
    found: dict[str, str] = {}
    for step in plan.steps if plan else ():
        found[f"{prefix}{step.name}"] = step.node.name
        found |= _nodes(step.inner, f"{prefix}{step.name}/")
    return found
