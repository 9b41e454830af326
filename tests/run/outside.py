"""An outside for tests that does what it is told, call by call, and nodes that reach it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from orderloom import Setting, World, node
from orderloom.packs import Catalogue
from orderloom.world.connection_types import ConnectionType
from orderloom.world.connections import Connections, Definition
from orderloom.world.errors import ConnectionFailedError, HeldBackError
from tests.run.small import Refused, Worked, come, flow, fork, hear, wait, work

__all__ = ["Asked", "DiedError", "Outside", "connected", "flow", "reaching"]


class DiedError(BaseException):
    """The process is gone in the middle of a call: nothing of what it would say is heard."""


@dataclass(frozen=True)
class Asked:
    """What the outside was asked once."""

    name: str
    key: str
    in_doubt: bool


@dataclass
class Outside:
    """`says` holds by name what it does, call by call, the last for good: `ok`, `no` (another outcome), `!class` (it
    was not done), `?class` (done, and its answer was lost), `!class 30` (with Retry-After), `full` (held back by its
    rate), `die`, or a function.

    `done` counts by key what took effect.
    """

    says: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    done: dict[str, int] = field(default_factory=dict)

    def do(self, world: World, name: str) -> Worked | Refused:
        before = sum(one.name == name for one in self.asked)
        self.asked.append(Asked(name, world.key, world.in_doubt))
        told = self.says.get(name, ("ok",))
        said = told[min(before, len(told) - 1)]
        if callable(said):
            said()
            said = "ok"
        if said == "die":
            raise DiedError
        if said == "full":
            raise HeldBackError("no turn just now", 5.0)
        if said == "no":
            return Refused()
        if not said.startswith("!"):
            self.done[world.key] = self.done.get(world.key, 0) + 1
        if said != "ok":
            word, _, after = said[1:].partition(" ")
            wait_s = float(after) if after else None
            raise ConnectionFailedError(word, "as the test says", wait_s, in_doubt=said.startswith("?"))
        return Worked(out=name)

    def keys(self, name: str) -> list[str]:
        return [one.key for one in self.asked if one.name == name]


@runtime_checkable
class Doing(Protocol):
    """What the nodes below ask for: the outside itself, or a guard before it."""

    def do(self, world: World, name: str) -> Worked | Refused: ...


@node("deliver", effects="keyed")
def deliver(world: World, name: str = "", connection: Setting[str] = "outside") -> Worked:
    """Has an effect, deduped by key."""
    return world.connection(connection, Doing).do(world, name)  # type: ignore[return-value]


@node("charge", effects="keyed", in_doubt="query")
def charge(world: World, name: str = "", connection: Setting[str] = "outside") -> Worked:
    """Has an effect that can be looked up by its key."""
    return world.connection(connection, Doing).do(world, name)  # type: ignore[return-value]


@node("post", effects="once")
def post(world: World, name: str = "", connection: Setting[str] = "outside") -> Worked:
    """Has an effect that nobody tells a repeat of."""
    return world.connection(connection, Doing).do(world, name)  # type: ignore[return-value]


@node("give-back", effects="keyed")
def give_back(world: World, name: str = "", connection: Setting[str] = "outside") -> Worked | Refused:
    """Takes an effect back, or is refused."""
    return world.connection(connection, Doing).do(world, name)


def reaching() -> Catalogue:
    nodes = {f"test/{one.name}": one for one in (come, work, fork, wait, hear, deliver, charge, post, give_back)}
    return Catalogue(dict.fromkeys(nodes, "tests.run.outside"), nodes)


def connected(outside: Outside, **values: Any) -> Connections:
    """The outside as connections.yaml would name it, with these values."""
    kind = ConnectionType("test", {}, lambda _values, _base: outside)
    return Connections({"outside": Definition(kind, values)}, None)  # type: ignore[arg-type]
