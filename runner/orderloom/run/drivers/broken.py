"""What a node's own code raised, or gave back in place of an outcome, in; one sentence with the line out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from orderloom.declare import Node, Outcome
from orderloom.flow.misfit import wanted
from orderloom.flow.shape import describe
from orderloom.packs.modules import own_place
from orderloom.problems import did_you_mean
from orderloom.source import spell


def broke(node: Node, error: BaseException) -> str:
    """``wrap` broke at nodes/wrap/__init__.py:13: …`"""
    at = own_place(error, node.folder)
    return f"`{node.name}` broke{f' at {at}' if at else ''}: {_said(node, error)}"


def no_outcome(node: Node, given: Any) -> str:
    """The function gave something else back."""
    words = " or ".join(f"{kind.__name__}(…)" for kind in node.outcome_types) or "one of its outcomes"
    got = "nothing" if given is None else f"a {type(given).__name__}"
    return f"`{node.name}` returned no outcome but {got}: let it return {words}"


def _said(node: Node, error: BaseException) -> str:
    if isinstance(error, ValidationError):
        kinds = {kind.__name__: kind for kind in node.outcome_types}
        return "; ".join(_misfits(error, kinds.get(error.title)))
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _misfits(error: ValidationError, kind: type[Outcome] | None) -> Iterator[str]:
    """What does not fit the model, in our words; values may be personal and are not shown."""
    for detail in error.errors(include_url=False):
        field = spell(detail["loc"])
        if detail["type"] == "missing":
            yield f"`{error.title}` needs `{field}`"
        elif detail["type"] == "extra_forbidden":
            near = did_you_mean(field, kind.model_fields) if kind else None
            yield f"`{error.title}` has no field `{field}`" + (f" ({near})" if near else "")
        else:
            told = wanted(detail["type"], detail.get("ctx", {}))
            yield f"`{field}` of `{error.title}` wants {told}, but is {_kind(detail['input'])}"


def _kind(value: Any) -> str:
    if value is None or isinstance(value, (bool, list, tuple, dict)):
        return describe(list(value) if isinstance(value, tuple) else value)
    return f"a {type(value).__name__}"
