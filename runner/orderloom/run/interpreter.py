"""The pure state machine of a run: what has happened goes in, the calls that are due come out.

It knows no clock, no disk, no network and no thread. Drivers make the calls and tell it the results, so joins,
skips, for_each, ends and undo are written once. Rule numbers are those of the flow language (docs/language.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from orderloom.declare import RETRYABLE, Wait
from orderloom.run.events import Call, Failure, Open, Retry, Settled, StepState
from orderloom.run.inputs import inputs_of
from orderloom.run.items import Items
from orderloom.run.program import Given, Program, Scope, StepProgram
from orderloom.run.values import field_of, has_field


class Interpreter:
    """One run of a flow. `ready` holds the calls to make now, in report order; tell each one's fate once."""

    def __init__(self, program: Program, trigger: Any, now: Any = None) -> None:
        self.program = program
        self.scope: Scope = {"\0now": now}
        self.states: list[StepState] = ["open"] * len(program.steps)
        self.outcomes: list[frozenset[str]] = [frozenset()] * len(program.steps)
        self.ready: list[Call] = []
        self.retries: list[Retry] = []
        self.open: dict[tuple[int, int | None], Open] = {}
        self.path: list[Settled] = []
        self.parked: dict[int, Failure] = {}
        self.undone: list[str] = []
        self.undo_failures: list[tuple[str, Failure]] = []
        self.end: str | None = None
        self._left = list(program.upstream_counts)
        self._running = 0
        self._items: dict[int, Items] = {}
        self._results: list[tuple[StepProgram, int | None, Any]] = []  # what undos may take back, in order of settling
        self._undos: list[Call] | None = None
        self._due: list[int] = []
        self._settle_done(program.steps[0], program.steps[0].planned.outcomes[0], trigger, has_outcomes=False)
        self._look_at_due()

    # What drivers tell

    def done(self, call: Call, outcome: str, value: Any) -> None:
        """The call gave `value` (a record) under `outcome`."""
        self._running -= 1
        self.open.pop((call.step, call.item), None)
        if call.undo:
            self._undo_done(call, outcome, value)
            return
        step = self.program.steps[call.step]
        if call.item is None:
            self._settle_done(step, outcome, value, has_outcomes=len(step.planned.outcomes) > 1)
        else:
            self._item_settled(step, call.item, outcome, value, None)
        self._look_at_due()

    def failed(self, call: Call, failure: Failure) -> None:
        """The call failed: it is tried again (see `retries`), routed, or parks its step (rules 16, 17)."""
        self._running -= 1
        self.open.pop((call.step, call.item), None)
        if self._may_retry(call, failure):
            self.retries.append(self._retry(call, failure))
            self._running += 1
        elif call.undo:
            self.undo_failures.append((call.name, failure))
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

    # What drivers read

    def take(self) -> list[Call]:
        """The calls to make now, in report order; each is handed out once."""
        calls, self.ready = self.ready, []
        self._running += len(calls)
        return sorted(calls, key=lambda call: (call.step, call.item or 0)) if len(calls) > 1 else calls

    @property
    def status(self) -> str:
        """`running`, `waiting`, `exception`, `completed`, or the word of the end that was reached (rules 23-26)."""
        if self.parked or self.undo_failures:
            return "exception"
        if self.end is not None:
            return "running" if self._running or self.ready else self.end
        if self.open:
            return "waiting"
        return "completed" if all(state in {"done", "failed", "skipped"} for state in self.states) else "running"

    # Settling (rules 5 to 8)

    def _settle_done(self, step: StepProgram, outcome: str, value: Any, *, has_outcomes: bool) -> None:
        self.scope[step.name] = value
        self.outcomes[step.index] = frozenset((outcome,))
        self._results.append((step, None, value))
        self._settled(step, "done", Settled(step.index, step.name, (outcome,) if has_outcomes else ()))

    def _settle_failed(self, step: StepProgram, failure: Failure) -> None:
        if failure.error_class not in step.on_error and self.end is None:
            self.states[step.index] = "parked"
            self.parked[step.index] = failure
            return
        self.scope[step.name] = None
        if self.end is None:
            self.outcomes[step.index] = frozenset((f"!{failure.error_class}",))
        self._settled(step, "failed", Settled(step.index, step.name, failure=failure))

    def _settled(self, step: StepProgram, state: StepState, entry: Settled | None) -> None:
        self.states[step.index] = state
        if entry:
            self.path.append(entry)
        if step.end and state == "done" and (self.end is None or step.end == "cancelled"):
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

    def _prepare(self, step: StepProgram, given: Given, scope: Scope, item: int | None) -> None:
        inputs = inputs_of(given, scope)
        call = Call(step.index, step.name, step.node, {} if isinstance(inputs, Failure) else inputs, item)
        if isinstance(inputs, Failure):
            self._fail(call, inputs)
        else:
            self.ready.append(call)

    def _fail(self, call: Call, failure: Failure) -> None:
        step = self.program.steps[call.step]
        if call.item is None:
            self._settle_failed(step, failure)
        else:
            self._item_settled(step, call.item, "", None, failure)

    def _may_retry(self, call: Call, failure: Failure) -> bool:
        retry = self.program.steps[call.step].planned.retry
        return bool(
            retry
            and self.end in (None, "cancelled" if call.undo else None)
            and failure.error_class in RETRYABLE
            and call.attempt <= retry.times
            and call.node.kind != "wait"
            and call.node.effects != "once"
        )

    def _retry(self, call: Call, failure: Failure) -> Retry:
        retry = self.program.steps[call.step].planned.retry
        assert retry is not None
        delay_s = min(retry.first.total_seconds() * 2 ** (call.attempt - 1), retry.most.total_seconds())
        again = Call(call.step, call.name, call.node, call.inputs, call.item, call.attempt + 1, call.undo, call.state)
        return Retry(again, max(delay_s, failure.retry_after_s or 0.0))

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
            self._results.append((step, number, value))
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
        self._settled(step, "done", Settled(step.index, step.name, told))

    # Ends and undo (rules 24, 25)

    def _end(self, word: str) -> None:
        self.end = word
        self._running -= len(self.open) + len(self.retries)
        self.ready, self.retries = [], []
        self.open.clear()

    def _wind_up(self) -> None:
        if self.end == "cancelled" and not self._running and not self.parked and self._undos is None:
            self._undos = [undo for result in reversed(self._results) if (undo := self._undo(*result))]
            self._next_undo()

    def _next_undo(self) -> None:
        if self._undos:
            self.ready.append(self._undos.pop(0))

    def _undo_done(self, call: Call, outcome: str, value: Any) -> None:
        """Only the first outcome of its node takes a step back; another one is for a person to see to."""
        undo = self.program.steps[call.step].undo
        if undo is not None and undo.outcomes and outcome != undo.outcomes[0]:
            why = field_of(value, "reason") or f"`{call.node.name}` says {outcome}"
            self.undo_failures.append((call.name, Failure("refused", str(why), call.item)))
        else:
            self.undone.append(call.name)
        self._next_undo()

    def _undo(self, step: StepProgram, item: int | None, result: Any) -> Call | None:
        undo = step.undo
        if undo is None or not all(has_field(result, name) for name in undo.needs):
            return None
        self._evaluate_lets(undo.lets)
        scope = {**self.scope, "result": result}
        if item is not None:
            scope["item"] = self._items[step.index].given[item]
        inputs = inputs_of(undo.given, scope)
        if isinstance(inputs, Failure):
            self.undo_failures.append((step.name, inputs))
            return None
        return Call(step.index, step.name, undo.node, inputs, item, undo=True)
