"""What stands in the journal, as plain records. Times are ISO 8601 in UTC; `due` and `lease` are POSIX seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

RUNNING, WAITING, EXCEPTION = "running", "waiting", "exception"
PendingKind = Literal["person", "event", "time", "parked", "undo", "changed"]
KEPT, ERASED, REMOVED = "kept", "erased", "removed"  # the payload of a run: whole, without a person's data, none
GONE = 0  # the number of a run whose history has been removed
CHANGED = "document.changed"  # the event that a later revision of a run's document is to it
NO_ITEM = -1  # in `pending`, where SQLite's UNIQUE would take two NULLs for different


@dataclass(frozen=True, slots=True)
class Run:
    """One run as it stands. `number` is the journal's own, `id` what people and connections are told.

    `payload` says what is left of its values, `path` names the steps that it came to (table `path`).
    """

    number: int
    id: str
    flow: str
    key: str
    pin: str
    status: str
    began: str
    changed: str
    ended: str | None
    digest: str
    events: int
    owner: str | None
    lease: float | None
    epoch: int
    due: float | None
    payload: str = KEPT
    path: int | None = None


@dataclass(slots=True)  # not frozen: several are made in every step, and that takes five times as long
class Event:
    """Something that happened: `body` is JSON text, by `kind` (run/kept/recording.py says which there are)."""

    kind: str
    step: str
    item: int | None
    at: str
    body: str


@dataclass(frozen=True, slots=True)
class Pending:
    """Something that an open run waits for; `number` is given by the journal and names the task for people."""

    kind: PendingKind
    step: str
    item: int | None
    since: str
    body: str  # JSON: what a person is shown
    due: float | None = None
    desk: str | None = None
    event: str | None = None
    match: str | None = None
    number: int = 0
    run: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """A task that a person has taken: `act` says what was done with it, as one would tell another."""

    task: int
    by: str
    act: str
    at: str = ""
    run: int = 0


@dataclass(frozen=True, slots=True)
class Signal:
    """An event from outside: the same `id` counts once."""

    id: str
    event: str
    match: str
    at: str
    body: str


RevisionState = Literal["kept", "told", "stale", "other"]


@dataclass(frozen=True, slots=True)
class Revision:
    """A later word on the document of a key; `body` is the document, as long as it is kept for a run to come.

    kept: there is no run yet, told: its run was, stale: a later one is known, other: the same revision says otherwise.
    """

    flow: str
    key: str
    revision: int
    digest: str
    at: str
    state: RevisionState
    body: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What a later revision is to its run: an event that a wait may take, else a task for a person."""

    revision: Revision
    signal: Signal
    task: Pending


@dataclass(frozen=True, slots=True)
class Revised:
    """What became of a revision. `known` is the highest that was known before, `task` what a person finds of it."""

    state: RevisionState
    revision: int
    known: int
    task: int | None = None


@dataclass(slots=True)
class Lease:
    """The right of this process to write of a run, until another takes it; `events` are how many it has written."""

    run: int
    epoch: int
    events: int


@dataclass(frozen=True, slots=True)
class Held:
    """A run in the hands of this process, and what has happened in it so far."""

    run: Run
    lease: Lease
    events: Sequence[Event]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a run stands when its process lets go of it; `pending` replaces all that it waited for.

    `path` are the steps that it came to, a line each, sorted: `pay:paid`, `fix!timeout`, `approve` that waits.
    """

    status: str
    ended: bool = False
    due: float | None = None
    pending: Sequence[Pending] = ()
    path: str = ""


@dataclass(frozen=True, slots=True)
class Pin:
    """What runs are held to: the files of a plan, by their paths, as they were when the run began."""

    hash: str
    flow: str
    version: int
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of an order: its run; `fresh` where it began just now; a lease where this process may go on.

    `is_revised`: later words on it came before.
    """

    run: Run
    fresh: bool
    lease: Lease | None
    is_revised: bool = False
