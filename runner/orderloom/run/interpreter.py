"""The pure state machine of a run: what has happened goes in, the calls that are due come out.

It knows no clock, no disk, no network and no thread. Drivers make the calls and tell it the results, so joins,
skips, for_each, ends, undo and flows within flows are written once. Rule numbers: docs/flows.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from orderloom.declare import RETRYABLE, Wait
from orderloom.feel import FeelError
from orderloom.flow.subflow import GIVEN
from orderloom.run.events import Call, Failure, Open, Retry, Settled, StepState
from orderloom.run.inputs import inputs_of
from orderloom.run.items import Items
from orderloom.run.program import Given, Program, Scope, StepProgram, UndoProgram
from orderloom.run.values import field_of

STOPPED = "stopped"  # how a subflow is left when the run around it ends first; no run is called so


@dataclass(frozen=True)
class Parent:
    """The call of a subflow, as the flow around it made it."""

    run: Interpreter
    call: Call


@dataclass(frozen=True)
class Result:
    """What a step of this run or of a subflow came to: an undo may take it back."""

    run: Interpreter
    step: StepProgram
    item: int | None
    value: Any


class Interpreter:
    """One run of a flow, or of a flow within it. Each call that `take` hands out is to be told its fate once.

    Of a run with subflows the driver knows the outermost only: it tells each call's fate to `call.owner`.
    """

    def __init__(self, program: Program, trigger: Any, now: Any = None, parent: Parent | None = None) -> None:
        self.program = program
        self.parent = parent
        self.prefix = f"{parent.call.label}/" if parent else ""
        self.scope: Scope = {"\0now": now}
        self.states: list[StepState] = ["open"] * len(program.steps)
        self.outcomes: list[frozenset[str]] = [frozenset()] * len(program.steps)
        self.ready: list[Call] = []
        self.retries: list[Retry] = []
        self.open: dict[tuple[int, int | None], Open] = {}
        self.parked: dict[int, Failure] = {}
        around = parent.run if parent else None
        self.path: list[Settled] = around.path if around else []
        self.undone: list[str] = around.undone if around else []
        self.undo_failures: list[tuple[Call, Failure]] = around.undo_failures if around else []
        self.end: str | None = None
        self._left = list(program.upstream_counts)
        self._running = 0
        self._items: dict[int, Items] = {}
        self._results: list[Result] = around._results if around else []  # in order of settling
        self._undos: list[Call] | None = None
        self._due: list[int] = []
        self._children: dict[tuple[int, int | None], Interpreter] = {}
        self._caught: Failure | None = None  # why this subflow was left, where a step around it routes the class
        self._settle_done(program.steps[0], program.steps[0].planned.outcomes[0], trigger, has_outcomes=False)
        if parent is None:
            self._look_at_due()

    # What drivers tell

    def done(self, call: Call, outcome: str, value: Any) -> None:
        """The call gave `value` (a record) under `outcome`."""
        self._running -= 1
        self.open.pop((call.step, call.item), None)
        if call.undo:
            self._undo_done(call, outcome, value)
        elif call.item is None:
            self._settle_done(call.program, outcome, value, has_outcomes=len(call.program.planned.outcomes) > 1)
        else:
            self._item_settled(call.program, call.item, outcome, value, None)
        self._look_at_due()

    def failed(self, call: Call, failure: Failure) -> None:
        """The call failed: it is tried again (see `retries`), routed, or parks its step (rules 16, 17)."""
        self._running -= 1
        self.open.pop((call.step, call.item), None)
        if self._may_retry(call, failure):
            self.retries.append(self._retry(call, failure))
            self._running += 1
        elif call.undo:
            self.undo_failures.append((call, failure))
            self._next_undo()
        else:
            self._fail(call, failure)
        self._look_at_due()

    def waits(self, call: Call, wait: Wait) -> None:
        """The call waits for a person, an event or its time; `done` or `failed` ends that."""
        if self.end is not None:
            self.withdraw(call)
        else:
            self.open[(call.step, call.item)] = Open(call, wait)

    def withdraw(self, _call: Call) -> None:
        """The call was taken but not made, since an end came first (rule 24)."""
        self._running -= 1
        self._look_at_due()

    def again(self, retry: Retry) -> Call:
        """Take a retry whose time has come."""
        self.retries.remove(retry)
        return retry.call

    def enter(self, call: Call) -> None:
        """The call is that of a subflow: run it as part of this run (rule 32)."""
        inner = call.program.inner
        assert inner is not None
        trigger = {"outcome": inner.steps[0].planned.outcomes[0], **(call.inputs.get(GIVEN) or {})}
        child = Interpreter(inner, trigger, self.scope["\0now"], Parent(self, call))
        self._children[(call.step, call.item)] = child
        child._look_at_due()

    # What people decide (resolving.py)

    def unpark(self, step: StepProgram) -> None:
        """The parked step is being seen to: one of the three below comes next."""
        del self.parked[step.index]
        self.states[step.index] = "running"

    def start_again(self, step: StepProgram, inputs: Mapping[str, Any]) -> None:
        """Call it again, with these inputs in place of its own; of a for_each only the items that failed."""
        if step.for_each is None:
            self._prepare(step, step.given, self.scope, None, inputs)
        elif step.index not in self._items:
            self._start_items(step)
        else:
            items = self._items[step.index]
            failed, items.failures = sorted(items.failures), {}
            for number in failed:
                self._prepare(step, step.given, {**self.scope, "item": items.given[number]}, number, inputs)
        self._look_at_due()

    def settle_given(self, step: StepProgram, outcome: str, value: Any) -> None:
        """It is done with a result that a person gives; of a for_each that had begun a list, an entry an item."""
        items = self._items.get(step.index)
        if items is None:
            self._settle_done(step, outcome, value, has_outcomes=len(step.planned.outcomes) > 1)
        else:
            for number in sorted(items.failures):
                items.values[number] = value[number]
                items.outcomes[number] = field_of(value[number], "outcome") or outcome
            items.failures.clear()
            self._settle_items(step, items)
        self._look_at_due()

    def settle_lost(self, step: StepProgram, failure: Failure) -> None:
        """It has failed for good, since the run is being cancelled: no route is taken."""
        self.scope[step.name] = None
        self._settled(step, "failed", self._entry(step, failure=failure))

    def cancel(self) -> None:
        """End this run as cancelled, whatever it had come to."""
        if self.end is None:
            self._end("cancelled")
        self.end = "cancelled"
        self._due.clear()
        self._wind_up()

    # What drivers read

    def take(self) -> list[Call]:
        """The calls to make now, in report order; each is handed out once."""
        calls, self.ready = self.ready, []
        self._running += len(calls)
        calls = sorted(calls, key=lambda call: (call.step, call.item or 0)) if len(calls) > 1 else calls
        for child in list(self._children.values()):
            calls += child.take()
        return calls

    def live(self) -> Iterator[Interpreter]:
        """This run and the subflows in it that have not come to an end, each before those within it."""
        yield self
        for place in sorted(self._children, key=lambda place: (place[0], place[1] or 0)):
            yield from self._children[place].live()

    @property
    def status(self) -> str:
        """`running`, `waiting`, `exception`, `completed`, or the word of the end that was reached (rules 23-26)."""
        if self.undo_failures or any(run.parked for run in self.live()):
            return "exception"
        if self.end is not None:
            return "running" if self._running or self.ready else self.end
        if any(run.open for run in self.live()):
            return "waiting"
        return "completed" if self._all_settled() else "running"

    def _all_settled(self) -> bool:
        return all(state in {"done", "failed", "skipped"} for state in self.states)

    # Settling (rules 5 to 8)

    def _settle_done(self, step: StepProgram, outcome: str, value: Any, *, has_outcomes: bool) -> None:
        self.scope[step.name] = value
        self.outcomes[step.index] = frozenset((outcome,))
        self._results.append(Result(self, step, None, value))
        self._settled(step, "done", self._entry(step, (outcome,) if has_outcomes else ()))

    def _entry(self, step: StepProgram, outcomes: tuple[str, ...] = (), failure: Failure | None = None) -> Settled:
        return Settled(step.index, f"{self.prefix}{step.name}", outcomes, failure)

    def _settle_failed(self, step: StepProgram, failure: Failure) -> None:
        if failure.error_class not in step.on_error and self.end is None:
            if self._is_caught(failure):
                self._caught = replace(failure, item=None)
                self._end(STOPPED)
            else:
                self.states[step.index] = "parked"
                self.parked[step.index] = failure
                return
        self.scope[step.name] = None
        if self.end is None:
            self.outcomes[step.index] = frozenset((f"!{failure.error_class}",))
        self._settled(step, "failed", self._entry(step, failure=failure))

    def _settled(self, step: StepProgram, state: StepState, entry: Settled | None) -> None:
        self.states[step.index] = state
        if entry and (self.parent is None or step.index):  # the trigger of a subflow is not called
            self.path.append(entry)
        if step.end and state == "done" and (self.end is None or (step.end == "cancelled" and self.end != STOPPED)):
            self._end(step.end)
        left = self._left
        for index in step.downstream:
            left[index] -= 1
            if not left[index]:
                self._due.append(index)

    def _look_at_due(self) -> None:
        # a list and not recursion: a long chain of skips must not meet Python's limit
        due = self._due
        while due and self.end is None:
            due.sort(reverse=True)
            self._look_at(self.program.steps[due.pop()])
        self._wind_up()

    def _look_at(self, step: StepProgram) -> None:
        try:
            self._start_or_skip(step)
        except FeelError as error:  # of `when`, `for_each` or a `let`: their limits are those of an order, not of us
            self._settle_failed(step, Failure("invalid", f"a formula of `{step.name}` met a limit: {error.message}"))

    def _start_or_skip(self, step: StepProgram) -> None:
        if not self._starts(step):
            self.scope[step.name] = None
            self._settled(step, "skipped", None)
            return
        self.states[step.index] = "running"
        if step.for_each is not None:
            self._start_items(step)
        else:
            self._prepare(step, step.given, self.scope, None)

    def _starts(self, step: StepProgram) -> bool:
        states, outcomes = self.states, self.outcomes
        for index in step.hard:
            if states[index] != "done":
                return False
        if step.routes_in and not any(outcome in outcomes[index] for index, outcome in step.routes_in):
            return False
        self._evaluate_lets(step.lets)
        return step.when is None or step.when(self.scope) is True

    def _evaluate_lets(self, names: Sequence[str]) -> None:
        scope = self.scope
        for name in names:
            if name not in scope:
                scope[name] = self.program.lets[name](scope)

    # Calls

    def _prepare(
        self, step: StepProgram, given: Given, scope: Scope, item: int | None, instead: Mapping[str, Any] | None = None
    ) -> None:
        inputs = inputs_of(given, scope, instead or {})
        call = Call(self, step, f"{self.prefix}{step.name}", {} if isinstance(inputs, Failure) else inputs, item)
        if isinstance(inputs, Failure):
            self._fail(call, inputs)
        else:
            self.ready.append(call)

    def _fail(self, call: Call, failure: Failure) -> None:
        if call.item is None:
            self._settle_failed(call.program, failure)
        else:
            self._item_settled(call.program, call.item, "", None, failure)

    def _may_retry(self, call: Call, failure: Failure) -> bool:
        retry = call.program.planned.retry
        return bool(
            retry
            and self.end in (None, "cancelled" if call.undo else None)
            and failure.error_class in RETRYABLE
            and not failure.environment  # what this machine lacks it will lack again
            and call.attempt <= retry.times
            and call.node.kind != "wait"
            and call.node.effects != "once"
        )

    def _retry(self, call: Call, failure: Failure) -> Retry:
        retry = call.program.planned.retry
        assert retry is not None
        delay_s = min(retry.first.total_seconds() * 2 ** (call.attempt - 1), retry.most.total_seconds())
        return Retry(replace(call, attempt=call.attempt + 1), max(delay_s, failure.retry_after_s or 0.0))

    # for_each (rules 19 to 22)

    def _start_items(self, step: StepProgram) -> None:
        assert step.for_each is not None
        found = step.for_each(self.scope)
        if not isinstance(found, (list, tuple)) or not found:
            self._settle_failed(step, Failure("empty", f"`for_each` of `{step.name}` gave no items"))
            return
        self._items[step.index] = Items(found)
        for _ in range(min(step.planned.max_parallel, len(found))):
            self._next_item(step)

    def items_of(self, step: StepProgram) -> int:
        """How many items a for_each that has begun goes through."""
        return len(self._items[step.index].given) if step.index in self._items else 0

    def _next_item(self, step: StepProgram) -> None:
        items = self._items[step.index]
        if items.started < len(items.given) and self.end is None:
            number = items.started
            items.started += 1
            self._prepare(step, step.given, {**self.scope, "item": items.given[number]}, number)

    def _item_settled(self, step: StepProgram, number: int, outcome: str, value: Any, failure: Failure | None) -> None:
        items = self._items[step.index]
        if failure:
            items.failures[number] = replace(failure, item=number)
        else:
            items.values[number], items.outcomes[number] = value, outcome
            self._results.append(Result(self, step, number, value))
        self._next_item(step)
        if len(items.values) + len(items.failures) < (len(items.given) if self.end is None else items.started):
            return
        if items.failures:
            self._settle_failed(step, items.failures[min(items.failures)])
        else:
            self._settle_items(step, items)

    def _settle_items(self, step: StepProgram, items: Items) -> None:
        self.scope[step.name] = [items.values[number] for number in sorted(items.values)]
        words = frozenset(items.outcomes.values())
        self.outcomes[step.index] = words
        told = tuple(word for word in step.planned.outcomes if word in words) if len(step.planned.outcomes) > 1 else ()
        self._settled(step, "done", self._entry(step, told))

    # Ends and undo (rules 24, 25)

    def _end(self, word: str) -> None:
        self.end = word
        self._running -= len(self.open) + len(self.retries)
        self.ready, self.retries = [], []
        self.open.clear()
        for child in list(self._children.values()):
            child._stop()

    def _wind_up(self) -> None:
        if self._running:
            return
        if self.end == "cancelled" and not self.parked and self._undos is None:
            mine = [result for result in self._results if result.run.is_within(self)]
            self._results[:] = [result for result in self._results if not result.run.is_within(self)]
            self._undos = [undo for result in reversed(mine) if (undo := self._undo(result))]
            self._next_undo()
        if self.parent and not self.ready and not self.parked:
            self._leave(self.parent)

    def _next_undo(self) -> None:
        if self._undos:
            self.ready.append(self._undos.pop(0))

    def _undo_done(self, call: Call, outcome: str, value: Any) -> None:
        """Only the first outcome of its node takes a step back; another one is for a person to see to."""
        undo = call.program.undo
        if undo is not None and undo.outcomes and outcome != undo.outcomes[0]:
            why = field_of(value, "reason") or f"`{call.node.name}` says {outcome}"
            self.undo_failures.append((call, Failure("refused", str(why), call.item)))
        else:
            self.undone.append(call.name)
        self._next_undo()

    def _undo(self, result: Result) -> Call | None:
        run, step, undo = result.run, result.step, result.step.undo
        if undo is None or any(field_of(result.value, name) is None for name in undo.needs):
            return None
        inputs = run._undo_inputs(result, undo)
        given = {} if isinstance(inputs, Failure) else inputs
        call = Call(self, step, f"{run.prefix}{step.name}", given, result.item, undo=True)
        if isinstance(inputs, Failure):
            self.undo_failures.append((call, inputs))
            return None
        return call

    def _undo_inputs(self, result: Result, undo: UndoProgram) -> Mapping[str, Any] | Failure:
        try:
            self._evaluate_lets(undo.lets)
        except FeelError as error:
            return Failure("invalid", f"a formula of the undo met a limit: {error.message}")
        scope = {**self.scope, "result": result.value}
        if result.item is not None:
            scope["item"] = self._items[result.step.index].given[result.item]
        return inputs_of(undo.given, scope)

    # Flows within the flow (rule 32)

    def is_within(self, other: Interpreter) -> bool:
        """Whether this is that run, or a subflow anywhere in it."""
        return self is other or (self.parent is not None and self.parent.run.is_within(other))

    def _is_caught(self, failure: Failure) -> bool:
        """Whether a step around this subflow routes the class of the failure."""
        if self.parent is None:
            return False
        return failure.error_class in self.parent.call.program.on_error or self.parent.run._is_caught(failure)

    def _stop(self) -> None:
        if self.end is None:
            self._end(STOPPED)
            self._wind_up()

    def _leave(self, parent: Parent) -> None:
        """This subflow has come to its end: its step has that outcome, or failed, or goes with the run around it."""
        if self.end is None and not self._all_settled():
            return
        around, call = parent.run, parent.call
        if around._children.pop((call.step, call.item), None) is None:
            return
        if self._caught:
            around.failed(call, self._caught)
        elif self.end == STOPPED:
            around.withdraw(call)
        else:
            word = self.end or "completed"
            around.done(call, word, {"outcome": word, **self._given_out()})

    def _given_out(self) -> dict[str, Any]:
        """What the steps gave, by name; the trigger gave what was handed in."""
        return {
            step.name: self.scope[step.name] for step in self.program.steps[1:] if self.states[step.index] == "done"
        }
