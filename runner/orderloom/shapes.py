"""JSON Schemas of annotations and outcomes, each made once: making one for an order costs tens of milliseconds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, models_json_schema
from pydantic_core import core_schema

Schema = dict[str, Any]


class _Schemas(GenerateJsonSchema):
    """As pydantic makes them, but a decimal is a number to formulas, however it is written."""

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> Schema:
        return {**super().decimal_schema(schema), "x-feel": "number"}


def input_schema(annotation: Any) -> Schema:
    """JSON Schema 2020-12 of what may be given for an annotation."""
    try:
        return _cached_input_schema(annotation)
    except TypeError:  # an annotation that cannot be hashed
        return TypeAdapter(annotation).json_schema(mode="validation", schema_generator=_Schemas)


@cache
def _cached_input_schema(annotation: Any) -> Schema:
    return TypeAdapter(annotation).json_schema(mode="validation", schema_generator=_Schemas)


def outcome_schemas(outcomes: Sequence[type[BaseModel]]) -> Mapping[type[BaseModel], Schema]:
    """JSON Schema 2020-12 of what each outcome gives, made together; `outcome` is always required."""
    references, whole = models_json_schema([(kind, "serialization") for kind in outcomes], schema_generator=_Schemas)
    definitions: dict[str, Schema] = whole.get("$defs", {})
    return {kind: _outcome(references[(kind, "serialization")], definitions) for kind in outcomes}


class OutcomeSchemas(Mapping[str, Schema]):
    """`outcome_schemas` by the names of the outcomes, made when the first is asked for: many never are."""

    def __init__(self, kinds: Mapping[str, type[BaseModel]]) -> None:
        self.kinds = kinds

    def __getitem__(self, name: str) -> Schema:
        return self._made[self.kinds[name]]

    def __iter__(self) -> Iterator[str]:
        return iter(self.kinds)

    def __len__(self) -> int:
        return len(self.kinds)

    @cached_property
    def _made(self) -> Mapping[type[BaseModel], Schema]:
        return outcome_schemas(list(self.kinds.values()))


def _outcome(reference: Schema, definitions: dict[str, Schema]) -> Schema:
    own = definitions[reference["$ref"].rpartition("/")[2]]
    needed = reached(own, definitions)
    schema = {**own, "required": ["outcome", *(name for name in own.get("required", ()) if name != "outcome")]}
    return {**schema, "$defs": needed} if needed else schema


def reached(schema: Schema, definitions: dict[str, Schema]) -> dict[str, Schema]:
    """The definitions that a schema needs, directly or through others."""
    found: dict[str, Schema] = {}
    todo = [schema]
    while todo:
        for name in _references(todo.pop()):
            if name not in found:
                found[name] = definitions[name]
                todo.append(definitions[name])
    return dict(sorted(found.items()))


def _references(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        here = [value["$ref"].rpartition("/")[2]] if isinstance(value.get("$ref"), str) else []
        return here + [name for member in value.values() for name in _references(member)]
    return [name for item in value for name in _references(item)] if isinstance(value, list) else []
