"""The driver that keeps nothing: makes the calls an interpreter asks for, one order after another, in memory.

Pure nodes are called in line. Nodes with effects run in a bounded thread pool, where their time limit holds; those
that are due together run side by side and are recorded in report order, so that the same order gives the same report.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooSlowError
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, TypeVar

from orderloom.declare import Later, Wait
from orderloom.flow.durations import format_duration
from orderloom.journal import Landing
from orderloom.packs import Catalogue
from orderloom.run.arrivals.keys import run_id
from orderloom.run.drivers.calling import Calling, Told
from orderloom.run.drivers.threads import LONGEST_CALL, NoThreadError, Threads
from orderloom.run.machine.answers import Answers
from orderloom.run.machine.events import Call, Failure
from orderloom.run.machine.interpreter import Interpreter
from orderloom.run.machine.program import Program
from orderloom.run.telling.report import RunReport
from orderloom.world import CallLog, Clock

WORKERS = 8
F = TypeVar("F", Future[Told], Landing[Told])


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
    threads: Threads = field(default_factory=lambda: Threads(WORKERS))

    def run(self, key: str, trigger: Any) -> RunReport:
        """One run, as far as it goes: to an end, to a wait, or until steps are parked."""
        return _Run(self, key, trigger).go()

    def close(self) -> None:
        """Let the threads go; a call that ran out of its time limit is not waited for."""
        self.threads.close()


class _Run:
    def __init__(self, driver: MemoryDriver, key: str, trigger: Any) -> None:
        self.driver = driver
        self.key = key
        self.interpreter = Interpreter(driver.program, trigger, driver.clock.now())
        self.calling = Calling(
            run_id(driver.program.plan.flow.name, key),
            driver.catalogue, driver.connections, driver.clock, driver.answers, driver.dry_run,
        )  # fmt: skip

    def go(self) -> RunReport:
        while True:
            calls = self.interpreter.take()
            if calls:
                self._make(calls)
            elif not self._retry_next():
                break
        calling = self.calling
        return RunReport(calling.run_id, self.key, self.interpreter, calling.logs, calling.would, calling.refused)

    def _make(self, calls: list[Call]) -> None:
        due = [call for call in calls if not call.is_late and self.calling.has_effect(call)]
        threaded = {id(call): self._in_thread(call) for call in due}
        for call in calls:
            future = threaded.get(id(call))
            if future is not None:
                self._tell(call, self._awaited(call, future))
            elif call.is_late:
                call.owner.withdraw(call)
            elif self.calling.enters(call):
                call.owner.enter(call)
            else:
                told = self.calling.answered(call)
                self._tell(call, told or self.calling.called(call, self.calling.log(call)))

    def _in_thread(self, call: Call) -> Future[Told]:
        return in_thread(self.driver.threads, self.calling, call, self.calling.log(call), Future())

    def _awaited(self, call: Call, future: Future[Told]) -> Told:
        try:
            return future.result((call.timeout or LONGEST_CALL).total_seconds())
        except TooSlowError:
            return given_up(self.driver.threads, call, future)

    def _tell(self, call: Call, told: Told) -> None:
        if isinstance(told, Failure):
            tell(call, self.calling.weighed(call, told))
        elif isinstance(told, Later):
            self._later(call, told)
        else:
            tell(call, told)

    def _later(self, call: Call, later: Later) -> None:
        wait_s = (later.at - self.driver.clock.now()).total_seconds()
        if wait_s > self.driver.patience.total_seconds():
            call.owner.waits(call, Wait("time", {"until": later.at}))
            return
        self.driver.sleep(max(wait_s, 0.0))
        again = replace(call, state=later.state)
        self._tell(again, self.calling.called(again, self.calling.log(again)))

    def _retry_next(self) -> bool:
        """Sleep until the first retry is due and make it; False where there is none."""
        retries = [retry for run in self.interpreter.live() for retry in run.retries]
        if not retries:
            return False
        first = min(retries, key=lambda retry: retry.longest_s)
        self.driver.sleep(first.spread_s(self.driver.jitter.random()))
        self._make([first.call.owner.again(first)])
        return True


def tell(call: Call, told: tuple[str, Any] | Failure | Wait) -> None:
    """Tell the interpreter what became of a call."""
    if isinstance(told, Failure):
        call.owner.failed(call, told)
    elif isinstance(told, Wait):
        call.owner.waits(call, told)
    else:
        call.owner.done(call, *told)


def too_slow(call: Call) -> Failure:
    """The wait is past its time limit."""
    return Failure("timeout", f"`{call.node.name}` gave no result within {_span(call.timeout or LONGEST_CALL)}")


def in_thread(threads: Threads, calling: Calling, call: Call, log: CallLog, future: F) -> F:
    """Make the call in a thread of its own; where there is none left, it has failed for good."""
    try:
        threads.do(call.node.name, lambda: calling.called(call, log), future)
    except NoThreadError as error:
        future.set_result(Failure("unavailable", str(error), call.item, environment=True))
    return future


def given_up(threads: Threads, call: Call, future: Future[Told] | Landing[Told]) -> Failure:
    """The call is past its time limit: it may take effect still, unless it has not even begun."""
    limit = call.timeout or LONGEST_CALL
    begun = threads.give_up(future)
    why = "gave no result within" if begun else "was not begun within"
    return Failure("timeout", f"`{call.node.name}` {why} {_span(limit)}", call.item, in_doubt=begun)


def _span(limit: timedelta) -> str:
    """As it is written in flows."""
    return str(limit) if limit.microseconds else format_duration(limit)
