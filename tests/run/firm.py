"""A firm for tests: one flow of small nodes, a journal in a folder, a clock that is moved, a world that fails."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from orderloom import Later, NodeError, Outcome, World, node
from orderloom.flow.check import check_document
from orderloom.flow.open import Opened
from orderloom.journal import Journal, Signal
from orderloom.model import Model
from orderloom.packs import Catalogue, catalogue
from orderloom.run.drivers.crew import Crew, WorkedOn
from orderloom.run.drivers.working import Worker
from orderloom.run.drivers.workshop import Workshop
from orderloom.run.kept.pins import Pins
from orderloom.run.machine.answers import Answers
from orderloom.run.machine.program import compile_plan
from orderloom.run.people.acts import Act, Person, answer
from orderloom.run.people.doing import do
from orderloom.run.telling.report import RunReport
from orderloom.run.telling.tasks import Task, tasks
from orderloom.source import parse_yaml
from tests.journal.making import SetClock


class Came(Outcome, name="came"):
    order: dict[str, Any]


class Worked(Outcome, name="worked"):
    out: Any = None


class Made(Outcome, name="made"):
    label: str
    copies: int = 1


class Parcel(Model):
    sku: str
    weight: int


class DiedError(BaseException):
    """The process ends in the middle of a call."""


@dataclass
class Outside:
    """What the nodes below meet: how often each call comes, by key, and what fails: node → classes, one a call."""

    calls: list[tuple[str, str, Any]] = field(default_factory=list)
    fails: dict[str, list[str]] = field(default_factory=dict)
    dies_in: str | None = None

    def meet(self, name: str, key: str, given: Any = None) -> None:
        self.calls.append((name, key, given))
        if self.dies_in == name:
            self.dies_in = None
            raise DiedError
        if self.fails.get(name):
            raise NodeError(self.fails[name].pop(0), f"{name} says no")

    def given(self, name: str) -> list[Any]:
        return [given for called, _, given in self.calls if called == name]


@node("come", kind="trigger")
def come() -> Came:
    """Begins a run."""
    return Came(order={})


@node("work")
def work(given: Any = None) -> Worked:
    """Has one outcome."""
    return Worked(out=given)


@node("post", effects="keyed")
def post(world: World, parcel: Parcel | None = None, given: Any = None) -> Made:
    """Has an effect, and fails as it is told."""
    world.connection("outside", Outside).meet("post", world.key, given if parcel is None else parcel)
    return Made(label=f"L-{world.key[:4]}")


@node("unpost", effects="keyed")
def unpost(world: World, label: str) -> Worked:
    """Takes it back, and fails as it is told."""
    world.connection("outside", Outside).meet("unpost", world.key, label)
    return Worked()


@node("charge", effects="once")
def charge(world: World, given: Any = None) -> Made:
    """Has an effect that nobody dedupes."""
    world.connection("outside", Outside).meet("charge", world.key, given)
    return Made(label="charged")


@node("look", effects="keyed")
def look(world: World, hours: int = 2) -> Worked | Later:
    """Looks again after some hours, and then once more."""
    seen = (world.state or {}).get("seen", 0)
    world.connection("outside", Outside).meet("look", world.key, seen)
    return Worked(out=seen) if seen == 2 else Later(world.now() + timedelta(hours=hours), {"seen": seen + 1})


NODES = {f"test/{found.name}": found for found in (come, work, post, unpost, charge, look)}


def nodes() -> Catalogue:
    """The nodes above, and those that are shipped."""
    core = {key: source for key, source in catalogue().sources.items() if key.partition("/")[2] not in ("come", "work")}
    return Catalogue({**dict.fromkeys(NODES, __name__), **core}, dict(NODES))


HEAD = """flow: small
version: 1
key: =start.order.id
defaults: {retry: 2x 1h..1h}
steps:
  start: {use: come}
"""


class Firm:
    """What stays when a process ends: the folder with the journal, the clock, the world outside."""

    def __init__(self, folder: Path, steps: str) -> None:
        self.folder, self.clock, self.outside = folder, SetClock(), Outside()
        self.catalogue = nodes()
        text = HEAD + steps
        file = folder / "small.yaml"
        file.write_text(text, encoding="utf-8")
        checked = check_document(parse_yaml(text, str(file)), self.catalogue, [folder], ("outside",))
        errors = [problem for problem in checked.problems if problem.severity == "error"]
        assert errors == [], [(str(p.place), p.message, p.help) for p in errors]
        self.opened = Opened(file, checked, self.catalogue, None)
        assert checked.plan
        self.program = compile_plan(checked.plan)

    @contextmanager
    def at_work(self, owner: str | None = None, answers: Mapping[str, Any] | None = None) -> Iterator[Crew]:
        """A process of the firm: a crew that ends, and another knows only what is in the journal."""
        journal = Journal(self.folder / "journal.db", self.clock, owner)
        with closing(journal):
            world = {"outside": self.outside}
            shop = Workshop(journal, self.catalogue, world, self.clock, Answers(answers or {}), sleep=self._sleep)
            with closing(shop):
                pins = Pins(journal, None)
                pins.add(self.program)
                yield Crew(shop, pins)

    async def _sleep(self, seconds: float) -> None:
        self.clock.move(seconds)
        await asyncio.sleep(0)

    def came(self, key: str, **more: Any) -> Came:
        return Came(order={"id": key, **more})

    def order(self, key: str = "1", answers: Mapping[str, Any] | None = None, **more: Any) -> RunReport:
        """An order comes in; its run goes as far as it can."""
        with self.at_work(answers=answers) as crew:
            return asyncio.run(crew.order(self.program, key, self.came(key, **more), self.opened))

    def do(self, number: int, act: Act, by: str = "kim", why: str | None = None) -> RunReport:
        """A person does something about a task."""
        with self.at_work() as crew:
            told = asyncio.run(do(crew, number, act, Person(by, why)))
            [run] = crew.shop.journal.find(told.run)
            assert crew.look(run).to_json() == told.to_json(), "played back it stands elsewhere"
        return told

    def say(self, number: int, said: Any, by: str = "kim", why: str | None = None) -> RunReport:
        """A person answers a task."""
        return self.do(number, answer(said), by, why)

    def work(self, in_flight: int = 64) -> list[WorkedOn]:
        """Whatever is due is gone on with."""
        told: list[WorkedOn] = []
        with self.at_work() as crew:
            asyncio.run(Worker(crew, told.append, in_flight).work_off())
        return told

    def send(self, id_: str, event: str = "parcel", match: str = "1", body: str = "{}") -> bool:
        """An event comes from outside."""
        with closing(Journal(self.folder / "journal.db", self.clock)) as journal:
            return journal.keep_signal(Signal(id_, event, match, self.clock.now().isoformat(), body))

    def inbox(self, **limits: Any) -> list[Task]:
        with closing(Journal(self.folder / "journal.db", self.clock)) as journal:
            return list(tasks(journal, **limits))

    def events(self, number: int = 1) -> list[str]:
        """What happened in a run, in words: `done ask`."""
        with closing(Journal(self.folder / "journal.db", self.clock)) as journal:
            return [f"{one.kind} {one.step}".strip() for one in journal.events(number)]

    def status(self, number: int = 1) -> str:
        with closing(Journal(self.folder / "journal.db", self.clock)) as journal:
            return journal.run(number).status

    def later(self, **time: float) -> None:
        self.clock.moment += timedelta(**time)
