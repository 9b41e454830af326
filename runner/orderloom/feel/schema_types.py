"""JSON Schema (2020-12, with its own `$defs` and our `x-feel`) in, the type of such values out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from orderloom.feel.type_forms import (
    ANY,
    BOOLEAN,
    DATE,
    DATE_TIME,
    DAYS_DURATION,
    MONTHS_DURATION,
    NULL,
    NUMBER,
    STRING,
    TIME,
    ListOf,
    OneOf,
    Record,
    Type,
    text_of,
    union,
)

Schema = Mapping[str, Any]
_SIMPLE = {"null": NULL, "boolean": BOOLEAN, "number": NUMBER, "integer": NUMBER, "string": STRING}
_FORMATS = {"date": DATE, "date-time": DATE_TIME, "time": TIME, "duration": DAYS_DURATION}
_FEEL = {
    kind.word: kind for kind in (BOOLEAN, NUMBER, DATE, TIME, DATE_TIME, DAYS_DURATION, MONTHS_DURATION)
} | {"string": STRING}
_DEEPEST = 24       # a schema that contains itself is unfolded so far


def from_schema(schema: Schema) -> Type:
    """The type that a JSON Schema (2020-12, with its own `$defs`) describes; null is allowed everywhere in FEEL."""
    return _Reader(schema).read(schema, ())


class _Reader:
    def __init__(self, root: Schema) -> None:
        self.root = root
        self.seen: dict[str, Type] = {}

    def read(self, schema: Any, path: tuple[str, ...]) -> Type:
        if not isinstance(schema, Mapping) or len(path) > _DEEPEST:
            return ANY
        if "$ref" in schema:
            return self._reference(schema["$ref"], path)
        if schema.get("x-feel") in _FEEL:
            return _FEEL[schema["x-feel"]]
        for word in ("anyOf", "oneOf"):
            if word in schema:
                return self._any_of(schema[word], path)
        if "allOf" in schema:
            return self._all_of(schema, path)
        if "const" in schema or "enum" in schema:
            return _of_values(schema["enum"] if "enum" in schema else [schema["const"]])
        return self._by_type(schema, path)

    def _reference(self, reference: Any, path: tuple[str, ...]) -> Type:
        if not isinstance(reference, str) or not reference.startswith("#") or path.count(reference) > 1:
            return ANY
        if reference in self.seen:
            return self.seen[reference]
        target: Any = self.root
        for part in reference.strip("#/").split("/") if reference != "#" else ():
            target = target.get(part.replace("~1", "/").replace("~0", "~")) if isinstance(target, Mapping) else None
        found = self.read(target, (*path, reference))
        if reference not in path:
            self.seen[reference] = found
        return found

    def _any_of(self, parts: Iterable[Schema], path: tuple[str, ...]) -> Type:
        found = [kind for kind in (self.read(part, path) for part in parts) if kind != NULL]
        return _by_outcome(found) or union(found)

    def _all_of(self, schema: Schema, path: tuple[str, ...]) -> Type:
        rest = {name: value for name, value in schema.items() if name != "allOf"}
        found = [self.read(part, path) for part in schema["allOf"]]
        found += [self.read(rest, path)] if rest.keys() & {"type", "properties", "enum", "const"} else []
        records = [kind for kind in found if isinstance(kind, Record)]
        if len(records) == len(found) and records:
            fields = {name: kind for record in records for name, kind in record.fields.items()}
            return Record(fields, all(record.open for record in records))
        known = [kind for kind in found if kind != ANY]
        return known[0] if known else ANY

    def _by_type(self, schema: Schema, path: tuple[str, ...]) -> Type:
        word = schema.get("type")
        if isinstance(word, list):
            return self._any_of([{**schema, "type": one} for one in word], path)
        if word == "array":
            return self._array(schema, path)
        if word == "object" or (word is None and "properties" in schema):
            return self._record(schema, path)
        if word == "string":
            return _FORMATS.get(schema.get("format", ""), STRING)
        return _SIMPLE.get(word or "", ANY)

    def _array(self, schema: Schema, path: tuple[str, ...]) -> Type:
        items = [*schema.get("prefixItems", ()), *([schema["items"]] if "items" in schema else ())]
        return ListOf(union(self.read(item, (*path, "[]")) for item in items) if items else ANY)

    def _record(self, schema: Schema, path: tuple[str, ...]) -> Type:
        fields = {name: self.read(part, (*path, name)) for name, part in schema.get("properties", {}).items()}
        return Record(fields, open=schema.get("additionalProperties", True) is not False)


def _by_outcome(kinds: list[Type]) -> OneOf | None:
    """Records that are told apart by their `outcome`, as the result of a step."""
    variants: dict[str, Record] = {}
    for kind in kinds:
        word = kind.fields.get("outcome", ANY).values if isinstance(kind, Record) else ()
        if len(word) != 1 or not isinstance(kind, Record):
            return None
        variants[word[0]] = kind
    return OneOf(variants) if len(variants) == len(kinds) > 1 else None


def _of_values(values: Iterable[Any]) -> Type:
    texts = [value for value in values if value is not None]
    if all(isinstance(value, str) for value in texts) and texts:
        return text_of(texts)
    if all(isinstance(value, bool) for value in texts) and texts:
        return BOOLEAN
    return NUMBER if texts and all(isinstance(value, int | float) for value in texts) else ANY
