"""Findings about conditions that are the same in every run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from orderloom.feel import Expression, FeelError
from orderloom.flow.check.subject import Subject
from orderloom.flow.model import Flow
from orderloom.problems import Problem

_CLOCK = re.compile(r"\b(?:now|today)\s*\(")


@dataclass(frozen=True)
class Constants:
    """What is known of a flow's formulas before any run; each name of `let` is evaluated once."""

    flow: Flow
    _known: dict[str, Any] = field(default_factory=dict)

    def has(self, expression: Expression, above: tuple[str, ...] = ()) -> bool:
        """Whether it reads no step and no clock, itself or by way of a `let`."""
        lets = self.flow.let
        return not _CLOCK.search(expression.text) and all(
            name in lets and name not in above and self.has(lets[name].expression, (*above, name))
            for name in _names(expression)
        )

    def value(self, expression: Expression) -> Any:
        """Raises `FeelError` where the formula itself, or a `let` that it reads, meets a limit."""
        return expression.evaluate(self.read_by(expression))

    def read_by(self, expression: Expression) -> Mapping[str, Any]:
        """What it reads. Raises `FeelError` where a `let` meets a limit."""
        return {name: self._let(name) for name in _names(expression)}

    def _let(self, name: str) -> Any:
        if name not in self._known:
            try:
                self._known[name] = self.value(self.flow.let[name].expression)
            except FeelError as error:
                self._known[name] = error
        if isinstance(found := self._known[name], FeelError):
            raise found
        return found


def _names(expression: Expression) -> set[str]:
    return {read.path[0] for read in expression.reads}


def conditions(subject: Subject, constants: Constants) -> Iterator[Problem]:
    """S011 (warning): a `when` that reads nothing, and the steps that never run because of it."""
    triggers = subject.triggers()
    for name, step in subject.flow.steps.items():
        if step.when is None or name in triggers or not constants.has(step.when.expression):
            continue
        always = _always(constants, step.when.expression)
        if always is not None:
            place = subject.place("steps", name, "when")
            yield Problem("S011", _message(subject, name, always), place, _help(name, always), "warning")


def _always(constants: Constants, expression: Expression) -> bool | None:
    try:
        found = constants.value(expression)
    except FeelError:  # told as such (limits.py)
        return None
    return found if isinstance(found, bool) else None


def _message(subject: Subject, name: str, always: bool) -> str:
    if always:
        return f"`when` is true in every run of `{name}`"
    with_it = [other for other in _never(subject, name) if other != name]
    nor = f", nor {'does' if len(with_it) == 1 else 'do'} {' and '.join(f'`{other}`' for other in with_it)}"
    return f"`{name}` never runs: `when` is false in every run{nor if with_it else ''}"


def _help(name: str, always: bool) -> str:
    return "take it out" if always else f"let it read something, or take `{name}` out"


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
