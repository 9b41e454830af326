"""The types of connection in, the schema of connections.yaml out."""

from __future__ import annotations

from orderloom.editors.words import closed, told, words
from orderloom.shapes import Schema
from orderloom.world.common_keys import COMMON_KEYS
from orderloom.world.connection_types import ConnectionType
from orderloom.world.connections import CONNECTIONS_LIMIT
from orderloom.world.types import CONNECTION_TYPES


def connections_schema() -> Schema:
    """Each connection has a type, and the keys of that type."""
    kinds = CONNECTION_TYPES.values()
    cases = [{"if": _is(kind), "then": _keys(kind)} for kind in kinds]
    kind = told({"type": "string", **words(CONNECTION_TYPES)}, "what kind of connection it is")
    one = {"type": "object", "required": ["type"], "properties": {"type": kind}, "allOf": cases}
    return {"type": "object", "maxProperties": CONNECTIONS_LIMIT, "additionalProperties": one}


def _is(kind: ConnectionType) -> Schema:
    return {"required": ["type"], "properties": {"type": {"const": kind.name}}}


def _keys(kind: ConnectionType) -> Schema:
    known = {**kind.keys, **COMMON_KEYS}.items()
    keys = {name: told(dict(key.schema), f"for example: `{name}: {key.example}`") for name, key in known}
    needed = [name for name, key in kind.keys.items() if key.required]
    return closed({"type": {"const": kind.name}, **keys}, needed)
