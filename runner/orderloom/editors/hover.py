"""A schema in; the same with each `description` also as `markdownDescription`, which some editors show instead, out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orderloom.shapes import Schema

_BY_NAME = frozenset({"properties", "patternProperties", "definitions"})
_LISTS = frozenset({"allOf", "anyOf", "oneOf"})
_ONE = frozenset({"items", "additionalProperties", "propertyNames", "not", "if", "then", "else"})


def with_markdown(schema: Schema) -> Schema:
    """Through every schema inside, and through nothing else: a field may be called `description`."""
    found = {key: _inside(key, value) for key, value in schema.items()}
    return {**found, "markdownDescription": found["description"]} if "description" in found else found


def _inside(key: str, value: Any) -> Any:
    if key in _BY_NAME:
        return {name: _schema(member) for name, member in value.items()}
    if key in _LISTS:
        return [_schema(branch) for branch in value]
    return _schema(value) if key in _ONE else value


def _schema(value: Any) -> Any:
    return with_markdown(dict(value)) if isinstance(value, Mapping) else value
