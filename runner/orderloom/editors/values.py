"""What a node takes, in JSON Schema 2020-12 as it is published, in; what may stand in a file for it, in draft-07, out.

A setting is checked to its depth. An input is checked as a whole and may be a formula; further down, where formulas and
plain values mix, its fields are offered and not enforced: what holds a formula is judged by its type, by the check.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orderloom.editors.definitions import Pool
from orderloom.editors.forms import ANYTHING, Definitions, branches_of, forms, is_number, name_of
from orderloom.editors.words import FORMULA, WORD
from orderloom.shapes import Schema

_BOUNDS = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "minLength", "minItems")


def setting(schema: Schema, known: Definitions, pool: Pool) -> Schema:
    """What may stand for a setting: no formula, however deep."""
    if "$ref" in schema:
        found = pool.reference("setting", name_of(schema), known, lambda one: setting(one, known, pool))
        return {"allOf": [found], **_text(schema)} if _text(schema) else found
    if "enum" in schema or "const" in schema:
        return {"enum": _listed(schema, known), **_text(schema)}
    if (branches := branches_of(schema)) and not is_number(schema):
        return {**_either([setting(branch, known, pool) for branch in branches]), **_text(schema)}
    found = {**_text(schema), **forms(schema, known).schema()}
    if "string" in found.get("type", ()) and "pattern" not in found:
        found |= {key: value for key, value in WORD.items() if key != "type"}
    found |= {key: schema[key] for key in _BOUNDS if key in schema}
    if isinstance(schema.get("items"), Mapping):
        found["items"] = setting(schema["items"], known, pool)
    return found | (_members(schema, known, pool) if "object" in forms(schema, known).types else {})


def given(schema: Schema, known: Definitions, pool: Pool, *, required: bool) -> Schema:
    """What may stand for an input: a formula, or a value of the right kind."""
    if (listed := _listed(schema, known)) is not None:
        absent = [] if required or None in listed else [None]
        return {"anyOf": [{"enum": [*listed, *absent]}, FORMULA], **_text(schema)}
    found = forms(schema, known).schema([FORMULA["pattern"]])
    return {**(found if required else nullable(found)), **_hints(schema, known, pool), **_text(schema)}


def nullable(schema: Schema) -> Schema:
    """The schema, or nothing."""
    if "enum" in schema:
        return schema if None in schema["enum"] else {**schema, "enum": [*schema["enum"], None]}
    if "type" in schema:
        types = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
        return schema if "null" in types else {**schema, "type": [*types, "null"]}
    if "anyOf" in schema:
        return {**schema, "anyOf": [*schema["anyOf"], {"type": "null"}]}
    return {"anyOf": [schema, {"type": "null"}]} if {"$ref", "allOf"} & set(schema) else schema


def _members(schema: Schema, known: Definitions, pool: Pool) -> Schema:
    needed = schema.get("required", [])
    made: dict[str, Schema] = {}
    for name, member in schema.get("properties", {}).items():
        one = setting(member, known, pool)
        made[name] = one if name in needed else nullable(one)
    others = schema.get("additionalProperties", True)
    found: Schema = {"additionalProperties": setting(others, known, pool) if isinstance(others, dict) else others}
    return found | ({"properties": made} if made else {}) | ({"required": needed} if needed else {})


def _either(branches: list[Schema]) -> Schema:
    """One of the branches; `or nothing` is folded into the other one, which keeps messages short."""
    others = [branch for branch in branches if branch.get("type") != "null"]
    if len(others) == 1 and len(branches) == 2:
        return nullable(others[0])
    return {"anyOf": branches}


def _listed(schema: Schema, known: Definitions) -> list[Any] | None:
    """The words where a value is one of them or nothing, and None where it may be something else."""
    if "$ref" in schema:
        return _listed(known[name_of(schema)], known)
    if "enum" in schema or "const" in schema:
        return list(schema.get("enum", [schema.get("const")]))
    found = [[None] if branch.get("type") == "null" else _listed(branch, known) for branch in branches_of(schema)]
    if not found or None in found:
        return None
    return [word for words in found for word in words or ()]


def _hints(schema: Schema, known: Definitions, pool: Pool) -> Schema:
    """The fields of a value, to be offered: nothing is refused by them."""
    found = [hint for branch in (schema, *branches_of(schema)) if (hint := _hint(branch, known, pool))]
    return found[0] if len(found) == 1 else {}


def _hint(schema: Schema, known: Definitions, pool: Pool) -> Schema:
    if "$ref" in schema:
        if not forms(schema, known).types & {"object", "array"} or forms(schema, known).types >= ANYTHING:
            return {}
        return {"allOf": [pool.reference("part", name_of(schema), known, lambda one: _hints(one, known, pool))]}
    if isinstance(schema.get("properties"), Mapping):
        members = schema["properties"].items()
        return {"properties": {name: {**_hints(one, known, pool), **_text(one)} for name, one in members}}
    items = schema.get("items")
    hint = _hints(items, known, pool) if isinstance(items, dict) else {}
    return {"items": hint} if hint else {}


def _text(schema: Schema) -> Schema:
    return {"description": schema["description"]} if isinstance(schema.get("description"), str) else {}
