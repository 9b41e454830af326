"""What people see of what runs wait for: rows of the journal in; tasks, with why and what can be done, out.

A task's kind is that of its question (`approve`, `edit`, `choose`, `task`; `question` of a node of one's own), or what
went wrong: `parked` (a step failed), `in_doubt` (nobody knows whether a call took effect), `undo` (a step could not be
taken back), `stuck` (the run itself cannot be gone on with); or what has come: `changed` (a later revision of its
document). Waits for an `event` or a `time` are nobody's task.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from orderloom.journal import Journal, Pending, Run
from orderloom.model.plain import plain
from orderloom.run.machine.doubt import IN_DOUBT
from orderloom.run.telling.sentences import flat, sentence

NOBODYS = ("event", "time")
KINDS = ("approve", "edit", "choose", "task", "question", "parked", "in_doubt", "undo", "stuck", "changed", *NOBODYS)


@dataclass(frozen=True)
class Task:
    """One task; `about` is what the question shows, or the error."""

    number: int
    run: str
    flow: str
    key: str
    step: str
    item: int | None
    kind: str
    desk: str | None
    since: datetime
    due: datetime | None
    about: Mapping[str, Any]

    @cached_property
    def why(self) -> str:
        """What it is about, in one line: the first problem or reason, else the question."""
        about = self.about
        if self.kind in {"parked", "in_doubt", "undo"}:
            return f"{about.get('error')}: {about.get('message')}"
        if self.kind == "time" and "error" in about:
            return f"tried again: {about['error']}: {about['message']}"
        if self.kind in NOBODYS:
            return f"{about['event']} {about.get('match', '')}".strip() if "event" in about else "its time"
        reasons = [*flat(about.get("problems")), *flat(about.get("because"))]
        return sentence(reasons[0]) if reasons else str(about.get("question") or about.get("message") or "")

    @cached_property
    def ways(self) -> Sequence[str]:
        """The commands that deal with it."""
        return ways(self.number, self.kind, self.about)


def ways(number: int, kind: str, about: Mapping[str, Any]) -> Sequence[str]:
    """The commands that deal with a task; `about` has its outcomes."""
    inbox, words = "orderloom inbox", "|".join(about.get("outcomes") or ())
    answers = f"{inbox} answer {number} {words or 'FILE'}"
    failed = (f"{inbox} retry {number}", f"{inbox} answer {number} {'FILE' if len(words) < 2 else f'{words}|FILE'}")
    told: Mapping[str, Sequence[str]] = {
        "approve": (f"{inbox} approve {number}", f"{inbox} reject {number} --reason TEXT"),
        "edit": (f"{inbox} edit {number} --set {_path(about)}=VALUE", f"{inbox} reject {number} --reason TEXT"),
        "parked": (*failed, f"{inbox} cancel {number}"),
        "in_doubt": (*failed, f"{inbox} cancel {number}"),
        "undo": (f"{inbox} retry {number}", f"{inbox} answer {number} done"),
        "stuck": (f"{inbox} retry {number}",),
        "changed": (f"{inbox} answer {number} seen", f"{inbox} cancel {number}"),
        "event": (_sent(about), *([answers] if about.get("words") else [])),
        "time": (),
    }
    return told.get(kind, (answers,))


def _path(about: Mapping[str, Any]) -> str:
    """What is to be set first: the field that the first problem is about."""
    problems = [one for one in flat(plain(about.get("problems"))) if isinstance(one, Mapping) and one.get("path")]
    return shlex.quote(str(problems[0]["path"])) if problems else "PATH"


def kind_of(waits_for: str, about: Mapping[str, Any]) -> str:
    """The kind of task by what the run waits for."""
    if waits_for == "person":
        return about["kind"] if about.get("kind") in KINDS else "question"
    if waits_for == "parked":
        return str(about["error"]) if about["error"] in {IN_DOUBT, "stuck"} else "parked"
    return waits_for


def tasks(
    journal: Journal, *, desk: str | None = None, kind: str | None = None, flow: str | None = None
) -> Iterator[Task]:
    """The tasks of people, the oldest first; with `kind` event or time, such waits."""
    limits = {"p.desk": desk, "r.flow": flow, "p.kind": kind if kind in NOBODYS else None}
    given = {column: value for column, value in limits.items() if value is not None}
    conditions = [f"{column} = ?" for column in given]
    if kind not in NOBODYS:
        conditions.append("p.kind NOT IN ('event', 'time')")
    found = (_task(*both) for both in journal.pending_of_runs(" AND ".join(conditions), list(given.values())))
    return (task for task in found if kind is None or task.kind == kind)


def find(journal: Journal, name: str) -> list[Task]:
    """What a person can mean: the wait or task of that number, or the tasks of the run whose id begins so."""
    if name.isdecimal():
        return [_task(*both) for both in journal.pending_of_runs("p.number = ?", (name,))]
    begins = [f"substr(r.id, {start}, length(:name)) = :name" for start in (1, len("r-") + 1)]
    rows = journal.pending_of_runs(f"p.kind NOT IN ('event', 'time') AND ({' OR '.join(begins)})", {"name": name})
    return [_task(*both) for both in rows]


def _task(pending: Pending, run: Run) -> Task:
    about = json.loads(pending.body)
    due = None if pending.due is None else datetime.fromtimestamp(pending.due, UTC)
    kind, since = kind_of(pending.kind, about), datetime.fromisoformat(pending.since)
    step, item = pending.step, pending.item
    return Task(pending.number, run.id, run.flow, run.key, step, item, kind, pending.desk, since, due, about)


def _sent(about: Mapping[str, Any]) -> str:
    match = f" --match {shlex.quote(str(about['match']))}" if "match" in about else ""
    return f"orderloom event send {shlex.quote(str(about.get('event')))}{match} --data FILE"
