"""Later words on a document: each is told to the run of its key, kept until there is one, or comes too late (rule 28).

Called inside the writer's transaction: of several processes that are given the same revision, one tells it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import astuple, replace

from orderloom.journal import writing
from orderloom.journal.rows import Change, Revised, Revision, RevisionState, Run

COLUMNS = "flow, key, revision, digest, at, state, body"
Tell = Callable[[Run, Sequence[Revision]], Sequence[tuple[int, Change]]]  # each with what the run began with


def keep(db: sqlite3.Connection, revision: Revision) -> Run | None:
    """Keep what comes before the document that it revises; the run of its key where there is one: nothing is kept."""
    run = writing.by_key(db, revision.flow, revision.key)
    if run is None:
        _note(db, revision)
    return run


def tell_kept(db: sqlite3.Connection, run: Run, tell: Tell) -> None:
    """Tell a run that has just begun what was kept for it, in the order of the revisions."""
    rows = db.execute(
        f"SELECT {COLUMNS} FROM revision WHERE flow = ? AND key = ? AND state = 'kept' ORDER BY revision",
        (run.flow, run.key),
    ).fetchall()
    if rows:
        for first, change in tell(run, [Revision(*row) for row in rows]):
            revise(db, run, first, change)


def revise(db: sqlite3.Connection, run: Run, first: int, change: Change) -> Revised:
    """Tell the run of a revision, unless it is known already; `first` is that of the document that the run began with.

    Whether a wait takes it or a person sees to it is the run's to say: a task is there until a wait has had it.
    """
    one = change.revision
    place = (one.flow, one.key, one.revision, one.digest)
    known = max(first, _highest(db, run))
    if db.execute("SELECT 1 FROM run WHERE number = ?", (run.number,)).fetchone() is None:
        return Revised("other", one.revision, known)  # its history has been removed just now
    before = db.execute(
        "SELECT state FROM revision WHERE flow = ? AND key = ? AND revision = ? AND digest = ?", place
    ).fetchone()
    if before is not None and before[0] != "kept":
        return Revised(before[0], one.revision, known, _task(db, run))
    state: RevisionState = "told" if one.revision > known else "stale" if one.revision < known else "other"
    _note(db, replace(one, state=state, body=None))
    if state == "told":
        writing.keep_signal(db, change.signal)
        writing.put_change_task(db, run.number, change.task)
    return Revised(state, one.revision, known, _task(db, run))


def _highest(db: sqlite3.Connection, run: Run) -> int:
    found = db.execute(
        "SELECT max(revision) FROM revision WHERE flow = ? AND key = ? AND state = 'told'", (run.flow, run.key)
    ).fetchone()[0]
    return -1 if found is None else int(found)


def _task(db: sqlite3.Connection, run: Run) -> int | None:
    found = db.execute("SELECT number FROM pending WHERE run = ? AND kind = 'changed'", (run.number,)).fetchone()
    return found[0] if found else None


def _note(db: sqlite3.Connection, revision: Revision) -> None:
    db.execute(f"INSERT OR REPLACE INTO revision ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)", astuple(revision))
