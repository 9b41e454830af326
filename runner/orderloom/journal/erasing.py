"""Finding where a person stands in the journal, and rewriting those places; then leaving no trace of it in the file.

Rows stay, so that everything still counts: a run keeps its place, its status and its times.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from orderloom.journal.errors import JournalUnusableError, said
from orderloom.journal.opening import WAIT_S
from orderloom.journal.rows import ERASED

_SCRUB = "scrub"  # the fact that says that the file is still to be written anew
NOTHING = "null"  # the JSON that stands where an event's body stood


@dataclass(frozen=True)
class Rewritten:
    """What a run's events now say, by their number, and its pending tasks by theirs; its `key` where that changes."""

    run: int
    events: Mapping[int, str]
    tasks: Mapping[int, str]
    key: str | None = None
    whole: bool = True


def runs_of(db: sqlite3.Connection, hashes: Iterable[str], texts: Iterable[str]) -> list[int]:
    """The runs that a person began, and those in which one of the texts stands: all of the file is looked through."""
    found: set[int] = set()
    for one in hashes:
        found |= {row[0] for row in db.execute("SELECT run FROM person WHERE hash = ?", (one,))}
    for text in texts:
        for table in ("event", "pending"):
            rows = db.execute(f"SELECT DISTINCT run FROM {table} WHERE instr(lower(body), lower(?))", (text,))
            found |= {row[0] for row in rows}
        found |= {row[0] for row in db.execute("SELECT number FROM run WHERE instr(lower(key), lower(?))", (text,))}
    return sorted(found)


def signals_of(db: sqlite3.Connection, runs: Sequence[int], texts: Iterable[str]) -> list[str]:
    """Events from outside that the runs have had, and those in which one of the texts stands."""
    found: set[str] = set()
    for run in runs:
        rows = db.execute(
            "SELECT id FROM signal s JOIN delivery d ON d.signal = s.id WHERE d.run = ? AND s.body != ?", (run, NOTHING)
        )
        found |= {row[0] for row in rows}
    for text in texts:
        within = " OR ".join(f"instr(lower({column}), lower(:text))" for column in ("id", "match", "body"))
        found |= {row[0] for row in db.execute(f"SELECT id FROM signal WHERE {within}", {"text": text})}
    return sorted(found)


def revisions_of(db: sqlite3.Connection, texts: Iterable[str]) -> list[tuple[Any, ...]]:
    """Later words on documents in which one of the texts stands."""
    within = " OR ".join(f"instr(lower(coalesce({column}, '')), lower(:text))" for column in ("key", "body"))
    statement = f"SELECT flow, key, revision, digest FROM revision WHERE {within}"
    return [tuple(row) for text in texts for row in db.execute(statement, {"text": text})]


def rewrite(db: sqlite3.Connection, change: Rewritten) -> None:
    """Let a run say less. What it was begun by is no longer found by the person's name."""
    _mark_scrub(db)
    for number, body in change.events.items():
        db.execute("UPDATE event SET body = ? WHERE run = ? AND seq = ?", (body, change.run, number))
    for number, body in change.tasks.items():
        db.execute("UPDATE pending SET body = ? WHERE number = ?", (body, number))
    if change.key is not None:
        db.execute("UPDATE run SET key = ? WHERE number = ?", (change.key, change.run))
    if change.whole:
        db.execute("UPDATE run SET payload = ? WHERE number = ?", (ERASED, change.run))
        db.execute("DELETE FROM person WHERE run = ?", (change.run,))


def empty_signals(db: sqlite3.Connection, ids: Sequence[str], texts: Sequence[str]) -> None:
    """An event still counts once, unless its own id was the person's name."""
    _mark_scrub(db)
    for name in ids:
        named = any(text.lower() in name.lower() for text in texts)
        other = f"erased-{sha256(name.encode()).hexdigest()[:24]}" if named else name
        db.execute("UPDATE OR REPLACE signal SET id = ?, match = '', body = ? WHERE id = ?", (other, NOTHING, name))
        if named:
            db.execute("UPDATE OR REPLACE delivery SET signal = ? WHERE signal = ?", (other, name))


def drop_revisions(db: sqlite3.Connection, places: Sequence[tuple[Any, ...]]) -> None:
    _mark_scrub(db)
    db.executemany("DELETE FROM revision WHERE flow = ? AND key = ? AND revision = ? AND digest = ?", places)


def note_erasure(db: sqlite3.Connection, hashes: Iterable[str], at: str, told: Mapping[str, int]) -> None:
    """That it was done, for whoever asks for a proof: by a hash, and with the counts."""
    db.executemany("DELETE FROM person WHERE hash = ?", [(one,) for one in hashes])
    text = json.dumps(dict(told), ensure_ascii=False)
    db.executemany("INSERT INTO erasure (hash, at, told) VALUES (?, ?, ?)", [(one, at, text) for one in hashes])


def erased_before(db: sqlite3.Connection, hashes: Iterable[str]) -> str | None:
    """When the person's data was last erased."""
    found = [db.execute("SELECT max(at) FROM erasure WHERE hash = ?", (one,)).fetchone()[0] for one in hashes]
    return max((at for at in found if at), default=None)


def is_to_be_scrubbed(db: sqlite3.Connection) -> bool:
    return db.execute("SELECT 1 FROM fact WHERE name = ?", (_SCRUB,)).fetchone() is not None


def scrub(file: Path, wait_s: float | None = None) -> bool:
    """Write the file anew, and empty the log beside it: nothing is left of what rows said before.

    False where another process keeps reading what was there before. Raises `JournalUnusableError`.
    """
    wait_s = WAIT_S if wait_s is None else wait_s
    try:
        with closing(sqlite3.connect(file, timeout=wait_s, isolation_level=None)) as db:
            db.execute("DELETE FROM fact WHERE name = ?", (_SCRUB,))
            db.execute("PRAGMA secure_delete=ON")
            db.execute("VACUUM")
            done = _emptied(db, wait_s)
            if not done:
                _mark_scrub(db)
            return done
    except sqlite3.Error as error:
        raise JournalUnusableError(f"{file} cannot be written anew: {said(error)}") from error


def _emptied(db: sqlite3.Connection, wait_s: float) -> bool:
    """Whether the write-ahead log could be emptied; whoever reads is waited for."""
    until = time.monotonic() + wait_s
    while db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def _mark_scrub(db: sqlite3.Connection) -> None:
    db.execute("INSERT OR IGNORE INTO fact VALUES (?, '')", (_SCRUB,))
