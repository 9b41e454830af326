"""The driver that forgets nothing: many runs side by side, each step of each in the journal.

What a call gave is handed to the journal at once and waited for where it matters: before an effect begins, and where
the run rests. A run that was interrupted is played back and goes on at the first step without a result.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from orderloom.declare import AnswerRefused, Later, Wait
from orderloom.journal import Held, Landing, Lease, Run, Standing
from orderloom.run.drivers.calling import Calling, Told
from orderloom.run.drivers.memory import in_thread, tell
from orderloom.run.drivers.notes import Notes
from orderloom.run.drivers.underway import UnderWay, in_time
from orderloom.run.drivers.waking import take_signals, time_out, wake
from orderloom.run.drivers.workshop import Workshop
from orderloom.run.kept.recording import CallPlace, Writer, place_of
from orderloom.run.kept.records import Recorder, RecordError
from orderloom.run.kept.replay import Replay, replay
from orderloom.run.kept.resting import ended, path_of, pending_of
from orderloom.run.machine.answers import Result
from orderloom.run.machine.events import Call, Failure, Open, Retry
from orderloom.run.machine.interpreter import Interpreter
from orderloom.run.machine.program import Program
from orderloom.run.telling.report import RunReport
from orderloom.world import CallLog


class LiveRun:
    """One run in the hands of this process, from its lease to its rest."""

    def __init__(self, shop: Workshop, run: Run, lease: Lease, played: Replay) -> None:
        self.shop, self.run, self.lease, self.played = shop, run, lease, played
        self.interpreter: Interpreter = played.interpreter
        self.writer = Writer(played.recorder)
        self.calling = Calling(run.id, shop.catalogue, shop.connections, shop.clock, shop.answers, logs=played.logs)
        self.since: dict[CallPlace, datetime] = played.since
        self.again_at: dict[CallPlace, datetime] = played.again_at
        self.notes = Notes(shop.journal, lease)

    @classmethod
    def begun(
        cls, shop: Workshop, accepted: tuple[Run, Lease], program: Program, trigger: Any, now: datetime, seen: Recorder
    ) -> LiveRun:
        """A run that has just been accepted; `seen` has recorded its beginning."""
        return cls(shop, *accepted, Replay(program, Interpreter(program, trigger, now), seen))

    @classmethod
    def resumed(cls, shop: Workshop, held: Held, program: Program) -> LiveRun:
        """A run that stands in the journal. Raises `RecordError` where it does not fit the program."""
        return cls(shop, held.run, held.lease, replay(program, held.events))

    @property
    def report(self) -> RunReport:
        calling, waits = self.calling, () if ended(self.interpreter.status) else self.shop.journal.waits_of(self.run)
        return RunReport(
            self.run.id, self.run.key, self.interpreter, calling.logs, calling.would, calling.refused, self.again_at,
            waits,
        )  # fmt: skip

    async def go(self) -> RunReport:
        """Work on the run until it ends or rests, and let it go, whatever happens: this process may live on for long.

        Raises `LostLeaseError` where another process has taken it, `JournalUnusableError` where nothing can be kept.
        """
        try:
            return await self._go()
        except BaseException:
            self.shop.journal.release(self.lease)
            raise

    async def _go(self) -> RunReport:
        if self.lease.epoch > 1:  # it has been in other hands, or it has rested
            await wake(self)
        await self._work_off()
        while await self._rest():
            take_signals(self)
            time_out(self)
            await self._work_off()
        return self.report

    async def _work_off(self) -> None:
        """Make calls until there are none that are due, or soon will be."""
        while True:
            calls = self.due_calls()
            if calls:
                await self.make(calls)
            elif not await self._next_in_time():
                return

    # Answers

    def try_answer(self, call: Call, said: Any, **about: Any) -> None:
        """Give an answer to a call that waits; where it is refused, the report says why and the wait goes on."""
        try:
            self.answer(call, said, **about)
        except AnswerRefused as refusal:
            self.calling.refused[(call.name, call.item)] = refusal.problems
            if about:  # it came from outside: whoever asks later why it changed nothing finds it in the history
                self.notes.add(self.writer.refused(call, str(refusal), self.now(), **about))

    def answer(self, call: Call, said: Any, **about: Any) -> Result:
        """Give an answer to a call that waits. Raises `AnswerRefused`: nothing has happened then (rule 14)."""
        told = self.calling.answer(call, self.played.opened()[place_of(call)].wait, said)
        self.tell(call, told, **about)
        return told

    # Calls

    def due_calls(self) -> list[Call]:
        """The calls to make; those that a playback was handed out already come first."""
        calls = list(self.played.calls.values())
        self.played.calls.clear()
        return calls + self.interpreter.take()

    async def make(self, calls: list[Call]) -> None:
        """Make the calls. Those with effects go on side by side: who is slow does not hold back what others came to."""
        effects = [call for call in calls if not call.is_late and self.calling.has_effect(call)]
        if effects:
            await self._make_side_by_side(calls, effects)
        else:
            for call in calls:
                self._settle(call)
                self.notes.submit_if_late()
        self.played.doubts.clear()

    async def _make_side_by_side(self, calls: list[Call], effects: list[Call]) -> None:
        for call in effects:
            self.notes.add(self.writer.intent(call, self.now()))
        await self.notes.flush()
        if len(calls) == 1:
            await self._make_alone(calls[0])
            return
        under_way = UnderWay(effects, list(map(self.calling.log, effects)), self.shop.threads, self.calling)
        try:
            for call in calls:
                if call not in under_way:
                    self._settle(call)
                    continue
                async for come in under_way.until(call):
                    self.tell(*come)
                    self.notes.submit()
        finally:
            under_way.cancel()
        self.notes.submit()

    async def _make_alone(self, call: Call) -> None:
        log = self.calling.log(call)
        begun = in_thread(self.shop.threads, self.calling, call, log, Landing[Told]())
        self.tell(call, await in_time(self.shop.threads, call, begun), log)
        self.notes.submit()

    def _settle(self, call: Call) -> None:
        """What needs no waiting."""
        if call.is_late:
            self.withdraw(call)
        elif self.calling.enters(call):
            self.notes.add(self.writer.plain("entered", call, self.now()))
            call.owner.enter(call)
        else:
            self._in_line(call)

    def _in_line(self, call: Call) -> None:
        answered = self.calling.answered(call)
        log = None if answered else self.calling.log(call)
        self.tell(call, answered or self.calling.called(call, log or CallLog()), log)

    def withdraw(self, call: Call) -> None:
        self.notes.add(self.writer.plain("withdrawn", call, self.now()))
        call.owner.withdraw(call)

    def tell(self, call: Call, told: Told, log: CallLog | None = None, **about: Any) -> None:
        """Note what became of the call, and tell the interpreter."""
        try:
            self._note_and_tell(call, told, log, about)
        except RecordError as error:
            self._failed(call, Failure("bug", f"`{call.node.name}` gave what a run cannot keep: {error}", call.item))

    def _note_and_tell(self, call: Call, told: Told, log: CallLog | None, about: Mapping[str, Any]) -> None:
        now = self.now()
        if isinstance(told, Later):
            call, told = replace(call, state=told.state), Wait("time", {"until": told.at})
        if isinstance(told, Failure):
            self._failed(call, told, **about)
        elif isinstance(told, Wait):
            self.notes.add(self.writer.waits(call, told, now, call.state))
            self.since.setdefault(place_of(call), now)
            tell(call, told)
        else:
            self.notes.add(self.writer.done(call, *told, log, now, **about))
            self.since.pop(place_of(call), None)
            tell(call, told)

    def _failed(self, call: Call, failure: Failure, **about: Any) -> None:
        """Where it is tried again, the moment is part of what happened: who goes on later keeps to it."""
        now, failure = self.now(), self.calling.weighed(call, failure)
        self.since.pop(place_of(call), None)
        before = set(map(id, call.owner.retries))
        tell(call, failure)
        retry = next((one for one in call.owner.retries if id(one) not in before), None)
        again_at = None
        if retry is not None:
            again_at = now + timedelta(seconds=retry.spread_s(self.shop.jitter.random()))
            self.again_at[place_of(retry.call)] = again_at
        when = again_at.isoformat() if again_at else None
        self.notes.add(self.writer.failed(call, failure, now, again_at=when, **about))

    # Time

    async def _next_in_time(self) -> bool:
        """Wait for the first retry or `Later` that is near, and make it; False where none is."""
        when, due = min(self._timed(), key=lambda one: one[0], default=(None, None))
        if when is None or due is None or when - self.now() > self.shop.patience:
            return False
        wait_s = (when - self.now()).total_seconds()
        if wait_s > 0:
            await self.notes.flush()
            await self.shop.sleep(wait_s)
        if isinstance(due, Retry):
            self.again_at.pop(place_of(due.call), None)
            await self.make([due.call.owner.again(due)])
        else:
            await self.make([due.call.owner.look_again(due)])
        return True

    def _timed(self) -> Iterator[tuple[datetime, Retry | Open]]:
        for place, retry in self.played.retries().items():
            yield self.again_at.get(place, self.now()), retry
        for opened in self.played.opened().values():
            if opened.wait.kind == "time":
                yield opened.wait.about["until"], opened

    # The journal

    async def _rest(self) -> bool:
        """Let the run go; True where an event that it waits for has come meanwhile, and it is in our hands again."""
        status = self.interpreter.status
        pending = pending_of(self.interpreter, self.since, self.again_at, self.now())
        due = min((one.due for one in pending if one.due is not None), default=None)
        told = "waiting" if status == "running" else status
        standing = Standing(told, ended(status), due, pending, path_of(self.interpreter))
        self.notes.submit(standing)
        due_again = await self.notes.flush()
        lease = self.shop.journal.take(self.run) if due_again else None
        if lease is None:
            return False
        if lease.events != self.lease.events:  # somebody else has gone on with it, and let it go again
            self.shop.journal.release(lease)
            return False
        self.lease.epoch = lease.epoch
        return True

    def now(self) -> datetime:
        return self.shop.clock.now()
