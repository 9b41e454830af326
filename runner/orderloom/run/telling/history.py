"""A run's events in; what became of each of its calls out: when, how often, with what, why, and who had a say.

It is read off the events as plain data, so that it can be told of a run whose nodes are no longer installed. What a
call was handed is not recorded: the run is played back for it (docs/decisions/0022).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from orderloom.journal import Event
from orderloom.run.kept.recording import CallPlace
from orderloom.run.telling.plainly import PlainReader

STATES = ("done", "failed", "waiting", "tried again", "running", "withdrawn", "entered")
_TOLD = {  # what events tell of the calls themselves; the rest is about whoever brought them about
    "now", "value", "outcome", "log", "class", "message", "retry_after_s", "environment", "again_at", "for", "about",
    "state", "attempt", "undo", "inputs", "taken", "instead",
}  # fmt: skip


@dataclass
class Try:
    """One attempt: `began` where it was written beforehand, as those of effects are."""

    number: int
    began: datetime | None = None
    ended: datetime | None = None
    error: str | None = None
    message: str | None = None
    again_at: datetime | None = None
    environment: bool = False  # this machine lacked something: nothing was asked of anybody


@dataclass(frozen=True)
class Waited:
    """What a call waited for, and since when."""

    kind: str
    about: Mapping[str, Any]
    since: datetime


@dataclass(frozen=True)
class Said:
    """What a person or an event brought about: `what` is the kind of the record, `about` who and why."""

    at: datetime
    what: str
    about: Mapping[str, Any]


@dataclass
class CallHistory:
    """One call: of a step, or of an item of a for_each; `undo` takes it back."""

    step: str
    item: int | None
    undo: bool
    first: datetime
    state: str = "running"
    last: datetime | None = None
    outcome: str = ""
    value: Any = None
    inputs: Mapping[str, Any] | None = None
    tries: list[Try] = field(default_factory=list)
    waits: list[Waited] = field(default_factory=list)
    decisions: list[Mapping[str, Any]] = field(default_factory=list)
    sent: list[Mapping[str, Any]] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)

    @property
    def took_s(self) -> float | None:
        """From when it was begun, or began to wait, until it settled; None for what is done in line."""
        if self.last is None or (not self.waits and not any(one.began for one in self.tries)):
            return None
        return (self.last - self.first).total_seconds()

    @property
    def error(self) -> Try | None:
        """The attempt with which it failed, as it stands."""
        return self.tries[-1] if self.state in {"failed", "tried again"} and self.tries else None


@dataclass
class History:
    """The calls by their place, in the order in which they were first met; what was said of the run as a whole."""

    calls: dict[CallPlace, CallHistory] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)

    def of_step(self, name: str) -> list[CallHistory]:
        return [call for call in self.calls.values() if call.step == name and not call.undo]

    @property
    def undos(self) -> list[CallHistory]:
        return [call for call in self.calls.values() if call.undo]

    @property
    def steps(self) -> list[str]:
        """The steps by their whole names, in the order in which they were first met."""
        return list(dict.fromkeys(call.step for call in self.calls.values() if not call.undo))


def history_of(events: Iterable[Event]) -> History:
    """What became of each call."""
    reader, made = PlainReader(), History()
    for event in events:
        _KINDS.get(event.kind, _other)(made, event, reader.body(event))
    return made


def _call(made: History, event: Event, body: Mapping[str, Any]) -> CallHistory:
    place = (event.step, event.item, bool(body.get("undo")))
    if place not in made.calls:
        made.calls[place] = CallHistory(*place, _at(event))
    return made.calls[place]


def _began(made: History, event: Event, body: Mapping[str, Any]) -> None:
    call = _call(made, event, body)
    call.state, call.value, call.last = "done", body.get("value"), _at(event)
    _note(call.said, event, body)
    for step, item, outcome, value in body.get("taken", ()):
        over = CallHistory(step, item, False, _at(event), "done", _at(event), outcome, value)
        over.said.append(Said(_at(event), "taken", {"of": body.get("of")}))
        made.calls[step, item, False] = over


def _intent(made: History, event: Event, body: Mapping[str, Any]) -> None:
    call = _call(made, event, body)
    call.state = "running"
    call.tries.append(Try(body.get("attempt", 1), _at(event)))


def _done(made: History, event: Event, body: Mapping[str, Any]) -> None:
    call = _ended(made, event, body)
    call.state, call.outcome, call.value = "done", body.get("outcome", ""), body.get("value")
    log = body.get("log") or {}
    call.decisions += log.get("decisions", ())
    call.sent += log.get("sent", ())
    _note(call.said, event, body)


def _failed(made: History, event: Event, body: Mapping[str, Any]) -> None:
    call = _ended(made, event, body)
    failed = call.tries[-1]
    failed.error, failed.message = body.get("class"), body.get("message")
    failed.environment = bool(body.get("environment"))
    failed.again_at = datetime.fromisoformat(body["again_at"]) if body.get("again_at") else None
    call.state = "tried again" if failed.again_at else "failed"
    _note(call.said, event, body)


def _waits(made: History, event: Event, body: Mapping[str, Any]) -> None:
    call = _call(made, event, body)
    call.state = "waiting"
    call.waits.append(Waited(body.get("for", ""), body.get("about") or {}, _at(event)))


def _refused(made: History, event: Event, body: Mapping[str, Any]) -> None:
    _note(_call(made, event, body).said, event, body)


def _plain(state: str) -> Callable[[History, Event, Mapping[str, Any]], None]:
    def heed(made: History, event: Event, body: Mapping[str, Any]) -> None:
        call = _call(made, event, body)
        call.state, call.last = state, _at(event)

    return heed


def _given(made: History, event: Event, body: Mapping[str, Any]) -> None:
    call = _call(made, event, body)
    call.state, call.outcome, call.value = "done", body.get("outcome", ""), body.get("value")
    call.last = _at(event)
    call.said.append(_said(event, body))


def _retried(made: History, event: Event, body: Mapping[str, Any]) -> None:
    call = _call(made, event, body)
    call.state = "running"
    call.said.append(_said(event, body))


def _other(made: History, event: Event, body: Mapping[str, Any]) -> None:
    """Of the run as a whole, such as that it was cancelled."""
    made.said.append(_said(event, body))


def _ended(made: History, event: Event, body: Mapping[str, Any]) -> CallHistory:
    """The call, its attempt closed; one that was made in line was not written of before."""
    call, number = _call(made, event, body), body.get("attempt", 1)
    if not call.tries or call.tries[-1].ended is not None:
        call.tries.append(Try(number))
    call.tries[-1].ended = call.last = _at(event)
    return call


def _note(said: list[Said], event: Event, body: Mapping[str, Any]) -> None:
    found = _said(event, body)
    if found.about:
        said.append(found)


def _said(event: Event, body: Mapping[str, Any]) -> Said:
    return Said(_at(event), event.kind, {name: value for name, value in body.items() if name not in _TOLD})


def _at(event: Event) -> datetime:
    return datetime.fromisoformat(event.at)


_KINDS: Mapping[str, Callable[[History, Event, Mapping[str, Any]], None]] = {
    "began": _began,
    "intent": _intent,
    "done": _done,
    "failed": _failed,
    "waits": _waits,
    "withdrawn": _plain("withdrawn"),
    "entered": _plain("entered"),
    "refused": _refused,
    "given": _given,
    "retried": _retried,
}


def values_in(events: Sequence[Event]) -> list[Any]:
    """Everything that the events hold, as plain data."""
    reader = PlainReader()
    return [reader.body(event) for event in events]
