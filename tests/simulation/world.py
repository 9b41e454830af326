"""A world drawn from a seed: orders, events, people, clocks and processes, all of which do what they do at any moment.

First everything goes wrong that may, for as many moments as are drawn. Then it is calm: nothing fails any more, people
see to what waits for them, and all runs are to come to an end.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from orderloom.journal import JournalUnusableError
from tests.simulation.clerk import spans
from tests.simulation.disk import ILL
from tests.simulation.outside import ILLS
from tests.simulation.process import LEASE, Place, Process
from tests.simulation.traffic import Traffic, is_stuck

LEVELS = "location_id,sku,on_hand,reserved,safety_stock\nreno,MUG,{units},0,0\n"
LOCATIONS = "locations:\n  - location_id: reno\n    address: {city: Reno, country_code: US}\n"
MOST_STEPS, FEW_STEPS = 6000, 300  # in which all must have come to its end; few are enough where that is lost already
UNITS = 6


class World(Traffic):
    def __init__(self, seed: int, folder: Path) -> None:
        (folder / "stock").mkdir()
        (folder / "stock" / "locations.yaml").write_text(LOCATIONS, encoding="utf-8")
        (folder / "stock" / "levels.csv").write_text(LEVELS.format(units=UNITS), encoding="utf-8")
        super().__init__(Place(folder, random.Random(seed)))
        self.begun = 0
        self.weights = {one: weight * 4 ** self.chance.uniform(-1, 1) for one, weight in _WEIGHTS.items()}
        self.place.outside.ills = self.chance.sample(ILLS, self.chance.randint(0, 4))
        self.place.outside.refuses = self.chance.choice((0.0, 0.0, 0.1, 0.3))

    # The play

    async def play(self) -> None:
        self.start()
        for _ in range(self.chance.randint(60, 400)):
            await self.breathe()
            idle = self._idle()
            likely = {one: weight for one, weight in self.weights.items() if one not in idle}
            [name] = self.chance.choices(list(likely), list(likely.values()))
            _ACTIONS[name](self)
            self.place.loop.at_s += self.chance.random() * 0.05
        await self.calm_down()
        await self.let_go()
        for process in self.processes:
            process.begin("stop", process.stop())
        while any(process.is_alive for process in self.processes):
            await self.breathe()
            self.push()
            self.pass_time(0.5)

    def _idle(self) -> set[str]:
        """What there is nothing to do for."""
        alive = self.alive()
        is_queued, is_called = (any(p.lane.queue for p in alive), any(p.threads.jobs for p in alive))
        return {name for name, there in (("write", is_queued), ("call", is_called)) if not there}

    async def breathe(self) -> None:
        for _ in range(self.chance.randint(1, 6)):
            await asyncio.sleep(0)

    async def calm_down(self) -> None:
        """Until nothing more can come of anything."""
        self.place.tell("it is calm")
        self.place.outside.heal()
        self.place.disk.state = "well"
        for process in list(self.processes):
            process.stalled = False
            if process.other:  # the nodes are installed that the runs began with
                process.begin("stop", process.stop())
        for _ in range(FEW_STEPS if self.place.wrong else MOST_STEPS):
            await self.breathe()
            if not self.able():
                self.start()
            if self.push() or self.speak():
                continue
            if self.is_over():
                return
            self.go_to_next()
        self.place.complain(f"it does not come to an end: {self.left()}")

    async def let_go(self) -> None:
        """All have ended: now everybody may be erased and everything pruned, and an order that comes again is known."""
        for buyer in sorted(set(self.buyers.values())):
            self.place.tell(f"{buyer} is erased")
            if not self.clerk.erase(buyer):
                self.place.complain(f"{buyer} could not be erased, though all runs have ended")
        hours = self.chance.choice(((None, None), (0, None), (None, 0)))
        self.place.tell(f"history is pruned {hours}")
        self.clerk.prune(spans(hours))
        for flow, key in self.orders:
            self._order(self.able()[0], flow, key, 1)
            while self.able()[0].is_busy:
                await self.breathe()
                self.push()

    # What goes wrong

    def start(self) -> None:
        if len(self.processes) < 3:
            self.begun += 1
            patience = timedelta(seconds=self.chance.choice((0, 10, 10, 3600)))
            in_flight = self.chance.choice((1, 4, 64))
            other = bool(self.able()) and self.chance.random() < 0.25
            try:
                self.processes.append(Process(self.place, f"p{self.begun}", patience, in_flight, other=other))
            except JournalUnusableError as why:
                self.place.tell(f"p{self.begun} cannot start: {why}")
                return
            self.place.had_others |= other
            told = " with other nodes" if other else ""
            self.place.tell(f"p{self.begun} starts with the flows of edition {self.place.edition}{told}")

    def edit(self) -> None:
        """Somebody changes the flows; who has been started keeps those that it has read."""
        self.place.edition = 3 - self.place.edition
        self.place.tell(f"edition {self.place.edition} of the flows is there now")

    def fill(self) -> None:
        self.place.disk.state = self.chance.choice(ILL)
        self.place.tell(f"the disk is {self.place.disk.state}")

    def room(self) -> None:
        if self.place.disk.state != "well":
            self.place.disk.state = "well"
            self.place.tell("the disk is well again")

    def crash(self) -> None:
        if self.processes:
            process = self.chance.choice(self.processes)
            written = self.chance.randint(0, len(process.lane.queue))
            self.place.tell(f"{process.name} dies, {written} of {len(process.lane.queue)} written")
            self.processes.remove(process)
            process.die(written)
        if not self.processes:
            self.start()

    def end(self) -> None:
        """A process is told to stop, and does so in its own time."""
        if len(self.processes) > 1:
            process = self.chance.choice(self.processes)
            self.place.tell(f"{process.name} is told to stop")
            process.begin("stop", process.stop())

    def stall(self) -> None:
        if self.processes:
            process = self.chance.choice(self.processes)
            process.stalled = not process.stalled
            self.place.tell(f"{process.name} {'stalls' if process.stalled else 'goes on'}")

    def put_clock(self) -> None:
        by_s = self.chance.choice((-86_400, -3600, -40, 40, 3600, 86_400))
        self.place.tell(f"the clock is put by {by_s} s")
        self.place.clock.put_by_s += by_s

    def leap(self) -> None:
        self.pass_time(self.chance.choice((1, 5, 31, 600, 4000, 90_000)))

    def pass_time(self, seconds: float) -> None:
        self.place.loop.at_s += seconds
        for process in self.alive():
            process.beat()

    # Until it is calm

    def speak(self) -> bool:
        """Let one thing happen that somebody waits for; False where nothing is missing."""
        alive = self.alive()
        if any(process.doing - {process.watch} for process in alive):
            return False
        process = self.chance.choice(self.able())
        if self.to_say:
            self._order(process, *self.to_say[0])
            return True
        for task in process.journal.pending("kind != 'time'"):
            if is_stuck(task):
                continue
            if task.kind != "event":
                self._act(process, task, calm=True)
                return True
            if task.event != "document.changed" and self.chance.random() < 0.5:
                self._event(process, str(task.event), str(task.match), 100 + int(self.place.loop.at_s * 1000))
                return True
        return False

    def is_over(self) -> bool:
        return not self.to_say and not any(process.is_busy for process in self.processes) and not self.left()

    def left(self) -> list[str]:
        """The runs that have not ended."""
        found = self.processes[0].journal.select_runs("ended IS NULL")
        return [f"{run.flow} {run.key} is {run.status}, due {run.due}, owner {run.owner}" for run in found]

    def go_to_next(self) -> None:
        """Let time pass until something is due."""
        due = self.processes[0].journal.next_due()
        now = self.place.clock.now().timestamp()
        timer = self.place.loop.next_timer()
        near_s = timer - self.place.loop.at_s if timer is not None else 0.5
        far_s = LEASE.total_seconds() / 3 if due is None else due - now
        self.pass_time(max(near_s, far_s) + 0.001)


_ACTIONS: dict[str, Callable[[World], None]] = {
    "start": World.start, "crash": World.crash, "end": World.end, "stall": World.stall, "clock": World.put_clock,
    "leap": World.leap, "write": World.write, "call": World.call, "order": World.order, "event": World.event,
    "person": World.person, "cancel": World.cancel,
    "look": World.look, "resume": World.resume, "erase": World.erase, "prune": World.prune, "edit": World.edit,
    "fill": World.fill, "room": World.room,
}  # fmt: skip
_WEIGHTS = {
    "start": 2, "crash": 2, "end": 0.5, "stall": 1, "clock": 0.5, "leap": 3, "write": 50, "call": 20, "order": 6,
    "event": 4, "person": 8, "cancel": 0.3,
    "look": 2, "resume": 1, "erase": 1, "prune": 0.5, "edit": 0.5, "fill": 0.5, "room": 4,
}  # fmt: skip
