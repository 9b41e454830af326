"""Findings about what the outside is said to answer: names, outcomes, and the node's own description of each field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from orderloom.change.scenario.fields import UNFIT, Fields, fields_of
from orderloom.change.scenario.model import Answer, Gives, Raises
from orderloom.change.scenario.reads import Readers, may_run_after
from orderloom.change.scenario.scope import GIVEN
from orderloom.change.scenario.targets import Target, Targets
from orderloom.declare import Parameter
from orderloom.feel import infer
from orderloom.feel.types import ANY, ListOf, Record, Type, accepts, from_schema
from orderloom.feel.typescope import a
from orderloom.flow.formulas import formulas_in, narrow
from orderloom.flow.model import Formula
from orderloom.problems import Problem, did_you_mean, respelt
from orderloom.source import Document, Path


def answer_findings(answer: Answer, targets: Targets, readers: Readers, document: Document) -> Iterator[Problem]:
    """All that is wrong with one answer of `world:`, for whatever it stands for."""
    meant = targets.meant(answer.name)
    if not meant:
        yield _unknown(answer, targets)
    for target in meant:
        yield from _series_findings(answer, target, readers, document)


def _unknown(answer: Answer, targets: Targets) -> Problem:
    flow = targets.program.plan.flow.name
    if answer.name in targets.steps:
        message = f"`{answer.name}` is the trigger of {flow}: nothing answers it"
        return Problem("W011", message, answer.place, "say by `input:` what comes in")
    message = f"`{answer.name}` is neither a step of {flow} nor a node that it uses"
    mend = did_you_mean(answer.name, targets.known) or f"its steps are: {', '.join(list(targets.steps)[1:])}"
    return Problem("W011", message, answer.place, mend, fix=respelt(answer.place, answer.name, targets.known))


def _series_findings(answer: Answer, target: Target, readers: Readers, document: Document) -> Iterator[Problem]:
    if answer.each and target.step.for_each is None:
        message = f"`{target.label}` does not go through a list, so it has no items to answer one by one"
        yield Problem("W010", message, answer.place, "leave `each` out")
    for series in answer.series:
        for said in series.said if series else ():
            if isinstance(said, Raises):
                yield from _raises_findings(said, target)
            else:
                yield from _gives_findings(said, target, readers, document)


def _raises_findings(said: Raises, target: Target) -> Iterator[Problem]:
    known = target.node.error_classes
    if said.error_class not in known:
        message = f"`{target.label}` has no class of errors `{said.error_class}`"
        mend = did_you_mean(said.error_class, known) or f"it has: {', '.join(known)}"
        yield Problem("W012", message, said.place, mend)


def _gives_findings(said: Gives, target: Target, readers: Readers, document: Document) -> Iterator[Problem]:
    yield from _formula_findings(said, target, document)
    if target.node.answer is not None:
        yield from _word_findings(said, target, document)
        return  # the rest is for the node to say, which takes answers in many forms
    outcome = outcome_of(said, target.outcomes)
    if outcome is None or outcome not in target.outcomes:
        yield _no_outcome(said, target, document)
        return
    fields = fields_of(target.node, str(outcome), target.schemas)
    given = said.value if isinstance(said.value, Mapping) else {}
    found = [
        problem
        for name in given
        if name != "outcome"
        for problem in _field_findings(said, name, fields, target, document)
    ]
    yield from found
    if not target.undo and not found:  # one slip is one finding
        yield from _lacking(said, str(outcome), fields, target, readers)


def outcome_of(said: Gives, outcomes: tuple[str, ...]) -> Any:
    """The outcome that an answer means; None where it does not say which of several."""
    return said.outcome if said.outcome is not None else outcomes[0] if len(outcomes) == 1 else None


def _word_findings(said: Gives, target: Target, document: Document) -> Iterator[Problem]:
    """A word that a question does not know; an answer that is an object may leave its outcome out."""
    if said.outcome is not None and said.outcome not in target.outcomes:
        yield _no_outcome(said, target, document)


def _no_outcome(said: Gives, target: Target, document: Document) -> Problem:
    known, word = target.outcomes, said.outcome
    place = document.place((*said.path, "outcome")) if isinstance(said.value, Mapping) else said.place
    if word is None:
        message = f"the answer does not say which outcome of `{target.label}` it is"
        return Problem("W012", message, said.place, f"add `outcome:`, one of {', '.join(known)}")
    message = f"`{target.label}` has no outcome `{word}`"
    mend = did_you_mean(str(word), known) or f"it has: {', '.join(known)}"
    return Problem("W012", message, place, mend, fix=respelt(place, str(word), known))


def _field_findings(said: Gives, name: str, fields: Fields, target: Target, document: Document) -> Iterator[Problem]:
    value, path = said.value[name], (*said.path, name)
    if fields.names is None:
        return
    if name not in fields.names:
        place = document.key_place(path)
        message = f"`{target.node.name}` gives no `{name}` with `{outcome_of(said, target.outcomes)}`"
        mend = did_you_mean(name, fields.names) or f"it gives: {', '.join(fields.names) or 'nothing more'}"
        yield Problem(UNFIT, message, place, mend, fix=respelt(place, name, fields.names))
    elif not any(formulas_in(value)):
        yield from (replace(one, code=UNFIT) for one in fields.findings(name, value, document, path))
    else:
        yield from _type_findings(name, value, fields.type(name), target, document, path)


def _type_findings(
    what: str, value: Any, wanted: Type, target: Target, document: Document, path: Path
) -> Iterator[Problem]:
    """Formulas and literals mixed, part by part. Models read numbers and moments from texts: of literals only names
    and words are looked at here, the rest when the answer is given."""
    if isinstance(value, Mapping) and isinstance(wanted, Record):
        for name, member in value.items():
            here = (*path, name)
            if name in wanted.fields:
                yield from _type_findings(f"{what}.{name}", member, wanted.fields[name], target, document, here)
            elif not wanted.open:
                mend = did_you_mean(name, wanted.fields) or f"its keys are: {', '.join(wanted.fields)}"
                yield Problem(UNFIT, f"`{what}` has no key `{name}`", document.key_place(here), mend)
    elif isinstance(value, list) and isinstance(wanted, ListOf):
        for number, item in enumerate(value):
            here = (*path, number)
            yield from _type_findings(f"{what}[{number}]", item, wanted.item, target, document, here)
    elif isinstance(value, Formula):
        given = infer(value.expression, _scope(target, value)).type
        if not accepts(wanted, given):
            yield Problem(UNFIT, f"`{what}` wants {a(wanted)}, but is {a(given)}", value.place)
    elif isinstance(value, str) and wanted.values and value not in wanted.values:
        message = f"`{what}` wants one of {', '.join(wanted.values)}, but is `{value}`"
        yield Problem(UNFIT, message, document.place(path), did_you_mean(value, wanted.values))


def _formula_findings(said: Gives, target: Target, document: Document) -> Iterator[Problem]:
    for formula in formulas_in(said.value):
        for found in infer(formula.expression, _scope(target, formula)).findings:
            place = narrow(document, formula, found.start, found.end)
            yield Problem(found.code, found.message, place, found.help)


def _scope(target: Target, formula: Formula) -> Mapping[str, Type]:
    """`given` with what the node is handed, and the steps of the flow; types of what the formula reads alone."""
    read = {one.path[1] for one in formula.expression.reads if one.path[0] == GIVEN and len(one.path) > 1}
    given = {one.name: _parameter_type(one) if one.name in read else ANY for one in target.node.published}
    return {**dict.fromkeys(target.names, ANY), GIVEN: Record(given)}


_TYPES: dict[int, tuple[Parameter, Type]] = {}  # that of an order takes tens of milliseconds


def _parameter_type(parameter: Parameter) -> Type:
    if parameter.role == "resource":
        return ANY
    found = _TYPES.get(id(parameter))
    if found is None or found[0] is not parameter:
        found = _TYPES[id(parameter)] = (parameter, from_schema(parameter.schema))
    return found[1]


def _lacking(said: Gives, outcome: str, fields: Fields, target: Target, readers: Readers) -> Iterator[Problem]:
    """Fields that are always there, and are read by what can run then: without them the case is one that cannot be."""
    given = said.value if isinstance(said.value, Mapping) else {}
    lacking = [name for name in fields.required if name not in given and name in readers.get(target.name, {})]
    may = may_run_after(target, outcome) if lacking else ()
    for name in lacking:
        reader = next((one for one in readers[target.name][name] if one in may), None)
        if reader is not None:
            message = f"the answer gives no `{name}`, which `{reader}` reads of `{target.name}`"
            yield Problem("W014", message, said.place, f"`{outcome}` always gives it: add `{name}: …`")
