"""A JSON Schema 2020-12 of a value in; the forms in which a file may write that value out.

The check converts as pydantic does: a number may be written as text (`"5"`), a truth value as `yes` or `1`, a moment as
a number. Whatever it converts, a schema for editors must take.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from orderloom.shapes import Schema

Definitions = Mapping[str, Schema]

ANYTHING = frozenset({"string", "number", "boolean", "object", "array", "null"})
_NUMBER = r"[-+0-9.eE_]+|[-+]?[Ii][Nn][Ff](?:[Ii][Nn][Ii][Tt][Yy])?|[-+]?[Nn][Aa][Nn]"
_TRUTH = r"[01]|[TtFfYyNn]|[Oo][Nn]|[Oo][Ff][Ff]|[Yy][Ee][Ss]|[Nn][Oo]|[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]"
_MOMENTS = frozenset({"date-time", "date", "time", "duration"})


@dataclass(frozen=True)
class Forms:
    """JSON types, and how a text must look where the value is none by itself."""

    types: frozenset[str]
    texts: frozenset[str] = frozenset()

    def schema(self, more: Collection[str] = ()) -> Schema:
        """As a schema of draft-07; `more` are patterns of further texts, such as formulas."""
        if self.types >= ANYTHING:
            return {}
        patterns = sorted({rf"^\s*(?:{text})\s*$" for text in self.texts} | set(more))
        types = sorted(self.types | ({"string"} if patterns else set()))
        found: Schema = {"type": types[0] if len(types) == 1 else types}
        if "string" in self.types or not patterns:
            return found
        return {**found, "pattern": "|".join(patterns), "patternErrorMessage": self._wanted(more)}

    def _wanted(self, more: Collection[str]) -> str:
        kinds = " or ".join(sorted(self.types - {"null"}))
        return f"{kinds} is wanted here, or a formula, which begins with `=`" if more else f"{kinds} is wanted here"


def forms(schema: Schema, known: Definitions) -> Forms:
    """Through references and branches; words of an enum count as anything."""
    if is_number(schema):
        return Forms(frozenset({"number", "boolean"}), frozenset({_NUMBER}))
    if "$ref" in schema:
        return forms(known[name_of(schema)], known)
    if branches := branches_of(schema):
        found = [forms(branch, known) for branch in branches]
        return Forms(frozenset().union(*(one.types for one in found)), frozenset().union(*(one.texts for one in found)))
    said = schema.get("type")
    if said is None or "enum" in schema or "const" in schema:
        return Forms(ANYTHING)
    return _of_types(frozenset([said] if isinstance(said, str) else said), schema)


def is_number(schema: Schema) -> bool:
    """Whether it is a number to formulas. A decimal is published as text, or as one of both."""
    return schema.get("x-feel") == "number"


def branches_of(schema: Schema) -> list[Schema]:
    return [*schema.get("anyOf", ()), *schema.get("oneOf", ())]


def name_of(reference: Schema) -> str:
    """The definition that a `$ref` names."""
    return str(reference["$ref"]).rpartition("/")[2]


def _of_types(said: frozenset[str], schema: Schema) -> Forms:
    types, texts = set(said), set()
    if types & {"integer", "number"}:
        types = types - {"integer"} | {"number", "boolean"}
        texts.add(_NUMBER)
    if "boolean" in said:
        types.add("number")
        texts.add(_TRUTH)
    if schema.get("format") in _MOMENTS:
        types |= {"number", "boolean"}
    return Forms(frozenset(types), frozenset(texts))
