"""A small flow for each kind of thing that a run can come to: calls, waits, items, flows within, ends, undos."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.run.keeping import Place, flow_text, opened_once


@dataclass(frozen=True)
class Flow:
    """A flow's steps, the steps of subflows by name, and what people answer."""

    steps: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    fails: Mapping[str, str] = field(default_factory=dict)  # what, or what and given → what goes wrong
    beside: Mapping[str, str] = field(default_factory=dict)

    def failure(self, what: str, given: Any, time: int) -> str | None:
        """What is refused is refused for ever, everything else the first time."""
        wrong = self.fails.get(f"{what} {given}") or self.fails.get(what)
        return wrong if wrong == "refused" or time == 0 else None


INNER = flow_text(
    """
  first: {use: act, after: [start], undo: {use: take-back, with: {given: =result.out}}}
  pick: {use: choose, with: {given: =first.out}, next: {left: a, right: b}}
  a: {use: act}
  b: {use: work, end: held}
""",
    "inner",
)
STOPS = flow_text(
    """
  first: {use: act, after: [start], undo: {use: take-back, with: {given: =result.out}}}
  stop: {use: act, after: [first], end: cancelled}
""",
    "stops",
)
FLOWS = {
    "a chain of pure steps": Flow("""
  a: {use: work, with: {given: =start.order}}
  b: {use: work, with: {given: =a.out}}
"""),
    "effects one after another": Flow("""
  a: {use: act, with: {given: 1}, after: [start]}
  b: {use: act, with: {given: =a.out + 1}}
  c: {use: work, with: {given: =b.out + 1}}
"""),
    "effects side by side that are joined": Flow("""
  a: {use: act, with: {given: 1}, after: [start]}
  b: {use: work, with: {given: 2}, after: [start]}
  c: {use: act, with: {given: 3}, after: [start]}
  d: {use: work, with: {given: "=[a.out, b.out, c.out]"}}
"""),
    "routes and skips": Flow("""
  pick: {use: choose, with: {given: right}, after: [start], next: {left: a, right: b}}
  a: {use: act}
  b: {use: act}
  after_a: {use: act, with: {given: =a.out}}
  both: {use: work, with: {given: "=coalesce(a.out, b.out, 7)"}}
"""),
    "a decision": Flow("""
  decide:
    use: decision
    with:
      facts: {order: {n: 7}}
      table:
        hit: first
        inputs: {n: {is: order.n, type: number}}
        outputs: {outcome: {type: text, values: [low, high]}}
        rows: [{n: "< 5", outcome: low}, {outcome: high}]
    after: [start]
    next: {low: a, high: b}
  a: {use: act}
  b: {use: act}
"""),
    "a call that is tried again": Flow(
        """
  a: {use: act, with: {given: 1}, after: [start], retry: 3x 1s..5s}
  b: {use: work, with: {given: =a.out}}
""",
        fails={"act": "unavailable"},
    ),
    "a call that is tried again long after": Flow(
        """
  a: {use: act, with: {given: 1}, after: [start], retry: 3x 2m..5m}
  b: {use: work, with: {given: =a.out}}
""",
        fails={"act": "timeout!"},
    ),
    "a failure that is routed": Flow(
        """
  a: {use: act, with: {given: 1}, after: [start], on_error: {refused: mend}}
  mend: {use: work}
""",
        fails={"act 1": "refused"},
    ),
    "a failure that parks": Flow(
        """
  a: {use: act, with: {given: 1}, after: [start]}
  b: {use: work, after: [start]}
  after_a: {use: act, with: {given: =a.out}}
""",
        {"give a": {"outcome": "worked", "out": 5}},
        {"act 1": "refused"},
    ),
    "looks again and again": Flow("""
  p: {use: poll, after: [start]}
  b: {use: act, with: {given: =p.out}}
"""),
    "looks again after hours": Flow("""
  p: {use: poll, with: {seconds: 7200, times: 2}, after: [start]}
  b: {use: act, with: {given: =p.out}}
"""),
    "an event": Flow("""
  w: {use: wait-for, with: {event: parcel, match: =start.order.id}}
  b: {use: act, with: {given: =w.match}}
"""),
    "two events of one name, one after the other": Flow("""
  w: {use: wait-for, with: {event: parcel, match: a}, after: [start]}
  v: {use: wait-for, with: {event: parcel, match: b}, after: [w]}
  b: {use: act, after: [v]}
"""),
    "a person and what else goes on meanwhile": Flow(
        """
  ask: {use: ask, with: {kind: approve, desk: d, question: "{start.order.id}"}, next: {approved: a, declined: b}}
  meanwhile: {use: act, after: [start]}
  a: {use: act}
  b: {use: work}
""",
        {"ask": "approved"},
    ),
    "items": Flow("""
  each: {use: act, for_each: =start.order.lines, max_parallel: 2, with: {given: =item}}
  sum: {use: work, with: {given: =sum(each.out)}}
"""),
    "items that go different ways": Flow("""
  each:
    use: choose
    for_each: '=["left", "right", "left"]'
    with: {given: =item}
    after: [start]
    next: {left: a, right: b}
  a: {use: act}
  b: {use: act}
"""),
    "items of which one fails": Flow(
        """
  each: {use: act, for_each: =start.order.lines, with: {given: =item}, retry: 1x 1s..1s, on_error: {refused: mend}}
  mend: {use: act}
""",
        fails={"act 2": "refused", "act 3": "invalid"},  # `unavailable` after a stop would leave open what was done
    ),
    "items that wait for people": Flow(
        """
  each: {use: ask, for_each: =start.order.lines, with: {kind: task, desk: d, question: "{item}"}}
  a: {use: act, after: [each]}
""",
        {"each": "done"},
    ),
    "a flow within": Flow(
        """
  sub: {use: flow, with: {flow: inner, given: {order: =start.order}}, next: {completed: x, held: y}}
  x: {use: act, with: {given: =sub.first.out}}
  y: {use: act}
""",
        beside={"inner": INNER},
    ),
    "a flow within for each item": Flow(
        """
  sub:
    use: flow
    for_each: =start.order.lines
    max_parallel: 2
    with: {flow: inner, given: {order: =item}}
    next: {completed: x, held: y}
  x: {use: act}
  y: {use: act}
""",
        beside={"inner": INNER},
    ),
    "a flow within that takes itself back": Flow(
        """
  sub: {use: flow, with: {flow: stops, given: {order: =start.order}}, next: {completed: x, cancelled: y}}
  x: {use: act}
  y: {use: act}
""",
        beside={"stops": STOPS},
    ),
    "an end that comes while others wait": Flow("""
  w: {use: wait-for, with: {event: never, match: never}, after: [start]}
  p: {use: poll, with: {seconds: 7200}, after: [start]}
  a: {use: act, after: [start]}
  stop: {use: act, after: [a], end: over}
  late: {use: act, after: [w]}
"""),
    "what was done is taken back": Flow("""
  a: {use: act, with: {given: 1}, after: [start], undo: {use: take-back, with: {given: =result.out}}}
  each:
    use: act
    for_each: =start.order.lines
    with: {given: =item}
    after: [a]
    undo: {use: take-back, with: {given: =item}}
  b: {use: act, with: {given: =sum(each.out)}, undo: {use: take-back, with: {given: =result.out}}}
  stop: {use: act, after: [b], end: cancelled}
"""),
    "what was done within is taken back": Flow(
        """
  sub: {use: flow, with: {flow: inner, given: {order: =start.order}}, next: {completed: stop, held: stop}}
  stop: {use: work, end: cancelled}
""",
        beside={"inner": INNER},
    ),
    "an undo that is tried again": Flow(
        """
  a: {use: act, with: {given: 1}, after: [start], undo: {use: take-back, with: {given: =result.out}}, retry: 2x 1s..2s}
  stop: {use: act, after: [a], end: cancelled}
""",
        fails={"take-back": "unavailable"},
    ),
    "an undo that fails": Flow(
        """
  a: {use: act, with: {given: 1}, after: [start], undo: {use: take-back, with: {given: =result.out}}}
  b: {use: act, with: {given: 1}, after: [a], undo: {use: take-back, with: {given: =result.out}}}
  stop: {use: act, after: [b], end: cancelled}
""",
        fails={"take-back": "refused"},
    ),
    "what only happens once": Flow(
        """
  a: {use: act-once, with: {given: 1}, after: [start]}
  b: {use: act, with: {given: =a.out}}
""",
        {"give a": {"outcome": "worked", "out": 1}},
    ),
}


def place_of(folder: Path, flow: Flow) -> Place:
    """A folder with that flow, whose outside fails as it says."""
    folder.mkdir(parents=True, exist_ok=True)
    made = Place(folder, opened_once(flow_text(flow.steps), tuple(flow.beside.items())))
    made.outside.fails = flow.failure
    return made
