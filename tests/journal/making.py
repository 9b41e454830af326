"""Runs, events and journals for tests; a clock that stands where it is put."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from orderloom.journal import RUNNING, Event, Journal, Lease, Pending, Run, Signal, Standing
from orderloom.world import Clock

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@dataclass
class SetClock:
    """Stands still until it is moved, forwards or back."""

    moment: datetime = NOON

    def now(self) -> datetime:
        return self.moment

    def move(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@contextmanager
def journal(
    folder: Path,
    clock: Clock | None = None,
    owner: str | None = None,
    committing: Callable[[str], None] | None = None,
) -> Iterator[Journal]:
    """The journal of a folder; opened again it is the same one."""
    made = Journal(folder / "journal.db", clock or SetClock(), owner, committing)
    try:
        yield made
    finally:
        made.close()


def run(key: str = "1", flow: str = "small", **given: Any) -> Run:
    at = NOON.isoformat()
    told = {"id": f"r-{flow}-{key}", "pin": "p", "status": RUNNING, "began": at, "changed": at, "ended": None}
    more = {"digest": "d", "events": 0, "owner": None, "lease": None, "epoch": 1, "due": None}
    return Run(number=0, flow=flow, key=key, **{**told, **more, **given})


def event(kind: str = "done", step: str = "a", body: str = "{}") -> Event:
    return Event(kind, step, None, NOON.isoformat(), body)


def begun(made: Journal, key: str = "1") -> Lease:
    """A run that has begun just now, in the hands of this journal's process."""
    accepted = made.accept(run(key), event("began")).result()
    assert accepted.fresh
    assert accepted.lease is not None
    return accepted.lease


def waiting(made: Journal, key: str = "1", due: float | None = None, *pending: Pending) -> int:
    """A run that waits, in nobody's hands; gives its number."""
    lease = begun(made, key)
    made.append(lease, [], Standing("waiting", due=due, pending=pending)).result()
    return lease.run


def awaits(step: str = "w", name: str = "parcel", match: str = "1", **more: Any) -> Pending:
    return Pending("event", step, None, NOON.isoformat(), "{}", event=name, match=match, **more)


def signal(id_: str = "s1", name: str = "parcel", match: str = "1", at: datetime = NOON) -> Signal:
    return Signal(id_, name, match, at.isoformat(), "{}")
