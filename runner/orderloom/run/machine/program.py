"""A plan made ready to run: every formula of a step in one closure, every edge an index. Made once per plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from orderloom.declare import Node, Parameter
from orderloom.feel import format_value
from orderloom.flow.model import Formula, Retry, Text
from orderloom.flow.plan import Plan, PlannedStep, PlannedUndo

Scope = dict[str, Any]
Evaluate = Callable[[Scope], Any]


@dataclass(frozen=True)
class Given:
    """What a call is handed: what is known beforehand, and what is computed from the scope."""

    fixed: Mapping[str, Any]
    computed: tuple[tuple[Parameter, Evaluate], ...]


@dataclass(frozen=True)
class UndoProgram:
    """`needs` are the fields of `result` that the undo reads: without one of them it does not apply.

    `outcomes` are those of its node, the good one first.
    """

    node: Node
    given: Given
    needs: tuple[str, ...]
    lets: tuple[str, ...]
    outcomes: tuple[str, ...]
    retry: Retry | None = None
    timeout: timedelta | None = None


@dataclass(frozen=True)
class StepProgram:
    """One step, ready to be looked at, called and settled."""

    planned: PlannedStep
    index: int
    name: str
    node: Node
    given: Given
    lets: tuple[str, ...]  # the names to evaluate before any formula of the step, in order
    when: Evaluate | None
    for_each: Evaluate | None
    hard: tuple[int, ...]
    routes_in: tuple[tuple[int, str], ...]
    downstream: tuple[int, ...]
    on_error: frozenset[str]
    end: str | None
    undo: UndoProgram | None
    result_is_read: bool  # some other step needs to know what this one gave
    inner: Program | None = None  # of a subflow: the flow that runs in its place


@dataclass(frozen=True)
class Program:
    """All steps in report order (topological, file order as tie-break); the trigger is the first."""

    plan: Plan
    steps: tuple[StepProgram, ...]
    upstream_counts: tuple[int, ...]
    lets: Mapping[str, Evaluate]
    key: Evaluate | None
    key_lets: tuple[str, ...]


def compile_plan(plan: Plan) -> Program:
    """Make a plan ready to run."""
    let_order = _let_order(plan)
    read = _read_names(plan)
    steps = tuple(_step(plan, planned, let_order, read) for planned in plan.steps)
    key = plan.flow.key
    return Program(
        plan=plan,
        steps=steps,
        upstream_counts=tuple(len(planned.upstream) for planned in plan.steps),
        lets={name: formula.expression.evaluate for name, formula in plan.flow.let.items()},
        key=key.expression.evaluate if key else None,
        key_lets=_lets_of([key], let_order) if key else (),
    )


def _step(
    plan: Plan, planned: PlannedStep, let_order: Mapping[str, tuple[str, ...]], read: frozenset[str]
) -> StepProgram:
    step = planned.step
    values = [step.when, step.for_each, planned.inputs]
    return StepProgram(
        planned=planned,
        index=planned.index,
        name=planned.name,
        node=planned.node,
        given=_given(planned.node, planned.settings, planned.inputs),
        lets=_lets_of(values, let_order),
        when=step.when.expression.evaluate if step.when else None,
        for_each=step.for_each.expression.evaluate if step.for_each else None,
        hard=planned.hard,
        routes_in=planned.routes_in,
        downstream=tuple(other.index for other in plan.steps if planned.index in other.upstream),
        on_error=frozenset(step.on_error),
        end=step.end,
        undo=_undo(planned.undo, let_order) if planned.undo else None,
        result_is_read=planned.name in read or len(planned.outcomes) > 1,
        inner=compile_plan(planned.inner) if planned.inner else None,
    )


def _undo(undo: PlannedUndo, let_order: Mapping[str, tuple[str, ...]]) -> UndoProgram:
    formulas = list(_formulas(undo.inputs))
    needs = {
        r.path[1]
        for f in formulas
        for r in f.expression.reads
        if len(r.path) > 1 and r.path[0] == "result" and not r.soft
    }
    return UndoProgram(
        undo.node,
        _given(undo.node, undo.settings, undo.inputs),
        tuple(sorted(needs)),
        _lets_of(formulas, let_order),
        tuple(undo.node.outcomes(undo.settings)),
        undo.retry,
        undo.timeout,
    )


def _given(node: Node, settings: Mapping[str, Any], inputs: Mapping[str, Any]) -> Given:
    fixed, computed = dict(settings), []
    for name, value in inputs.items():
        parameter = node.parameter(name)
        if parameter is None:
            continue  # the check has refused it already
        if any(True for _ in _formulas(value)):
            computed.append((parameter, _evaluator(value)))
        else:
            fixed[name] = parameter.adapter.validate_python(_plain(value))
    return Given(fixed, tuple(computed))


def _evaluator(value: Any) -> Evaluate:
    """A closure that gives the value with every formula in it evaluated."""
    if isinstance(value, Formula):
        return value.expression.evaluate
    if isinstance(value, Text):
        parts = [part if isinstance(part, str) else part.expression.evaluate for part in value.parts]
        return lambda scope: "".join(part if isinstance(part, str) else format_value(part(scope)) for part in parts)
    if isinstance(value, Mapping):
        members = [(name, _evaluator(member)) for name, member in value.items()]
        return lambda scope: {name: member(scope) for name, member in members}
    if isinstance(value, (list, tuple)):
        items = [_evaluator(item) for item in value]
        return lambda scope: [item(scope) for item in items]
    return lambda _scope: value


def _plain(value: Any) -> Any:
    if isinstance(value, Text):
        return "".join(part for part in value.parts if isinstance(part, str))
    if isinstance(value, Mapping):
        return {name: _plain(member) for name, member in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def _formulas(value: Any) -> list[Formula]:
    if isinstance(value, Formula):
        return [value]
    if isinstance(value, Text):
        return [part for part in value.parts if isinstance(part, Formula)]
    if isinstance(value, Mapping):
        value = list(value.values())
    return [found for item in value for found in _formulas(item)] if isinstance(value, (list, tuple)) else []


def _let_order(plan: Plan) -> Mapping[str, tuple[str, ...]]:
    """For each `let` name the names to evaluate for it, dependencies first, itself last."""
    ordered: dict[str, tuple[str, ...]] = {}

    def visit(name: str) -> tuple[str, ...]:
        if name not in ordered:
            reads = [read.path[0] for read in plan.flow.let[name].expression.reads if read.path[0] in plan.flow.let]
            ordered[name] = tuple(dict.fromkeys([n for other in reads for n in visit(other)] + [name]))
        return ordered[name]

    for name in plan.flow.let:
        visit(name)
    return ordered


def _lets_of(values: list[Any], let_order: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    names = [read.path[0] for formula in _formulas(values) for read in formula.expression.reads]
    return tuple(dict.fromkeys(needed for name in names if name in let_order for needed in let_order[name]))


def _read_names(plan: Plan) -> frozenset[str]:
    """The steps whose result some formula of another step or of a `let` reads."""
    values: list[Any] = list(plan.flow.let.values())
    for planned in plan.steps:
        values += [planned.step.when, planned.step.for_each, planned.inputs]
    return frozenset(read.path[0] for formula in _formulas(values) for read in formula.expression.reads)
