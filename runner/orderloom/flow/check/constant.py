"""Findings about conditions that are the same in every run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from orderloom.feel import FeelError
from orderloom.flow.check.subject import Subject
from orderloom.flow.model import Flow, Formula
from orderloom.problems import Problem

_CLOCK = re.compile(r"\b(?:now|today)\s*\(")


def conditions(subject: Subject) -> Iterator[Problem]:
    """S011 (warning): a `when` that reads nothing, and the steps that never run because of it."""
    triggers = subject.triggers()
    for name, step in subject.flow.steps.items():
        if step.when is None or name in triggers or not _is_constant(subject.flow, step.when, ()):
            continue
        always = _value(subject.flow, step.when)
        if isinstance(always, bool):
            place = subject.place("steps", name, "when")
            yield Problem("S011", _message(subject, name, always), place, _help(name, always), "warning")


def _message(subject: Subject, name: str, always: bool) -> str:
    if always:
        return f"`when` is true in every run of `{name}`"
    with_it = [other for other in _never(subject, name) if other != name]
    nor = f", nor {'does' if len(with_it) == 1 else 'do'} {' and '.join(f'`{other}`' for other in with_it)}"
    return f"`{name}` never runs: `when` is false in every run{nor if with_it else ''}"


def _help(name: str, always: bool) -> str:
    return "take it out" if always else f"let it read something, or take `{name}` out"


def _is_constant(flow: Flow, formula: Formula, above: tuple[str, ...]) -> bool:
    """Whether it reads no step and no clock, itself or by way of a `let`."""
    names = {read.path[0] for read in formula.expression.reads}
    return not _CLOCK.search(formula.expression.text) and all(
        name in flow.let and name not in above and _is_constant(flow, flow.let[name], (*above, name)) for name in names
    )


def _value(flow: Flow, formula: Formula) -> Any:
    scope = {
        read.path[0]: _value(flow, flow.let[read.path[0]])
        for read in formula.expression.reads
        if read.path[0] in flow.let
    }
    try:
        return formula.expression.evaluate(scope)
    except FeelError:
        return None


def _never(subject: Subject, name: str) -> list[str]:
    """The step and all that cannot run without it, in the order of the file."""
    never, before = {name}, 0
    while before < len(never):
        before = len(never)
        for step in subject.flow.steps:
            into = [edge for edge in subject.edges if edge.target == step]
            routes = {edge.source for edge in into if edge.kind == "route"}
            needs = {edge.source for edge in into if edge.kind in {"read", "after"}}
            if needs & never or (routes and routes <= never):
                never.add(step)
    return [step for step in subject.flow.steps if step in never]
