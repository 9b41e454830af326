"""A flow in; every finding about its meaning, and its plan where there is no error, out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from orderloom.flow.bind import Binder
from orderloom.flow.check import (
    connected,
    constant,
    graph,
    limits,
    literals,
    names,
    outcomes,
    reachable,
    subflows,
    tables,
    trigger,
    types,
    undos,
)
from orderloom.flow.check.scopes import Scopes
from orderloom.flow.check.subject import Subject
from orderloom.flow.edges import edges
from orderloom.flow.model import Flow
from orderloom.flow.plan import Plan, make_plan
from orderloom.flow.read import read_flow, scan_flow
from orderloom.flow.subflow import SubFlow, subflow_file
from orderloom.packs import Catalogue
from orderloom.problems import Place, Problem, ProblemsError, refuse
from orderloom.source import Document, read_document

CIRCLES = frozenset({"G004", "G005", "S006", "S007"})  # edges that lead back
# as long as these are open the graph is not the one that is meant, and what it would lead to is not worth telling
UNFINISHED = CIRCLES | {"F002", "G001", "G002", "G006", "G007", "G008", "N001", "N003", "R002", "R101"}

SIGNS = frozenset({"S008", "S010"})  # a plain text that was to be a formula
MOST_AGAIN = 2  # so often a name that is nowhere is told at its own place


@dataclass(frozen=True)
class Checked:
    """All findings, sorted; the plan is None where one of them is an error."""

    problems: tuple[Problem, ...]
    plan: Plan | None


@dataclass(frozen=True)
class Surroundings:
    """What a flow can name.

    `folders` are those to which its paths are relative, its own first; `connections` the names that there are, None
    where nobody knows them; `above` the files of the flows around it, the outermost first.
    """

    catalogue: Catalogue
    folders: Sequence[Path]
    connections: Collection[str] | None = None
    above: tuple[Path, ...] = ()


def check_document(
    document: Document, catalogue: Catalogue, folders: Sequence[Path], connections: Collection[str] | None = None
) -> Checked:
    """Everything that is wrong with a flow file: its shape, and as far as that allows its meaning."""
    flow, problems = scan_flow(document)
    if flow is None:
        return Checked(_sorted(problems), None)
    if not problems:
        return check_flow(flow, catalogue, folders, connections)
    meant, _ = _examined(flow, Surroundings(catalogue, folders))
    return Checked(_sorted([*problems, *_beside(problems, meant)]), None)


def check_flow(
    flow: Flow, catalogue: Catalogue, folders: Sequence[Path], connections: Collection[str] | None = None
) -> Checked:
    """Ask every check, and plan what is right; for the arguments see `Surroundings`."""
    problems, subject = _examined(flow, Surroundings(catalogue, folders, connections))
    return Checked(problems, None if _errors(problems) else _plan(subject))


def _examined(flow: Flow, around: Surroundings) -> tuple[tuple[Problem, ...], Subject]:
    """Each step bound to its node, and all findings."""
    binder = Binder(flow, around.catalogue, around.folders, partial(_open_flow, flow, around))
    bound = {name: binder.bind(("steps", name), step.use, step.given) for name, step in flow.steps.items()}
    taken_back = {
        name: binder.bind(("steps", name, "undo"), step.undo.use, step.undo.given)
        for name, step in flow.steps.items()
        if step.undo is not None
    }
    subject = Subject(flow, bound, taken_back, edges(flow, {name: use.written for name, use in bound.items()}))
    found = [*binder.problems, *_local(subject, around.catalogue), *_of_graph(subject)]
    found += () if around.connections is None else connected.connections(subject, around.connections)
    found += _whole(subject, found)
    return _sorted(_worth_telling(found)), subject


def _open_flow(flow: Flow, around: Surroundings, value: Any, place: Place) -> SubFlow:
    """The flow that a step names. Raises `ProblemsError`: it is not there, it is wrong, or it leads back to itself."""
    here = Path(flow.source.file)
    file = subflow_file(value, place, here, around.folders)
    above = (*around.above, here)
    if any(file.resolve() == other.resolve() for other in above):
        circle = " → ".join([*(other.stem for other in above), file.stem])
        raise refuse("N400", f"the flows run in a circle: {circle}", place, "a flow ends before it begins again")
    inner = read_flow(read_document(file))
    problems, subject = _examined(
        inner, replace(around, folders=[file.parent, *around.folders[1:]], above=above)
    )
    if errors := _errors(problems):
        raise ProblemsError(errors)
    return subflows.as_subflow(_plan(subject), Scopes(subject, reachable.looked_at(subject)))


def _plan(subject: Subject) -> Plan:
    return make_plan(subject.flow, subject.bound, subject.undos, subject.edges)


def _errors(problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.severity == "error"]


def _local(subject: Subject, catalogue: Catalogue) -> Iterable[Problem]:
    return chain(
        names.unknown_targets(subject),
        names.unread_keys(subject),
        names.unused_lets(subject),
        names.circular_lets(subject),
        outcomes.outcomes_in_next(subject),
        outcomes.routes_beside_end(subject),
        outcomes.error_classes(subject),
        outcomes.retries(subject),
        outcomes.accepted_by(subject, catalogue),
        trigger.one_trigger(subject),
        trigger.key_for_sources(subject),
        trigger.key_reads_the_trigger(subject),
        trigger.trigger_reads_nothing(subject),
        literals.forgotten_signs(subject),
        literals.braces_without_a_template(subject),
        outcomes.time_limits(subject),
        subflows.undone_by_a_flow(subject),
    )


def _of_graph(subject: Subject) -> Iterable[Problem]:
    return chain(
        graph.odd_routes(subject),
        graph.edges_in_circles(subject),
        graph.without_edge(subject),
        graph.behind_an_end(subject),
    )


def _whole(subject: Subject, found: Sequence[Problem]) -> Iterable[Problem]:
    """What rests on the graph: where that has a circle nothing is known of routes, and where it is not whole little."""
    codes = {problem.code for problem in found if problem.severity == "error"}
    in_a_circle = bool(codes & CIRCLES)
    looked = {} if in_a_circle else reachable.looked_at(subject)
    scopes = Scopes(subject, looked)
    if not in_a_circle:
        yield from undos.undos_read_what_is_there(subject)
    if not codes & UNFINISHED:
        yield from reachable.never_running(subject, looked)
        yield from reachable.skipped_in_silence(subject, looked)
        yield from reachable.waits_far(subject, looked)
    constants = constant.Constants(subject.flow)
    yield from constant.conditions(subject, constants)
    yield from limits.limits(subject, constants)
    yield from types.formulas_of_steps(subject, scopes)
    yield from types.formulas_of_undos(subject, scopes)
    yield from types.formula_of_key(subject, scopes)
    yield from types.formulas_of_lets(subject, scopes)
    yield from tables.tables_used(subject, scopes)
    yield from subflows.steps_that_are_flows(subject, scopes)


def _worth_telling(found: Sequence[Problem]) -> Iterator[Problem]:
    """Without what only follows: what half a graph would miss, and one name that is nowhere, told at every place."""
    errors = {problem.code for problem in found if problem.severity == "error"}
    follows = ({"R110"} if errors & UNFINISHED else set()) | ({"R004"} if "R101" in errors else set())
    signs = {problem.place: problem.help for problem in found if problem.code in SIGNS}
    misfits = {problem.place for problem in found if problem.code == "N004"}
    places: dict[tuple[str, str], list[Problem]] = {}
    for problem in _sorted(found):
        if problem.code == "N004" and problem.place in signs:
            problem = replace(problem, help=signs[problem.place])  # noqa: PLW2901 (the sign is what it lacks)
        if problem.code not in follows and not (problem.code in SIGNS and problem.place in misfits):
            places.setdefault((problem.code, problem.message), []).append(problem)
    for (code, message), same in places.items():
        if code in {"R101", "R002"} and len(same) > MOST_AGAIN:
            again = f"{message}, nor in {len(same) - 1} more places"
            yield replace(same[0], message=again, fix=None)  # what is spelt so again and again is no slip
        else:
            yield from same


def _beside(shape: Sequence[Problem], meant: Sequence[Problem]) -> list[Problem]:
    """What still holds where the shape is wrong: unknown names of nodes and of their inputs, on other lines."""
    lines = {problem.place.line for problem in shape}
    return [problem for problem in meant if problem.code in {"N001", "N002"} and problem.place.line not in lines]


def _sorted(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(set(problems), key=Problem.sort_key))


__all__ = ["Checked", "check_document", "check_flow"]
