"""What happens in a simulated world while nothing goes wrong: writes, calls, documents, events, and what people do."""

from __future__ import annotations

import json
from typing import Any

from orderloom.journal import KEPT, Journal, Pending, Run
from orderloom.journal.counting import counted
from orderloom.run.drivers.sending import send
from orderloom.run.kept.astray import astray
from orderloom.run.kept.resting import ended
from orderloom.run.people.acts import Person
from orderloom.run.people.again import again, begin_again
from orderloom.run.people.cancelling import cancel_run, cancel_without_undo
from orderloom.run.people.doing import do
from tests.simulation import flows
from tests.simulation.clerk import Clerk, spans
from tests.simulation.hands import Job
from tests.simulation.people import PEOPLES, act_on
from tests.simulation.process import Place, Process

_IS_STUCK = "EXISTS (SELECT 1 FROM pending p WHERE p.run = run.number AND p.kind = 'parked' AND p.step = '')"
_RESTS = f"""owner IS NULL AND ended IS NULL AND status != 'running' AND coalesce(due, 1) > 0 AND NOT {_IS_STUCK}"""
_LATE = f"""SELECT number FROM run WHERE {_RESTS}
    AND (SELECT min(due) FROM pending p WHERE p.run = run.number) < coalesce(due, 1e12)"""


