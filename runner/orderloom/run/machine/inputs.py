"""From a step's formulas and a scope to what its node is handed, each value of the type that is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from orderloom.feel import FeelError
from orderloom.run.machine.events import Failure
from orderloom.run.machine.program import Given, Scope
from orderloom.run.machine.values import unfit

NOTHING: Mapping[str, Any] = {}


def inputs_of(given: Given, scope: Scope, instead: Mapping[str, Any] = NOTHING) -> Mapping[str, Any] | Failure:
    """The inputs of a call; a failure of class `invalid` names the first value that does not fit, or meets a limit.

    `instead` are values, already of their types, that stand in place of what the flow gives.
    """
    if not given.computed and not instead:
        return given.fixed
    inputs = {**given.fixed, **instead}
    for parameter, evaluate in given.computed:
        if parameter.name in instead:
            continue
        try:
            value = evaluate(scope)
        except FeelError as error:
            return Failure("invalid", f"`{parameter.name}`: {error.message}")
        if value is None and not parameter.required:
            inputs[parameter.name] = parameter.default
            continue
        if type(value) is parameter.annotation and isinstance(value, BaseModel):
            inputs[parameter.name] = value  # a document of the type wanted: it was checked when it was made
            continue
        try:
            inputs[parameter.name] = parameter.adapter.validate_python(value)
        except ValidationError as error:
            return Failure("invalid", unfit(parameter, value, error))
    return inputs
