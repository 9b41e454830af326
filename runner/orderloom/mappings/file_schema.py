"""What a mapping file may hold, as a JSON Schema (draft-07) for editors; formulas are for the check."""

from __future__ import annotations

from collections.abc import Sequence

from orderloom.shapes import Schema

_FIELD = "#/definitions/field"


def mapping_schema(keys: Sequence[str], kinds: Sequence[str]) -> Schema:
    """`keys` are those of the file, `kinds` those of the documents that it can read."""
    said: dict[str, Schema] = {
        "mapping": {"description": "the name of the mapping"},
        "summary": {"description": "what it makes, in one sentence"},
        "from": {
            "type": "object", "minProperties": 1, "additionalProperties": {"enum": list(kinds)},
            "description": "the documents that formulas read, by the name they have there",
        },
        "fields": {"$ref": "#/definitions/fields"},
        "cases": {"type": ["array", "null"], "items": _case(), "description": "tests of the mapping"},
    }  # fmt: skip
    return {
        "description": "A field mapping: which documents it reads, and what the record is made of.",
        "type": "object",
        "properties": {key: said[key] for key in keys},
        "required": ["from", "fields"],
        "additionalProperties": False,
        "definitions": {
            "field": {"if": {"type": "object"}, "then": {"$ref": "#/definitions/fields"}, "else": _plain()},
            "fields": _fields(),
        },
    }


def _fields() -> Schema:
    """A record, or a list made of another one: `for_each` goes with `fields` and nothing else."""
    each = {
        "required": ["fields"],
        "properties": {
            "for_each": {"description": "a list: `fields` are made of each `item` of it"},
            "fields": {"$ref": _FIELD},
        },
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "minProperties": 1,
        "description": "the record: each field is a formula (`=order.id`), a literal, a record or a list",
        "if": {"required": ["for_each"]},
        "then": each,
        "else": {"additionalProperties": {"$ref": _FIELD}},
    }


def _plain() -> Schema:
    return {"items": {"$ref": _FIELD}}


def _case() -> Schema:
    return {
        "type": "object",
        "required": ["given", "then"],
        "properties": {
            "case": {"description": "what the case shows"},
            "given": {"type": "object", "description": "the documents, by their names"},
            "then": {"description": "what must come out; fields that are not named may be anything"},
        },
    }
