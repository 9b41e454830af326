"""What is told of one call below its step: in and out, waits, attempts, decisions, messages, and what people said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from orderloom.cli.runs.words import members, moment, short, span, whole
from orderloom.cli.telling import decided
from orderloom.run.telling.account import Account
from orderloom.run.telling.history import CallHistory, Said, Waited
from orderloom.run.telling.plainly import Document

_WORDS = {
    "given": "its result was given",
    "retried": "was called again",
    "done": "answered",
    "failed": "ended",
    "refused": "was not accepted",
    "cancelled": "cancelled",
    "began": "begun again",
    "taken": "taken over",
}


def about_call(call: CallHistory, account: Account) -> Iterator[str]:
    """Line by line."""
    began = datetime.fromisoformat(account.run.began)
    if call.inputs:
        yield from _value("in ", call.inputs, account)
    for wait in call.waits:
        yield _waited(wait, call, account, began)
    yield from _attempts(call, account, began)
    yield from map(account.veil.text, decided(call.decisions))
    for sent in call.sent:
        yield f"sent {sent['template']} to {account.veil.text(str(sent['to']))}"
    yield from sayings(call.said, account, began)
    if call.value is not None and account.run.payload != "removed":
        yield from _value("out", call.value, account)


def about_undo(undo: CallHistory, account: Account, began: datetime) -> Iterator[str]:
    """One step taken back, or not."""
    label = undo.step if undo.item is None else f"{undo.step}[{undo.item + 1}]"
    took = f"  {span(undo.took_s)}" if undo.took_s is not None else ""
    word = "taken back" if undo.state == "done" else f"not taken back ({undo.state})"
    yield f"↶ {label}  {word}  {moment(undo.last or undo.first, began)}{took}"
    yield from (f"    {line}" for line in _attempts(undo, account, began))
    yield from (f"    {line}" for line in sayings(undo.said, account, began))


def sayings(said: Sequence[Said], account: Account, began: datetime) -> Iterator[str]:
    """Who or what brought it about, and why."""
    for one in said:
        by = f" by {one.about['by']}" if one.about.get("by") else ""
        why = f": {account.veil.text(str(one.about['why']))}" if one.about.get("why") else ""
        about = {name: value for name, value in one.about.items() if name not in {"by", "why"}}
        more = f" ({members(about, account.veil.text)})" if about else ""
        yield f"{moment(one.at, began)}  {_WORDS.get(one.what, one.what)}{by}{why}{more}"


def _value(head: str, value: Any, account: Account) -> Iterator[str]:
    if account.veil.full:
        for number, line in enumerate(whole(account.veil.over(value))):
            yield f"{head if not number else '   '}  {line}"
    else:
        told = members if isinstance(value, Mapping) and not isinstance(value, Document) else short
        if text := told(value, account.veil.text):
            yield f"{head}  {text}"


def _waited(wait: Waited, call: CallHistory, account: Account, began: datetime) -> str:
    about = wait.about
    whom = {
        "person": f"a person at the desk `{about.get('desk')}`",
        "event": f"the event {about.get('event')} of {about.get('match')}",
        "time": f"its time, {moment(str(about['until']), began) if about.get('until') else ''}",
    }.get(wait.kind, wait.kind)
    if call.state == "waiting" and wait is call.waits[-1]:
        return account.veil.text(f"waits for {whom} since {moment(wait.since, began)}{_until(call, account, began)}")
    ended = f", {span((call.last - wait.since).total_seconds())}" if call.last else ""
    return account.veil.text(f"waited for {whom} from {moment(wait.since, began)}{ended}")


def _until(call: CallHistory, account: Account, began: datetime) -> str:
    due = [one.due for one in account.pending if (one.step, one.item) == (call.step, call.item) and one.due]
    return f" until {moment(datetime.fromtimestamp(due[0], UTC), began)}" if due else ""


def _attempts(call: CallHistory, account: Account, began: datetime) -> Iterator[str]:
    for one in call.tries:
        if one.error:
            again = f"; again at {moment(one.again_at, began)}" if one.again_at else ""
            number = f"attempt {one.number}: " if len(call.tries) > 1 else ""
            yield account.veil.text(f"{number}{one.error}: {one.message}{again}")
