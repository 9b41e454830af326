"""A table's outputs in, the JSON Schema (2020-12) of what a decision gives out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from orderloom.rules.columns import OUTCOME, Output
from orderloom.rules.hit import Hit
from orderloom.rules.kinds import KINDS, Schema
from orderloom.rules.reading.literals import plain


def output_schema(word: str, hit: Hit, outputs: Sequence[Output], nullable: Collection[str]) -> Schema:
    """The record that a decision with this outcome gives; the outputs in `nullable` may be null."""
    given = [column for column in outputs if not (column.name == OUTCOME and hit.single and not hit.aggregates)]
    fields = {one.name: _nullable(_value(one)) if one.name in nullable else _value(one) for one in given}
    if hit is Hit.COUNT:
        fields = {outputs[0].name: dict(KINDS["number"].schema)}
    if not hit.single:
        fields = {"matches": {"type": "array", "items": _record(fields)}}
    return _record({"outcome": {"const": word, "type": "string"}, **fields})


def _record(fields: dict[str, Any]) -> Schema:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _value(column: Output) -> Schema:
    schema = dict(column.kind.schema)
    if column.about:
        schema["description"] = column.about
    if column.values and column.kind.name == "text":
        schema["enum"] = [plain(value) for value in column.values]
    return schema


def _nullable(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]} if schema else schema
