"""Kept runs in a test's hands: processes that may die, an outside that outlives them, a clock that jumps.

A `Place` is a project's folder with its journal; a `Process` is a runner at work in it. `Process(place, dies_at=…)`
dies at one of its commits: what it had not written by then is lost, and what it was about to do is not done.
"""

from __future__ import annotations

import asyncio
import json
import random
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any, TypeVar

from orderloom.declare import Later, NodeError, Outcome, node
from orderloom.flow.check import check_flow
from orderloom.flow.open import Opened
from orderloom.flow.plan import Plan
from orderloom.flow.read import read_flow
from orderloom.journal import Event, Journal, JournalUnusableError, Lease, LostLeaseError, Pending, Signal
from orderloom.journal.lane import Joint, Lane, Waiting, Work, begun
from orderloom.journal.turn import Turn
from orderloom.packs import Catalogue, catalogue
from orderloom.run.drivers.calling import idempotency_key
from orderloom.run.drivers.crew import Crew
from orderloom.run.drivers.workshop import Workshop
from orderloom.run.kept.pins import Pins
from orderloom.run.machine.program import Program, compile_plan
from orderloom.run.people import acts
from orderloom.run.people.acts import Act, Person
from orderloom.run.people.doing import do
from orderloom.run.telling.report import RunReport
from orderloom.source import parse_yaml
from orderloom.world import World
from tests.journal.making import SetClock
from tests.run.small import Came, Left, Right, Worked, come, work

T = TypeVar("T")
PATIENCE = timedelta(seconds=10)
LEASE = timedelta(seconds=30)


@dataclass
class Outside:
    """Everything that effects reach. It knows a call by its key, and keeps count of those that came again.

    `fails` says what goes wrong with a call, by what it is, what it is given and how often it was tried before: a class
    of error before it has taken effect, or `class!` after.
    """

    done: dict[str, Any] = field(default_factory=dict)  # by key: each counts once
    every: list[tuple[str, str]] = field(default_factory=list)  # what, key: each time that it took effect
    fails: Callable[[str, Any, int], str | None] = lambda _what, _given, _time: None
    _tried: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def act(self, what: str, key: str, given: Any) -> Any:
        with self._lock:
            wrong = self.fails(what, given, self._tried[key])
            self._tried[key] += 1
            if wrong and not wrong.endswith("!"):
                raise NodeError(wrong, "the outside would not")
            self.every.append((what, key))
            answer = self.done.setdefault(key, given)
            if wrong:
                raise NodeError(wrong[:-1], "the outside did it, and its answer was lost")
            return answer

    def doubles(self) -> Counter[tuple[str, str]]:
        """What took effect more than once, and how often too often."""
        return Counter({call: times - 1 for call, times in Counter(self.every).items() if times > 1})


@node("act", effects="keyed")
def act(world: World, given: Any = None) -> Worked:
    """Does something outside that is known by its key."""
    return Worked(out=world.connection("outside", Outside).act("act", world.key, given))


@node("act-once", effects="once")
def act_once(world: World, given: Any = None) -> Worked:
    """Does something outside that nothing knows again."""
    return Worked(out=world.connection("outside", Outside).act("act-once", world.key, given))


@node("take-back", effects="keyed")
def take_back(world: World, given: Any = None) -> Worked:
    """Takes something back outside."""
    return Worked(out=world.connection("outside", Outside).act("take-back", world.key, given))


@node("poll", effects="keyed")
def poll(world: World, seconds: int = 5, times: int = 2) -> Worked:
    """Looks outside every few seconds, and is done at the last look."""
    looked = (world.state or {}).get("looked", 0)
    if looked < times:
        return Later(world.now() + timedelta(seconds=seconds), {"looked": looked + 1})  # type: ignore[return-value]
    return Worked(out=world.connection("outside", Outside).act("poll", world.key, looked))


class Picked(Outcome, name="picked"):
    """Not used by a node: what a route hands on."""


@node("choose")
def choose(given: Any = None) -> Left | Right:
    """Goes left or right, as it is told."""
    return Right(out=given) if given == "right" else Left(out=given)


def nodes() -> Catalogue:
    """The nodes above beside those of the core pack that need nothing outside."""
    core = catalogue()
    own = {f"test/{found.name}": found for found in (come, work, act, act_once, take_back, poll, choose)}
    return Catalogue({**core.sources, **dict.fromkeys(own, "tests.run.keeping")}, {**core._nodes, **own})


