"""What people decide of a run that waits for them: a parked step again, a result in its place, or the end (rule 17)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from orderloom.run.events import Call, Failure
from orderloom.run.interpreter import Interpreter
from orderloom.run.program import StepProgram


class NotParkedError(Exception):
    """The run has no parked step (or failed undo) of that name; `parked` are those that it has."""

    def __init__(self, step: str, parked: list[str]) -> None:
        self.step, self.parked = step, parked
        super().__init__(f"`{step}` is not parked" + (f"; parked: {', '.join(parked)}" if parked else ""))


def parked_steps(run: Interpreter) -> Iterator[tuple[Interpreter, StepProgram, Failure]]:
    """Every parked step, of this run and of the subflows in it, with why."""
    for part in run.live():
        for index, failure in sorted(part.parked.items()):
            yield part, part.program.steps[index], failure


def retry(run: Interpreter, step: str, inputs: Mapping[str, Any] | None = None) -> None:
    """Call the parked step again, with these inputs in place of its own; of a for_each only the items that failed.

    Raises `NotParkedError`.
    """
    part, program = _parked(run, step)
    part.unpark(program)
    part.start_again(program, inputs or {})


def give(run: Interpreter, step: str, outcome: str, value: Any) -> None:
    """Let the parked step be done with this result; of a for_each a list, an entry an item. Raises `NotParkedError`."""
    part, program = _parked(run, step)
    part.unpark(program)
    part.settle_given(program, outcome, value)


def retry_undo(run: Interpreter, step: str, item: int | None) -> None:
    """Try to take the step back once more. Raises `NotParkedError`."""
    call = _failed_undo(run, step, item)
    run.ready.append(replace(call, owner=run, attempt=1))


def give_undo(run: Interpreter, step: str, item: int | None) -> None:
    """Somebody has taken the step back by hand. Raises `NotParkedError`."""
    run.undone.append(_failed_undo(run, step, item).name)


def cancel(run: Interpreter) -> None:
    """End the run as cancelled: what waits is withdrawn, what is parked has failed, what is done is undone."""
    for part, program, failure in list(parked_steps(run)):
        part.unpark(program)
        part.settle_lost(program, failure)
    run.cancel()


def _parked(run: Interpreter, name: str) -> tuple[Interpreter, StepProgram]:
    parked = list(parked_steps(run))
    for part, program, _ in parked:
        if f"{part.prefix}{program.name}" == name:
            return part, program
    raise NotParkedError(name, [f"{part.prefix}{program.name}" for part, program, _ in parked])


def _failed_undo(run: Interpreter, step: str, item: int | None) -> Call:
    for entry in run.undo_failures:
        if (entry[0].name, entry[0].item) == (step, item):
            run.undo_failures.remove(entry)
            return entry[0]
    raise NotParkedError(step, [call.label for call, _ in run.undo_failures])
