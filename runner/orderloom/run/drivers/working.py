"""Going on with whatever is due in a journal: timers, retries, events that came, time limits, runs left behind.

Any number of processes may do so with one file: each run is in the hands of one of them at a time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from orderloom.run.drivers.crew import Crew, WorkedOn

BATCH = 50  # leases that are taken at a time
LOOK_S = 0.5  # how often one looks whether another process has made something due


@dataclass
class Worker:
    """Goes on with runs of a crew, so many at a time; `told` is called with each. `stopping` ends it between runs."""

    crew: Crew
    told: Callable[[WorkedOn], None]
    in_flight: int = 64
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def work_off(self) -> None:
        """Go on with all that is due, until nothing is. Raises `JournalUnusableError`."""
        busy: set[asyncio.Task[WorkedOn]] = set()
        try:
            while True:
                busy |= await self._more(self.in_flight - len(busy))
                if not busy:
                    return
                done, busy = await asyncio.wait(busy, timeout=LOOK_S, return_when=asyncio.FIRST_COMPLETED)
                for one in done:
                    self.told(one.result())
        finally:
            for one in busy:
                one.cancel()

    async def watch(self) -> None:
        """The same, again and again, until `stopping` is set."""
        while not self.stopping.is_set():
            await self.work_off()
            await self._until_due()

    async def _more(self, room: int) -> set[asyncio.Task[WorkedOn]]:
        """Batches, and not a run in place of each that rests: every lease is a write."""
        journal = self.crew.shop.journal
        if self.stopping.is_set() or room < min(BATCH, self.in_flight) // 2 + 1 or not journal.is_due():
            return set()
        leases = await asyncio.wrap_future(journal.taking_due(min(BATCH, room)))
        tasks = {asyncio.create_task(self.crew.go_on(held)) for held in journal.held(leases)}
        for one in tasks:
            one.add_done_callback(_read)
        return tasks

    async def _until_due(self) -> None:
        while not self.stopping.is_set() and not self.crew.shop.journal.is_due():
            await self.crew.shop.sleep(self._pause_s())

    def _pause_s(self) -> float:
        shop = self.crew.shop
        due = shop.journal.next_due()
        left = LOOK_S if due is None else due - shop.clock.now().timestamp()
        return min(max(left, 0.01), LOOK_S)


def _read(task: asyncio.Task[WorkedOn]) -> None:
    """Of several that cannot go on, since the disk is full, the first is told, and the others are no mistake."""
    if not task.cancelled():
        task.exception()
