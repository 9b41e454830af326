"""Flows within flows: opening the one that a step names, and findings about what it is given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from orderloom.feel.types import ListOf, Record, Type, accepts
from orderloom.flow.check import mends
from orderloom.flow.check.naming import called
from orderloom.flow.check.scopes import Scopes, any_of
from orderloom.flow.check.subject import Subject
from orderloom.flow.check.values import type_of
from orderloom.flow.model import Formula
from orderloom.flow.plan import Plan
from orderloom.flow.subflow import GIVEN, SETTING, SubFlow, subflow_of
from orderloom.problems import Problem, did_you_mean

MEANINGLESS = {  # keys of a step that say nothing of a flow
    "retry": "what fails is tried again by the step that failed: put `retry` on the steps of the flow",
    "timeout": "time is limited step by step: put `timeout` on the steps of the flow",
}


def as_subflow(plan: Plan, scopes: Scopes) -> SubFlow:
    """A flow that was found right, as the flow around it sees it."""
    trigger = plan.trigger
    schema = (scopes.subject.bound[trigger.name].outcomes or {}).get(trigger.outcomes[0], {})
    record = scopes.of_schema(schema)
    fields = dict(record.fields) if isinstance(record, Record) else {}
    fields.pop("outcome", None)
    needed = tuple(name for name in schema.get("required", ()) if name in fields)
    gives = {step.name: _gives(plan, scopes, step.name) for step in plan.steps[1:]}
    return SubFlow(plan, Record(fields), needed, gives)


def _gives(plan: Plan, scopes: Scopes, name: str) -> Type:
    """Behind the flow's end nobody knows which outcome a step had: it may have the fields of each."""
    found = any_of(scopes.result(name))
    return ListOf(found) if plan.flow.steps[name].for_each is not None else found


def steps_that_are_flows(subject: Subject, scopes: Scopes) -> Iterator[Problem]:
    """N402, N403, T002: it is given what its trigger would have given. N404: no key stands there without a meaning."""
    for name, bound in subject.bound.items():
        subflow = subflow_of(bound)
        if subflow is None:
            continue
        given = bound.inputs.get(GIVEN, {})
        if isinstance(given, Mapping):
            yield from _names(subject, name, subflow, given)
            yield from _types(subject, scopes, name, subflow, given)
        yield from _meaningless(subject, name, subflow)


def undone_by_a_flow(subject: Subject) -> Iterator[Problem]:
    """N405: an undo is one call, with a key of its own."""
    for name, bound in subject.undos.items():
        if subflow_of(bound):
            place = subject.place("steps", name, "undo", "use")
            yield Problem("N405", f"`{name}` cannot be undone by a flow", place, "name the node that takes it back")


def _names(subject: Subject, name: str, subflow: SubFlow, given: Mapping[str, Any]) -> Iterator[Problem]:
    missing = [field for field in subflow.needed if field not in given]
    for field in given:
        if field in subflow.wanted.fields:
            continue
        mend = did_you_mean(field, subflow.wanted.fields)
        missing = [other for other in missing if mend is None or f"`{other}`" not in mend]  # one slip is one finding
        takes = f"its trigger gives: {', '.join(subflow.wanted.fields)}"
        place = subject.key_place("steps", name, "with", GIVEN, field)
        yield Problem("N402", f"the flow `{subflow.name}` takes no `{field}`", place, mend or takes)
    if missing:
        path = ("steps", name, "with", GIVEN if GIVEN in subject.flow.steps[name].given else SETTING)
        needed = " and ".join(f"`{field}`" for field in missing)
        mend = f"add `given: {{{', '.join(f'{field}: =…' for field in missing)}}}`"
        yield Problem("N403", f"the flow `{subflow.name}` needs {needed}", subject.key_place(*path), mend)


def _types(
    subject: Subject, scopes: Scopes, name: str, subflow: SubFlow, given: Mapping[str, Any]
) -> Iterator[Problem]:
    items = scopes.items(name)
    for field, value in given.items():
        wanted = subflow.wanted.fields.get(field)
        found = type_of(value, lambda formula: scopes.type_of(formula, name, items))
        if wanted is None or accepts(wanted, found):
            continue
        path = ("steps", name, "with", GIVEN, field)
        told = f"`{value.expression.text}`" if isinstance(value, Formula) else "this"
        message = f"`{field}` of the flow `{subflow.name}` wants {called(wanted, subject)}, but {told} is"
        mend = mends.of_type(subject, scopes, value, (found, wanted), (path[:2], name, items))
        yield Problem("T002", f"{message} {called(found, subject)}", subject.place(*path), mend)


def _meaningless(subject: Subject, name: str, subflow: SubFlow) -> Iterator[Problem]:
    step = subject.flow.steps[name]
    for key, mend in MEANINGLESS.items():
        if getattr(step, key) is not None:
            message = f"`{key}` has no meaning on `{name}`, which runs the flow `{subflow.name}`"
            yield Problem("N404", message, subject.key_place("steps", name, key), mend)
