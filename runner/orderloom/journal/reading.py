"""Finding runs among millions: what is wanted in, a page of runs out, newest first.

Every query goes by an index, and a page by where the last one ended: the thousandth page takes as long as the first.
"""

from __future__ import annotations

import heapq
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from orderloom.journal.rows import EXCEPTION, RUNNING, WAITING, Run
from orderloom.journal.writing import COLUMNS

OPEN = (RUNNING, WAITING, EXCEPTION)
GROUPS = ("open", "ended")  # words that stand for several statuses
NEWEST = ("9999", 0)  # the place before the first run of a list
_LAST = "\U0010ffff"  # behind every letter that an id or a key can go on with
_PART = f"""SELECT {COLUMNS} FROM run WHERE {{where}} AND began >= ? AND began <= ? AND (began < ? OR number < ?)
    ORDER BY began DESC, number DESC LIMIT ?"""


@dataclass(frozen=True)
class Wanted:
    """Which runs. Times are ISO 8601 in UTC; `hash` is a person's; `before` is the place where the last page ended.

    A step is one that a run came to; with `outcome` or `error` it came to that there, else anywhere.
    """

    flow: str | None = None
    status: str | None = None
    key: str | None = None
    step: str | None = None
    outcome: str | None = None
    error: str | None = None
    hash: str | None = None
    since: str = ""
    until: str | None = None
    before: tuple[str, int] = NEWEST
    limit: int = 20

    @property
    def top(self) -> tuple[str, int]:
        """The first place that is too new."""
        return min(self.before, (self.until, 0)) if self.until else self.before


@dataclass(frozen=True)
class Page:
    """The runs, and whether there are more; they go on behind the last one's `place`."""

    runs: Sequence[Run]
    more: bool


def place_of(run: Run) -> tuple[str, int]:
    return run.began, run.number


def page(db: sqlite3.Connection, wanted: Wanted) -> Page:
    """The newest runs that are wanted, behind those of the page before."""
    found = islice(_found(db, wanted), wanted.limit + 1)
    runs = list(found)
    return Page(runs[: wanted.limit], len(runs) > wanted.limit)


def kinds(db: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Every flow with every status that a run of it has: by leaps through the index, however many runs there are."""
    statement = "SELECT flow, status FROM run WHERE (flow, status) > (?, ?) ORDER BY flow, status LIMIT 1"
    found = db.execute(statement, ("", "")).fetchone()
    while found:
        yield found[0], found[1]
        found = db.execute(statement, tuple(found)).fetchone()


def flows(db: sqlite3.Connection) -> list[str]:
    return list(dict.fromkeys(flow for flow, _ in kinds(db)))


def named(db: sqlite3.Connection, name: str) -> list[Run]:
    """The runs that a person can mean: by its id, else by a business key, else by the beginning of an id."""
    ways = (_by_id(db, name), _by_key(db, name), _by_beginning(db, name) if len(name) > 3 else [])
    return sorted(next((found for found in ways if found), []), key=lambda run: run.number)


def _by_id(db: sqlite3.Connection, name: str) -> list[Run]:
    return _runs(db.execute(f"SELECT {COLUMNS} FROM run WHERE id = ?", (name,)))


def _by_key(db: sqlite3.Connection, key: str) -> list[Run]:
    statement = f"SELECT {COLUMNS} FROM run WHERE flow = ? AND key = ?"
    return [run for flow in flows(db) for run in _runs(db.execute(statement, (flow, key)))]


def _by_beginning(db: sqlite3.Connection, name: str) -> list[Run]:
    return _runs(db.execute(f"SELECT {COLUMNS} FROM run WHERE id >= ? AND id < ? LIMIT 100", (name, f"{name}{_LAST}")))


def _found(db: sqlite3.Connection, wanted: Wanted) -> Iterator[Run]:
    """By the narrowest index that what is wanted allows; what it says beyond is looked at run by run."""
    if wanted.key is not None:
        return _sifted(db, wanted, _by_key(db, wanted.key))
    if wanted.hash is not None:
        statement = f"SELECT {COLUMNS} FROM run WHERE number IN (SELECT run FROM person WHERE hash = ?)"
        return _sifted(db, wanted, _runs(db.execute(statement, (wanted.hash,))))
    if wanted.step or wanted.outcome or wanted.error:
        return _merged(_by_path(db, wanted, path) for path in _paths(db, wanted))
    pairs = [pair for pair in kinds(db) if _is_of(wanted, *pair)]
    return _merged(_part(db, "flow = ? AND status = ?", pair, wanted) for pair in pairs)


def _sifted(db: sqlite3.Connection, wanted: Wanted, runs: Sequence[Run]) -> Iterator[Run]:
    paths = set(_paths(db, wanted)) if wanted.step or wanted.outcome or wanted.error else None
    fits = [
        run
        for run in runs
        if _is_of(wanted, run.flow, run.status)
        and wanted.since <= run.began
        and place_of(run) < wanted.top
        and (paths is None or run.path in paths)
    ]
    return iter(sorted(fits, key=place_of, reverse=True))


def _is_of(wanted: Wanted, flow: str, status: str) -> bool:
    if wanted.flow not in {None, flow}:
        return False
    if wanted.status in GROUPS:
        return (status in OPEN) == (wanted.status == "open")
    return wanted.status in {None, status}


def _by_path(db: sqlite3.Connection, wanted: Wanted, path: int) -> Iterator[Run]:
    found = _part(db, "path = ?", (path,), wanted)
    return (run for run in found if _is_of(wanted, run.flow, run.status))


def _part(db: sqlite3.Connection, where: str, values: Iterable[Any], wanted: Wanted) -> Iterator[Run]:
    """One stretch of an index, a few rows at a time: most of it is never wanted."""
    began, number = wanted.top
    while True:
        given = (*values, wanted.since, began, began, number, wanted.limit + 1)
        runs = _runs(db.execute(_PART.format(where=where), given))
        yield from runs
        if len(runs) <= wanted.limit:
            return
        began, number = place_of(runs[-1])


def _merged(parts: Iterable[Iterator[Run]]) -> Iterator[Run]:
    return heapq.merge(*parts, key=place_of, reverse=True)


def _paths(db: sqlite3.Connection, wanted: Wanted) -> list[int]:
    """The ways on which a run came to the step, and came there to what is wanted."""
    of = flows(db) if wanted.flow is None else [wanted.flow]
    rows = [row for flow in of for row in db.execute("SELECT number, steps FROM path WHERE flow = ?", (flow,))]
    return [number for number, steps in rows if any(_is_there(wanted, one) for one in steps.splitlines())]


def _is_there(wanted: Wanted, entry: str) -> bool:
    name, _, error = entry.partition("!")
    name, _, outcomes = name.partition(":")
    if wanted.step not in {None, name}:
        return False
    if wanted.outcome is not None and wanted.outcome not in outcomes.split(","):
        return False
    return wanted.error in {None, error}


def _runs(rows: Iterable[Any]) -> list[Run]:
    return [Run(*row) for row in rows]
