"""A flow within the flow: how it ends, and what the flow around it is told (rule 32)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orderloom.run.machine.events import Call, Failure

if TYPE_CHECKING:
    from orderloom.run.machine.interpreter import Interpreter

STOPPED = "stopped"  # how a subflow is left when the run around it ends first; no run is called so


@dataclass(frozen=True)
class Parent:
    """The call of a subflow, as the flow around it made it."""

    run: Interpreter
    call: Call


def is_within(run: Interpreter, other: Interpreter) -> bool:
    """Whether `run` is that other one, or a subflow anywhere in it."""
    return run is other or (run.parent is not None and is_within(run.parent.run, other))


def is_caught(run: Interpreter, failure: Failure) -> bool:
    """Whether a step around this subflow routes the class of the failure."""
    if run.parent is None:
        return False
    return failure.error_class in run.parent.call.program.on_error or is_caught(run.parent.run, failure)


def leave(run: Interpreter, parent: Parent) -> None:
    """The subflow has come to its end: its step has that outcome, or failed, or goes with the run around it."""
    if run.end is None and not run.all_settled():
        return
    around, call = parent.run, parent.call
    if around.children.pop((call.step, call.item), None) is None:
        return
    if run.caught:
        around.failed(call, run.caught)
    elif run.end == STOPPED:
        around.withdraw(call)
    else:
        word = run.end or "completed"
        around.done(call, word, {"outcome": word, **_given_out(run)})


def _given_out(run: Interpreter) -> dict[str, Any]:
    """What the steps gave, by name; the trigger gave what was handed in."""
    return {step.name: run.scope[step.name] for step in run.program.steps[1:] if run.states[step.index] == "done"}
