"""What a run came to, as plain data: the object that `orderloom run --json` prints, and the words of the text form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from orderloom.journal import Pending, Revised
from orderloom.model.plain import plain
from orderloom.run.machine.events import Call, Failure, Open, Retry
from orderloom.run.machine.interpreter import Interpreter
from orderloom.run.machine.values import fact, field_of, shown
from orderloom.run.telling.tasks import ways
from orderloom.run.telling.veil import unsecret
from orderloom.world import CallLog

KEYS = ("run", "flow", "version", "key", "status", "path", "outputs", "decisions", "sent", "waiting", "problems")
WHERE_THERE_IS_ANY = ("parked", "undone", "would")


@dataclass(frozen=True)
class RunReport:
    """One run. What is asked for is put together when it is asked for: of a million orders most want only the status.

    `logs` holds what each call left word of, in the order of the calls; `refused` why an answer was not taken.
    """

    run: str
    key: str
    state: Interpreter
    logs: Sequence[tuple[Call, CallLog]]
    withheld: Sequence[Call] = ()
    refused: Mapping[tuple[str, int | None], Sequence[str]] = field(default_factory=dict)
    again_at: Mapping[tuple[str, int | None, bool], datetime] = field(default_factory=dict)
    pending: Sequence[Pending] = ()  # what the journal lists of it, where there is one
    repeated: bool = False  # the order had come before: this is its first run
    revised: Revised | None = None  # and then it said something else

    def to_json(self) -> dict[str, Any]:
        """The object that `orderloom run --json` prints (docs/command-line.md), without secrets and card numbers."""
        told = {name: unsecret(plain(getattr(self, name))) for name in KEYS}
        told |= {name: unsecret(plain(found)) for name in WHERE_THERE_IS_ANY if (found := getattr(self, name))}
        told |= {"repeated": True} if self.repeated else {}
        return told | ({"revised": _revised(self.revised)} if self.revised else {})

    @property
    def exit_code(self) -> int:
        """0 ended, 1 in exception, 3 waiting, 4 in exception since this machine lacks a connection."""
        if any(failure.environment for run in self.state.live() for failure in run.parked.values()):
            return 4
        return {"exception": 1, "waiting": 3, "running": 3}.get(self.status, 0)

    @property
    def flow(self) -> str:
        return self.state.program.plan.flow.name

    @property
    def version(self) -> int:
        return self.state.program.plan.flow.version

    @cached_property
    def status(self) -> str:
        status = self.state.status
        return "waiting" if status == "running" and self.again_at else status

    @cached_property
    def path(self) -> tuple[str, ...]:
        return tuple(str(entry) for entry in self.state.path)

    @cached_property
    def outputs(self) -> Mapping[str, Any]:
        """What each done step gave, by its name; of a for_each a list, of a subflow a record by the names in it."""
        return {
            f"{run.prefix}{step.name}": run.scope[step.name]
            for run in self.state.live()
            for step in run.program.steps[1 if run.parent else 0 :]
            if run.states[step.index] == "done"
        }

    def output(self, name: str) -> Any:
        """What the step of that whole name gave, also within a subflow that has ended: `parcels[2]/label`; or None."""
        found = self.outputs.get(name)
        if found is not None or "/" not in name:
            return found
        around, _, last = name.rpartition("/")
        step, _, number = around.partition("[")
        record = self.output(step)
        if number and isinstance(record, list):
            record = record[int(number.rstrip("]")) - 1]
        return field_of(record, last)

    @cached_property
    def decisions(self) -> tuple[Mapping[str, Any], ...]:
        return tuple(_decision(call, decision) for call, log in self.logs for decision in log.decisions)

    @cached_property
    def sent(self) -> tuple[Mapping[str, Any], ...]:
        return tuple({"step": call.name, **vars(sent)} for call, log in self.logs for sent in log.sent)

    @cached_property
    def waiting(self) -> tuple[Mapping[str, Any], ...]:
        waits = [run.open[place] for run in self.state.live() for place in sorted(run.open, key=_place)]
        opened = (self._open(wait) for wait in waits)
        return (*opened, *(self._again(one) for run in self.state.live() for one in run.retries))

    def _open(self, found: Open) -> Mapping[str, Any]:
        call = found.call
        number = self._tasks.get((found.wait.kind, call.name, call.item))
        refused = self.refused.get((call.name, call.item))
        return _open(found) | ({"task": number} if number else {}) | ({"refused": list(refused)} if refused else {})

    @cached_property
    def _tasks(self) -> Mapping[tuple[str, str, int | None], int]:
        """The numbers by which people name what the run waits for."""
        return {(one.kind, one.step, one.item): one.number for one in self.pending}

    def _again(self, retry: Retry) -> Mapping[str, Any]:
        """A call that is to be made again, later than the command waits for."""
        call, after = retry.call, retry.after
        told: dict[str, Any] = {"step": call.name, "for": "time"}
        told |= {"until": self.again_at.get((call.name, call.item, call.undo)), "attempt": call.attempt}
        told |= {"error": after.error_class, "message": after.message} if after else {}
        return told | ({} if call.item is None else {"item": call.item})

    @cached_property
    def problems(self) -> tuple[Mapping[str, Any], ...]:
        return tuple(_problems(self.state, self._tasks))

    @cached_property
    def parked(self) -> tuple[str, ...]:
        return tuple(f"{name}!{failure.error_class}" for name, _, failure in _parked(self.state))

    @cached_property
    def undone(self) -> tuple[str, ...]:
        return tuple(self.state.undone)

    @cached_property
    def would(self) -> tuple[Mapping[str, Any], ...]:
        """The calls that a dry run did not make."""
        return tuple({"step": call.name, "node": call.node.name, "with": shown_inputs(call)} for call in self.withheld)


def shown_inputs(call: Call) -> dict[str, Any]:
    """A call's inputs as people are shown them."""
    return shown(call.node, call.inputs)


