"""A handful of nodes with which the rules of the language are shown: nothing in them but outcomes."""

from __future__ import annotations

from typing import Any

from orderloom import Outcome, Setting, Wait, node
from orderloom.packs import Catalogue


class Came(Outcome, name="came"):
    order: dict[str, Any] | None = None


class Worked(Outcome, name="worked"):
    out: Any = None


class Refused(Outcome, name="refused"):
    reason: str = "as the test says"


class Left(Outcome, name="left"):
    out: Any = None
    only_left: Any = None


class Right(Outcome, name="right"):
    out: Any = None


class Happened(Outcome, name="happened"):
    data: Any = None


@node("come", kind="trigger")
def come() -> Came:
    """Begins a run."""
    return Came()


@node("work")
def work(given: Any = None) -> Worked:
    """Has one outcome."""
    return Worked(out=given)


@node("send", effects="keyed")
def send(given: Any = None) -> Worked:
    """Has one outcome, and an effect that is deduped by key."""
    return Worked(out=given)


@node("fork")
def fork(given: Any = None) -> Left | Right:
    """Has two outcomes."""
    return Left(out=given)


def _heard(said: Any, **_: Any) -> Happened:
    return Happened(data=said.get("data") if isinstance(said, dict) else said)


@node("await", kind="wait", answer=_heard)
def wait(given: Any = None) -> Happened | Wait:
    """Waits."""
    return Wait("event", {"event": given})


@node("hear", kind="wait", answer=_heard)
def hear(event: Setting[str], match: str) -> Happened | Wait:
    """Waits for an event."""
    return Wait("event", {"event": event, "match": match})


@node("take-back", effects="keyed")
def take_back(given: Any = None) -> Worked:
    """Takes something back."""
    return Worked(out=given)


def small() -> Catalogue:
    nodes = {f"test/{found.name}": found for found in (come, work, send, fork, wait, hear, take_back)}
    return Catalogue(dict.fromkeys(nodes, "tests.run.small"), nodes)


def flow(steps: str) -> str:
    """A flow of these steps behind the trigger `in`."""
    return "flow: small\nversion: 1\nsteps:\n  start: {use: come}\n" + steps
