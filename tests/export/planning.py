"""Plans for the tests of drawing and export: a few nodes, flows as text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from orderloom import Outcome, Payload, Wait, node
from orderloom.flow import check_flow, read_flow
from orderloom.flow.plan import Plan
from orderloom.packs import Catalogue
from orderloom.source import parse_yaml
from tests.flow.stubs import whole_catalogue, whole_folders


class Came(Outcome, name="came"):
    order: Any = None


class Good(Outcome, name="good"):
    order: Any = None


class Bad(Outcome, name="bad"):
    order: Any = None


class Done(Outcome, name="done"):
    out: Any = None


@node("come", kind="trigger")
def come(payload: Payload) -> Came:
    """Begins a run."""
    return Came(outcome="came", order=payload.data)


@node("judge", kind="decision", errors=("stolen",))
def judge(order: Any = None) -> Good | Bad:
    """Says good or bad."""
    return Good(outcome="good", order=order)


@node("act", effects="keyed")
def act(given: Any = None) -> Done:
    """Does something."""
    return Done(outcome="done", out=given)


@node("take-back", effects="keyed")
def take_back(given: Any = None) -> Done:
    """Takes it back."""
    return Done(outcome="done", out=given)


@node("stand", kind="wait")
def stand(given: Any = None) -> Done:
    """Waits for an event."""
    return Wait("event", {"event": given})  # type: ignore[return-value]


NODES = {f"test/{found.name}": found for found in (come, judge, act, take_back, stand)}


def plan(steps: str, name: str = "small") -> Plan:
    """The plan of these steps behind the trigger `start`."""
    text = f"flow: {name}\nversion: 1\nsummary: A small flow.\nsteps:\n  start: {{use: come}}\n{steps}"
    nodes = Catalogue(dict.fromkeys(NODES, __name__), dict(NODES))
    checked = check_flow(read_flow(parse_yaml(text, "small.yaml")), nodes, [])
    assert checked.plan is not None, [problem.message for problem in checked.problems]
    return checked.plan


def whole(shared: Path, name: str) -> Plan:
    """The plan of one of the two whole flows."""
    file = shared / "flows" / f"{name}.yaml"
    document = parse_yaml(file.read_text(encoding="utf-8"), file.name)
    checked = check_flow(read_flow(document), whole_catalogue(), whole_folders(shared))
    assert checked.plan is not None, [problem.message for problem in checked.problems]
    return checked.plan


BRANCHES = """
  look: {use: judge, with: {order: =start.order}, retry: 2x 2s..2s, timeout: 10s, next: {good: ship, bad: hold}}
  ship:
    use: act
    with: {given: =look.order}
    retry: 8x 10s..5m
    on_error: {timeout: call, refused: hold}
  hold: {use: act, with: {given: =start.order}, end: held}
  call: {use: act, with: {given: =start.order}}
  tell: {use: act, after: ship}
"""
