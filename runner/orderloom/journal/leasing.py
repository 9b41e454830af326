"""The statements by which a process takes runs and lets them go; each is called inside the writer's transaction."""

from __future__ import annotations

import sqlite3

from orderloom.journal.owners import has_ended
from orderloom.journal.rows import Lease

# Nobody has it, or its process has not been heard of. A lease from beyond all leases was given before the clock was put
# back: should its process live, the next heartbeat mends it, and what it writes meanwhile is fenced.
_IS_FREE = "(owner IS NULL OR lease < :now OR lease > :now + 2 * (:until - :now))"


def take(db: sqlite3.Connection, run: int, owner: str, until: float, now: float) -> Lease | None:
    """The right to work on an open run; None where another process has it, or the run has ended.

    It is due until it rests, whatever the clock says then: where this process dies, another takes it up.
    """
    found = db.execute(
        f"UPDATE run SET owner = :owner, lease = :until, epoch = epoch + 1, due = 0 "
        f"WHERE number = :run AND ended IS NULL AND {_IS_FREE} RETURNING epoch, events",
        {"owner": owner, "until": until, "run": run, "now": now},
    ).fetchone()
    return None if found is None else Lease(run, found[0], found[1])


def take_due(db: sqlite3.Connection, owner: str, until: float, now: float, most: int) -> list[Lease]:
    """Leases of runs that are due, and of those whose process has gone.

    `UNION` without `ALL` would go through every open run of the file for each batch.
    """
    found = db.execute(
        f"UPDATE run SET owner = :owner, lease = :until, epoch = epoch + 1, due = 0 WHERE number IN ("
        f" SELECT number FROM run WHERE due IS NOT NULL AND due <= :now AND {_IS_FREE}"
        f" UNION ALL SELECT number FROM run WHERE ended IS NULL AND status = 'running' AND due IS NULL AND {_IS_FREE}"
        f" LIMIT :most) RETURNING number, epoch, events",
        {"owner": owner, "until": until, "now": now, "most": most},
    ).fetchall()
    return [Lease(*row) for row in found]


def is_due(db: sqlite3.Connection, until: float, now: float) -> bool:
    """Whether `take_due` would give any."""
    found = db.execute(
        f"SELECT EXISTS (SELECT 1 FROM run WHERE due IS NOT NULL AND due <= :now AND {_IS_FREE}) OR EXISTS ("
        f"SELECT 1 FROM run WHERE ended IS NULL AND status = 'running' AND due IS NULL AND {_IS_FREE})",
        {"until": until, "now": now},
    )
    return bool(found.fetchone()[0])


def renew(db: sqlite3.Connection, owner: str, until: float) -> int:
    """The heartbeat of a process: all of its leases hold until then."""
    return db.execute("UPDATE run SET lease = ? WHERE owner = ?", (until, owner)).rowcount


def release(db: sqlite3.Connection, lease: Lease, due: float | None = None) -> None:
    """Let a run go as it stands; another process may take it at once, or when it is `due`."""
    db.execute(
        "UPDATE run SET owner = NULL, lease = NULL, due = coalesce(?, due) WHERE number = ? AND epoch = ?",
        (due, lease.run, lease.epoch),
    )


def free_the_dead(db: sqlite3.Connection) -> None:
    """Let the runs of processes go that have ended without a word."""
    for (owner,) in db.execute("SELECT DISTINCT owner FROM run WHERE owner IS NOT NULL").fetchall():
        if has_ended(owner):
            let_go(db, owner)


def let_go(db: sqlite3.Connection, owner: str) -> None:
    """Let all runs of a process go."""
    db.execute("UPDATE run SET owner = NULL, lease = NULL WHERE owner = ?", (owner,))
