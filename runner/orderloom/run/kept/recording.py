"""What happened in a run, as events of the journal: made as it happens, and played back to stand where one stood.

    began       the trigger's result, and the moment that formulas take for now
    intent      a call with an effect is about to be made
    done        a call gave its result           given       a person gave it in place of the call
    failed      a call failed                    retried     a person has a parked step called again
    waits       a call waits                     withdrawn   a call was not made, since an end came first
    entered     a subflow began                  cancelled   a person or an event ended the run
    refused     what came for a wait was not taken, and it waits on

Calls are known by the name of their step, the item and whether they undo: never by their position in a plan.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from orderloom.declare import Wait
from orderloom.journal import Event
from orderloom.model.plain import plain
from orderloom.run.kept.records import Recorder, quoted, storable
from orderloom.run.machine.events import Call, Failure
from orderloom.run.machine.values import fact
from orderloom.world import CallLog, Sent

CallPlace = tuple[str, int | None, bool]  # whole name of the step, item, whether it undoes


def place_of(call: Call) -> CallPlace:
    return call.name, call.item, call.undo


@dataclass(frozen=True)
class Taken:
    """What a step of an earlier run gave (an item of it), and is taken to have given here."""

    step: str
    item: int | None
    outcome: str
    value: Any


@dataclass
class Writer:
    """Makes the events of one run."""

    recorder: Recorder = field(default_factory=Recorder)

    def began(self, step: str, recorded: str, now: datetime) -> Event:
        """`recorded` is the trigger's result as the recorder wrote it, before anything else."""
        return self._event("began", step, None, now, {"now": json.dumps(now.isoformat()), "value": recorded})

    def began_again(
        self, step: str, recorded: str, now: datetime, about: Mapping[str, Any], taken: Sequence[Taken],
        instead: Mapping[str, Mapping[int | None, Mapping[str, Any]]],
    ) -> Event:  # fmt: skip
        """As `began`, of another run of an order: with what it takes over, and inputs that differ, by step and item."""
        told = [[one.step, one.item, one.outcome, one.value] for one in taken]
        inputs = [[name, item, dict(given)] for name, items in instead.items() for item, given in items.items()]
        body = {"now": json.dumps(now.isoformat()), "value": recorded, **_plain_texts(about), "taken": self._text(told)}
        return self._event("began", step, None, now, body | ({"instead": self._text(inputs)} if inputs else {}))

    def intent(self, call: Call, at: datetime) -> Event:
        return self._of("intent", call, at, {})

    def done(self, call: Call, outcome: str, value: Any, log: CallLog | None, at: datetime, **more: Any) -> Event:
        body = {"outcome": quoted(outcome), "value": self.recorder.text(value)}
        if more:
            body |= _plain_texts(more)
        if log is not None and (log.decisions or log.sent):
            body["log"] = json.dumps(_log(log), ensure_ascii=False, separators=(",", ":"))
        return self._of("done", call, at, body)

    def failed(self, call: Call, failure: Failure, at: datetime, **more: Any) -> Event:
        told = {
            "class": failure.error_class,
            "message": failure.message,
            "retry_after_s": failure.retry_after_s,
            "environment": failure.environment or None,
            "in_doubt": failure.in_doubt or None,
            "final": failure.final or None,
            "held_back": failure.held_back or None,
        }
        return self._of("failed", call, at, _plain_texts({**told, **more}))

    def waits(self, call: Call, wait: Wait, at: datetime, state: Mapping[str, Any] | None = None) -> Event:
        body = {"for": json.dumps(wait.kind), "about": self._text(dict(wait.about))}
        if state is not None:
            body["state"] = self._text(dict(state))
        return self._of("waits", call, at, body)

    def refused(self, call: Call, why: str, at: datetime, **more: Any) -> Event:
        return self._of("refused", call, at, _plain_texts({**more, "why": why}))

    def given(self, step: str, item: int | None, outcome: str, value: Any, at: datetime, **more: Any) -> Event:
        body = {"outcome": json.dumps(outcome), "value": self._text(value), **_plain_texts(more)}
        return self._event("given", step, item, at, body)

    def retried(
        self, step: str, item: int | None, inputs: Mapping[int | None, Mapping[str, Any]], at: datetime, **more: Any
    ) -> Event:
        """`inputs` stand in place of what the flow gives, by the item of the call."""
        body = _plain_texts(more)
        if inputs:
            body["inputs"] = self._text([[number, dict(given)] for number, given in inputs.items()])
        return self._event("retried", step, item, at, body)

    def plain(self, kind: str, call: Call, at: datetime) -> Event:
        """An event that has nothing to tell but which call it is of: `entered`, `withdrawn`."""
        return self._of(kind, call, at, {})

    def cancelled(self, at: datetime, **more: Any) -> Event:
        return self._event("cancelled", "", None, at, _plain_texts(more))

    def _text(self, value: Any) -> str:
        return self.recorder.text(value)

    def _of(self, kind: str, call: Call, at: datetime, body: dict[str, str]) -> Event:
        if call.attempt > 1:
            body["attempt"] = str(call.attempt)
        if call.undo:
            body["undo"] = "true"
        return self._event(kind, call.name, call.item, at, body)

    def _event(self, kind: str, step: str, item: int | None, at: datetime, body: Mapping[str, str]) -> Event:
        text = ",".join([f'"{name}":{value}' for name, value in body.items()])
        return Event(kind, step, item, at.isoformat(), storable(f"{{{text}}}"))


def body_of(event: Event, recorder: Recorder) -> dict[str, Any]:
    """What an event tells, its values as they were. Raises `RecordError`."""
    body = recorder.value(event.body)
    assert isinstance(body, dict)
    return body


@dataclass(frozen=True)
class RecordedDecision:
    """A decision as the journal has it: what a report shows of it."""

    table: str
    rows: Sequence[str]
    facts: Mapping[str, Any]
    why: str


def log_of(told: Mapping[str, Any] | None) -> CallLog:
    """The log of a call that was recorded."""
    told = told or {}
    return CallLog(
        [RecordedDecision(**one) for one in told.get("decisions", ())], [Sent(**one) for one in told.get("sent", ())]
    )


def _log(log: CallLog) -> dict[str, Any]:
    decisions = [
        {
            "table": one.table,
            "rows": list(one.rows),
            "facts": {name: fact(value) for name, value in one.facts.items()},
            "why": one.why,
        }
        for one in log.decisions
    ]
    return {"decisions": decisions, "sent": [vars(one) for one in log.sent]}


def _plain_texts(values: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: json.dumps(plain(value), ensure_ascii=False) for name, value in values.items() if value is not None
    }
