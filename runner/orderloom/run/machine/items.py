"""A step that runs once for each item of a list (rules 19 to 22)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from orderloom.run.machine.events import Failure
from orderloom.run.machine.values import field_of

if TYPE_CHECKING:
    from orderloom.run.machine.interpreter import Interpreter
    from orderloom.run.machine.program import StepProgram


class Items:
    """What is given, how many have begun, and by number what each came to."""

    __slots__ = ("failures", "given", "outcomes", "started", "values")

    def __init__(self, given: Sequence[Any]) -> None:
        self.given = given
        self.started = 0
        self.values: dict[int, Any] = {}
        self.outcomes: dict[int, str] = {}
        self.failures: dict[int, Failure] = {}


def start(run: Interpreter, step: StepProgram) -> None:
    """Evaluate the list and begin as many of its items as may run side by side."""
    assert step.for_each is not None
    found = step.for_each(run.scope)
    if not isinstance(found, (list, tuple)) or not found:
        run.settle_failed(step, Failure("empty", f"`for_each` of `{step.name}` gave no items"))
        return
    run.items[step.index] = Items(found)
    for _ in range(min(step.planned.max_parallel, len(found))):
        _start_next(run, step)


def settled(
    run: Interpreter, step: StepProgram, number: int, outcome: str, value: Any, failure: Failure | None
) -> None:
    """One item is done, or has failed: the next begins, and the step settles after the last."""
    items = run.items[step.index]
    if failure:
        items.failures[number] = replace(failure, item=number)
    else:
        items.values[number], items.outcomes[number] = value, outcome
        run.keep(step, number, value)
    _start_next(run, step)
    if len(items.values) + len(items.failures) < (len(items.given) if run.end is None else items.started):
        return
    if items.failures:
        in_doubt = [number for number, failed in items.failures.items() if failed.in_doubt]
        run.settle_failed(step, items.failures[min(in_doubt or items.failures)])
    else:
        settle(run, step)


def start_again(run: Interpreter, step: StepProgram, inputs: Mapping[int | None, Mapping[str, Any]]) -> None:
    """Call the items that failed again, with these inputs in place of their own, by item."""
    items = run.items[step.index]
    failed, items.failures = sorted(items.failures), {}
    for number in failed:
        run.prepare(step, step.given, {**run.scope, "item": items.given[number]}, number, inputs.get(number))


def give(run: Interpreter, step: StepProgram, outcome: str, values: Sequence[Any]) -> None:
    """The items that failed are done with these results, an entry an item; so is the step.

    Where it never began, since there was no list of items, it has as many as there are results.
    """
    items = run.items.setdefault(step.index, Items(values))
    for number in sorted(items.failures) if items.started else range(len(values)):
        items.values[number] = values[number]
        items.outcomes[number] = field_of(values[number], "outcome") or outcome
        run.keep(step, number, values[number])
    items.started = len(items.given)
    items.failures.clear()
    settle(run, step)


def settle(run: Interpreter, step: StepProgram) -> None:
    """All items are done: so is the step."""
    items = run.items[step.index]
    run.scope[step.name] = [items.values[number] for number in sorted(items.values)]
    words = frozenset(items.outcomes.values())
    run.outcomes[step.index] = words
    told = tuple(word for word in step.planned.outcomes if word in words) if len(step.planned.outcomes) > 1 else ()
    run.settled(step, "done", run.entry(step, told))


def _start_next(run: Interpreter, step: StepProgram) -> None:
    items = run.items[step.index]
    if items.started < len(items.given) and run.end is None:
        number = items.started
        items.started += 1
        run.prepare(step, step.given, {**run.scope, "item": items.given[number]}, number)
