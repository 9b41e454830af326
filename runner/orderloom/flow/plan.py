"""Steps and edges in; their order, their circles, and the frozen plan out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from orderloom import graphs
from orderloom.declare import Node
from orderloom.flow.bind import Bound
from orderloom.flow.edges import Edge
from orderloom.flow.model import Flow, Retry, Step
from orderloom.flow.subflow import subflow_of


@dataclass(frozen=True)
class PlannedUndo:
    """What takes a step back: a node, and what it is given with `result` and `item` in scope."""

    node: Node
    settings: Mapping[str, Any]
    inputs: Mapping[str, Any]
    retry: Retry | None = None
    timeout: timedelta | None = None


@dataclass(frozen=True)
class PlannedStep:
    """One step, ready to be run. Other steps are named by their index, the position in the plan."""

    index: int
    name: str
    step: Step
    node: Node
    settings: Mapping[str, Any]  # loaded settings and resources, with the node's defaults
    inputs: Mapping[str, Any]  # plain data with `Formula` and `Text` in it
    outcomes: tuple[str, ...]  # as the node declares them
    upstream: tuple[int, ...]  # over all four kinds of edge
    hard: tuple[int, ...]  # read outside coalesce and has, or named in `after`
    routes_in: tuple[tuple[int, str], ...]  # (step, outcome or `!class`)
    retry: Retry | None
    timeout: timedelta | None
    max_parallel: int
    undo: PlannedUndo | None
    inner: Plan | None = None  # of a subflow


@dataclass(frozen=True)
class Plan:
    """A checked flow in topological order, ties as in the file; the trigger is the first."""

    flow: Flow
    steps: tuple[PlannedStep, ...]
    hash: str

    @property
    def trigger(self) -> PlannedStep:
        return self.steps[0]


def circles(names: Sequence[str], edges: Iterable[Edge]) -> list[tuple[Edge, ...]]:
    """One circle of edges for each knot of steps that wait for one another, from the first of them in the file."""
    first: dict[graphs.Pair, Edge] = {}
    for edge in edges:
        first.setdefault((edge.source, edge.target), edge)
    return [tuple(first[pair] for pair in circle) for circle in graphs.circles(names, first)]


def in_order(names: Sequence[str], edges: Iterable[Edge]) -> list[str]:
    """The names so that each stands behind all that it waits for, as near to the given order as can be."""
    return graphs.in_order(names, _pairs(edges))


def ancestors(names: Sequence[str], edges: Iterable[Edge]) -> Mapping[str, frozenset[str]]:
    """For each step all that have settled before it is looked at."""
    return graphs.ancestors(names, _pairs(edges))


def make_plan(flow: Flow, bound: Mapping[str, Bound], undos: Mapping[str, Bound], edges: Sequence[Edge]) -> Plan:
    """The plan of a flow without findings."""
    order = in_order(list(flow.steps), edges)
    index = {name: number for number, name in enumerate(order)}
    steps = tuple(_planned(flow, flow.steps[name], bound[name], undos.get(name), edges, index) for name in order)
    return Plan(flow, steps, _hash(flow, [*bound.values(), *undos.values()]))


def _pairs(edges: Iterable[Edge]) -> list[graphs.Pair]:
    return [(edge.source, edge.target) for edge in edges]


def _planned(
    flow: Flow, step: Step, bound: Bound, undo: Bound | None, edges: Sequence[Edge], index: Mapping[str, int]
) -> PlannedStep:
    node, subflow = bound.node, subflow_of(bound)
    assert node is not None
    into = [edge for edge in edges if edge.target == step.name]
    return PlannedStep(
        index=index[step.name],
        name=step.name,
        step=step,
        node=node,
        settings=bound.settings,
        inputs=bound.inputs,
        outcomes=tuple(bound.outcomes or ()),
        upstream=tuple(sorted({index[edge.source] for edge in into})),
        hard=tuple(sorted({index[edge.source] for edge in into if edge.kind in {"read", "after"}})),
        routes_in=tuple(sorted({(index[edge.source], edge.word) for edge in into if edge.kind == "route"})),
        retry=None if subflow else _retry(flow, step, node),
        timeout=step.timeout or (flow.defaults.timeout if node.kind != "wait" and not subflow else None),
        max_parallel=step.max_parallel or flow.defaults.max_parallel,
        undo=_undo(flow, step, node, undo) if undo else None,
        inner=subflow.plan if subflow else None,
    )


def _retry(flow: Flow, step: Step, node: Node) -> Retry | None:
    """The step's own, else the flow's where calls of the node may be repeated (rule 18)."""
    repeatable = node.effects in {"none", "keyed"} and node.kind in {"action", "decision"}
    retry = step.retry or (flow.defaults.retry if repeatable else None)
    return retry if retry and retry.times else None


def _undo(flow: Flow, step: Step, node: Node, undo: Bound) -> PlannedUndo:
    """An undo is tried and timed as its step is, but for a wait's time limit, which is that of a person."""
    assert undo.node is not None
    own = None if node.kind == "wait" else step.timeout
    timeout = own or flow.defaults.timeout
    return PlannedUndo(undo.node, undo.settings, undo.inputs, _retry(flow, step, undo.node), timeout)


def _hash(flow: Flow, bound: Sequence[Bound]) -> str:
    """Changes with the flow's text, with each table or other resource that has a hash, and with a node's version."""
    pieces = [flow.source.text]
    for use in bound:
        assert use.node is not None
        pieces.append(f"{use.node.pack}/{use.node.name}@{use.node.version}")
        pieces += [
            f"{name}={value.hash}"
            for name, value in use.settings.items()
            if isinstance(getattr(value, "hash", None), str)
        ]
    return hashlib.sha256("\0".join(pieces).encode()).hexdigest()