class Traffic:
    """The orders of a world, as documents that are still `to_say`, and the processes that are told of them."""

    def __init__(self, place: Place) -> None:
        self.place, self.chance = place, place.chance
        self.processes: list[Process] = []
        names = self.chance.sample(flows.FLOWS, self.chance.randint(1, 3))
        self.orders = [(self.chance.choice(names), f"o{number}") for number in range(self.chance.randint(2, 5))]
        self.to_say = self._documents()
        keys = [key for _, key in self.orders]
        self.buyers = {key: self.chance.choice(keys[: number + 1]) for number, key in enumerate(keys)}
        self.clerk = Clerk(place)
        self.told: dict[tuple[str, str], str] = {}  # orders that somebody was told of, and how they stood then
        self.heard: set[str] = set()  # events that somebody was told were kept
        self.acted: dict[int, list[str]] = {}  # what people were told that they did, by task

    def _documents(self) -> list[tuple[str, str, int]]:
        """Each order in its revisions, some of them twice, in any order."""
        found = []
        for flow, key in self.orders:
            revisions = [1, *self.chance.sample((2, 3, 4), self.chance.choice((0, 0, 1, 2)))]
            found += [(flow, key, one) for one in revisions for _ in range(self.chance.choice((1, 1, 2)))]
        self.chance.shuffle(found)
        return found

    # What processes do

    def alive(self) -> list[Process]:
        self.processes = [process for process in self.processes if process.is_alive]
        return [process for process in self.processes if not process.stalled]

    def able(self) -> list[Process]:
        """Who is there to be told something, and has the nodes for it."""
        return [process for process in self.alive() if not process.other and not process.is_giving_up]

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
        if self.to_say and (able := self.able()):
            self._order(self.chance.choice(able), *self.to_say[self.chance.randrange(len(self.to_say))])

    def _order(self, process: Process, flow: str, key: str, revision: int) -> None:
        self.place.tell(f"{process.name} is given {flow} {key} in revision {revision}")
        process.begin(f"order {key}", self._ordered(process, flow, key, revision))

    async def _ordered(self, process: Process, flow: str, key: str, revision: int) -> None:
        trigger = flows.came(key, revision, self.chance.choice((1, 1, 2)), self.buyers[key])
        opened, program = flows.opened(flow, process.edition), flows.program(flow, process.edition)
        if revision > 1 and self.chance.random() < 0.5:
            told = await process.crew.revise(program, key, trigger, opened)
        else:
            told = await process.crew.order(program, key, trigger, opened)
        if told is not None:
            self._told_of((flow, key), told.status)
        if (flow, key, revision) in self.to_say and self.chance.random() < 0.7:
            self.to_say.remove((flow, key, revision))

    def _told_of(self, order: tuple[str, str], status: str) -> None:
        """What has ended stays as it ended."""
        before = self.told.get(order, "")
        if before and ended(before) and status != before:
            self.place.complain(f"{order} was told to be {before}, and then {status}")
        self.told[order] = status

    def event(self) -> None:
        if alive := self.able():
            _, key = self.chance.choice(self.orders)
            event = self.chance.choice(("delivered", "ready", "ready", "never"))
            self._event(self.chance.choice(alive), event, key, self.chance.randint(1, 3))

    def _event(self, process: Process, event: str, match: str, number: int) -> None:
        self.place.tell(f"{process.name} is told of {event} {match} ({number})")
        id_ = f"{event}-{match}-{number}"
        process.begin(f"event {id_}", self._sent(process, event, match, number, id_))

    async def _sent(self, process: Process, event: str, match: str, number: int, id_: str) -> None:
        said = {"number": number, "by": flows.address_of(self.buyers.get(match, match))}
        await send(process.crew, event, match, json.dumps(said), id_)
        self.heard.add(id_)

    def person(self) -> None:
        if (alive := self.able()) and (tasks := alive[0].journal.pending(PEOPLES)):
            task = self.chance.choice(tasks)
            for process in self.chance.choices(alive, k=self.chance.choice((1, 1, 1, 2))):
                self._act(process, task)

    def _act(self, process: Process, task: Pending, *, calm: bool = False) -> None:
        if is_stuck(task):
            if not self.place.had_others:
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
        if alive := self.able():
            journal, pins = alive[0].journal, alive[0].crew.pins
            for flow, count in journal.read(counted).items():
                if not count.holds:
                    self.place.complain(f"orders of {flow} in are not what has become of them: {count}")
            self._look_for_lost(journal)
            for number, *_ in journal.all(_LATE):
                self.place.complain(f"run {number} waits for something that is due before it is")
            for run in journal.select_runs(_RESTS):
                if wrong := astray(journal, pins, run):
                    self.place.complain(f"{run.flow} {run.key} waits for {wrong.listed}, and played back {wrong}")

    def _look_for_lost(self, journal: Journal) -> None:
        """What somebody was told of is there."""
        for order in self.told.keys() - set(runs_in(journal, self.clerk)):
            self.place.complain(f"{order} was told of, and has no run")
        for id_ in self.heard - {row[0] for row in journal.all("SELECT id FROM signal")}:
            self.place.complain(f"the event {id_} was told of, and is not there")

    def cancel(self) -> None:
        if alive := self.able():
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
        if alive := self.able():
            process = self.chance.choice(alive)
            if runs := list(process.journal.select_runs("flow != 'ship' AND payload = ?", (KEPT,))):
                run = self.chance.choice(runs)
                self.place.tell(f"somebody has {run.key} {'done again' if run.ended else 'gone on with'}")
                process.begin(f"resume {run.key}", self._again(process, run) if run.ended else process.crew.resume(run))

    # What is let go

    def erase(self) -> None:
        buyer = self.chance.choice(sorted(set(self.buyers.values())))
        writes = self.chance.choice((None, None, 0, 1, 2, 3, 5))
        self.place.tell(f"somebody has {buyer} erased{'' if writes is None else f', and dies after {writes} writes'}")
        self.clerk.erase(buyer, writes)

    def prune(self) -> None:
        hours = self.chance.choice(((0, None), (1, 24), (None, 2), (24, 24), (None, 0)))
        writes = self.chance.choice((None, None, 0, 1, 2, 3))
        self.place.tell(f"history is pruned {hours}{'' if writes is None else f', but {writes} writes are made'}")
        self.clerk.prune(spans(hours), writes)

    async def _again(self, process: Process, run: Run) -> None:
        today = flows.opened(run.flow, process.edition), flows.program(run.flow, process.edition)
        made = again(process.journal, process.crew.pins, run, today, None)
        await begin_again(process.crew, made, Person("eve"))


def is_stuck(task: Pending) -> bool:
    """Whether nobody can do anything about it but install what the run began with."""
    return not task.step and task.kind == "parked"


def runs_in(journal: Journal, clerk: Clerk) -> list[tuple[str, str]]:
    """Flow and key of all runs, also of those of which the id alone is left."""
    there = [(run.flow, run.key) for run in journal.select_runs("1")]
    gone = [row[0] for row in journal.all("SELECT id FROM gone")]
    return there + [(clerk.past[id_].run.flow, clerk.past[id_].run.key) for id_ in gone]
