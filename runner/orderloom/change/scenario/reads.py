"""A compiled flow in; which fields of a step's result other steps, its `let` names and its own undo read, out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from orderloom.change.scenario.targets import UNDO, Target, Targets
from orderloom.flow.edges import reads
from orderloom.flow.formulas import formulas_in
from orderloom.flow.model import Flow, Formula
from orderloom.flow.plan import Plan, PlannedStep

Readers = Mapping[str, Mapping[str, Sequence[str]]]


def fields_read(targets: Targets) -> Readers:
    """Step by its whole name → field → the steps and undos that read it, by their names in that flow."""
    found: dict[str, dict[str, list[str]]] = {}
    plans = {id(one.program): (one.name.rpartition("/"), one.program.plan) for one in targets.steps.values()}
    for (around, sign, _), plan in plans.values():
        for step, field, reader in _of_plan(plan):
            found.setdefault(f"{around}{sign}{step}", {}).setdefault(field, []).append(reader)
    return found


def handed_on_whole(targets: Targets) -> Collection[str]:
    """The steps whose result some node takes as it is, and looks into: all of it is read."""
    return {name for one in targets.steps.values() for name in _handed_on(one)}


def may_run_after(target: Target, outcome: str) -> Collection[str]:
    """The steps of its flow that the outcome does not keep from running; undos by the names of `fields_read`."""
    may: dict[int, bool] = {}
    at = target.step.index
    for step in target.program.steps:
        routes = step.routes_in
        routed = not routes or any(may[source] and (source != at or word == outcome) for source, word in routes)
        may[step.index] = routed and all(may[index] for index in step.hard)
    names = [step.name for step in target.program.steps if may[step.index]]
    return {*names, *(f"{UNDO}{name}" for name in names)}


def _handed_on(target: Target) -> Iterator[str]:
    planned, flow = target.step.planned, target.program.plan.flow
    around, sign, _ = target.name.rpartition("/")
    items = [read.step for read in reads(flow, planned.step.for_each) if not read.members]
    for name, value in planned.inputs.items():
        parameter = planned.node.parameter(name)
        if parameter is None or parameter.annotation is Any:
            continue
        steps = [read.step for read in reads(flow, value) if not read.members]
        steps += items if any(formula.expression.text.strip() == "item" for formula in formulas_in(value)) else []
        yield from (f"{around}{sign}{step}" for step in steps)


def _of_plan(plan: Plan) -> Iterator[tuple[str, str, str]]:
    flow = plan.flow
    for planned in plan.steps:
        step = planned.step
        for read in reads(flow, (step.when, step.for_each, planned.inputs)):
            if read.members:
                yield read.step, read.members[0], planned.name
        yield from _of_items(flow, planned)
        if planned.undo:
            yield from _of_undo(flow, planned)


def _of_items(flow: Flow, planned: PlannedStep) -> Iterator[tuple[str, str, str]]:
    """`item.tracking_number`, where the items are what another step gave."""
    each = planned.step.for_each
    whole = [read for read in reads(flow, each) if not read.members] if each else []
    if len(whole) == 1:
        yield from ((whole[0].step, field, planned.name) for field in _members(planned.inputs, "item"))


def _of_undo(flow: Flow, planned: PlannedStep) -> Iterator[tuple[str, str, str]]:
    assert planned.undo is not None
    reader = f"{UNDO}{planned.name}"
    yield from ((planned.name, field, reader) for field in _members(planned.undo.inputs, "result"))
    for read in reads(flow, planned.undo.inputs):
        if read.members:
            yield read.step, read.members[0], reader


def _members(value: object, name: str) -> Iterator[str]:
    for formula in formulas_in(value):
        yield from _of_formula(formula, name)


def _of_formula(formula: Formula, name: str) -> Iterator[str]:
    for read in formula.expression.reads:
        if read.path[0] == name and len(read.path) > 1:
            yield read.path[1]