NODES = nodes()


def flow_text(steps: str, name: str = "kept", let: str = "") -> str:
    """A flow of these steps behind the trigger `start`."""
    return f"flow: {name}\nversion: 1\nkey: =start.order.id\n{let}steps:\n  start: {{use: come}}\n{steps}"


def opened(text: str, folder: Path, **beside: str) -> Opened:
    """The flow of that text, its subflows (text by name) beside it in the folder."""
    for name, other in beside.items():
        (folder / f"{name}.yaml").write_text(other, encoding="utf-8")
    file = folder / "kept.yaml"
    file.write_text(text, encoding="utf-8")
    checked = check_flow(read_flow(parse_yaml(text, str(file))), NODES, [folder])
    wrong = [problem for problem in checked.problems if problem.severity == "error"]
    assert wrong == [], [(str(problem.place), problem.message, problem.help) for problem in wrong]
    return Opened(file, checked, NODES, None, {file.resolve(): text.encode()})


@cache
def opened_once(text: str, beside: tuple[tuple[str, str], ...] = ()) -> Opened:
    """The same for many places: what is opened does not change."""
    with TemporaryDirectory(prefix="orderloom-") as folder:
        return opened(text, Path(folder), **dict(beside))


def order(id_: str = "1", **more: Any) -> Came:
    return Came(order={"id": id_, "lines": [1, 2, 3], **more})


@dataclass
class Place:
    """A folder with a flow and a journal, and what outlives the processes that work there."""

    folder: Path
    opened: Opened
    outside: Outside = field(default_factory=Outside)
    clock: SetClock = field(default_factory=SetClock)
    connections: Mapping[str, Any] = field(default_factory=dict)
    processes: int = 0

    @property
    def file(self) -> Path:
        return self.folder / "journal.db"

    @property
    def program(self) -> Program:
        assert self.opened.checked.plan is not None
        return _compiled(self.opened.checked.plan)


_PROGRAMS: dict[str, Program] = {}


def _compiled(plan: Plan) -> Program:
    if plan.hash not in _PROGRAMS:
        _PROGRAMS[plan.hash] = compile_plan(plan)
    return _PROGRAMS[plan.hash]


class AtOnce(Lane):
    """A writer without a thread: each write is a commit of its own, so that each is a moment to die at."""

    def __init__(self, file: Path, db: sqlite3.Connection, committing: Callable[[str], None] | None = None) -> None:
        self.file, self._db, self._committing = file, db, committing or (lambda _when: None)
        self._turn = Turn(db)

    def submit(self, work: Work | Joint, waiting: Waiting | None = None) -> Any:
        waiting = waiting or begun()
        self.commit([(work, waiting)])
        return waiting

    def close(self) -> None:
        self._db.close()


class Death(Exception):
    """The process is gone: nothing that it does from here on counts."""


class Process:
    """A runner at work in a place, until it is closed or dies: before (or after) its so manieth commit."""

    def __init__(self, place: Place, dies_at: tuple[int, str] | None = None) -> None:
        place.processes += 1
        self.place, self.dies_at, self.commits, self.dead = place, dies_at, 0, False
        self.begun = False  # opening the file writes too, before anything is done
        self.journal = Journal(place.file, place.clock, f"p{place.processes}", self._committing, LEASE, lane=AtOnce)
        known = {"outside": place.outside, **place.connections}
        self.shop = Workshop(
            self.journal, place.opened.catalogue, known, place.clock, patience=PATIENCE, sleep=self._sleep,
            jitter=random.Random(0), workers=1,
        )  # fmt: skip
        self.crew = Crew(self.shop, Pins(self.journal, place.opened.project))
        self.crew.pins.add(place.program)
        self.begun = True

    def _committing(self, when: str) -> None:
        if not self.begun:
            return
        self.commits += when == "before"
        if self.dead or (self.commits, when) == self.dies_at:
            self.dead = True
            raise Death

    async def _sleep(self, seconds: float) -> None:
        self.place.clock.move(seconds)
        await asyncio.sleep(0)

    def close(self) -> None:
        self.shop.close()
        self.journal.close()

    # What it is told to do

    def order(self, trigger: Any, key: str | None = None) -> RunReport:
        known: str = trigger.order["id"] if key is None else key
        return asyncio.run(self.crew.order(self.place.program, known, trigger, self.place.opened))

    def do(self, task: Pending, act: Act) -> RunReport:
        return asyncio.run(do(self.crew, task.number, act, Person("ann")))

    def go_on(self, lease: Lease) -> RunReport | None:
        worked = asyncio.run(self.crew.go_on(*self.crew.shop.journal.held([lease])))
        if worked.bug is not None:
            raise worked.bug
        return worked.report

    def work(self) -> int:
        """Go on with all that is due; gives how many."""
        count = 0
        while leases := self.journal.take_due():
            for lease in leases:
                self.go_on(lease)
                count += 1
        return count

    def signal(self, event: str, match: str, body: str = "null", id_: str | None = None) -> bool:
        at = self.place.clock.now().isoformat()
        return self.journal.keep_signal(Signal(id_ or f"{event}-{match}", event, match, at, body))

    def reports(self) -> dict[str, dict[str, Any]]:
        """What every run has come to, by its key."""
        return {run.key: self.crew.look(run).to_json() for run in self.journal.select_runs("1")}


