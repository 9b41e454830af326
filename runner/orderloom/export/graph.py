"""The edges of a plan as a reader wants them: all routes, and those reads that no other path implies already."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from orderloom.flow.plan import Plan, PlannedStep

EdgeKind = Literal["route", "error", "read", "soft", "after"]


@dataclass(frozen=True)
class Edge:
    """From one step to another, by index; `words` are the outcomes or error classes that take it.

    `target` is None where an outcome leads nowhere.
    """

    source: int
    target: int | None
    kind: EdgeKind
    words: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return ", ".join(self.words)


@dataclass(frozen=True)
class Picture:
    """What is to be drawn of a plan."""

    steps: tuple[PlannedStep, ...]
    edges: tuple[Edge, ...]


def whole(plan: Plan) -> Picture:
    """All of it."""
    return Picture(plan.steps, drawn(plan))


def walked(plan: Plan, came_to: Mapping[int, Collection[str]]) -> Picture:
    """What one run came to; `came_to` as for `taken`."""
    return Picture(tuple(step for step in plan.steps if step.index in came_to), taken(plan, came_to))


def edges(plan: Plan) -> tuple[Edge, ...]:
    """Every edge of all four kinds, in the order of the steps that they lead to, then those that lead nowhere."""
    inward = [edge for step in plan.steps for edge in _inward(plan, step)]
    return (*inward, *(edge for step in plan.steps for edge in _nowhere(step)))


def drawn(plan: Plan) -> tuple[Edge, ...]:
    """The edges worth drawing: all routes, and a read only where its step is not upstream by what is drawn already."""
    return _reduced(len(plan.steps), edges(plan))


def taken(plan: Plan, came_to: Mapping[int, Collection[str]]) -> tuple[Edge, ...]:
    """The same for one run: `came_to` are the outcomes (`!class` of a failure) of each step that was called."""
    every = [edge for edge in edges(plan) if edge.source in came_to and edge.target in came_to]
    walked = [replace(edge, words=_walked(edge, came_to[edge.source])) for edge in every]
    return _reduced(len(plan.steps), [edge for edge in walked if edge.words or edge.kind not in {"route", "error"}])


def _walked(edge: Edge, came_to: Collection[str]) -> tuple[str, ...]:
    mark = "!" if edge.kind == "error" else ""
    return tuple(word for word in edge.words if f"{mark}{word}" in came_to)


def _reduced(steps: int, every: Sequence[Edge]) -> tuple[Edge, ...]:
    kept = [edge for edge in every if edge.kind in {"route", "error"}]
    above = _Above(steps, ((e.source, e.target) for e in kept if e.target is not None))
    # a hard read says more than a soft one, a near step more than a far one
    reads = [edge for edge in every if edge.kind not in {"route", "error"}]
    for edge in sorted(reads, key=lambda edge: (edge.target, edge.kind == "soft", -edge.source)):
        assert edge.target is not None
        if not above.has(edge.source, edge.target):
            kept.append(edge)
            above.add(edge.source, edge.target)
    return tuple(sorted(kept, key=_by_source))


def _by_source(edge: Edge) -> tuple[int, bool, int, str]:
    return (edge.source, edge.kind == "error", -1 if edge.target is None else edge.target, edge.kind)


class _Above:
    """Which steps are upstream of which, as bit sets."""

    def __init__(self, size: int, links: Iterable[tuple[int, int]]) -> None:
        self._parents: list[set[int]] = [set() for _ in range(size)]
        for source, target in links:
            self._parents[target].add(source)
        self._close()

    def has(self, source: int, target: int) -> bool:
        return bool(self._masks[target] >> source & 1)

    def add(self, source: int, target: int) -> None:
        self._parents[target].add(source)
        self._close()

    def _close(self) -> None:
        self._masks = [0] * len(self._parents)
        for target, parents in enumerate(self._parents):      # indexes are topological: parents come first
            for parent in parents:
                self._masks[target] |= self._masks[parent] | 1 << parent


def _inward(plan: Plan, step: PlannedStep) -> Iterator[Edge]:
    routes: dict[tuple[int, EdgeKind], list[str]] = {}
    for source, word in step.routes_in:
        routes.setdefault((source, "error" if word.startswith("!") else "route"), []).append(word.removeprefix("!"))
    for (source, kind), words in routes.items():
        yield Edge(source, step.index, kind, _in_declared_order(words, plan.steps[source].outcomes))
    for source in step.upstream:
        if plan.steps[source].name in step.step.after:
            yield Edge(source, step.index, "after")
        elif source in step.hard:
            yield Edge(source, step.index, "read")
        elif source not in {route for route, _ in routes}:
            yield Edge(source, step.index, "soft")


def _in_declared_order(words: Sequence[str], declared: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(words, key=lambda word: declared.index(word) if word in declared else len(declared)))


def _nowhere(step: PlannedStep) -> Iterator[Edge]:
    words = tuple(word for word, target in step.step.next.items() if target is None)
    classes = tuple(word for word, target in step.step.on_error.items() if target is None)
    if words:
        yield Edge(step.index, None, "route", words)
    if classes:
        yield Edge(step.index, None, "error", classes)
