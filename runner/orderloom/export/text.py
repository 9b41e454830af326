"""A plan as a list for terminals and screen readers: each step, what it waits for, and where each outcome leads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from orderloom.export.graph import Edge, drawn

if TYPE_CHECKING:
    from orderloom.flow.plan import Plan, PlannedStep

_BEHIND = {"read": "after", "soft": "after, if it runs,", "after": "after"}


def text(plan: Plan) -> str:
    """The whole list as text."""
    return "\n".join(_lines(plan)) + "\n"


def _lines(plan: Plan) -> Iterator[str]:
    yield f"{plan.flow.name}, version {plan.flow.version}"
    yield from [plan.flow.summary] if plan.flow.summary else []
    shown = drawn(plan)
    for step in plan.steps:
        yield ""
        yield _head(step)
        yield from (f"    {line}" for line in _about(plan, step, shown))


def _head(step: PlannedStep) -> str:
    kind = {"trigger": ", trigger", "wait": ", waits"}.get(step.node.kind, "")
    return f"{step.name}  ({step.node.name}{kind})"


def _about(plan: Plan, step: PlannedStep, shown: tuple[Edge, ...]) -> Iterator[str]:
    for edge in shown:
        if edge.target == step.index and edge.kind in _BEHIND:
            yield f"{_BEHIND[edge.kind]} {plan.steps[edge.source].name}"
    if step.step.for_each:
        yield "for each item"
    if step.step.when:
        yield "only when its condition holds"
    leaving = [edge for edge in shown if edge.source == step.index and edge.kind in {"route", "error"}]
    width = max((len(_spelt(edge)) for edge in leaving), default=0)
    for edge in leaving:
        target = "nowhere" if edge.target is None else plan.steps[edge.target].name
        yield f"{_spelt(edge):<{width}}  -> {target}"
    if step.undo:
        yield f"undone by {step.undo.node.name}"
    if step.step.end:
        yield f"ends the run: {step.step.end}"


def _spelt(edge: Edge) -> str:
    mark = "!" if edge.kind == "error" else ""
    return ", ".join(mark + word for word in edge.words)