def _decision(call: Call, decision: Any) -> dict[str, Any]:
    told = {
        "step": call.name,
        "table": decision.table,
        "rows": list(decision.rows),
        "facts": {name: fact(value) for name, value in decision.facts.items()},
        "why": decision.why,
    }
    return told if call.item is None else {**told, "item": call.item}


def _place(place: tuple[int, int | None]) -> tuple[int, int]:
    return place[0], -1 if place[1] is None else place[1]


def _open(found: Open) -> dict[str, Any]:
    call, planned = found.call, found.call.program.planned
    told: dict[str, Any] = {
        "step": call.name,
        "for": found.wait.kind,
        **{name: value for name, value in found.wait.about.items() if value is not None},
    }
    if planned.outcomes:
        told["outcomes"] = list(planned.outcomes)
    if planned.timeout:
        told["time_limit"] = planned.timeout
    if call.item is not None:
        told["item"] = call.item
    return told


def _parked(run: Interpreter) -> Iterator[tuple[str, str, Failure]]:
    """Step, node and failure of all that is parked, in report order."""
    for part in run.live():
        for index, failure in sorted(part.parked.items()):
            step = part.program.steps[index]
            yield f"{part.prefix}{step.name}", step.node.name, failure


def _problems(run: Interpreter, tasks: Mapping[tuple[str, str, int | None], int]) -> Iterator[dict[str, Any]]:
    for name, node, failure in _parked(run):
        yield _problem(name, node, failure, "parked", tasks.get(("parked", name, None)))
    for call, failure in run.undo_failures:
        yield _problem(call.name, call.program.node.name, failure, "undo", tasks.get(("undo", call.name, call.item)))


def _problem(step: str, node: str, failure: Failure, kind: str, task: int | None) -> dict[str, Any]:
    told: dict[str, Any] = {"step": step, "node": node, "error": failure.error_class, "message": failure.message}
    if failure.item is not None:
        told["item"] = failure.item
    if kind == "undo":
        told["undo"] = True
    if task is None:
        told["help"] = f"mend the cause and run again, or go on with a given result: --answer {step}=FILE"
        return told
    again, given = ways(task, kind, {})[:2]
    return told | {"task": task, "help": f"mend the cause, then {again}; or {_INSTEAD[kind]}: {given}"}


_INSTEAD = {"parked": "go on with a given result", "undo": "say that it was taken back by hand"}


def _revised(revised: Revised) -> Mapping[str, Any]:
    told = {"state": revised.state, "revision": revised.revision, "known": revised.known}
    return told | ({"task": revised.task} if revised.task else {})
