"""Taking back what a cancelled run has done: one undo after another, the last step first (rule 25)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orderloom.feel import FeelError
from orderloom.run.machine.events import Call, Failure
from orderloom.run.machine.inputs import inputs_of
from orderloom.run.machine.subflows import is_within
from orderloom.run.machine.values import field_of

if TYPE_CHECKING:
    from orderloom.run.machine.interpreter import Interpreter
    from orderloom.run.machine.program import StepProgram, UndoProgram


@dataclass(slots=True)
class Result:
    """What a step of this run or of a subflow came to: an undo may take it back."""

    run: Interpreter
    step: StepProgram
    item: int | None
    value: Any


def begin(run: Interpreter) -> None:
    """Take back all that this run and the subflows in it have done."""
    mine = [result for result in run.results if is_within(result.run, run)]
    run.results[:] = [result for result in run.results if not is_within(result.run, run)]
    run.undos = [undo for result in reversed(mine) if (undo := _undo(run, result))]
    go_on(run)


def go_on(run: Interpreter) -> None:
    """The next undo is due."""
    if run.undos:
        run.ready.append(run.undos.pop(0))


def done(run: Interpreter, call: Call, outcome: str, value: Any) -> None:
    """Only the first outcome of its node takes a step back; another one is for a person to see to."""
    undo = call.program.undo
    if undo is not None and undo.outcomes and outcome != undo.outcomes[0]:
        why = field_of(value, "reason") or f"`{call.node.name}` says {outcome}"
        run.undo_failures.append((call, Failure("refused", str(why), call.item)))
    else:
        run.undone.append(call.name)
    go_on(run)


def _undo(run: Interpreter, result: Result) -> Call | None:
    of, step, undo = result.run, result.step, result.step.undo
    if undo is None or any(field_of(result.value, name) is None for name in undo.needs):
        return None
    inputs = _inputs(of, result, undo)
    given = {} if isinstance(inputs, Failure) else inputs
    call = Call(run, step, f"{of.prefix}{step.name}", given, result.item, undo=True)
    if isinstance(inputs, Failure):
        run.undo_failures.append((call, inputs))
        return None
    return call


def _inputs(of: Interpreter, result: Result, undo: UndoProgram) -> Mapping[str, Any] | Failure:
    try:
        of.evaluate_lets(undo.lets)
    except FeelError as error:
        return Failure("invalid", f"a formula of the undo met a limit: {error.message}")
    scope = {**of.scope, "result": result.value}
    if result.item is not None:
        scope["item"] = of.items[result.step.index].given[result.item]
    return inputs_of(undo.given, scope)
