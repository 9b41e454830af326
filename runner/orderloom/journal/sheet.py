"""What many pieces of work write into the same tables, gathered and written by a few statements.

A statement costs more than a row: SQLite lets go of the interpreter for each, and takes its turn to have it again.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from orderloom.journal.errors import LostLeaseError
from orderloom.journal.rows import Event, Lease

_TOGETHER = (64, 16, 4, 1)  # rows in a statement: four statements, prepared once


class Sheet:
    """`write` it before anything reads the runs or events that it speaks of."""

    def __init__(self) -> None:
        self._events: list[tuple[Any, ...]] = []
        self._counts: dict[int, tuple[int, int, int, str]] = {}  # of a run: epoch, events before and now, last moment
        self._begun: Counter[tuple[str, str]] = Counter()

    def begin(self, run: int, flow: str, began: Event) -> None:
        """A run whose row has just been written."""
        self._begun[flow, began.at[:10]] += 1
        self._put(run, 0, [began])

    def append(self, lease: Lease, events: Sequence[Event]) -> None:
        """What happened in a run. Raises `LostLeaseError`, here or when it is written."""
        before, count = lease.events, lease.events + len(events)
        if (known := self._counts.get(lease.run)) is not None:
            if known[0] != lease.epoch or known[2] != lease.events:
                raise lost(lease.run)
            before = known[1]
        at = events[-1].at if events else known[3] if known else ""
        self._counts[lease.run] = lease.epoch, before, count, at
        self._put(lease.run, lease.events, events)

    def held(self, lease: Lease, events: Sequence[Event]) -> tuple[int, int, str]:
        """As `append`, for who writes the run's row: events before and now, and the last moment."""
        self.append(lease, events)
        return self._counts.pop(lease.run)[1:]

    def write(self, db: sqlite3.Connection) -> None:
        """Raises `LostLeaseError` where one of the runs is in other hands."""
        fences = [(run, *of) for run, of in self._counts.items()]
        for rows in _parts(fences):
            if db.execute(_fence(len(rows)), [value for row in rows for value in row]).rowcount != len(rows):
                raise lost(rows[0][0])
        for rows in _parts(self._events):
            db.execute(_insert(len(rows)), [value for row in rows for value in row])
        for (flow, day), count in self._begun.items():
            db.execute(
                "INSERT INTO intake VALUES (?, ?, ?) ON CONFLICT (flow, day) DO UPDATE SET runs = runs + excluded.runs",
                (flow, day, count),
            )
        self._events, self._counts, self._begun = [], {}, Counter()

    def _put(self, run: int, first: int, events: Sequence[Event]) -> None:
        self._events += [(run, first + at, *one) for at, one in enumerate(map(_columns, events))]


def lost(run: int) -> LostLeaseError:
    return LostLeaseError(f"run number {run} is worked on by another process")


def _columns(one: Event) -> tuple[Any, ...]:
    return one.at, one.kind, one.step, one.item, one.body


def _parts(rows: Sequence[tuple[Any, ...]]) -> Iterator[Sequence[tuple[Any, ...]]]:
    at = 0
    for size in _TOGETHER:
        while len(rows) - at >= size:
            yield rows[at : at + size]
            at += size


@cache
def _insert(rows: int) -> str:
    return f"INSERT INTO event VALUES {', '.join(['(?, ?, ?, ?, ?, ?, ?)'] * rows)}"


@cache
def _fence(rows: int) -> str:
    """Each run with its epoch and its count of events as the lease has them: else nobody's word on it counts."""
    return (
        "UPDATE run SET events = v.column4, changed = iif(v.column5 = '', changed, v.column5) "
        f"FROM (VALUES {', '.join(['(?, ?, ?, ?, ?)'] * rows)}) v "
        "WHERE run.number = v.column1 AND run.epoch = v.column2 AND run.events = v.column3"
    )