def in_doubt(place: Place) -> set[str]:
    """The keys of the calls that had begun when the last process died, and of which it wrote no result."""
    keys = set()
    with process(place) as made:
        for run in made.journal.select_runs("1"):
            begun: dict[tuple[str, int | None, bool], str] = {}
            for event in made.journal.events(run.number):
                undo = bool(json.loads(event.body).get("undo"))
                call: Any = SimpleNamespace(name=event.step, item=event.item, undo=undo)
                if event.kind == "intent":
                    begun[(event.step, event.item, undo)] = idempotency_key(run.id, call)
                else:
                    begun.pop((event.step, event.item, undo), None)
            keys |= set(begun.values())
    return keys


@contextmanager
def process(place: Place, dies_at: tuple[int, str] | None = None) -> Any:
    made = Process(place, dies_at)
    try:
        yield made
    finally:
        made.close()


def drive(
    place: Place,
    answers: Mapping[str, Any] | None = None,
    trigger: Any = None,
    dies_at: tuple[int, str] | None = None,
) -> Process:
    """Work in the place, as people and the outside would, until nothing more can come of it; or until it dies.

    `trigger` is the order that comes in, again and again. `answers` are what people say, by step. Events that are
    waited for come by themselves (`event STEP` is what they say, as JSON), times too; `give STEP` is what somebody
    gives in place of a step that is parked.
    """
    made = Process(place, dies_at)
    try:
        _forget_the_dead(made)
        if trigger is not None:
            made.order(trigger, "1")
        while made.work() or _step(made, answers or {}):
            pass
    except (JournalUnusableError, LostLeaseError):
        assert made.dead
    finally:
        made.close()
    return made


def _forget_the_dead(made: Process) -> None:
    """As if their leases had run out, without the time that it takes: what is written is then the same, times too."""
    made.journal.change(lambda db: db.execute("UPDATE run SET owner = NULL, lease = NULL WHERE ended IS NULL"))


def _step(made: Process, answers: Mapping[str, Any]) -> bool:
    """Let one thing happen that a run waits for; False where there is none."""
    for one in made.journal.pending():
        said = answers.get(f"event {one.step}", "null")
        if one.kind == "event" and made.signal(str(one.event), str(one.match), said):
            return True
        if one.kind == "person" and one.step in answers:
            made.do(one, acts.answer(answers[one.step]))
            return True
        if one.kind == "parked" and f"give {one.step}" in answers:
            made.do(one, acts.answer(answers[f"give {one.step}"]))
            return True
        if one.kind == "time" and one.due is not None:
            made.place.clock.move(max(0.0, one.due - made.place.clock.now().timestamp()) + 0.001)
            return True
    return False


def events_of(place: Place) -> list[Event]:
    """What happened in the one run of the place."""
    with process(place) as made:
        [run] = made.journal.select_runs("1")
        found: list[Event] = made.journal.events(run.number)
        return found


def report_of(place: Place) -> dict[str, Any]:
    """What the one run of the place has come to; steps that go on side by side settle in any order."""
    with process(place) as made:
        [report] = made.reports().values()
        return {**report, "path": sorted(report["path"])}
