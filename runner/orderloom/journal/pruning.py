"""Letting go of what is older than it is to be kept: first the values of runs, then the runs themselves.

An open run is never touched, nor one that has ended and of which a person still has to see to something. Of a run
that goes its id stays with how it ended: the same order again is not run again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from orderloom.journal.erasing import NOTHING
from orderloom.journal.rows import ERASED, KEPT, REMOVED

_KEPT_WORDS = ("now", "outcome", "class", "for", "again_at", "attempt", "undo", "by", "task")
_OF_A_WAIT = ("desk", "event", "until")
_OLD = """SELECT number FROM run r WHERE payload = ? AND ended IS NOT NULL AND ended < ?
    AND NOT EXISTS (SELECT 1 FROM pending p WHERE p.run = r.number) ORDER BY ended"""


def with_old_payloads(db: sqlite3.Connection, before: str, most: int | None = None) -> list[int]:
    """Runs that ended before then and still hold values; at most so many."""
    return list(islice(_old(db, (KEPT, ERASED), before), most))


def old(db: sqlite3.Connection, before: str, most: int | None = None) -> list[int]:
    """Runs that ended before then; at most so many.

    The newest run stays until another one comes: SQLite would give its number again, and who had been stopped with it
    in his hands would write into that one.
    """
    newest = db.execute("SELECT max(number) FROM run").fetchone()[0]
    found = (number for number in _old(db, (KEPT, ERASED, REMOVED), before) if number != newest)
    return list(islice(found, most))


def _old(db: sqlite3.Connection, payloads: Sequence[str], before: str) -> Iterator[int]:
    for payload in payloads:
        yield from (row[0] for row in db.execute(_OLD, (payload, before)))


def strip(db: sqlite3.Connection, runs: Sequence[int]) -> None:
    """Leave of each what happened when, with which outcome, and which rows of a table decided."""
    for run in runs:
        rows = db.execute("SELECT seq, body FROM event WHERE run = ?", (run,)).fetchall()
        left = [(_dumped(stripped(json.loads(body))), run, seq) for seq, body in rows]
        db.executemany("UPDATE event SET body = ? WHERE run = ? AND seq = ?", left)
        db.execute("UPDATE run SET payload = ? WHERE number = ?", (REMOVED, run))
        db.execute("DELETE FROM person WHERE run = ?", (run,))
        _empty_signals_of(db, run)


def remove(db: sqlite3.Connection, runs: Sequence[int]) -> None:
    """Leave of each its id, and how it ended."""
    for run in runs:
        left = "SELECT id, flow, status, ended, digest FROM run WHERE number = ?"
        db.execute(f"INSERT OR REPLACE INTO gone {left}", (run,))
        db.execute("DELETE FROM revision WHERE (flow, key) = (SELECT flow, key FROM run WHERE number = ?)", (run,))
        _empty_signals_of(db, run)
        for table in ("event", "delivery", "taken", "person"):
            db.execute(f"DELETE FROM {table} WHERE run = ?", (run,))
        db.execute("DELETE FROM run WHERE number = ?", (run,))


def empty_old_signals(db: sqlite3.Connection, before: str) -> int:
    """Let events that came before then, and for which nobody has waited since, say nothing; they still count once."""
    changed = db.execute(
        "UPDATE signal SET match = '', body = ? WHERE at < ? AND body != ? "
        "AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.signal = signal.id)",
        (NOTHING, before, NOTHING),
    )
    return changed.rowcount


def old_signals(db: sqlite3.Connection, before: str) -> int:
    """How many those are."""
    found = db.execute(
        "SELECT count(*) FROM signal s WHERE at < ? AND body != ? "
        "AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.signal = s.id)",
        (before, NOTHING),
    ).fetchone()
    return int(found[0])


def stripped(body: Mapping[str, Any]) -> dict[str, Any]:
    """An event's body without values and sentences."""
    left = {name: body[name] for name in _KEPT_WORDS if name in body}
    about = {name: value for name, value in (body.get("about") or {}).items() if name in _OF_A_WAIT}
    decisions = list(_decisions((body.get("log") or {}).get("decisions", ())))
    more = {"about": about, "log": {"decisions": decisions} if decisions else {}}
    return left | {name: value for name, value in more.items() if value}


def _decisions(told: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for one in told:
        rows = one.get("rows", [])
        yield {"table": one.get("table"), "rows": rows, "facts": {}, "why": ", ".join(map(str, rows))}


def _empty_signals_of(db: sqlite3.Connection, run: int) -> None:
    """Of events that no other run holds any more."""
    db.execute(
        "UPDATE signal SET match = '', body = ? WHERE id IN (SELECT signal FROM delivery WHERE run = ?) AND NOT EXISTS "
        "(SELECT 1 FROM delivery d JOIN run r ON r.number = d.run WHERE d.signal = signal.id AND r.payload != ?"
        " AND r.number != ?)",
        (NOTHING, run, REMOVED, run),
    )


def _dumped(body: Mapping[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
