"""Runs with a journal for tests: a crew in a folder, over restarts, on a clock that jumps where one would wait."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orderloom.flow.check import Checked
from orderloom.flow.open import Opened
from orderloom.journal import Event, Journal, Pending, Run
from orderloom.packs import Catalogue
from orderloom.run.drivers.crew import Crew, Doing
from orderloom.run.drivers.workshop import Workshop
from orderloom.run.kept.pins import Pins
from orderloom.run.machine.program import Program
from orderloom.run.telling.report import RunReport
from tests.journal.making import SetClock, journal


@dataclass
class Living:
    """One process that works on the runs of a folder."""

    crew: Crew
    program: Program
    opened: Opened
    clock: SetClock
    slept: list[float] = field(default_factory=list)

    @property
    def journal(self) -> Journal:
        return self.crew.shop.journal

    def order(self, key: str, trigger: Any) -> RunReport:
        return asyncio.run(self.crew.order(self.program, key, trigger, self.opened))

    def revise(self, key: str, trigger: Any) -> RunReport | None:
        return asyncio.run(self.crew.revise(self.program, key, trigger, self.opened))

    def resume(self, key: str = "1", doing: Doing | None = None) -> RunReport:
        return asyncio.run(self.crew.resume(self.run(key), doing))

    def run(self, key: str = "1") -> Run:
        [found] = self.journal.find(key)
        return found

    def tasks(self, kind: str) -> list[Pending]:
        return self.journal.pending("kind = ?", (kind,))

    def events(self, key: str = "1") -> list[Event]:
        return self.journal.events(self.run(key).number)


@contextmanager
def living(
    folder: Path,
    program: Program,
    catalogue: Catalogue,
    connections: Mapping[str, object] | None = None,
    clock: SetClock | None = None,
    **more: Any,
) -> Iterator[Living]:
    """A process on the journal of `folder`; it sleeps by moving the clock. Left, it has stopped as by a clean end."""
    clock = clock or SetClock()
    with journal(folder, clock) as made:
        shop = Workshop(made, catalogue, connections or {}, clock, jitter=random.Random(0), **more)
        crew = Crew(shop, Pins(made, None))
        crew.pins.add(program)  # its nodes are a test's own and in no catalogue that a pin could be made again with
        here = Living(crew, program, Opened(folder / "flow.yaml", Checked((), program.plan), catalogue, None), clock)

        async def sleep(seconds: float) -> None:
            here.slept.append(seconds)
            clock.move(seconds)

        shop.sleep = sleep
        try:
            yield here
        finally:
            shop.close()
