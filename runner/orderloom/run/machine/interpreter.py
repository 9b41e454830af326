"""The pure state machine of a run: what has happened goes in, the calls that are due come out.

It knows no clock, no disk, no network and no thread. Drivers make the calls and tell it the results, so joins,
skips, for_each, ends, undo and flows within flows are written once. Rule numbers: docs/flows.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from orderloom.declare import Wait
from orderloom.feel import FeelError
from orderloom.flow.subflow import GIVEN
from orderloom.run.machine import ending, items, retrying, subflows, undoing
from orderloom.run.machine.events import Call, Failure, Open, Retry, Settled, StepState
from orderloom.run.machine.inputs import inputs_of
from orderloom.run.machine.program import Given, Program, Scope, StepProgram


class Interpreter:
    """One run of a flow, or of a flow within it. Each call that `take` hands out is to be told its fate once.

    Of a run with subflows the driver knows the outermost only: it tells each call's fate to `call.owner`.
    """

    def __init__(self, program: Program, trigger: Any, now: Any = None, parent: subflows.Parent | None = None) -> None:
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
        self.running = 0
        self.items: dict[int, items.Items] = {}
        self.results: list[undoing.Result] = around.results if around else []  # in order of settling
        self.undos: list[Call] | None = None
        self._due: list[int] = []
        self.children: dict[tuple[int, int | None], Interpreter] = {}
        self.doubtful: set[tuple[int, int | None]] = set()  # calls of which an attempt may have taken effect
        self.caught: Failure | None = None  # why this subflow was left, where a step around it routes the class
        self.settle_done(program.steps[0], program.steps[0].planned.outcomes[0], trigger, has_outcomes=False)
        if parent is None:
            self.look_at_due()

    # What drivers tell

    def done(self, call: Call, outcome: str, value: Any) -> None:
        """The call gave `value` (a record) under `outcome`."""
        self.running -= 1
        self.open.pop((call.step, call.item), None)
        if call.undo:
            undoing.done(self, call, outcome, value)
        elif call.item is None:
            self.settle_done(call.program, outcome, value, has_outcomes=len(call.program.planned.outcomes) > 1)
        else:
            items.settled(self, call.program, call.item, outcome, value, None)
        self.look_at_due()

    def failed(self, call: Call, failure: Failure) -> None:
        """The call failed: it is tried again (see `retries`), routed, or parks its step (rules 16, 17)."""
        self.running -= 1
        self.open.pop((call.step, call.item), None)
        if retrying.is_tried_again(call, failure, self.end):
            self.retries.append(retrying.retry_of(call, failure))
            self.running += 1
        elif call.undo:
            self.undo_failures.append((replace(call, in_doubt=call.in_doubt or failure.in_doubt), failure))
            undoing.go_on(self)
        else:
            self.fail(call, failure)
        self.look_at_due()

    def waits(self, call: Call, wait: Wait) -> None:
        """The call waits for a person, an event or its time; `done` or `failed` ends that."""
        if self.end is not None and not call.undo:
            self.withdraw(call)
        else:
            self.open[(call.step, call.item)] = Open(call, wait)

    def withdraw(self, _call: Call) -> None:
        """The call was taken but not made, since an end came first (rule 24)."""
        self.running -= 1
        self.look_at_due()

    def again(self, retry: Retry) -> Call:
        """Take a retry whose time has come."""
        self.retries.remove(retry)
        return retry.call

    def look_again(self, opened: Open) -> Call:
        """Take a call that waited for its time, which has come."""
        del self.open[(opened.call.step, opened.call.item)]
        return opened.call

    def enter(self, call: Call) -> None:
        """The call is that of a subflow: run it as part of this run (rule 32)."""
        inner = call.program.inner
        assert inner is not None
        trigger = {"outcome": inner.steps[0].planned.outcomes[0], **(call.inputs.get(GIVEN) or {})}
        child = Interpreter(inner, trigger, self.scope["\0now"], subflows.Parent(self, call))
        self.children[(call.step, call.item)] = child
        child.look_at_due()

    # What people decide (resolving.py)

    def unpark(self, step: StepProgram) -> None:
        """The parked step is being seen to: one of the three below comes next."""
        del self.parked[step.index]
        self.states[step.index] = "running"

    def start_again(self, step: StepProgram, inputs: Mapping[int | None, Mapping[str, Any]]) -> None:
        """Call it again, with these inputs in place of its own, by item; of a for_each only the items that failed."""
        if step.for_each is None:
            self.prepare(step, step.given, self.scope, None, inputs.get(None))
        elif step.index not in self.items:
            items.start(self, step)
        else:
            items.start_again(self, step, inputs)
        self.look_at_due()

    def settle_given(self, step: StepProgram, outcome: str, value: Any) -> None:
        """It is done with a result that a person gives; of a for_each with a list, an entry an item."""
        if step.for_each is not None:
            items.give(self, step, outcome, value)
        else:
            self.settle_done(step, outcome, value, has_outcomes=len(step.planned.outcomes) > 1)
        self.look_at_due()

    def settle_lost(self, step: StepProgram, failure: Failure) -> None:
        """It has failed for good, since the run is being cancelled: no route is taken."""
        self.scope[step.name] = None
        self.settled(step, "failed", self.entry(step, failure=failure))

    def cancel(self) -> None:
        """End this run as cancelled, whatever it had come to."""
        if self.end is None:
            ending.come_to(self, "cancelled")
        self.end = "cancelled"
        self._due.clear()
        for part in reversed(list(self.live())):  # those within first: what they waited for is given up
            ending.wind_up(part)

    # What drivers read

    def items_of(self, step: StepProgram) -> int:
        """How many items a for_each that has begun goes through."""
        return len(self.items[step.index].given) if step.index in self.items else 0

    def take(self) -> list[Call]:
        """The calls to make now, in report order; each is handed out once."""
        calls, self.ready = self.ready, []
        self.running += len(calls)
        calls = sorted(calls, key=lambda call: (call.step, call.item or 0)) if len(calls) > 1 else calls
        for child in list(self.children.values()):
            calls += child.take()
        return calls

    def live(self) -> Iterator[Interpreter]:
        """This run and the subflows in it that have not come to an end, each before those within it."""
        yield self
        if not self.children:
            return
        for place in sorted(self.children, key=lambda place: (place[0], place[1] or 0)):
            yield from self.children[place].live()

    @property
    def status(self) -> str:
        """`running`, `waiting`, `exception`, `completed`, or the word of the end that was reached (rules 23-26)."""
        if self.undo_failures or any(run.parked for run in self.live()):
            return "exception"
        if self.end is not None:
            return "running" if self.running or self.ready else self.end
        if any(run.open for run in self.live()):
            return "waiting"
        return "completed" if self.all_settled() else "running"

    def all_settled(self) -> bool:
        return all(state in {"done", "failed", "skipped"} for state in self.states)

    # Settling (rules 5 to 8)

    def settle_done(self, step: StepProgram, outcome: str, value: Any, *, has_outcomes: bool) -> None:
        self.scope[step.name] = value
        self.outcomes[step.index] = frozenset((outcome,))
        self.keep(step, None, value)
        self.settled(step, "done", self.entry(step, (outcome,) if has_outcomes else ()))

    def keep(self, step: StepProgram, item: int | None, value: Any) -> None:
        """What can be taken back is known by what it gave; the rest would only tie the run to itself."""
        if step.undo is not None:
            self.results.append(undoing.Result(self, step, item, value))

    def entry(self, step: StepProgram, outcomes: tuple[str, ...] = (), failure: Failure | None = None) -> Settled:
        return Settled(step.index, f"{self.prefix}{step.name}", outcomes, failure)

    def settle_failed(self, step: StepProgram, failure: Failure) -> None:
        if failure.error_class not in step.on_error and (self.end is None or failure.in_doubt):
            if self.end is None and subflows.is_caught(self, failure):
                self.caught = replace(failure, item=None)
                ending.come_to(self, subflows.STOPPED)
            else:
                self.states[step.index] = "parked"
                self.parked[step.index] = failure
                return
        self.scope[step.name] = None
        if self.end is None:
            self.outcomes[step.index] = frozenset((f"!{failure.error_class}",))
        self.settled(step, "failed", self.entry(step, failure=failure))

    def settled(self, step: StepProgram, state: StepState, entry: Settled | None) -> None:
        self.states[step.index] = state
        if entry and (self.parent is None or step.index):  # the trigger of a subflow is not called
            self.path.append(entry)
        if step.end and state == "done" and ending.may_end_as(self, step.end):
            ending.come_to(self, step.end)
        left = self._left
        for index in step.downstream:
            left[index] -= 1
            if not left[index]:
                self._due.append(index)

    def look_at_due(self) -> None:
        # a list and not recursion: a long chain of skips must not meet Python's limit
        due = self._due
        while due and self.end is None:
            due.sort(reverse=True)
            self._look_at(self.program.steps[due.pop()])
        ending.wind_up(self)

    def _look_at(self, step: StepProgram) -> None:
        try:
            self._start_or_skip(step)
        except FeelError as error:  # of `when`, `for_each` or a `let`: their limits are those of an order, not of us
            self.settle_failed(step, Failure("invalid", f"a formula of `{step.name}` met a limit: {error.message}"))

    def _start_or_skip(self, step: StepProgram) -> None:
        if not self._starts(step):
            self.scope[step.name] = None
            self.settled(step, "skipped", None)
            return
        self.states[step.index] = "running"
        if step.for_each is not None:
            items.start(self, step)
        else:
            self.prepare(step, step.given, self.scope, None)

    def _starts(self, step: StepProgram) -> bool:
        states, outcomes = self.states, self.outcomes
        for index in step.hard:
            if states[index] != "done":
                return False
        if step.routes_in and not any(outcome in outcomes[index] for index, outcome in step.routes_in):
            return False
        self.evaluate_lets(step.lets)
        return step.when is None or step.when(self.scope) is True

    def evaluate_lets(self, names: Sequence[str]) -> None:
        scope = self.scope
        for name in names:
            if name not in scope:
                scope[name] = self.program.lets[name](scope)

    # Calls

    def prepare(
        self, step: StepProgram, given: Given, scope: Scope, item: int | None, instead: Mapping[str, Any] | None = None
    ) -> None:
        inputs = inputs_of(given, scope, instead or {})
        known = {} if isinstance(inputs, Failure) else inputs
        call = Call(self, step, f"{self.prefix}{step.name}", known, item, in_doubt=(step.index, item) in self.doubtful)
        if isinstance(inputs, Failure):
            self.fail(call, inputs)
        else:
            self.ready.append(call)

    def fail(self, call: Call, failure: Failure) -> None:
        note = self.doubtful.add if failure.in_doubt else self.doubtful.discard
        note((call.step, call.item))
        if call.item is None:
            self.settle_failed(call.program, failure)
        else:
            items.settled(self, call.program, call.item, "", None, failure)
