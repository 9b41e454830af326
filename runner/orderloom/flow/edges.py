"""Bound steps in; who reads whom, and the four kinds of edges between them, out (rules 1 to 4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from orderloom.flow.formulas import formulas_in, narrow
from orderloom.flow.model import Flow, Formula, Step
from orderloom.problems import Place

EdgeKind = Literal["read", "soft", "route", "after"]


@dataclass(frozen=True)
class StepRead:
    """A formula reads a step, itself or by way of the `let` name that stands in it."""

    step: str
    members: tuple[str, ...]  # what of the step's result it reads, as far as the text tells
    soft: bool
    let: str | None
    formula: Formula  # the formula as it stands in the step
    start: int
    end: int

    def place(self, flow: Flow) -> Place:
        return narrow(flow.source, self.formula, self.start, self.end)


@dataclass(frozen=True)
class Edge:
    """`target` waits for `source`. `word` is the outcome of a route, or `!class`."""

    source: str
    target: str
    kind: EdgeKind
    place: Place
    word: str = ""


def reads(flow: Flow, value: Any) -> Iterator[StepRead]:
    """Every read of a step in the formulas of a value. Names that are neither step nor `let` are left out."""
    for formula in formulas_in(value):
        for read in formula.expression.reads:
            name = read.path[0]
            if name in flow.steps:
                yield StepRead(name, read.path[1:], read.soft, None, formula, read.start, read.end)
            elif name in flow.let:
                for step, members, soft in _of_let(flow, name, ()):
                    yield StepRead(step, members, soft or read.soft, name, formula, read.start, read.end)


def lets_read(flow: Flow, value: Any) -> Iterator[str]:
    """Every `let` name in the formulas of a value, and in those that they stand for."""
    for name in _direct_lets(flow, value):
        yield from _closure(flow, name, ())


def step_values(step: Step, inputs: Mapping[str, Any]) -> tuple[Any, ...]:
    """All of a step that is evaluated before or while it runs; its undo is not."""
    return (step.when, step.for_each, inputs)


def edges(flow: Flow, inputs: Mapping[str, Mapping[str, Any]]) -> tuple[Edge, ...]:
    """All edges between steps that exist, in the order of the file. `inputs` holds each step's `with:` as bound."""
    return tuple(edge for step in flow.steps.values() for edge in _of_step(flow, step, inputs[step.name]))


def _of_step(flow: Flow, step: Step, inputs: Mapping[str, Any]) -> Iterator[Edge]:
    for read in reads(flow, step_values(step, inputs)):
        yield Edge(read.step, step.name, "soft" if read.soft else "read", read.place(flow))
    for number, name in enumerate(step.after):
        if name in flow.steps:
            yield Edge(name, step.name, "after", flow.source.place(("steps", step.name, "after", number)))
    for key, routes, mark in (("next", step.next, ""), ("on_error", step.on_error, "!")):
        for word, target in routes.items():
            if target in flow.steps:
                assert target is not None
                yield Edge(step.name, target, "route", flow.source.place(("steps", step.name, key, word)), mark + word)


def _of_let(flow: Flow, name: str, above: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...], bool]]:
    if name in above:
        return  # a circle of names: found by the check
    for read in flow.let[name].expression.reads:
        if read.path[0] in flow.steps:
            yield read.path[0], read.path[1:], read.soft
        elif read.path[0] in flow.let:
            for step, members, soft in _of_let(flow, read.path[0], (*above, name)):
                yield step, members, soft or read.soft


def _direct_lets(flow: Flow, value: Any) -> Iterator[str]:
    return (
        read.path[0] for formula in formulas_in(value) for read in formula.expression.reads if read.path[0] in flow.let
    )


def _closure(flow: Flow, name: str, above: tuple[str, ...]) -> Iterator[str]:
    yield name
    for other in _direct_lets(flow, flow.let[name]):
        if other not in (*above, name):
            yield from _closure(flow, other, (*above, name))
