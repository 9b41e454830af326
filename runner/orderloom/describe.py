"""From a node's declaration to the description that is published: JSON Schema 2020-12, `node.schema.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from orderloom.declare import Node, Parameter
from orderloom.shapes import Schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def describe(node: Node) -> Schema:
    """The whole description; shared definitions are lifted to its own `$defs`."""
    definitions: dict[str, Any] = {}
    inputs = [p for p in node.published if p.role in {"input", "template"}]
    settings = [p for p in node.published if p.role in {"setting", "resource"}]
    described = {
        "$schema": DIALECT,
        "$id": f"https://orderloom.dev/nodes/{node.pack}/{node.name}/{node.version}",
        "title": node.summary,
        "name": node.name,
        "version": node.version,
        "kind": node.kind,
        "effects": node.effects,
        "in_doubt": node.in_doubt,
        "errors": list(node.error_classes),
        "inputs": _object(inputs, definitions),
        "settings": _object(settings, definitions),
        "outcomes": _outcomes(node, definitions),
    }
    return {**described, "$defs": dict(sorted(definitions.items()))} if definitions else described


def description_text(node: Node) -> str:
    """The description as it is committed: indented, ending with a newline."""
    return json.dumps(describe(node), indent=2, ensure_ascii=False) + "\n"


def _object(parameters: list[Parameter], definitions: dict[str, Any]) -> Schema:
    return {
        "type": "object",
        "properties": {p.name: _property(p, definitions) for p in parameters},
        "required": [p.name for p in parameters if p.required],
        "additionalProperties": False,
    }


def _property(parameter: Parameter, definitions: dict[str, Any]) -> Schema:
    schema = _lifted(parameter.schema, definitions)
    return {**schema, "x-template": True} if parameter.role == "template" else schema


def _outcomes(node: Node, definitions: dict[str, Any]) -> Schema:
    if node.derive is not None:
        return {"x-derived": node.derived_from or "from the settings"}
    variants = [_lifted(schema, definitions) for schema in node.outcomes({}).values()]
    return {"oneOf": variants, "discriminator": {"propertyName": "outcome"}}


def _lifted(schema: Mapping[str, Any], definitions: dict[str, Any]) -> Schema:
    definitions.update(schema.get("$defs", {}))
    return {name: value for name, value in schema.items() if name != "$defs"}
