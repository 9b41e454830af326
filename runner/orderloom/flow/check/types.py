"""Findings about types: what a formula gives against what its place wants, and the formula by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel

from orderloom.declare import Node, Parameter
from orderloom.feel import infer
from orderloom.feel.types import ANY, BOOLEAN, ListOf, OneOf, Record, Type, accepts
from orderloom.flow.bind import Bound
from orderloom.flow.check import mends
from orderloom.flow.check.certain import respelt_name, respelt_word
from orderloom.flow.check.naming import called
from orderloom.flow.check.scopes import Scopes, any_of
from orderloom.flow.check.subject import Subject
from orderloom.flow.check.values import type_of
from orderloom.flow.edges import reads
from orderloom.flow.formulas import formulas_in, narrow
from orderloom.flow.model import Formula, Step, Text
from orderloom.problems import Problem

FIELDS_OF_A_DOCUMENT = 8
ONLY_THERE = {
    "item": "`item` is there in the `with:` of a step with `for_each`",
    "result": "`result` is there in an `undo`; elsewhere a step's result is read by the step's name",
}


def formulas_of_steps(subject: Subject, scopes: Scopes) -> Iterator[Problem]:
    """All formulas of all steps: `when`, `for_each`, `with`."""
    for name, step in subject.flow.steps.items():
        yield from _wanted(subject, scopes, step, step.when, BOOLEAN, "`when`", "T004")
        yield from _wanted(subject, scopes, step, step.for_each, ListOf(ANY), "`for_each`", "T003")
        yield from _given(subject, scopes, subject.bound[name], name, scopes.items(name))


def formulas_of_undos(subject: Subject, scopes: Scopes) -> Iterator[Problem]:
    """What takes a step back reads its result, and its item where it went through a list."""
    for name, bound in subject.undos.items():
        yield from _given(subject, scopes, bound, name, {**scopes.items(name), "result": any_of(scopes.result(name))})


def formula_of_key(subject: Subject, scopes: Scopes) -> Iterator[Problem]:
    """T005: the key is one text or number."""
    key = subject.flow.key
    triggers = subject.triggers()
    if key is None or any(read.step not in triggers for read in reads(subject.flow, key)):
        return
    yield from findings(subject, scopes, key, "", {})
    found = scopes.type_of(key, "", {})
    if isinstance(found, (ListOf, Record, OneOf)) or found == BOOLEAN:
        yield Problem(
            "T005",
            f"`key` must be a text or a number, but is {called(found, subject)}",
            key.place,
            "read the one field that makes the document the same, such as its number",
        )


def formulas_of_lets(subject: Subject, scopes: Scopes) -> Iterator[Problem]:
    """The names of `let`, each by itself."""
    for formula in subject.flow.let.values():
        yield from findings(subject, scopes, formula, "", {})


def findings(
    subject: Subject, scopes: Scopes, formula: Formula, reader: str, extra: Mapping[str, Type]
) -> Iterator[Problem]:
    """What is wrong with a formula by itself, at its place in the file."""
    inferred = infer(formula.expression, scopes.scope([formula.expression], reader, extra))
    for found in inferred.findings:
        place = narrow(subject.flow.source, formula, found.start, found.end)
        name = formula.expression.text[found.start : found.end]
        respelt = respelt_name if found.code == "R101" else respelt_word
        help_ = ONLY_THERE.get(name, found.help) if found.code == "R101" else found.help
        fix = respelt(subject, place, name.strip('"'), found.meant)
        yield Problem(found.code, found.message, place, help_, fix=fix)


def _wanted(
    subject: Subject, scopes: Scopes, step: Step, formula: Formula | None, wanted: Type, what: str, code: str
) -> Iterator[Problem]:
    if formula is None:
        return
    yield from findings(subject, scopes, formula, step.name, {})
    found = scopes.type_of(formula, step.name, {})
    if not accepts(wanted, found):
        want = "true or false" if wanted == BOOLEAN else "a list"
        mend = "compare it, as in `… != null`" if wanted == BOOLEAN else "name the list itself, or write `[…]`"
        message = f"{what} must be {want}, but `{formula.expression.text}` is {called(found, subject)}"
        yield Problem(code, message, formula.place, mend)


def _given(subject: Subject, scopes: Scopes, bound: Bound, reader: str, extra: Mapping[str, Type]) -> Iterator[Problem]:
    for name, value in bound.written.items():
        found = [
            problem for formula in formulas_in(value) for problem in findings(subject, scopes, formula, reader, extra)
        ]
        yield from found
        parameter = bound.node.parameter(name) if bound.node else None
        if parameter and not found and bound.node and any(formulas_in(value)):
            yield from _fits(subject, scopes, bound.node, parameter, value, (bound.path, reader, extra))


def _fits(
    subject: Subject,
    scopes: Scopes,
    node: Node,
    parameter: Parameter,
    value: Any,
    where: tuple[Any, str, Mapping[str, Type]],
) -> Iterator[Problem]:
    """T002: what the formulas give is what the node takes."""
    path, reader, extra = where
    if isinstance(value, Text):
        return
    given = type_of(value, lambda formula: scopes.type_of(formula, reader, extra))
    if given == ANY or _is_that_model(parameter.annotation, given):
        return  # before the node's schema is asked for: making one takes longer than all else here
    wanted = scopes.of_schema(parameter.schema)
    if accepts(wanted, given):
        return
    place = value.place if isinstance(value, Formula) else subject.place(*path, "with", parameter.name)
    told = f"`{value.expression.text}`" if isinstance(value, Formula) else "this"
    yield Problem(
        "T002",
        f"`{parameter.name}` of node `{node.name}` wants {called(wanted, subject)},"
        f" but {told} is {called(given, subject)}",
        place,
        mends.of_type(subject, scopes, value, (given, wanted), (path, reader, extra))
        or f"`orderloom nodes show {node.name}` says what it takes",
    )


def _is_that_model(annotation: Any, given: Type) -> bool:
    """Whether a record has just the fields of the model that is wanted; of few fields that could be chance."""
    if not isinstance(given, Record) or len(given.fields) < FIELDS_OF_A_DOCUMENT:
        return False
    models = [part for part in get_args(annotation) or (annotation,) if isinstance(part, type)]
    return any(issubclass(part, BaseModel) and part.model_fields.keys() == given.fields.keys() for part in models)
