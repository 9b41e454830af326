"""Journals made on purpose for `durable.py`: filled with runs that have ended, and with runs left in the middle."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from delivery import ANSWERS
from durable_work import Hand
from orderloom.journal import FILE, Journal
from orderloom.run.drivers.crew import Crew
from orderloom.run.drivers.durable import LiveRun, Workshop
from orderloom.run.kept.pins import Pins
from orderloom.world import SystemClock


def fill(folder: Path, runs: int) -> None:
    """Run one order, and put copies of its run, each under a key of its own, into the journal."""
    _one_order(folder)
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as db:
        _copy(db, runs)


def taken_up(folder: Path, runs: int) -> dict[str, Any]:
    """How long a new process takes to have so many open runs in its hands that another left in the middle."""
    _one_order(folder)
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as db:
        half = db.execute("SELECT max(seq) / 2 FROM event WHERE run = 1").fetchone()[0]
        db.execute("DELETE FROM event WHERE run = 1 AND seq > ?", (half,))
        db.execute("UPDATE run SET status = 'running', ended = NULL, events = ?, owner = NULL", (half + 1,))
        _copy(db, runs - 1)
    hand = Hand(folder)
    with closing(Journal(folder / FILE)) as journal:
        shop = Workshop(journal, hand.shop.opened.catalogue, hand.connections, SystemClock(), ANSWERS)
        pins = Pins(journal, hand.shop.opened.project)
        pins.add(hand.shop.program)
        wall, cpu, count = time.perf_counter(), time.process_time(), 0
        while leases := journal.take_due():
            for lease in leases:
                LiveRun.resumed(shop, journal.run(lease.run), lease, hand.shop.program)
                count += 1
        told = {"runs": count, "wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}
    assert count == runs, told
    return told


def _copy(db: sqlite3.Connection, runs: int) -> None:
    def columns(table: str, *without: str) -> list[str]:
        return [name for _, name, *_ in db.execute(f"PRAGMA table_info({table})") if name not in without]

    of_run, of_event = ", ".join(columns("run", "number", "id", "key")), columns("event", "run")
    db.execute("BEGIN")
    db.execute(
        f"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
        f"INSERT INTO run (id, key, {of_run}) SELECT 'r-' || i, 'copy ' || i, {of_run} FROM n, run WHERE number = 1",
        (runs,),
    )
    db.execute(
        f"INSERT INTO event (run, {', '.join(of_event)}) SELECT r.number, {', '.join(f'e.{n}' for n in of_event)} "
        "FROM run r, event e WHERE r.number > 1 AND e.run = 1"
    )
    db.execute("COMMIT")


def _one_order(folder: Path) -> None:
    hand = Hand(folder)
    with closing(Journal(folder / FILE)) as journal:
        shop = Workshop(journal, hand.shop.opened.catalogue, hand.connections, SystemClock(), ANSWERS)
        crew, trigger = Crew(shop, Pins(journal, hand.shop.opened.project)), hand.captured(9_000_000)
        with closing(shop):
            order = crew.order(hand.shop.program, trigger.order.order_id, trigger, hand.shop.opened)
            assert asyncio.run(order).status == "completed"
