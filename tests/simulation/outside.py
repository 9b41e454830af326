"""What effects reach in a simulation: receivers that count, lines to them that fail, and the nodes that call them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from orderloom import Later, Outcome, Setting, World, node
from orderloom.model import Order
from orderloom.packs import Catalogue, catalogue
from orderloom.world.connection_types import ConnectionType
from orderloom.world.connections import Connections, Definition
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.guard import Breaker, Guard, Rate
from tests.run.small import Left, Right, Worked, work
from tests.simulation.hands import HandLoop

FORGETFUL = "desk"  # of the lines below: who is there does what is asked as often as it is asked
LINES: dict[str, dict[str, Any]] = {
    "bank": {"breaker": Breaker(3, 30.0)},
    "carrier": {"rate": Rate(2, 1.0, "2/s"), "breaker": Breaker(5, 60.0)},
    "till": {"in_doubt": "query"},
    "press": {},
    FORGETFUL: {},
}


@dataclass
class Outside:
    """Whoever receives: `landed` counts by key how often something took effect, `whats` says what a key is for.

    `ills` are what may go wrong with a call, drawn for each; what is refused is refused until somebody sees to it.
    """

    chance: random.Random
    ills: list[str] = field(default_factory=list)
    refuses: float = 0.0
    landed: Counter[str] = field(default_factory=Counter)
    whats: dict[str, str] = field(default_factory=dict)
    refused: dict[str, bool] = field(default_factory=dict)
    astray: list[str] = field(default_factory=list)  # what a node of another version did than the run began with

    def take(self, line: str, what: str, key: str) -> str:
        """Do it, unless something goes wrong; or do it, and the answer is lost."""
        ill = self._ill(what)
        if ill in _BEFORE:
            raise _BEFORE[ill]()
        if line == FORGETFUL or not self.landed[key]:
            self.landed[key] += 1
        self.whats[key] = what
        if ill == "lost":
            raise ConnectionFailedError("timeout", "it did it, and its answer was lost", in_doubt=True)
        return what

    def has(self, key: str) -> bool:
        return self.landed[key] > 0

    def heal(self) -> None:
        """Nothing goes wrong from now on."""
        self.ills, self.refuses = [], 0.0
        self.refused.clear()

    def _ill(self, what: str) -> str | None:
        if what not in self.refused:
            self.refused[what] = self.chance.random() < self.refuses
        if self.refused[what]:
            return "refused"
        return self.chance.choice(self.ills) if self.ills and self.chance.random() < 0.4 else None


def _broken() -> Exception:
    return RuntimeError("a slip in the node")


_BEFORE: dict[str, Callable[[], Exception]] = {
    "refused": lambda: ConnectionFailedError("refused", "never"),
    "down": lambda: ConnectionFailedError("unavailable", "nobody is there"),
    "busy": lambda: ConnectionFailedError("rate_limited", "too many", 7.0),
    "unheard": lambda: ConnectionFailedError("timeout", "nobody answered, and nothing was done", in_doubt=True),
    "broken": _broken,
}
ILLS = [*_BEFORE, "lost"]


class Line:
    """The connection of one process to the outside, guarded on the simulation's time."""

    def __init__(self, outside: Outside, name: str, loop: HandLoop) -> None:
        self.outside, self.name, self._loop = outside, name, loop
        self._guard = Guard()

    @property
    def guard(self) -> Guard:
        return self._guard

    @guard.setter
    def guard(self, given: Guard) -> None:
        self._guard = replace(given, now=self._loop.time, sleep=self._sleep)

    def _sleep(self, seconds: float) -> None:
        self._loop.at_s += seconds

    def ask(self, what: str, key: str) -> str:
        return self._guard.call(lambda: self.outside.take(self.name, what, key))

    def has(self, key: str) -> bool:
        return self._guard.call(lambda: self.outside.has(key))


def lines(outside: Outside, loop: HandLoop, stock: object, mail: object) -> Connections:
    """The connections of one process."""
    made = {name: _definition(lambda name=name: Line(outside, name, loop), values) for name, values in LINES.items()}
    own = {"stock": _definition(lambda: stock, {}), "mail": _definition(lambda: mail, {})}
    return Connections({**made, **own}, None)  # type: ignore[arg-type]


def _definition(made: Callable[[], object], values: dict[str, Any]) -> Definition:
    return Definition(ConnectionType("test", {}, lambda _values, _base: made()), values)


class Came(Outcome, name="came"):
    order: Order
    item: int = 0  # of a subflow for each item


@node("come", kind="trigger")
def come() -> Came:
    """Begins a run."""
    raise NotImplementedError


@node("act", effects="keyed")
def act(world: World, what: str, connection: Setting[str] = "bank") -> Worked:
    """Does something that is known by its key."""
    return Worked(out=world.connection(connection, Line).ask(what, world.key))


@node("pay", effects="keyed", in_doubt="query")
def pay(world: World, what: str, connection: Setting[str] = "till") -> Worked:
    """Does something that can be looked up by its key."""
    line = world.connection(connection, Line)
    return Worked(out=what if world.in_doubt and line.has(world.key) else line.ask(what, world.key))


@node("stamp", effects="once")
def stamp(world: World, what: str, connection: Setting[str] = "press") -> Worked:
    """Does something that nobody can tell from a second time."""
    return Worked(out=world.connection(connection, Line).ask(what, world.key))


@node("dare", effects="once", in_doubt="fail")
def dare(world: World, what: str, connection: Setting[str] = "press") -> Worked:
    """Does something that is taken as not done where nobody knows."""
    return Worked(out=world.connection(connection, Line).ask(what, world.key))


@node("mark", effects="keyed")
def mark(world: World, what: str, connection: Setting[str] = FORGETFUL) -> Worked:
    """Asks whoever knows no keys."""
    return Worked(out=world.connection(connection, Line).ask(what, world.key))


@node("take-back", effects="keyed")
def take_back(world: World, what: str, connection: Setting[str] = "bank") -> Worked:
    """Takes something back."""
    return Worked(out=world.connection(connection, Line).ask(f"{what}/back", world.key))


@node("poll", effects="keyed")
def poll(world: World, what: str, hours: int = 1, times: int = 2) -> Worked:
    """Looks outside every few hours, and does something at the last look."""
    looked = (world.state or {}).get("looked", 0)
    if looked < times:
        return Later(world.now() + timedelta(hours=hours), {"looked": looked + 1})  # type: ignore[return-value]
    return Worked(out=world.connection("bank", Line).ask(what, world.key))


@node("choose")
def choose(given: Any = None) -> Left | Right:
    """Goes left or right."""
    return Right(out=given) if given else Left(out=given)


def _of_another_version(world: World, what: str, connection: Setting[str] = "bank") -> Worked:
    """The same, and that is wrong: the run did not begin with it."""
    line = world.connection(connection, Line)
    line.outside.astray.append(what)
    return Worked(out=line.ask(what, world.key))


def nodes(*, other: bool = False) -> Catalogue:
    """The nodes above beside those of the core pack that need nothing outside; `other`: some of another version."""
    core = catalogue()
    newer = {act: replace(act, version=2, call=_of_another_version)} if other else {}
    ours = (come, work, act, pay, stamp, dare, mark, take_back, poll, choose)
    own = {f"test/{found.name}": newer.get(found, found) for found in ours}
    return Catalogue({**core.sources, **dict.fromkeys(own, __name__)}, {**core._nodes, **own})
