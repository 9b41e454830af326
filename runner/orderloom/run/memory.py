"""The driver that keeps nothing: makes the calls an interpreter asks for, one order after another, in memory.

Pure nodes are called in line. Nodes with effects run in a bounded thread pool, where their time limit holds; those
that are due together run side by side and are recorded in report order, so that the same order gives the same report.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlowError
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

from orderloom.declare import AnswerRefused, Derived, Later, NodeError, Outcome, Wait
from orderloom.packs import Catalogue
from orderloom.packs.modules import own_place
from orderloom.run.answers import Answers, Result, failure_said, normalised, stand_in, take_answer
from orderloom.run.events import Call, Failure
from orderloom.run.interpreter import Interpreter
from orderloom.run.program import Program
from orderloom.run.report import RunReport
from orderloom.world import CallLog, Clock, MissingConnectionError, World
from orderloom.world.errors import ConnectionFailedError, ConnectionUnusableError

WORKERS = 8
Told = Result | Wait | Later


@dataclass
class MemoryDriver:
    """Runs a program for one trigger result after another.

    `sleep` is called between retries; `patience` is the longest it waits for a `Later`, beyond which the run waits.
    """

    program: Program
    catalogue: Catalogue
    connections: Mapping[str, object]
    clock: Clock
    answers: Answers = field(default_factory=Answers)
    dry_run: bool = False
    sleep: Callable[[float], None] = time.sleep
    patience: timedelta = timedelta(seconds=10)
    jitter: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311 (spreads retries, guards nothing)
    _pool: ThreadPoolExecutor | None = None

    def run(self, key: str, trigger: Any) -> RunReport:
        """One run, as far as it goes: to an end, to a wait, or until steps are parked."""
        return _Run(self, key, trigger).go()

    @property
    def pool(self) -> ThreadPoolExecutor:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="orderloom")
        return self._pool

    def close(self) -> None:
        """Let the threads go; a call that ran out of its time limit is not waited for."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)


