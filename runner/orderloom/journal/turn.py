"""The one right to write in the file: a connection without it in, one that has begun to write out.

SQLite itself looks for a lock that another process has ever more seldom, up to ten times a second: processes that
share a file then wait for one another where they could write. Here it is looked for at once, and often.
"""

from __future__ import annotations

import sqlite3
import time

_SHORTEST_S, _LONGEST_S = 0.0005, 0.01
_PART = 20  # of the time that it has been waited for, a nap: a lock that is held for long is looked at less


def begin(db: sqlite3.Connection) -> None:
    """Begin to write, as soon as nobody else does; the connection's own limit holds for the wait.

    Raises SQLite's own error where the limit is over, and at once where it is not another who keeps it from writing.
    """
    (limit_ms,) = db.execute("PRAGMA busy_timeout").fetchone()
    db.execute("PRAGMA busy_timeout=0")
    try:
        _begin(db, limit_ms / 1000)
    finally:
        db.execute(f"PRAGMA busy_timeout={limit_ms}")


def is_busy(error: sqlite3.Error) -> bool:
    """Whether another connection keeps the file locked, and nothing else is wrong."""
    return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY


def _begin(db: sqlite3.Connection, limit_s: float) -> None:
    since = time.monotonic()
    while True:
        try:
            db.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            waited_s = time.monotonic() - since
            if not is_busy(error) or waited_s > limit_s:
                raise
            time.sleep(min(max(waited_s / _PART, _SHORTEST_S), _LONGEST_S))
        else:
            return
