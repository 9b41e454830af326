"""One run in a closed world: each call is made or answered at its time, and the clock jumps in between."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from orderloom.change.scenario.agenda import Agenda
from orderloom.change.scenario.model import Case, Gives, Raises, Said, Series
from orderloom.change.scenario.opening import TestedFlow
from orderloom.change.scenario.scope import shown
from orderloom.change.scenario.world import ClosedWorld, StopError, asks_outside, label, not_listed
from orderloom.declare import AnswerRefused, Later, Wait
from orderloom.run.arrivals.keys import run_id, run_key
from orderloom.run.drivers.calling import Calling, Told
from orderloom.run.drivers.memory import tell, too_slow
from orderloom.run.machine.answers import Answers, take_answer
from orderloom.run.machine.events import Call, Failure, Retry
from orderloom.run.machine.interpreter import Interpreter
from orderloom.run.machine.values import field_of, has_field
from orderloom.run.telling.report import RunReport
from orderloom.world import Sent

MOST_CALLS = 100_000  # a node that is never done with its `Later` must not keep the test for ever


class Timeline:
    """A run from what its trigger gave. `given` is what each step was handed, `runs` are all that were part of it."""

    def __init__(self, flow: TestedFlow, case: Case, trigger: Any) -> None:
        assert flow.program is not None
        assert flow.targets is not None
        self.case = case
        self.agenda = Agenda(case.clock)
        self.world = ClosedWorld(case, flow.targets)
        self.key = run_key(flow.program, trigger)
        self.run = Interpreter(flow.program, trigger, case.clock)
        name = flow.program.plan.flow.name
        self.calling = Calling(run_id(name, self.key), flow.opened.catalogue, {}, self.agenda, Answers())
        self.given: dict[str, Any] = {}
        self.runs = {id(self.run): self.run}
        self.made = 0

    def go(self) -> None:
        """As far as it goes. Raises `StopError` where the case does not say what happens."""
        while self._make_all(self.run.take()) or self.agenda.jump():
            pass

    @property
    def report(self) -> RunReport:
        """What it came to so far."""
        calling = self.calling
        return RunReport(calling.run_id, self.key, self.run, calling.logs, (), calling.refused)

    def _make_all(self, calls: Sequence[Call]) -> bool:
        for call in calls:
            self._make(call)
        return bool(calls)

    def _make(self, call: Call) -> None:
        self._count()
        if call.is_late:
            call.owner.withdraw(call)
            return
        self._note(call)
        series = self.world.series(call)
        if series is None:
            self._really(call)
        elif call.node.answer is not None and not call.undo:
            self._ask(call, series)
        else:
            self._stand_in(call, series)

    def _count(self) -> None:
        self.made += 1
        if self.made > MOST_CALLS:
            raise StopError(f"the run comes to no end: {MOST_CALLS:,} calls were made")

    def _note(self, call: Call) -> None:
        if call.item is None:
            self.given[label(call)] = shown(call)
        else:
            self.given.setdefault(label(call), {})[call.item] = shown(call)

    # What the case does not answer

    def _really(self, call: Call) -> None:
        if call.program.inner and not call.undo:
            call.owner.enter(call)
            self.runs |= {id(run): run for run in self.run.live()}  # they are gone from there once they have ended
        elif call.node.effects != "none":
            raise not_listed(call)
        else:
            self._tell(call, self._called(call))

    def _called(self, call: Call) -> Told:
        told = self.calling.called(call, self.calling.log(call))
        if isinstance(told, Failure) and told.environment:
            raise asks_outside(call, told)
        return told

    def _tell(self, call: Call, told: Told) -> None:
        before = list(call.owner.retries)
        if isinstance(told, Later):
            self._later(call, told)
        else:
            tell(call, told)
        for retry in call.owner.retries:
            if retry not in before:
                self._at(self.agenda.moment + timedelta(seconds=retry.longest_s), self._again, retry)

    def _later(self, call: Call, later: Later) -> None:
        call.owner.waits(call, Wait("time", {"until": later.at}))
        self._at(later.at, self._still_later, replace(call, state=later.state))

    def _still_later(self, call: Call) -> None:
        self._count()
        if _is_open(call):
            self._tell(call, self._called(call))

    def _again(self, retry: Retry) -> None:
        if retry in retry.call.owner.retries:  # an end takes it back
            self._make(retry.call.owner.again(retry))

    def _at(self, moment: datetime, happen: Callable[..., None], *arguments: Any) -> None:
        self.agenda.at(moment, lambda: happen(*arguments))

    # What it answers in place of a call

    def _stand_in(self, call: Call, series: Series) -> None:
        said, limit = self.world.next(call, series), call.program.planned.timeout
        takes = _takes(said, None if call.undo else limit)
        if not takes:
            self._settle(call, said)
        elif isinstance(said, Gives) and limit and takes > limit and not call.undo:
            # no call takes so long: it stands for a node that comes back `Later`
            call.owner.waits(call, Wait("time", {"until": self.agenda.moment + takes}))
            self._at(self.agenda.moment + takes, self._settle_open, call, said)
        else:
            self._at(self.agenda.moment + takes, self._settle, call, said)

    def _settle_open(self, call: Call, said: Said) -> None:
        if _is_open(call):
            self._settle(call, said)

    def _settle(self, call: Call, said: Said) -> None:
        if isinstance(said, Raises):
            self._tell(call, _failure(call, said))
            return
        outcome, record = self.world.result(call, said)
        self._note_sent(call, record)
        self._tell(call, (outcome, record))

    def _note_sent(self, call: Call, record: Any) -> None:
        """A step that takes a template sends a message, unless the answer says that there is no `message_id`."""
        template = next((one for one in call.node.published if one.name == "template" and one.role == "resource"), None)
        if template is None or (has_field(record, "message_id") and field_of(record, "message_id") is None):
            return
        name = str(shown(call)["template"])
        to, message_id = field_of(record, "to"), field_of(record, "message_id")
        self.calling.log(call).sent.append(Sent(name, str(to or ""), str(message_id or "")))

    # What it answers to a question or as an event

    def _ask(self, call: Call, series: Series) -> None:
        told: Told = Wait("event", {}) if call.node.effects != "none" else self._called(call)
        if not isinstance(told, Wait):
            self._tell(call, told)
            return
        limit = call.program.planned.timeout
        call.owner.waits(call, told)
        self._next_answer(call, told, series, self.agenda.moment + limit if limit else None)

    def _next_answer(self, call: Call, wait: Wait, series: Series, until: datetime | None) -> None:
        said = self.world.next(call, series)
        moment = self.agenda.moment + _takes(said, None)
        if until and (moment >= until or (isinstance(said, Raises) and said.error_class == "timeout")):
            self._at(until, self._tell_open, call, too_slow(call))
        elif isinstance(said, Raises):
            self._tell_open(call, _failure(call, said))
        elif moment > self.agenda.moment:
            self._at(moment, self._answered, call, wait, series, said, until)
        else:
            self._answered(call, wait, series, said, until)

    def _answered(self, call: Call, wait: Wait, series: Series, said: Gives, until: datetime | None) -> None:
        if not _is_open(call):
            return
        try:
            told = take_answer(call, wait, self.world.said(call, said), self.calling.catalogue)
        except AnswerRefused as refusal:
            self.calling.refused[call.name, call.item] = refusal.problems
            if series.by_attempt and self.world.left(call, series):
                self._next_answer(call, wait, series, until)
            return
        self._tell(call, told)

    def _tell_open(self, call: Call, told: Told) -> None:
        if _is_open(call):
            self._tell(call, told)


def _is_open(call: Call) -> bool:
    """Whether it waits still: an end withdraws what waits."""
    return (call.step, call.item) in call.owner.open


def _takes(said: Said, limit: timedelta | None) -> timedelta:
    """How long until it comes: a call that times out takes its time limit."""
    if isinstance(said, Gives):
        return said.after or timedelta(0)
    return limit if limit and said.error_class == "timeout" else timedelta(0)


def _failure(call: Call, said: Raises) -> Failure:
    return Failure(said.error_class, f"as the scenario says (line {said.place.line})", call.item)
