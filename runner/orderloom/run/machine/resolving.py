"""What people decide of a run that waits for them: a parked step again, a result in its place, or the end (rule 17)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from orderloom.declare import AnswerRefused, Wait
from orderloom.packs import Catalogue
from orderloom.run.machine.answers import stand_in, take_answer
from orderloom.run.machine.events import Call, Failure
from orderloom.run.machine.fitting import with_edits
from orderloom.run.machine.inputs import inputs_of
from orderloom.run.machine.interpreter import Interpreter
from orderloom.run.machine.program import Scope, StepProgram
from orderloom.run.machine.values import shown

NOTHING: Mapping[int | None, Mapping[str, Any]] = {}


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


def names_of_parked(run: Interpreter) -> list[str]:
    return [f"{part.prefix}{step.name}" for part, step, _ in parked_steps(run)]


def inputs_of_parked(part: Interpreter, step: StepProgram) -> dict[int | None, Mapping[str, Any] | Failure]:
    """What each of the calls that failed was handed, by its item; why it could be handed nothing."""
    return {number: inputs_of(step.given, scope) for number, scope in scopes_of_parked(part, step).items()}


def scopes_of_parked(part: Interpreter, step: StepProgram) -> dict[int | None, Scope]:
    """What the formulas of each call that failed read, by its item; of a for_each that never began there is none."""
    if step.for_each is None:
        return {None: part.scope}
    items = part.items.get(step.index)
    return {number: {**part.scope, "item": items.given[number]} for number in sorted(items.failures)} if items else {}


def given_to(run: Interpreter, step: str, item: int | None, *, undo: bool) -> Sequence[Mapping[str, Any]]:
    """What people are shown of the calls that failed: their inputs, one after another, with the item's number."""
    if undo:
        calls = [call for call, _ in run.undo_failures if (call.name, call.item) == (step, item)]
        return [shown(call.node, call.inputs) for call in calls]
    part, program = find_parked(run, step)
    found = []
    for number, inputs in inputs_of_parked(part, program).items():
        told = {} if isinstance(inputs, Failure) else shown(program.node, inputs)
        found.append(told if number is None else {"item": number, **told})
    return found


def retry(run: Interpreter, step: str, inputs: Mapping[int | None, Mapping[str, Any]] = NOTHING) -> None:
    """Call the parked step again; of a for_each only the items that failed.

    `inputs` are values that stand in place of the call's own, by its item. Raises `NotParkedError`.
    """
    part, program = find_parked(run, step)
    part.unpark(program)
    part.start_again(program, inputs)


def edited(run: Interpreter, step: str, edits: Sequence[Mapping[str, Any]]) -> dict[int | None, dict[str, Any]]:
    """The inputs that a person wants, by item of the call that failed: those of the first of `edits` that fits.

    Raises `NotParkedError`, and `AnswerRefused` with why the first does not fit.
    """
    part, program = find_parked(run, step)
    refused: AnswerRefused | None = None
    for paths in edits:
        try:
            return _edited(part, program, paths)
        except AnswerRefused as refusal:
            refused = refused or refusal
    if refused:
        raise refused
    return {}


def _edited(part: Interpreter, step: StepProgram, paths: Mapping[str, Any]) -> dict[int | None, dict[str, Any]]:
    given = inputs_of_parked(part, step)
    if not given and paths:
        raise AnswerRefused([f"`{step.name}` has begun no item: there is nothing to change in it"])
    return {
        item: with_edits(step.node, {} if isinstance(inputs, Failure) else inputs, paths)
        for item, inputs in given.items()
        if paths
    }


def result_of(run: Interpreter, step: str, said: Any, nodes: Catalogue) -> tuple[str, Any]:
    """Outcome and result that a person gives in place of a parked step's; of a for_each a list, an entry an item.

    One answer stands for all items that failed; a list has one for each of them, or one for each item of the step.
    Raises `NotParkedError`, and `AnswerRefused` where it is no result of that node.
    """
    part, program = find_parked(run, step)
    if program.for_each is None:
        return _result(part, program, None, said, nodes)
    items = part.items.get(program.index)
    if items is None:  # it never began: whatever there is a result for is an item
        said = said if isinstance(said, list) else [said]
    failed = list(range(len(said))) if items is None else sorted(items.failures)
    values: list[Any] = [None] * (len(said) if items is None else len(items.given))
    for number, one in zip(failed, _one_each(failed, len(values), said), strict=True):
        _, values[number] = _result(part, program, number, one, nodes)
    return program.planned.outcomes[0], values


def _one_each(failed: Sequence[int], count: int, said: Any) -> Sequence[Any]:
    if not isinstance(said, list):
        return [said] * len(failed)
    if len(said) == count:
        return [said[number] for number in failed]
    if len(said) != len(failed):
        wanted = f"{len(failed)}, one for each that failed" if len(failed) < count else str(count)
        raise AnswerRefused([f"the results are {len(said)}: {wanted}, are wanted"])
    return said


def _result(part: Interpreter, step: StepProgram, item: int | None, said: Any, nodes: Catalogue) -> tuple[str, Any]:
    """What `said` means as the result of one call; a question is answered as if it were open."""
    inputs = inputs_of_parked(part, step).get(item) or {}
    call = Call(part, step, f"{part.prefix}{step.name}", {} if isinstance(inputs, Failure) else inputs, item)
    if step.node.answer is not None:
        result = take_answer(call, Wait("person", {"accept": call.inputs.get("accept")}), said, nodes)
    else:
        result = stand_in(call, step.planned.outcomes, said)
    assert not isinstance(result, Failure)
    return result


def give(run: Interpreter, step: str, outcome: str, value: Any) -> None:
    """Let the parked step be done with this result; of a for_each a list, an entry an item. Raises `NotParkedError`."""
    part, program = find_parked(run, step)
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


def find_parked(run: Interpreter, name: str) -> tuple[Interpreter, StepProgram]:
    """The parked step of that whole name, and the run or the subflow that it stands in. Raises `NotParkedError`."""
    for part, program, _ in parked_steps(run):
        if f"{part.prefix}{program.name}" == name:
            return part, program
    raise NotParkedError(name, names_of_parked(run))


def _failed_undo(run: Interpreter, step: str, item: int | None) -> Call:
    for entry in run.undo_failures:
        if (entry[0].name, entry[0].item) == (step, item):
            run.undo_failures.remove(entry)
            return entry[0]
    raise NotParkedError(step, [call.label for call, _ in run.undo_failures])
