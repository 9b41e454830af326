"""What a run came to, as plain data: the object that `orderloom run --json` prints, and the words of the text form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from orderloom.run.events import Call, Failure
from orderloom.run.interpreter import Interpreter
from orderloom.run.values import fact, plain
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

    def to_json(self) -> dict[str, Any]:
        """The object that `orderloom run --json` prints (docs/command-line.md)."""
        told = {name: plain(getattr(self, name)) for name in KEYS}
        return told | {name: plain(found) for name in WHERE_THERE_IS_ANY if (found := getattr(self, name))}

    @property
    def exit_code(self) -> int:
        """0 ended, 1 in exception, 3 waiting, 4 in exception since this machine lacks a connection."""
        if any(failure.environment for failure in self.state.parked.values()):
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
        return self.state.status

    @cached_property
    def path(self) -> tuple[str, ...]:
        return tuple(str(entry) for entry in self.state.path)

    @cached_property
    def outputs(self) -> Mapping[str, Any]:
        """What each done step gave, by its name; of a for_each a list."""
        state = self.state
        return {step.name: state.scope[step.name] for step in state.program.steps if state.states[step.index] == "done"}

    @cached_property
    def decisions(self) -> tuple[Mapping[str, Any], ...]:
        return tuple(_decision(call, decision) for call, log in self.logs for decision in log.decisions)

    @cached_property
    def sent(self) -> tuple[Mapping[str, Any], ...]:
        return tuple({"step": call.name, **vars(sent)} for call, log in self.logs for sent in log.sent)

    @cached_property
    def waiting(self) -> tuple[Mapping[str, Any], ...]:
        places = sorted(self.state.open, key=_place)
        return tuple(_open(self.state, *place, self.refused.get((self._name(place[0]), place[1]))) for place in places)

    @cached_property
    def problems(self) -> tuple[Mapping[str, Any], ...]:
        return tuple(_problems(self.state))

    @cached_property
    def parked(self) -> tuple[str, ...]:
        return tuple(
            f"{self._name(index)}!{failure.error_class}" for index, failure in sorted(self.state.parked.items())
        )

    @cached_property
    def undone(self) -> tuple[str, ...]:
        return tuple(self.state.undone)

    @cached_property
    def would(self) -> tuple[Mapping[str, Any], ...]:
        """The calls that a dry run did not make."""
        return tuple({"step": call.name, "node": call.node.name, "with": _shown(call)} for call in self.withheld)

    def _name(self, index: int) -> str:
        return self.state.program.steps[index].name


def _shown(call: Call) -> dict[str, Any]:
    """A call's inputs; what was loaded for it (a table, a template) by its name."""
    loaded = {parameter.name for parameter in call.node.published if parameter.role == "resource"}
    return {
        name: getattr(value, "name", str(value)) if name in loaded else value for name, value in call.inputs.items()
    }


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


def _open(run: Interpreter, index: int, item: int | None, refused: Sequence[str] | None) -> dict[str, Any]:
    wait = run.open[(index, item)].wait
    step = run.program.steps[index]
    told: dict[str, Any] = {
        "step": step.name,
        "for": wait.kind,
        **{name: value for name, value in wait.about.items() if value is not None},
    }
    if step.planned.outcomes:
        told["outcomes"] = list(step.planned.outcomes)
    if step.planned.timeout:
        told["time_limit"] = step.planned.timeout
    if item is not None:
        told["item"] = item
    if refused:
        told["refused"] = list(refused)
    return told


def _problems(run: Interpreter) -> list[dict[str, Any]]:
    parked = [(run.program.steps[index], failure, False) for index, failure in sorted(run.parked.items())]
    undos = [(_by_name(run, name), failure, True) for name, failure in run.undo_failures]
    return [_problem(step.name, step.node.name, failure, undo) for step, failure, undo in parked + undos]


def _problem(step: str, node: str, failure: Failure, undo: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"step": step, "node": node, "error": failure.error_class, "message": failure.message}
    if failure.item is not None:
        told["item"] = failure.item
    if undo:
        told["undo"] = True
    told["help"] = f"mend the cause and run again, or go on with a given result: --answer {step}=FILE"
    return told


def _by_name(run: Interpreter, name: str) -> Any:
    return next(step for step in run.program.steps if step.name == name)
