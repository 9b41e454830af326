"""Values as they pass between steps: reading a field, saying why one does not fit, writing one as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ValidationError

from orderloom.declare import Parameter


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


def plain(value: Any) -> Any:
    """As JSON data: models by their own rules, decimals as numbers where a double holds them, else as text."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_none=True)
    if isinstance(value, Mapping):
        return {str(name): plain(member) for name, member in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    return _plain_scalar(value)


def _plain_scalar(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, str, float)):
        return value
    if isinstance(value, Decimal):
        return exact_number(value)
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return f"PT{value.total_seconds():g}S"
    return str(value)


def exact_number(value: Decimal) -> int | float | str:
    """A JSON number where nothing is lost by it, else the digits as text."""
    if value == value.to_integral_value() and abs(value) < 10**15:
        return int(value)
    double = float(value)
    return double if Decimal(repr(double)) == value else str(value)


def fact(value: Any) -> Any:
    """A fact as a decision read it: decimals keep their digits, as text."""
    return str(value) if isinstance(value, Decimal) else plain(value)
