"""How many runs there are and how they stand: each order that came in has ended, waits, is a person's, or is worked on.

What came in is counted apart from the runs, as they are accepted. So the sum is a check: where it does not come out,
a run has been lost, or is in nobody's hands and waits for nothing.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from orderloom.journal.reading import OPEN
from orderloom.journal.rows import RUNNING

_PEOPLES = "('event', 'time')"  # what nobody has to see to
_OPEN = f"""SELECT r.number, r.flow, r.owner IS NOT NULL, r.due IS NOT NULL OR r.status = '{RUNNING}',
    coalesce(max(p.kind NOT IN {_PEOPLES}), 0), count(p.number)
    FROM run r LEFT JOIN pending p ON p.run = r.number WHERE r.ended IS NULL GROUP BY r.number"""


@dataclass
class Count:
    """The runs of one flow, or of all. `ended` by how they did, those whose history has been removed included."""

    came: int = 0
    ended: Counter[str] = field(default_factory=Counter)
    gone: int = 0
    waiting: int = 0
    inbox: int = 0
    in_work: int = 0
    lost: list[int] = field(default_factory=list)  # numbers of open runs that nobody works on and nothing wakes

    @property
    def known(self) -> int:
        """All that has become of those that came."""
        return self.ended.total() + self.waiting + self.inbox + self.in_work + len(self.lost)

    @property
    def holds(self) -> bool:
        """Whether every order that came in is accounted for."""
        return self.came == self.known and not self.lost

    def add(self, other: Count) -> None:
        self.came += other.came
        self.ended += other.ended
        self.gone += other.gone
        self.waiting += other.waiting
        self.inbox += other.inbox
        self.in_work += other.in_work
        self.lost += other.lost


@dataclass(frozen=True)
class Oldest:
    """The wait that has lasted longest."""

    since: str
    step: str
    kind: str
    desk: str | None
    run: str
    key: str


def counted(db: sqlite3.Connection) -> dict[str, Count]:
    """Each flow with its runs, as of one moment."""
    found: dict[str, Count] = {}
    db.execute("BEGIN")
    try:
        for flow, came in db.execute("SELECT flow, sum(runs) FROM intake GROUP BY flow"):
            found.setdefault(flow, Count()).came = came
        for flow, status, count in db.execute("SELECT flow, status, count(*) FROM run GROUP BY flow, status"):
            if status not in OPEN:
                found.setdefault(flow, Count()).ended[status] += count
        for flow, status, count in db.execute("SELECT flow, status, count(*) FROM gone GROUP BY flow, status"):
            one = found.setdefault(flow, Count())
            one.ended[status] += count
            one.gone += count
        for row in db.execute(_OPEN):
            _stand(found.setdefault(row[1], Count()), row)
    finally:
        db.execute("COMMIT")
    return dict(sorted(found.items()))


def _stand(count: Count, row: Sequence[Any]) -> None:
    """One open run: a person's task comes before a wait, as the run cannot end without that person."""
    number, _, owned, due, peoples, pending = row
    if owned:
        count.in_work += 1
    elif peoples:
        count.inbox += 1
    elif pending:
        count.waiting += 1
    elif due:
        count.in_work += 1
    else:
        count.lost.append(number)


def came_since(db: sqlite3.Connection, moment: str, kinds: Sequence[tuple[str, str]]) -> int:
    """How many runs began then or later and are still listed; `kinds` as reading.py has them."""
    statement = "SELECT count(*) FROM run WHERE flow = ? AND status = ? AND began >= ?"
    return sum(db.execute(statement, (*kind, moment)).fetchone()[0] for kind in kinds)


def came_on(db: sqlite3.Connection, first: str) -> dict[str, int]:
    """How many came in on each day, from that one on (UTC)."""
    return dict(db.execute("SELECT day, sum(runs) FROM intake WHERE day >= ? GROUP BY day ORDER BY day", (first,)))


def oldest(db: sqlite3.Connection) -> Oldest | None:
    """What has waited longest, of people and of events."""
    found = db.execute(
        "SELECT p.since, p.step, p.kind, p.desk, r.id, r.key FROM pending p JOIN run r ON r.number = p.run "
        "WHERE r.ended IS NULL ORDER BY p.since LIMIT 1"
    ).fetchone()
    return Oldest(*found) if found else None
