"""What a person gives in place of a node's own: a result, or other inputs; refused in sentences where it does not fit.

A path begins with the name of what it changes: `shipment.weight`, `documents[0].label_id`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from orderloom.declare import AnswerRefused, Node, Parameter
from orderloom.model import EditRefusedError, misfits, patched
from orderloom.model.plain import plain
from orderloom.problems import did_you_mean
from orderloom.run.machine.program import StepProgram
from orderloom.run.machine.values import field_of

_FIRST = re.compile(r"[^.\[\]]+")
_WHOLE = "the document"  # as `misfits` calls it


def demand_fit(step: StepProgram, value: Any) -> None:
    """A result that the step is to be done with must be one that its node could have given. Raises `AnswerRefused`."""
    results = value if step.for_each is not None and isinstance(value, list) else [value]
    problems = [problem for one in results if one is not None for problem in _unfit(step, one)]
    if problems:
        raise AnswerRefused(problems)


def _unfit(step: StepProgram, result: Any) -> list[str]:
    if isinstance(result, BaseModel):
        return []  # it was read into the outcome's own type
    word = field_of(result, "outcome")
    for kind in step.node.outcome_types:
        if kind.outcome_name == word:
            try:
                kind.model_validate(result)
            except ValidationError as error:
                return misfits(error)
    if step.node.outcome_types:
        return []
    schema = step.node.outcomes(step.planned.settings)[str(word)]
    return _unlike(schema, plain(result), str(word))


def _unlike(schema: Mapping[str, Any], record: Any, word: str) -> list[str]:
    from jsonschema import Draft202012Validator  # noqa: PLC0415 (half a second, and hardly ever needed)

    found = []
    for error in Draft202012Validator(schema).iter_errors(record):
        at = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path).lstrip(".")
        if error.validator == "required":
            missing = [name for name in error.validator_value if name not in error.instance]
            found += [f"{f'{at}.' if at else ''}{name}: is missing" for name in missing]
        elif error.validator == "additionalProperties":
            known = list(error.schema.get("properties", {}))
            strangers = [name for name in error.instance if name not in known]
            found += [f"{name}: `{word}` gives no such field; {_near(name, known)}" for name in strangers]
        else:
            found.append(f"{at or 'the result'}: is not what `{word}` gives")
    return list(dict.fromkeys(found))


def with_edits(node: Node, inputs: Mapping[str, Any], edits: Mapping[str, Any]) -> dict[str, Any]:
    """Of a call's inputs those that `edits` (path → value) change, changed. Raises `AnswerRefused`."""
    by_name: dict[str, dict[str, Any]] = {}
    for path, value in edits.items():
        name = _FIRST.match(path)
        by_name.setdefault(name[0] if name else path, {})[path] = value
    return {name: _edited(_input(node, name), inputs, paths) for name, paths in by_name.items()}


def _input(node: Node, name: str) -> Parameter:
    known = [one for one in node.published if one.role != "resource"]
    found = next((one for one in known if one.name == name), None)
    if found is None:
        raise AnswerRefused([f"`{node.name}` takes no `{name}`; {_near(name, [one.name for one in known])}"])
    return found


def _edited(parameter: Parameter, inputs: Mapping[str, Any], paths: Mapping[str, Any]) -> Any:
    name = parameter.name
    if name in paths:
        if len(paths) > 1:
            raise AnswerRefused([f"`{name}` is given as a whole and in parts: give one of them"])
        return _read(parameter, paths[name])
    if inputs.get(name) is None:
        raise AnswerRefused([f"`{name}` is empty: give it as a whole"])
    try:
        changed = patched(inputs[name], {path[len(name) :].removeprefix("."): value for path, value in paths.items()})
    except EditRefusedError as refusal:
        raise AnswerRefused([_below(name, problem) for problem in refusal.problems]) from None
    return _read(parameter, changed)


def _read(parameter: Parameter, value: Any) -> Any:
    try:
        return parameter.adapter.validate_python(value)
    except ValidationError as error:
        raise AnswerRefused([_below(parameter.name, problem) for problem in misfits(error)]) from None


def _below(name: str, problem: str) -> str:
    if problem.startswith(_WHOLE):
        return f"{name}{problem.removeprefix(_WHOLE)}"
    return f"{name}{'' if problem.startswith('[') else '.'}{problem}"


def _near(name: str, known: list[str]) -> str:
    return did_you_mean(name, known) or f"it has {', '.join(known)}"
