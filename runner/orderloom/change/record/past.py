"""A run's events in; what each of its calls came to, attempt by attempt, out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from orderloom.change.scenario.targets import UNDO
from orderloom.journal import Event
from orderloom.run.kept.recording import body_of
from orderloom.run.kept.records import Recorder
from orderloom.run.kept.replay import replay
from orderloom.run.machine.program import Program
from orderloom.run.telling.report import RunReport

NO_TIME = timedelta(0)


class UnrecordableError(Exception):
    """The run did what no scenario can say; the message says what."""


@dataclass(frozen=True)
class Attempt:
    """One time that a call was made: the class of its failure, or what it gave, `after` so long, for these inputs."""

    raises: str | None
    value: Any = None
    after: timedelta = NO_TIME
    inputs: Mapping[str, Any] = field(default_factory=dict)


Items = dict[int | None, list[Attempt]]


@dataclass(frozen=True)
class Past:
    """A run as it went. `attempts` are those of each step, and of what takes one back, by its label in a scenario."""

    began: datetime
    trigger: Any
    attempts: Mapping[str, Items]
    report: RunReport


def past_of(run: str, key: str, program: Program, events: Sequence[Event]) -> Past:
    """The run of these events. Raises `UnrecordableError`, and `RecordError` where they do not fit the program."""
    played = replay(program, events)
    report = RunReport(run, key, played.interpreter, played.logs, (), {}, played.again_at)
    reader = _Reader(iter([call.inputs for call, _ in played.logs]))
    recorder = Recorder()
    first, *rest = events
    body = body_of(first, recorder)
    for event in rest:
        reader.read(event, body_of(event, recorder))
    return Past(datetime.fromisoformat(body["now"]), body["value"], reader.attempts, report)


@dataclass
class _Reader:
    inputs: Iterator[Mapping[str, Any]]  # of the calls that were done, in order
    attempts: dict[str, Items] = field(default_factory=dict)
    since: dict[tuple[str, int | None], datetime] = field(default_factory=dict)

    def read(self, event: Event, body: Mapping[str, Any]) -> None:
        label = f"{UNDO}{event.step}" if body.get("undo") else event.step
        at = datetime.fromisoformat(event.at)
        if event.kind == "cancelled":
            raise UnrecordableError("it was cancelled from outside, which no case of a scenario can do")
        if event.kind == "waits":
            self.since.setdefault((label, event.item), at)
        elif event.kind == "done":
            self._add(label, event.item, Attempt(None, body["value"], self._took(label, event, at), next(self.inputs)))
        elif event.kind == "failed":
            self._add(label, event.item, Attempt(body["class"], None, self._took(label, event, at)))
        elif event.kind == "given":
            self.attempts[label] = {event.item: [Attempt(None, body.get("value"))]}
        elif event.kind == "retried":
            self._forget_failures(label)

    def _took(self, label: str, event: Event, at: datetime) -> timedelta:
        return at - self.since.pop((label, event.item), at)

    def _add(self, label: str, item: int | None, attempt: Attempt) -> None:
        self.attempts.setdefault(label, {}).setdefault(item, []).append(attempt)

    def _forget_failures(self, label: str) -> None:
        """A person had the step called again: what had failed before is none of the attempts of a case."""
        for attempts in self.attempts.get(label, {}).values():
            attempts[:] = [one for one in attempts if one.raises is None]
