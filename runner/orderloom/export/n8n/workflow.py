"""A plan as an n8n workflow: a request for each step, a Switch on its outcome; ids and positions always the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from orderloom.declare import RETRYABLE
from orderloom.export.layout import Box, Link, layout
from orderloom.export.n8n.control import Hop, hops
from orderloom.export.n8n.parts import (
    DEFAULT_TIMEOUT_MS,
    LONGEST_WAIT_MS,
    MOST_TRIES,
    Json,
    call_key,
    in_expression,
    manual_trigger,
    request,
    same_id,
    stop,
    switch,
    targets,
)
from orderloom.problems import Problem

if TYPE_CHECKING:
    from orderloom.flow.model import Retry
    from orderloom.flow.plan import Plan, PlannedStep

_START, _STOP = "started by hand", "unknown outcome"      # with blanks: no step can have such a name
_COLUMN, _GRID = 240, 20


@dataclass(frozen=True)
class Exported:
    """A workflow as `n8n import:workflow` takes it, and what it does less well than the flow."""

    workflow: Json
    warnings: tuple[Problem, ...]


def workflow(plan: Plan, base_url: str) -> Exported:
    """The flow as n8n can run it. Raises `ProblemsError` for joins, waits, `for_each`, `undo` and `when`."""
    passing = hops(plan)
    made = _Made(plan, base_url.rstrip("/"), passing)
    nodes, connections = made.nodes(), made.connections()
    _position(nodes, connections)
    whole = {
        "id": "ol" + sha256(plan.flow.name.encode()).hexdigest()[:14],
        "name": plan.flow.name,
        "nodes": nodes,
        "connections": connections,
        "settings": {"executionOrder": "v1"},
        "active": False,
    }
    return Exported(whole, tuple(problem for step in plan.steps for problem in _warnings(step)))


@dataclass(frozen=True)
class _Made:
    """The parts of one workflow."""

    plan: Plan
    base_url: str
    passing: Sequence[Hop]

    def nodes(self) -> list[Json]:
        found = [manual_trigger(_START, self._id(_START))]
        for step in self.plan.steps:
            found.append(self._request(step))
            if words := self._words(step):
                name = _switch_name(step)
                found.append(switch(name, self._id(name), _outcome_of(step), words))
        if any(self._words(step) for step in self.plan.steps):
            found.append(stop(_STOP, self._id(_STOP), "this workflow does not know the outcome: export the flow again"))
        return found

    def connections(self) -> Json:
        found = {_START: {"main": [targets([self.plan.trigger.name])]}}
        for step in self.plan.steps:
            words = self._words(step)
            outputs = [targets([_switch_name(step)] if words else self._after(step, *step.outcomes, ""))]
            if failed := self._error_targets(step):
                outputs.append(targets(failed))
            if any(outputs):
                found[step.name] = {"main": outputs}
            if words:
                branches = [targets(self._after(step, word, *self._unless_failed(word))) for word in words]
                found[_switch_name(step)] = {"main": [*branches, targets([_STOP])]}
        return found

    def _request(self, step: PlannedStep) -> Json:
        flow = self.plan.flow.name
        made = request(
            step.name,
            self._id(step.name),
            f"{self.base_url}/v1/flows/{flow}/steps/{step.name}",
            "={{ $json }}",
            key=call_key(flow, step.name),
            notes=step.node.summary,
            timeout_ms=round(step.timeout.total_seconds() * 1000) if step.timeout else DEFAULT_TIMEOUT_MS,
        )
        if step.retry:
            made |= {
                "retryOnFail": True,
                "maxTries": max(2, min(step.retry.times + 1, MOST_TRIES)),
                "waitBetweenTries": min(_wait_ms(step.retry), LONGEST_WAIT_MS),
            }
        return made | ({"onError": "continueErrorOutput"} if self._error_targets(step) else {})

    def _words(self, step: PlannedStep) -> list[str]:
        """What a Switch behind the step has to tell apart; nothing where one word is all that can come."""
        if not step.step.next and not step.step.on_error:
            return []
        answered = [f"!{word}" for word in step.step.on_error if word not in RETRYABLE]
        words = [*step.outcomes, *answered]
        return words if len(words) > 1 else []

    def _unless_failed(self, word: str) -> list[str]:
        """What comes after a step whatever its outcome does not come after `!class`."""
        return [] if word.startswith("!") else [""]

    def _after(self, step: PlannedStep, *words: str) -> list[str]:
        found = (hop.target for hop in self.passing if hop.source == step.index and hop.word in words)
        return [self.plan.steps[target].name for target in dict.fromkeys(found)]

    def _error_targets(self, step: PlannedStep) -> list[str]:
        return self._after(step, *(f"!{word}" for word in step.step.on_error if word in RETRYABLE))

    def _id(self, name: str) -> str:
        return same_id("flow", self.plan.flow.name, name)


def _switch_name(step: PlannedStep) -> str:
    return f"{step.name}: outcome"


def _outcome_of(step: PlannedStep) -> str:
    return f"={{{{ $json[{in_expression(step.name)}].outcome }}}}"


def _position(nodes: Sequence[Json], connections: Json) -> None:
    index = {node["name"]: number for number, node in enumerate(nodes)}
    links = [
        Link(index[source], index[target["node"]])
        for source, leaving in connections.items()
        for output in leaving["main"]
        for target in output
    ]
    placed = layout([Box(110, 40) for _ in nodes], links)
    for node, row, at in zip(nodes, placed.rows, placed.boxes, strict=True):
        node["position"] = [row * _COLUMN, round(at.x / _GRID) * _GRID]     # n8n draws from left to right


def _warnings(step: PlannedStep) -> Iterator[Problem]:
    place, retry = step.step.place, step.retry
    if retry and (retry.times + 1 > MOST_TRIES or retry.most > retry.first or _wait_ms(retry) > LONGEST_WAIT_MS):
        wait_s = min(_wait_ms(retry), LONGEST_WAIT_MS) / 1000
        yield Problem(
            "G207",
            f"n8n tries `{step.name}` at most {MOST_TRIES} times, always {wait_s:g} s apart; the flow says "
            f"{retry.times + 1} times with growing waits",
            place,
            severity="warning",
        )
    routed = {word for word in step.step.on_error if word in RETRYABLE}
    if routed and routed != RETRYABLE:
        others = " and ".join(sorted(RETRYABLE - routed))
        yield Problem(
            "G208", f"in n8n the error route of `{step.name}` is also taken for {others}", place,
            "n8n has one error output: route all three to be sure", severity="warning")


def _wait_ms(retry: Retry) -> int:
    return round(retry.first.total_seconds() * 1000)
