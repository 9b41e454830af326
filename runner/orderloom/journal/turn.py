"""The one right to write in the file, taken as soon as no other process has it.

SQLite itself looks for a lock that somebody has ever more seldom, up to ten times a second: processes that share a
file then wait for one another where they could write. Here it is looked for at once, and often.
"""

from __future__ import annotations

import sqlite3
import time

_SHORTEST_S, _LONGEST_S = 0.0005, 0.01
_PART = 20  # of the time that it has been waited for, a nap: a lock that is held for long is looked at less


class Turn:
    """`begin` waits as long as the connection was opened to wait.

    Who writes ahead waits for a lock when it begins, and for none after that. Of another file, such as one in a folder
    that cannot share memory, SQLite does all of the waiting.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db, self._limit_s = db, 0.0
        if db.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
            self._limit_s = db.execute("PRAGMA busy_timeout").fetchone()[0] / 1000
            db.execute("PRAGMA busy_timeout=0")

    def begin(self) -> None:
        """Begin to write, as soon as nobody else does.

        Raises SQLite's own error where the limit is over, and at once where it is not another who is in the way.
        """
        since = time.monotonic()
        while True:
            try:
                self._db.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                waited_s = time.monotonic() - since
                if not is_busy(error) or waited_s >= self._limit_s:
                    raise
                time.sleep(min(max(waited_s / _PART, _SHORTEST_S), _LONGEST_S))
            else:
                return


def is_busy(error: sqlite3.Error) -> bool:
    """Whether another connection keeps the file locked, and nothing else is wrong."""
    return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
