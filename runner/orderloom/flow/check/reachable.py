"""Findings about what can happen: steps that never run, are skipped in silence, or wait where nobody expects it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from orderloom.flow.check.subject import Subject
from orderloom.flow.check.worlds import Looked, StepShape, explore
from orderloom.flow.edges import reads, step_values
from orderloom.flow.plan import ancestors, in_order
from orderloom.problems import Place, Problem

FAR = 2  # so many steps between two routes into a step are a wait that nobody sees


def looked_at(subject: Subject) -> Mapping[str, Looked]:
    """What is known of each step over all possible worlds; the edges have no circle."""
    names = list(subject.flow.steps)
    shapes = [_shape(subject, name) for name in in_order(names, subject.edges)]
    return explore(shapes, ancestors(names, subject.edges))


def never_running(subject: Subject, looked: Mapping[str, Looked]) -> Iterator[Problem]:
    """G011: what a step needs never comes together."""
    dead = {name for name, found in looked.items() if not found.runs}
    for name in subject.flow.steps:
        if name in dead and not any(source in dead for source in _needs(subject, name)):
            needed = " and ".join(f"`{source}`" for source in _needs(subject, name) if source not in subject.triggers())
            yield Problem(
                "G011",
                f"`{name}` can never run: {needed} never come together in one run",
                subject.key_place("steps", name),
                "read what may be missing inside `coalesce(…)`, or write the step twice",
            )


def skipped_in_silence(subject: Subject, looked: Mapping[str, Looked]) -> Iterator[Problem]:
    """G012: a route leads to a step that then does not run, because a step it needs has been skipped (rule 11)."""
    for name, found in looked.items():
        if not found.runs:
            continue
        for source in sorted(found.routed_without, key=list(subject.flow.steps).index):
            place, how = _need_place(subject, name, source)
            why = f"a route leads to it though `{source}`, which it {how}, did not run"
            yield Problem(
                "G012",
                f"`{name}` can be skipped in silence: {why}",
                place,
                f"read it softly, `coalesce({source}.…, …)`, or route to `{name}` only where `{source}` has run",
            )


def waits_far(subject: Subject, looked: Mapping[str, Looked]) -> Iterator[Problem]:
    """G013: two routes into one step, one of which may be open still while the other is taken."""
    if not any(found.clashes for found in looked.values()):
        return
    above = ancestors(list(subject.flow.steps), subject.edges)
    for name, found in looked.items():
        told = [_clash(subject, name, taken, waited, above) for taken, waited in sorted(found.clashes)]
        yield from sorted(told, key=lambda problem: problem.severity)[:1]


def _clash(subject: Subject, name: str, taken: str, waited: str, above: Mapping[str, frozenset[str]]) -> Problem:
    between = {waited, *above[waited]} - {taken, *above[taken]}
    people = [step for step in between if (node := subject.bound[step].node) and node.kind == "wait"]
    far = bool(people) or len(between) >= FAR or taken in above[waited]
    place = next(
        edge.place for edge in subject.edges if (edge.source, edge.target, edge.kind) == (taken, name, "route")
    )
    why = f" (and with it for `{people[0]}`, which waits)" if people and people != [waited] else ""
    return Problem(
        "G013",
        f"`{name}` would wait for `{waited}`{why}: it can be on its way still when `{taken}` leads to `{name}`",
        place,
        _apart(subject, name, taken, waited, taken in above[waited]),
        "error" if far else "warning",
    )


def _apart(subject: Subject, name: str, taken: str, waited: str, follows: bool) -> str:
    """The ways out; that by `after` is one where the two run side by side and lead there when they are done."""
    words = [edge.word for edge in subject.edges if edge.target == name and edge.source in {taken, waited}]
    if follows or any(word.startswith("!") for word in words):
        return f"let `{taken}` and `{waited}` follow one another, or route them to two steps"
    return f"route them to two steps, or join them without routes: `after: [{taken}, {waited}]` and a `when:`"


def _shape(subject: Subject, name: str) -> StepShape:
    step, bound = subject.flow.steps[name], subject.bound[name]
    into = [edge for edge in subject.edges if edge.target == name]
    return StepShape(
        name=name,
        outcomes=tuple(bound.outcomes or step.next or ("?",)),
        failures=tuple(f"!{word}" for word in step.on_error),
        hard=_needs(subject, name),
        routes_in=tuple(dict.fromkeys((edge.source, edge.word) for edge in into if edge.kind == "route")),
        many=step.for_each is not None,
        may_skip=step.when is not None,
    )


def _needs(subject: Subject, name: str) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(edge.source for edge in subject.edges if edge.target == name and edge.kind in {"read", "after"})
    )


def _need_place(subject: Subject, name: str, source: str) -> tuple[Place, str]:
    step = subject.flow.steps[name]
    for read in reads(subject.flow, [*step_values(step, subject.bound[name].written)]):
        if read.step == source and not read.soft:
            return read.place(subject.flow), f"reads by way of `{read.let}`" if read.let else "reads"
    return subject.place("steps", name, "after"), "comes after"
