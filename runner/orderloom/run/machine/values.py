"""Values as they pass between steps: reading a field, saying why one does not fit, a fact as it was read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ValidationError

from orderloom.declare import Node, Parameter
from orderloom.model.plain import plain


def has_field(value: Any, name: str) -> bool:
    """Whether a record gives this field."""
    if isinstance(value, Mapping):
        return name in value
    return isinstance(value, BaseModel) and name in type(value).model_fields


def field_of(value: Any, name: str) -> Any:
    """What a record gives under this name; None where it lacks it."""
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)


def unfit(parameter: Parameter, value: Any, error: ValidationError) -> str:
    """One sentence on why a value cannot be what the node takes."""
    first = error.errors(include_url=False, include_context=False)[0]
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"])
    if value is None:
        return f"`{parameter.name}` is needed, and its formula gave nothing"
    if first["type"] == "missing":
        return f"`{parameter.name}{path}` is missing"
    return f"`{parameter.name}{path}` cannot be {_short(first.get('input'))}"


def _short(value: Any) -> str:
    text = json.dumps(plain(value), ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "..."


def shown(node: Node, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """A call's inputs as people see them; what was loaded for it (a table, a template) by its name."""
    loaded = {parameter.name for parameter in node.published if parameter.role == "resource"}
    told = {name: getattr(value, "name", type(value).__name__) for name, value in inputs.items() if name in loaded}
    return {name: told.get(name, value) for name, value in inputs.items()}


def fact(value: Any) -> Any:
    """A fact as a decision read it: decimals keep their digits, as text."""
    return str(value) if isinstance(value, Decimal) else plain(value)
