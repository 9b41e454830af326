"""A worker in a process of its own, for tests that kill or stop it: `python -m tests.run.process FOLDER NAME LEASE_S`.

Its one effect writes who makes it, and is over once there is a file `go` in the folder. The process ends when every
run has, and writes what it was told of each run that it worked on.
"""

from __future__ import annotations

import asyncio
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from orderloom.journal import Journal
from orderloom.run.drivers.crew import Crew, WorkedOn
from orderloom.run.drivers.working import Worker
from orderloom.run.drivers.workshop import Workshop
from orderloom.run.kept.pins import Pins
from orderloom.world import SystemClock
from tests.run.firm import Firm, Outside

FLOW = """
  arrived: {use: wait-for, with: {event: parcel, match: =start.order.id}}
  post: {use: post, with: {given: =arrived.match}}
  work: {use: work, with: {given: =post.label}}
"""


@dataclass
class SlowOutside(Outside):
    """Says who calls, and keeps the caller until it may go."""

    folder: Path = field(default_factory=Path)
    name: str = ""

    def meet(self, name: str, key: str, given: Any = None) -> None:
        (self.folder / f"{self.name}.{name}.{given}.{key}").touch()
        while not (self.folder / "go").exists():
            time.sleep(0.02)


def work(folder: Path, name: str, lease_s: float) -> None:
    """Work until every run has ended."""
    firm = Firm(folder, FLOW)
    firm.outside = SlowOutside(folder=folder, name=name)
    journal = Journal(folder / "journal.db", SystemClock(), name, lease=timedelta(seconds=lease_s))
    with closing(journal), closing(Workshop(journal, firm.catalogue, {"outside": firm.outside}, SystemClock())) as shop:
        pins = Pins(journal, None)
        pins.add(firm.program)
        crew = Crew(shop, pins)
        with crew.at_work():
            asyncio.run(_until_all_ended(crew, folder / f"{name}.told"))


async def _until_all_ended(crew: Crew, told: Path) -> None:
    def tell(one: WorkedOn) -> None:
        with told.open("a") as lines:
            lines.write(f"{one.run.key} {one.report.status if one.report else 'lost'}\n")
        if not crew.shop.journal.one("SELECT count(*) FROM run WHERE ended IS NULL")[0]:
            worker.stopping.set()

    worker = Worker(crew, tell)
    await worker.watch()


if __name__ == "__main__":
    work(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]))
