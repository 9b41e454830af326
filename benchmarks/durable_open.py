"""Journals made on purpose for `durable.py`: runs that have ended, that were left in the middle, and that wait."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from delivery import ANSWERS
from durable_flows import hand_of
from orderloom.journal import FILE, Journal, Signal
from orderloom.run.drivers.crew import Crew, WorkedOn
from orderloom.run.drivers.durable import LiveRun
from orderloom.run.drivers.working import Worker
from orderloom.run.drivers.workshop import Workshop
from orderloom.run.kept.pins import Pins
from orderloom.run.machine.answers import Answers
from orderloom.world import SystemClock

APPROVED = Answers({"approve": "approved"})  # and nobody says that the parcel has come
COMES = 100  # of the runs that wait


def fill(flow: str, folder: Path, runs: int) -> None:
    """Run one order, and put copies of its run, each under a key of its own, into the journal."""
    _one_order(flow, folder, ANSWERS)
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as db:
        _copy(db, runs)


def taken_up(flow: str, folder: Path, runs: int) -> dict[str, Any]:
    """How long a new process takes to have so many open runs in its hands that another left in the middle."""
    _one_order(flow, folder, ANSWERS)
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as db:
        half = db.execute("SELECT max(seq) / 2 FROM event WHERE run = 1").fetchone()[0]
        db.execute("DELETE FROM event WHERE run = 1 AND seq > ?", (half,))
        db.execute("UPDATE run SET status = 'running', ended = NULL, events = ?, owner = NULL", (half + 1,))
        _copy(db, runs - 1)
    with _crew(flow, folder, ANSWERS) as (hand, crew), crew.at_work():
        wall, cpu, count, journal = time.perf_counter(), time.process_time(), 0, crew.shop.journal
        while leases := journal.take_due():
            for held in journal.held(leases):
                LiveRun.resumed(crew.shop, held, hand.shop.program)
                count += 1
        told = {"runs": count, "wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}
    assert count == runs, told
    return told


def waited(folder: Path, runs: int) -> dict[str, Any]:
    """How long a new process takes to be through with what is due, where so many runs wait and for some it has come.

    They wait for the word of the carrier that the parcel is there: as most open runs of a shop do.
    """
    _one_order("shipped", folder, APPROVED)
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as db:
        _copy(db, runs - 1)
        rows = db.execute("SELECT run, event, match FROM pending WHERE run > 1 AND run <= 1 + ?", (COMES,)).fetchall()
    ended: list[WorkedOn] = []
    with _crew("shipped", folder, APPROVED) as (_hand, crew):
        for number, (_, event, match) in enumerate(rows):
            crew.shop.journal.keep_signal(Signal(f"s-{number}", event, match, "2026-11-28T00:00:00Z", "{}"))
        wall, cpu = time.perf_counter(), time.process_time()
        asyncio.run(Worker(crew, ended.append).work_off())
        told = {"runs": runs, "wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}
    statuses = {one.report.status for one in ended if one.report}
    assert (len({run for run, *_ in rows}), statuses) == (len(ended), {"completed"}), (len(ended), statuses)
    return {**told, "due": len(ended)}


def _copy(db: sqlite3.Connection, runs: int) -> None:
    def columns(table: str, *without: str) -> list[str]:
        return [name for _, name, *_ in db.execute(f"PRAGMA table_info({table})") if name not in without]

    of_run, of_event = ", ".join(columns("run", "number", "id", "key")), columns("event", "run")
    of_pending = columns("pending", "number", "run", "match")
    db.execute("BEGIN")
    db.execute(
        f"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
        f"INSERT INTO run (id, key, {of_run}) SELECT 'r-' || i, 'copy ' || i, {of_run} FROM n, run WHERE number = 1",
        (runs,),
    )
    own = {"match": "c.match || ' ' || r.number"}  # what comes for one comes for none of the others
    for table, names, more in (("event", of_event, {}), ("pending", of_pending, own)):
        db.execute(
            f"INSERT INTO {table} ({', '.join(['run', *names, *more])}) "
            f"SELECT {', '.join(['r.number', *(f'c.{name}' for name in names), *more.values()])} "
            f"FROM run r, {table} c WHERE r.number > 1 AND c.run = 1"
        )
    db.execute("COMMIT")


def _one_order(flow: str, folder: Path, answers: Answers) -> None:
    with _crew(flow, folder, answers) as (hand, crew):
        trigger = hand.captured(9_000_000)
        told = asyncio.run(crew.order(hand.shop.program, hand.key(trigger), trigger, hand.shop.opened))
        assert told.status == ("completed" if answers is ANSWERS else "waiting"), told.status


@contextmanager
def _crew(flow: str, folder: Path, answers: Answers) -> Iterator[tuple[Any, Crew]]:
    """Who works on the journal of that folder; the flow is at hand already."""
    hand = hand_of(flow, folder)
    with closing(Journal(folder / FILE)) as journal:
        shop = Workshop(journal, hand.shop.opened.catalogue, hand.connections, SystemClock(), answers)
        pins = Pins(journal, hand.shop.opened.project)
        pins.add(hand.shop.program)
        with closing(shop):
            yield hand, Crew(shop, pins)
