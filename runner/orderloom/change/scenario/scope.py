"""What the formulas of a scenario can read: the steps of the run, its `let` names, and what the call is given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orderloom.flow.model import Formula
from orderloom.model.plain import plain
from orderloom.run.machine.events import Call
from orderloom.run.machine.interpreter import Interpreter
from orderloom.run.machine.program import Scope

GIVEN = "given"  # what the call is handed, in the formulas of an answer


def scope_of(run: Interpreter, **more: Any) -> Scope:
    """Every name there is now. A `let` that no step has read yet is evaluated for this alone."""
    scope = dict(run.scope)
    for name in run.program.lets:
        _evaluate(name, run, scope)
    return {**scope, **more}


def evaluated(value: Any, scope: Mapping[str, Any]) -> Any:
    """The value with what its formulas give. Raises `FeelError` where one meets a limit."""
    if isinstance(value, Formula):
        return value.expression.evaluate(scope)
    if isinstance(value, Mapping):
        return {name: evaluated(member, scope) for name, member in value.items()}
    return [evaluated(item, scope) for item in value] if isinstance(value, list) else value


def shown(call: Call) -> dict[str, Any]:
    """What the call is given; what was loaded for it (a table, a template) by its name."""
    loaded = {parameter.name for parameter in call.node.published if parameter.role == "resource"}
    return {
        name: getattr(value, "name", str(value)) if name in loaded else value for name, value in call.inputs.items()
    }


def as_data(value: Any) -> Any:
    """As a person or a service would send it: documents as plain data."""
    if isinstance(value, Mapping):
        return {name: as_data(member) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_data(item) for item in value]
    return plain(value) if hasattr(value, "model_dump") else value


def _evaluate(name: str, run: Interpreter, scope: Scope) -> None:
    """Those that it reads come first; the check has found that they run in no circle."""
    if name in scope:
        return
    for read in run.program.plan.flow.let[name].expression.reads:
        if read.path[0] in run.program.lets:
            _evaluate(read.path[0], run, scope)
    scope[name] = run.program.lets[name](scope)
