"""Runs that this process has taken, many at a time: leases in, each with its run and what has happened in it out."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from itertools import groupby

from orderloom.journal.rows import Event, Held, Lease, Run
from orderloom.journal.writing import COLUMNS

_THESE = "IN (SELECT value FROM json_each(?))"  # the same statement for however many


def held(db: sqlite3.Connection, leases: Sequence[Lease]) -> list[Held]:
    """Each lease with its run as it stands, in the order of the leases."""
    cursor = db.cursor()
    cursor.row_factory = None  # plain tuples
    numbers = (json.dumps([lease.run for lease in leases]),)
    runs = {row[0]: Run(*row) for row in cursor.execute(f"SELECT {COLUMNS} FROM run WHERE number {_THESE}", numbers)}
    found = cursor.execute(
        f"SELECT run, kind, step, item, at, body FROM event WHERE run {_THESE} ORDER BY run, seq", numbers
    )
    events = {run: [Event(*row[1:]) for row in rows] for run, rows in groupby(found, key=lambda row: row[0])}
    return [Held(runs[lease.run], lease, events.get(lease.run, [])) for lease in leases]
