"""The disk of a simulated world: it may be full, at once or within a few pages, or fail when all has been written."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

State = Literal["well", "full", "tight", "failing"]
ILL: tuple[State, ...] = ("full", "tight", "tight", "failing")


@dataclass
class Disk:
    """`tight`: SQLite itself finds no page more; `failing`: what was written is there, and nobody is told so."""

    state: State = "well"
    has_failed: bool = False

    def committing(self, when: str) -> None:
        if self.state == "full" and when == "before":
            self.has_failed = True
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if self.state == "failing" and when == "after":
            self.has_failed = True
            raise sqlite3.OperationalError("disk I/O error")

    @contextmanager
    def under(self, db: sqlite3.Connection) -> Iterator[None]:
        """Where it is tight, the file of that connection cannot grow."""
        if self.state != "tight":
            yield
            return
        self.has_failed = True
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        most = db.execute("PRAGMA max_page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {pages}")
        try:
            yield
        finally:
            db.execute(f"PRAGMA max_page_count = {most}")
