"""Findings about the edges: circles, steps without one, routes that cannot be meant (rule 4)."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.flow.check.names import wanted_names
from orderloom.flow.check.subject import Subject
from orderloom.flow.edges import Edge
from orderloom.flow.formulas import formulas_in
from orderloom.flow.plan import circles
from orderloom.problems import Problem

_HOW = {"read": "reads", "soft": "reads", "after": "comes after", "route": "is routed to by"}


def odd_routes(subject: Subject) -> Iterator[Problem]:
    """G004: a route to the step itself or to the trigger."""
    triggers = subject.triggers()
    for step, _, word, target, path in subject.routes():
        if target == step.name:
            yield Problem(
                "G004",
                f"`{word}` leads back to `{target}` itself",
                subject.place(*path),
                "a step runs once: `retry` repeats a call, `Later` is how a node comes back",
            )
        elif target in triggers:
            yield Problem(
                "G004",
                f"`{word}` leads to the trigger `{target}`, which has run already",
                subject.place(*path),
                "a route leads to a later step, or nowhere: `~`",
            )


def edges_in_circles(subject: Subject) -> Iterator[Problem]:
    """G005: steps that wait for one another would wait for ever."""
    triggers = subject.triggers()
    for circle in circles(list(subject.flow.steps), _meant(subject, triggers)):
        names = " → ".join([*(edge.source for edge in circle), circle[0].source])
        back = _closing(subject, circle)
        yield Problem(
            "G005",
            f"steps wait for one another: {names}",
            back.place,
            f"here `{back.target}` {_HOW[back.kind]} `{back.source}`; a node that must come back does so by `Later`",
        )


def without_edge(subject: Subject) -> Iterator[Problem]:
    """G006: nothing says when a step starts."""
    entered = {edge.target for edge in subject.edges} | wanted_names(subject)
    triggers = subject.triggers()
    for name, step in subject.flow.steps.items():
        if (
            not triggers
            or name in triggers
            or name in entered
            or step.after
            or not subject.bound[name].sound
            or _guesses(subject, name)
        ):
            continue
        yield Problem(
            "G006",
            f"nothing leads to `{name}`: it reads no step, and none leads to it",
            subject.key_place("steps", name),
            f"read a result in its `with:`, name it in some step's `next:`, or say `after: {triggers[0]}`",
        )


def behind_an_end(subject: Subject) -> Iterator[Problem]:
    """G008: a step that needs one with `end` would start after the run has ended."""
    told: set[str] = set()
    for edge in subject.edges:
        end = subject.flow.steps[edge.source].end
        if end and edge.kind in {"read", "after"} and edge.target not in told:
            told.add(edge.target)
            yield Problem(
                "G008",
                f"`{edge.target}` can never run: the run has ended as `{end}` when `{edge.source}` is done",
                edge.place,
                f"take the `end` from `{edge.source}`, or let this step come before it",
            )


def _guesses(subject: Subject, name: str) -> bool:
    """Whether a formula of the step reads names that lead nowhere: told already, and an edge when mended."""
    names = {read.path[0] for f in formulas_in(subject.bound[name].written) for read in f.expression.reads}
    return bool(names - set(subject.flow.steps))


def _meant(subject: Subject, triggers: list[str]) -> list[Edge]:
    """Without the edges that are findings of their own."""
    return [edge for edge in subject.edges if edge.source != edge.target and edge.target not in triggers] + [
        edge for edge in subject.edges if edge.source == edge.target and edge.kind != "route"
    ]


def _closing(subject: Subject, circle: tuple[Edge, ...]) -> Edge:
    """The edge that leads back: from a step to one that stands above it in the file."""
    names = list(subject.flow.steps)
    return next((edge for edge in reversed(circle) if names.index(edge.source) >= names.index(edge.target)), circle[-1])