class _Run:
    def __init__(self, driver: MemoryDriver, key: str, trigger: Any) -> None:
        self.driver = driver
        self.key = key
        flow = driver.program.plan.flow
        self.run_id = f"r-{sha256(f'{flow.name}{chr(0)}{key}'.encode()).hexdigest()[:16]}"
        self.interpreter = Interpreter(driver.program, trigger, driver.clock.now())
        self.logs: list[tuple[Call, CallLog]] = []
        self.would: list[Call] = []
        self.refused: dict[tuple[str, int | None], tuple[str, ...]] = {}

    def go(self) -> RunReport:
        while True:
            calls = self.interpreter.take()
            if calls:
                self._make(calls)
            elif not self._retry_next():
                break
        return RunReport(self.run_id, self.key, self.interpreter, self.logs, self.would, self.refused)

    def _make(self, calls: list[Call]) -> None:
        threaded = {id(call): self._in_thread(call) for call in calls if self._needs_thread(call)}
        for call in calls:
            future = threaded.get(id(call))
            if future is not None:
                self._tell(call, self._await(call, future))
            elif call.owner.end is not None and not call.undo:
                call.owner.withdraw(call)
            elif call.program.inner and not call.undo and self._said(call) is None:
                call.owner.enter(call)
            else:
                self._tell(call, self._answered(call) or self._called(call, self._log(call)))

    def _needs_thread(self, call: Call) -> bool:
        if call.node.effects == "none" or (call.program.inner and not call.undo):
            return False
        return not self.driver.dry_run and self._said(call) is None

    def _in_thread(self, call: Call) -> Future[Told]:
        return self.driver.pool.submit(self._called, call, self._log(call))

    def _await(self, call: Call, future: Future[Told]) -> Told:
        limit = call.program.planned.timeout
        try:
            return future.result(limit.total_seconds() if limit else None)
        except TooSlowError:
            return Failure("timeout", f"`{call.node.name}` gave no result within {limit}")

    def _tell(self, call: Call, told: Told) -> None:
        if isinstance(told, Failure):
            call.owner.failed(call, told)
        elif isinstance(told, Wait):
            call.owner.waits(call, told)
        elif isinstance(told, Later):
            self._later(call, told)
        else:
            call.owner.done(call, *told)

    # Calling a node

    def _log(self, call: Call) -> CallLog:
        log = CallLog()
        self.logs.append((call, log))
        return log

    def _called(self, call: Call, log: CallLog) -> Told:
        try:
            result = call.node.call(**self._arguments(call, log))
        except (NodeError, ConnectionFailedError) as error:
            unusable = isinstance(error, ConnectionUnusableError)
            return Failure(error.error_class, error.message, call.item, error.retry_after_s, unusable)
        except MissingConnectionError as error:
            return Failure("unavailable", str(error), call.item, environment=True)
        except Exception as error:
            at = own_place(error, call.node.folder)
            told = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            return Failure("bug", f"`{call.node.name}` broke{f' at {at}' if at else ''}: {told}", call.item)
        if isinstance(result, Wait):
            return self._waited(call, result)
        if isinstance(result, (Outcome, Derived)):
            return normalised(result)
        return (
            result
            if isinstance(result, Later)
            else Failure("bug", f"`{call.node.name}` returned no outcome", call.item)
        )

    def _arguments(self, call: Call, log: CallLog) -> dict[str, Any]:
        arguments = dict(call.inputs)
        for parameter in call.node.parameters:
            if parameter.role == "world":
                arguments[parameter.name] = World(
                    self.driver.clock, self.driver.connections, self._idempotency_key(call), call.state, log,
                    rehearsal=self.driver.dry_run,
                )
            elif parameter.role == "resource" and hasattr(arguments.get(parameter.name), "for_call"):
                arguments[parameter.name] = arguments[parameter.name].for_call(log, self.driver.clock.now())
        return arguments

    def _idempotency_key(self, call: Call) -> str:
        parts = (self.run_id, call.name, "" if call.item is None else str(call.item), "undo" if call.undo else "")
        return sha256("\0".join(parts).encode()).hexdigest()[:32]  # no attempt in it: rule 29

    # Answers, waits, time

    def _answered(self, call: Call) -> Told | None:
        said = self._said(call)
        if isinstance(said, Failure):
            return said
        if said is None:
            return self._withheld(call) if self._is_withheld(call) else None
        if call.node.kind == "wait":
            return failure_said(said)  # else the node is called first, to know what it asks
        try:
            return failure_said(said) or stand_in(call, call.program.planned.outcomes, said)
        except AnswerRefused as refusal:
            return Failure("invalid", "; ".join(refusal.problems), call.item)

    def _said(self, call: Call) -> Any:
        """What was said for this call; a failure where a list of answers is not as long as the step's items."""
        told, items = self.driver.answers.listed(call), call.owner.items_of(call.program)
        if call.item is None or told is None or len(told) == items:
            return self.driver.answers.to(call)
        message = f"the answers for `{call.name}` are {len(told)}, and it has {items} items: give one for each"
        return Failure("invalid", message, call.item)

    def _is_withheld(self, call: Call) -> bool:
        return self.driver.dry_run and call.node.effects != "none" and not call.node.rehearses

    def _withheld(self, call: Call) -> Told:
        self.would.append(call)
        step = call.program
        if step.result_is_read and not call.undo:
            return Wait(
                "dry_run", {"would_call": call.node.name, "mend": f"give its result with --answer {call.name}=FILE"}
            )
        return (step.planned.outcomes[0] if step.planned.outcomes else "", {})

    def _waited(self, call: Call, wait: Wait) -> Told:
        said = self.driver.answers.to(call)
        if said is None:
            return wait
        try:
            return take_answer(call, wait, said, self.driver.catalogue)
        except AnswerRefused as refusal:
            self.refused[(call.name, call.item)] = refusal.problems
            return wait

    def _later(self, call: Call, later: Later) -> None:
        wait_s = (later.at - self.driver.clock.now()).total_seconds()
        if wait_s > self.driver.patience.total_seconds():
            call.owner.waits(call, Wait("time", {"until": later.at}))
            return
        self.driver.sleep(max(wait_s, 0.0))
        again = replace(call, state=later.state)
        self._tell(again, self._called(again, self._log(again)))

    def _retry_next(self) -> bool:
        """Sleep until the first retry is due and make it; False where there is none."""
        retries = [retry for run in self.interpreter.live() for retry in run.retries]
        if not retries:
            return False
        first = min(retries, key=lambda retry: retry.delay_s)
        self.driver.sleep(first.delay_s * (0.5 + self.driver.jitter.random() / 2))
        self._make([first.call.owner.again(first)])
        return True
