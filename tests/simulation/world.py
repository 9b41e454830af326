"""A world drawn from a seed: orders, events, people, clocks and processes, all of which do what they do at any moment.

First everything goes wrong that may, for as many moments as are drawn. Then it is calm: nothing fails any more, people
see to what waits for them, and all runs are to come to an end.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from orderloom.journal import Pending, Run
from orderloom.journal.counting import counted
from orderloom.run.drivers.sending import send
from orderloom.run.kept.astray import astray
from orderloom.run.people.acts import Person
from orderloom.run.people.again import again, begin_again
from orderloom.run.people.cancelling import cancel_run, cancel_without_undo
from orderloom.run.people.doing import do
from tests.simulation import flows
from tests.simulation.hands import Job
from tests.simulation.outside import ILLS
from tests.simulation.people import PEOPLES, act_on
from tests.simulation.process import LEASE, Place, Process

LEVELS = "location_id,sku,on_hand,reserved,safety_stock\nreno,MUG,{units},0,0\n"
LOCATIONS = "locations:\n  - location_id: reno\n    address: {city: Reno, country_code: US}\n"
MOST_STEPS = 6000
UNITS = 6


class World:
    def __init__(self, seed: int, folder: Path) -> None:
        (folder / "stock").mkdir()
        (folder / "stock" / "locations.yaml").write_text(LOCATIONS, encoding="utf-8")
        (folder / "stock" / "levels.csv").write_text(LEVELS.format(units=UNITS), encoding="utf-8")
        self.chance = random.Random(seed)
        self.place = Place(folder, self.chance)
        self.processes: list[Process] = []
        self.begun = 0
        names = self.chance.sample(flows.FLOWS, self.chance.randint(1, 3))
        self.orders = [(self.chance.choice(names), f"o{number}") for number in range(self.chance.randint(2, 5))]
        self.to_say = self._documents()
        self.told: set[tuple[str, str]] = set()  # orders that somebody was told of
        self.acted: dict[int, list[str]] = {}  # what people were told that they did, by task
        self.cancelled: set[str] = set()
        self.weights = {one: weight * 4 ** self.chance.uniform(-1, 1) for one, weight in _WEIGHTS.items()}
        self.place.outside.ills = self.chance.sample(ILLS, self.chance.randint(0, 4))
        self.place.outside.refuses = self.chance.choice((0.0, 0.0, 0.1, 0.3))

    def _documents(self) -> list[tuple[str, str, int]]:
        """Each order in its revisions, some of them twice, in any order."""
        found = []
        for flow, key in self.orders:
            revisions = [1, *self.chance.sample((2, 3, 4), self.chance.choice((0, 0, 1, 2)))]
            found += [(flow, key, one) for one in revisions for _ in range(self.chance.choice((1, 1, 2)))]
        self.chance.shuffle(found)
        return found

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
        for process in self.processes:
            process.stalled = False
        for _ in range(MOST_STEPS):
            await self.breathe()
            if not self.alive():
                self.start()
            if self.push() or self.speak():
                continue
            if self.is_over():
                return
            self.go_to_next()
        self.place.complain(f"it does not come to an end: {self.left()}")

    # What goes wrong

    def start(self) -> None:
        if len(self.processes) < 3:
            self.begun += 1
            patience = timedelta(seconds=self.chance.choice((0, 10, 10, 3600)))
            in_flight = self.chance.choice((1, 4, 64))
            self.processes.append(Process(self.place, f"p{self.begun}", patience, in_flight))
            self.place.tell(f"p{self.begun} starts")

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

    # What processes do

    def alive(self) -> list[Process]:
        self.processes = [process for process in self.processes if process.is_alive]
        return [process for process in self.processes if not process.stalled]

    def write(self) -> None:
        if writing := [process for process in self.alive() if process.lane.queue]:
            process = self.chance.choice(writing)
            process.lane.write(self.chance.choice((1, 1, 2, 5, 50)))

    def call(self) -> None:
        if jobs := [(process, job) for process in self.alive() for job in process.threads.jobs]:
            self._step(*self.chance.choice(jobs))

    def _step(self, process: Process, job: Job) -> None:
        if job.is_made:
            process.threads.tell(job)
        else:
            process.threads.step(job)

    def push(self) -> bool:
        """Write what is queued and make what is to be called; whether there was any."""
        moved = False
        for process in self.alive():
            moved |= bool(process.lane.queue or process.threads.jobs)
            process.lane.write(50)
            for job in list(process.threads.jobs):
                self._step(process, job)
        return moved

    # What comes in, and what people do

    def order(self) -> None:
        if self.to_say and (alive := self.alive()):
            self._order(self.chance.choice(alive), *self.to_say[self.chance.randrange(len(self.to_say))])

    def _order(self, process: Process, flow: str, key: str, revision: int) -> None:
        self.place.tell(f"{process.name} is given {flow} {key} in revision {revision}")
        process.begin(f"order {key}", self._ordered(process, flow, key, revision))

    async def _ordered(self, process: Process, flow: str, key: str, revision: int) -> None:
        trigger, program = flows.came(key, revision, self.chance.choice((1, 1, 2))), flows.program(flow)
        if revision > 1 and self.chance.random() < 0.5:
            told = await process.crew.revise(program, key, trigger, flows.opened(flow))
        else:
            told = await process.crew.order(program, key, trigger, flows.opened(flow))
        if told is not None:
            self.told.add((flow, key))
        if (flow, key, revision) in self.to_say and self.chance.random() < 0.7:
            self.to_say.remove((flow, key, revision))

    def event(self) -> None:
        if alive := self.alive():
            _, key = self.chance.choice(self.orders)
            event = self.chance.choice(("delivered", "ready", "ready", "never"))
            self._event(self.chance.choice(alive), event, key, self.chance.randint(1, 3))

    def _event(self, process: Process, event: str, match: str, number: int) -> None:
        self.place.tell(f"{process.name} is told of {event} {match} ({number})")
        id_ = f"{event}-{match}-{number}"
        process.begin(f"event {id_}", send(process.crew, event, match, json.dumps({"number": number}), id_))

    def person(self) -> None:
        if (alive := self.alive()) and (tasks := alive[0].journal.pending(PEOPLES)):
            task = self.chance.choice(tasks)
            for process in self.chance.choices(alive, k=self.chance.choice((1, 1, 1, 2))):
                self._act(process, task)

    def _act(self, process: Process, task: Pending, *, calm: bool = False) -> None:
        if not task.step and task.kind != "changed":
            self.place.complain(f"run {task.run} is stuck: {task.body}")
            return
        self._arrive(task)
        word, act = act_on(self.place, process, task, calm=calm)
        self.place.tell(f"somebody at {process.name} says {word} to task {task.number} ({task.kind} {task.step})")
        process.begin(f"task {task.number}", self._acted(process, task, word, act))

    async def _acted(self, process: Process, task: Pending, word: str, act: Any) -> None:
        await do(process.crew, task.number, act, Person("ann"))
        self.acted.setdefault(task.number, []).append(word)

    def _arrive(self, task: Pending) -> None:
        """Who looks whether something was done looks when nothing is on its way any more."""
        for process in self.processes:
            for job in [job for job in process.threads.jobs if not job.is_made]:
                process.threads.step(job)

    def look(self) -> None:
        """At any moment orders in are what has become of them, and what rests waits for what is listed, and in time."""
        if alive := self.alive():
            journal, pins = alive[0].journal, alive[0].crew.pins
            for flow, count in journal.read(counted).items():
                if not count.holds:
                    self.place.complain(f"orders of {flow} in are not what has become of them: {count}")
            for number, *_ in journal.all(_LATE):
                self.place.complain(f"run {number} waits for something that is due before it is")
            for run in journal.select_runs(_RESTS):
                if wrong := astray(journal, pins, run):
                    self.place.complain(f"{run.flow} {run.key} waits for {wrong.listed}, and played back {wrong}")

    def cancel(self) -> None:
        if alive := self.alive():
            process = self.chance.choice(alive)
            if runs := list(process.journal.select_runs("ended IS NULL")):
                run = self.chance.choice(runs)
                undoing = self.chance.random() < 0.8
                self.place.tell(f"somebody cancels {run.key}{'' if undoing else ' without undo'}")
                crew, who = process.crew, Person("bob")
                asked = crew.resume(run, cancel_run(who)) if undoing else cancel_without_undo(crew, run, who)
                process.begin(f"cancel {run.key}", asked)

    def resume(self) -> None:
        """Somebody has a run gone on with, or an order done again whose run has ended."""
        if alive := self.alive():
            process = self.chance.choice(alive)
            if runs := list(process.journal.select_runs("flow != 'ship'")):
                run = self.chance.choice(runs)
                self.place.tell(f"somebody has {run.key} {'done again' if run.ended else 'gone on with'}")
                process.begin(f"resume {run.key}", self._again(process, run) if run.ended else process.crew.resume(run))

    async def _again(self, process: Process, run: Run) -> None:
        today = flows.opened(run.flow), flows.program(run.flow)
        made = again(process.journal, process.crew.pins, run, today, None)
        await begin_again(process.crew, made, Person("eve"))

    # Until it is calm

    def speak(self) -> bool:
        """Let one thing happen that somebody waits for; False where nothing is missing."""
        alive = self.alive()
        if any(process.doing - {process.watch} for process in alive):
            return False
        process = self.chance.choice(alive)
        if self.to_say:
            self._order(process, *self.to_say[0])
            return True
        for task in process.journal.pending("kind != 'time'"):
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


_RESTS = "owner IS NULL AND ended IS NULL AND status != 'running' AND coalesce(due, 1) > 0"
_LATE = f"""SELECT number FROM run WHERE {_RESTS}
    AND (SELECT min(due) FROM pending p WHERE p.run = run.number) < coalesce(due, 1e12)"""
_ACTIONS: dict[str, Callable[[World], None]] = {
    "start": World.start, "crash": World.crash, "end": World.end, "stall": World.stall, "clock": World.put_clock,
    "leap": World.leap, "write": World.write, "call": World.call, "order": World.order, "event": World.event,
    "person": World.person, "cancel": World.cancel,
    "look": World.look, "resume": World.resume,
}  # fmt: skip
_WEIGHTS = {
    "start": 2, "crash": 2, "end": 0.5, "stall": 1, "clock": 0.5, "leap": 3, "write": 50, "call": 20, "order": 6,
    "event": 4, "person": 8, "cancel": 0.3,
    "look": 2, "resume": 1,
}  # fmt: skip
