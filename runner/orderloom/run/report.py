"""What a run came to, as plain data: the object that `orderloom run --json` prints, and the words of the text form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orderloom.run.events import Call, Failure
from orderloom.run.interpreter import Interpreter
from orderloom.run.values import fact, plain
from orderloom.world import CallLog


@dataclass(frozen=True)
class RunReport:
    """One run. The fields are those of the JSON object, in its order; see docs/command-line.md."""

    run: str
    flow: str
    version: int
    key: str
    status: str
    path: tuple[str, ...]
    outputs: Mapping[str, Any]
    decisions: tuple[Mapping[str, Any], ...]
    sent: tuple[Mapping[str, Any], ...]
    waiting: tuple[Mapping[str, Any], ...]
    problems: tuple[Mapping[str, Any], ...]
    parked: tuple[str, ...] = ()
    undone: tuple[str, ...] = ()
    would: tuple[Mapping[str, Any], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain data; `parked`, `undone` and `would` only where there is something to say."""
        shown = {name: plain(value) for name, value in vars(self).items()}
        return {name: value for name, value in shown.items() if value or name not in {"parked", "undone", "would"}}

    @property
    def exit_code(self) -> int:
        """0 ended, 1 in exception, 3 waiting."""
        return {"exception": 1, "waiting": 3, "running": 3}.get(self.status, 0)


def report(
    run: Interpreter,
    *,
    run_id: str,
    key: str,
    logs: Sequence[tuple[Call, CallLog]],
    would: Sequence[Call],
    refused: Mapping[tuple[str, int | None], Sequence[str]],
) -> RunReport:
    """Put together what a run came to. `logs` holds what each call left word of, in the order of the calls."""
    flow = run.program.plan.flow
    return RunReport(
        run=run_id,
        flow=flow.name,
        version=flow.version,
        key=key,
        status=run.status,
        path=tuple(str(entry) for entry in run.path),
        outputs=_outputs(run),
        decisions=tuple(_decision(call, decision) for call, log in logs for decision in log.decisions),
        sent=tuple({"step": call.name, **vars(sent)} for call, log in logs for sent in log.sent),
        waiting=tuple(_waiting(run, refused)),
        problems=tuple(_problems(run)),
        parked=tuple(
            f"{run.program.steps[index].name}!{failure.error_class}" for index, failure in sorted(run.parked.items())
        ),
        undone=tuple(run.undone),
        would=tuple({"step": call.name, "node": call.node.name, "with": dict(call.inputs)} for call in would),
    )


def _outputs(run: Interpreter) -> dict[str, Any]:
    return {step.name: run.scope[step.name] for step in run.program.steps if run.states[step.index] == "done"}


def _decision(call: Call, decision: Any) -> dict[str, Any]:
    told = {
        "step": call.name,
        "table": decision.table,
        "rows": list(decision.rows),
        "facts": {name: fact(value) for name, value in decision.facts.items()},
        "why": decision.why,
    }
    return told if call.item is None else {**told, "item": call.item}


def _waiting(run: Interpreter, refused: Mapping[tuple[str, int | None], Sequence[str]]) -> list[dict[str, Any]]:
    return [
        _open(run, *place, refused.get((run.program.steps[place[0]].name, place[1])))
        for place in sorted(run.open, key=_place)
    ]


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
