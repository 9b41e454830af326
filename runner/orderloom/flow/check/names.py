"""Findings about names that lead nowhere: steps in routes and `after`, and `let` names that nobody reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from orderloom.flow.check.certain import lets_used, respelt_name
from orderloom.flow.check.subject import Subject
from orderloom.problems import Place, Problem, did_you_mean, slip

MOST_LISTED = 8


def unknown_targets(subject: Subject) -> Iterator[Problem]:
    """R002: a route or an `after` names a step that is not there."""
    for place, name in _targets(subject):
        if name not in subject.flow.steps:
            mend = did_you_mean(name, subject.flow.steps)
            if mend is None and name in ("end", "stop", "none", "nowhere"):
                mend = "write `~` for nowhere; `end: WORD` ends the run and belongs to a step"
            yield Problem(
                "R002",
                f"no step is named `{name}`",
                place,
                mend or f"the steps are: {_some(subject.flow.steps)}",
                fix=respelt_name(subject, place, name, slip(name, subject.flow.steps)),
            )


def wanted_names(subject: Subject) -> set[str]:
    """Steps that a misspelt target probably means."""
    meant = (did_you_mean(name, subject.flow.steps) for _, name in _targets(subject) if name not in subject.flow.steps)
    return {mend.split("`")[1] for mend in meant if mend}


def unread_keys(subject: Subject) -> Iterator[Problem]:
    """F015 (warning): `limits` is a word of the language that nothing reads yet."""
    data = subject.flow.source.data
    if isinstance(data, Mapping) and "limits" in data:
        place = subject.key_place("limits")
        yield Problem("F015", "`limits` has no effect: nothing reads it yet", place, "take it out", "warning")


def unused_lets(subject: Subject) -> Iterator[Problem]:
    """R004 (warning): a `let` that no formula reads."""
    flow, used = subject.flow, lets_used(subject)
    for name in flow.let:
        if name not in used and _circle(subject, name, (name,)) is None:
            place = subject.key_place("let", name)
            yield Problem(
                "R004", f"nothing reads `{name}`", place, "take it out, or read it where it was meant", "warning"
            )


def circular_lets(subject: Subject) -> Iterator[Problem]:
    """G010: `let` names that stand for one another."""
    told: set[str] = set()
    for name in subject.flow.let:
        circle = _circle(subject, name, (name,))
        if circle and not told & set(circle):
            told |= set(circle)
            yield Problem(
                "G010",
                f"`{name}` is defined by itself: {' → '.join(circle)}",
                subject.place("let", name),
                "a `let` may read steps and other names, in no circle",
            )


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:MOST_LISTED]) + (", …" if len(listed) > MOST_LISTED else "")


def _circle(subject: Subject, start: str, way: tuple[str, ...]) -> tuple[str, ...] | None:
    for read in subject.flow.let[way[-1]].expression.reads:
        name = read.path[0]
        if name == start:
            return (*way, start)
        if name in subject.flow.let and name not in way and (found := _circle(subject, start, (*way, name))):
            return found
    return None


def _targets(subject: Subject) -> Iterator[tuple[Place, str]]:
    for _, _, _, target, path in subject.routes():
        yield subject.place(*path), target
    for step in subject.flow.steps.values():
        for number, name in enumerate(step.after):
            yield subject.place("steps", step.name, "after", number), name
