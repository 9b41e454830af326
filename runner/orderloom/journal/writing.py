"""The statements that change a journal. Each is called inside the writer's transaction and is whole by itself."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from orderloom.journal.errors import LostLeaseError
from orderloom.journal.leasing import take
from orderloom.journal.rows import (
    CHANGED,
    EXCEPTION,
    GONE,
    KEPT,
    NO_ITEM,
    REMOVED,
    RUNNING,
    Accepted,
    Event,
    Lease,
    Pending,
    Pin,
    Run,
    Signal,
    Standing,
    Taken,
)
from orderloom.journal.sheet import Sheet, lost

COLUMNS = (
    "number, id, flow, key, pin, status, began, changed, ended, digest, events, owner, lease, epoch, due, "
    "payload, path"  # of Run
)

# An event that came before anybody waited is kept for the first run that does; what comes later, all who wait have.
IS_NEWS = """((s.at >= p.since OR NOT EXISTS (SELECT 1 FROM delivery d WHERE d.signal = s.id))
    AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.signal = s.id AND d.run = p.run))"""

_PEND = (
    "INSERT INTO pending (run, kind, step, item, since, due, desk, event, match, body) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_ACCEPT = (
    f"INSERT INTO run ({COLUMNS}) SELECT NULL, ?, ?, ?, ?, ?, ?, ?, NULL, ?, 1, ?, ?, 1, NULL, ?, NULL "
    "WHERE NOT EXISTS (SELECT 1 FROM gone WHERE id = ?) ON CONFLICT DO NOTHING "
    "RETURNING number, EXISTS (SELECT 1 FROM revision r WHERE r.flow = run.flow AND r.key = run.key)"
)
_REST = """UPDATE run SET events = :count, changed = coalesce(:at, changed), status = :status,
    ended = iif(:ended, coalesce(:at, changed), NULL), due = :due, owner = NULL, lease = NULL,
    path = (SELECT p.number FROM path p WHERE p.flow = run.flow AND p.steps = :steps)
    WHERE number = :run AND epoch = :epoch AND events = :before RETURNING path, flow"""
_OF_ITSELF = "kind != 'changed'"  # what the run waits for by its own steps


def keep_pin(db: sqlite3.Connection, pin: Pin) -> None:
    content = json.dumps(pin.content, ensure_ascii=False, separators=(",", ":"))
    db.execute("INSERT OR IGNORE INTO pin VALUES (?, ?, ?, ?)", (pin.hash, pin.flow, pin.version, content))


def accept(
    db: sqlite3.Connection, sheet: Sheet, run: Run, began: Event, people: Sequence[str], owner: str, until: float,
    now: float,
) -> Accepted:  # fmt: skip
    """The run of this flow and key: the one that is there, or this one, which has then begun.

    `people` are hashes of those who stand in what began it. A run of which only the id is left is told as such.
    """
    found = db.execute(
        _ACCEPT,
        (run.id, run.flow, run.key, run.pin, RUNNING, run.began, run.began, run.digest, owner, until, KEPT, run.id),
    ).fetchone()
    if found is None:
        return _accepted_before(db, sheet, run, owner, until, now)
    number, is_revised = found
    sheet.begin(number, run.flow, began)
    if people:
        db.executemany("INSERT OR IGNORE INTO person VALUES (?, ?)", [(one, number) for one in people])
    begun = replace(run, number=number, status=RUNNING, events=1, owner=owner, lease=until, epoch=1, payload=KEPT)
    return Accepted(begun, True, Lease(number, 1, 1), is_revised=bool(is_revised))


def _accepted_before(db: sqlite3.Connection, sheet: Sheet, run: Run, owner: str, until: float, now: float) -> Accepted:
    sheet.write(db)  # it may speak of that very run
    found = by_key(db, run.flow, run.key) or _by_id(db, run.id)
    if found is not None:
        return Accepted(found, False, take(db, found.number, owner, until, now))
    gone = _gone(db, run)
    assert gone is not None
    return Accepted(gone, False, None)


def rest(db: sqlite3.Connection, sheet: Sheet, lease: Lease, events: Sequence[Event], standing: Standing) -> bool:
    """The run waits or has ended: what it waits for is replaced, tasks that stay keep their number.

    `events` are the last that happened in it. True where it is due again at once, since an event that it waits for
    has come already. Raises `LostLeaseError`.
    """
    before, count, at = sheet.held(lease, events)
    found = db.execute(
        _REST,
        {
            "run": lease.run, "epoch": lease.epoch, "before": before, "count": count, "at": at or None,
            "status": standing.status, "ended": standing.ended, "due": standing.due, "steps": standing.path,
        },
    ).fetchone()  # fmt: skip
    if found is None:
        raise lost(lease.run)
    if found[0] is None:
        _go_new_way(db, lease.run, found[1], standing.path)
    if standing.ended and not standing.pending and lease.epoch == 1:
        return False  # it has never rested: of itself it has waited for nothing
    return _replace_pending(db, lease.run, standing)


def _replace_pending(db: sqlite3.Connection, run: int, standing: Standing) -> bool:
    if standing.ended and not standing.pending:
        db.execute(f"DELETE FROM pending WHERE run = ? AND {_OF_ITSELF}", (run,))
        return False
    stay = {(one.kind, one.step, _item(one.item)) for one in standing.pending}
    there = set(db.execute(f"SELECT kind, step, item FROM pending WHERE run = ? AND {_OF_ITSELF}", (run,)).fetchall())
    gone = [(run, *place) for place in there - stay]
    db.executemany("DELETE FROM pending WHERE run = ? AND kind = ? AND step = ? AND item = ?", gone)
    _put(db, run, standing.pending)
    return _is_due_for_signals(db, run)


def stick(db: sqlite3.Connection, lease: Lease, why: Pending, due: float | None) -> None:
    """The run cannot be gone on with: it is an exception that a person sees, and is tried again when it is `due`.

    Raises `LostLeaseError`.
    """
    changed = db.execute(
        "UPDATE run SET status = ?, due = ?, owner = NULL, lease = NULL WHERE number = ? AND epoch = ?",
        (EXCEPTION, due, lease.run, lease.epoch),
    )
    if not changed.rowcount:
        raise LostLeaseError(f"run number {lease.run} is worked on by another process")
    _put(db, lease.run, [why])


def mark_taken(db: sqlite3.Connection, run: int, taken: Taken) -> None:
    """Nobody else can take the task now; what comes of its step later is another one. Raises `LostLeaseError`."""
    if not db.execute("DELETE FROM pending WHERE number = ? AND run = ?", (taken.task, run)).rowcount:
        raise LostLeaseError(f"task {taken.task} has been taken by somebody else")
    db.execute("INSERT INTO taken VALUES (?, ?, ?, ?, ?)", (taken.task, run, taken.at, taken.by, taken.act))


def keep_signal(db: sqlite3.Connection, signal: Signal) -> bool:
    """Keep an event from outside and make the runs due that wait for it; False where it had come before."""
    kept = db.execute(
        "INSERT OR IGNORE INTO signal VALUES (?, ?, ?, ?, ?)",
        (signal.id, signal.event, signal.match, signal.at, signal.body),
    )
    if kept.rowcount:
        waiting = "SELECT run FROM pending WHERE event = ? AND match = ?"
        db.execute(f"UPDATE run SET due = 0 WHERE number IN ({waiting})", (signal.event, signal.match))
    return bool(kept.rowcount)


def put_change_task(db: sqlite3.Connection, run: int, task: Pending) -> None:
    """Somebody is to see to a change, unless the run waits for it; of several changes the last is shown.

    What a run waited for when it rested says nothing while somebody works on it: the task goes when a wait has it.
    """
    db.execute("DELETE FROM pending WHERE run = ? AND kind = 'changed'", (run,))
    waits = (
        "SELECT 1 FROM pending p JOIN run r ON r.number = p.run "
        "WHERE p.run = ? AND r.owner IS NULL AND p.event = ? AND p.match = r.key"
    )
    if db.execute(waits, (run, CHANGED)).fetchone() is None:
        db.execute(_PEND, _pending_row(run, task))


def deliver(db: sqlite3.Connection, signal: str, run: int) -> None:
    """The run has had the event: it is not told of it again, and nobody need see to a change that it has had."""
    db.execute("INSERT OR IGNORE INTO delivery VALUES (?, ?)", (run, signal))
    db.execute("DELETE FROM pending WHERE run = ? AND kind = 'changed' AND match = ?", (run, signal))


def by_key(db: sqlite3.Connection, flow: str, key: str) -> Run | None:
    found = db.execute(f"SELECT {COLUMNS} FROM run WHERE flow = ? AND key = ?", (flow, key)).fetchone()
    return None if found is None else Run(*found)


def _by_id(db: sqlite3.Connection, name: str) -> Run | None:
    """A run whose key has been erased is still known by its id, which the key gives."""
    found = db.execute(f"SELECT {COLUMNS} FROM run WHERE id = ?", (name,)).fetchone()
    return None if found is None else Run(*found)


def _gone(db: sqlite3.Connection, run: Run) -> Run | None:
    found = db.execute("SELECT status, ended, digest FROM gone WHERE id = ?", (run.id,)).fetchone()
    if found is None:
        return None
    status, ended, digest = found
    return replace(
        run, number=GONE, status=status, began=ended, changed=ended, ended=ended, digest=digest, payload=REMOVED
    )


def _go_new_way(db: sqlite3.Connection, run: int, flow: str, steps: str) -> None:
    """Nobody has gone it before: orders go the same few ways, and each is kept once."""
    path = db.execute("INSERT INTO path (flow, steps) VALUES (?, ?)", (flow, steps)).lastrowid
    db.execute("UPDATE run SET path = ? WHERE number = ?", (path, run))


def _put(db: sqlite3.Connection, run: int, pending: Sequence[Pending]) -> None:
    """What is there already keeps its number, and its moment where nothing has changed."""
    db.executemany(
        f"{_PEND} ON CONFLICT (run, kind, step, item) DO UPDATE SET "
        "since = iif(body = excluded.body, since, excluded.since), due = excluded.due, desk = excluded.desk, "
        "event = excluded.event, match = excluded.match, body = excluded.body",
        [_pending_row(run, one) for one in pending],
    )


def _is_due_for_signals(db: sqlite3.Connection, run: int) -> bool:
    """An event that came before anybody waited for it makes the run due at once."""
    changed = db.execute(
        f"UPDATE run SET due = 0 WHERE number = ? AND EXISTS (SELECT 1 FROM pending p JOIN signal s "
        f"ON s.event = p.event AND s.match = p.match WHERE p.run = ? AND {IS_NEWS})",
        (run, run),
    )
    return changed.rowcount > 0


def _pending_row(run: int, one: Pending) -> tuple[Any, ...]:
    return run, one.kind, one.step, _item(one.item), one.since, one.due, one.desk, one.event, one.match, one.body


def _item(item: int | None) -> int:
    return NO_ITEM if item is None else item
