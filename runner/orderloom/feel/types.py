"""Types of what formulas read: from JSON Schema, compared with what is wanted, and described in the user's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Type:
    """A type without parts; `word` is what messages call it, `values` the only ones allowed where they are listed."""

    word: str
    values: tuple[str, ...] = field(default=(), compare=False)


def _any() -> Type:
    return ANY


@dataclass(frozen=True)
class ListOf(Type):
    item: Type = field(default_factory=_any)

    def __init__(self, item: Type) -> None:
        _set(self, "list", item=item)


@dataclass(frozen=True)
class Record(Type):
    """A context with these fields; an open one may have others."""

    fields: Mapping[str, Type] = field(default_factory=dict)
    open: bool = False

    def __init__(self, fields: Mapping[str, Type], open: bool = False) -> None:  # noqa: A002 (its name in messages)
        _set(self, "context", fields=dict(fields), open=open)

    def __hash__(self) -> int:
        return hash((tuple(sorted(self.fields)), self.open))


@dataclass(frozen=True)
class OneOf(Type):
    """A step's result: the outcome's name decides which record it is."""

    variants: Mapping[str, Record] = field(default_factory=dict)

    def __init__(self, variants: Mapping[str, Record]) -> None:
        _set(self, "result", variants=dict(variants))

    def __hash__(self) -> int:
        return hash(tuple(sorted(self.variants)))


@dataclass(frozen=True)
class RangeOf(Type):
    item: Type = field(default_factory=_any)

    def __init__(self, item: Type) -> None:
        _set(self, "range", item=item)


@dataclass(frozen=True)
class FunctionType(Type):
    parameters: tuple[str, ...] = ()
    result: Type = field(default_factory=_any)

    def __init__(self, parameters: Iterable[str] = (), result: Type | None = None) -> None:
        _set(self, "function", parameters=tuple(parameters), result=result or ANY)


def _set(target: Type, word: str, **parts: Any) -> None:
    for name, value in {"word": word, "values": (), **parts}.items():
        object.__setattr__(target, name, value)


ANY: Type = Type("anything")
NULL = Type("null")
BOOLEAN = Type("boolean")
NUMBER = Type("number")
STRING = Type("text")
DATE = Type("date")
TIME = Type("time")
DATE_TIME = Type("date and time")
DAYS_DURATION = Type("days and time duration")
MONTHS_DURATION = Type("years and months duration")

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


def text_of(values: Iterable[str]) -> Type:
    """Text that is one of a few words; equal to plain text as a type."""
    return Type(STRING.word, tuple(dict.fromkeys(values)))


def union(kinds: Iterable[Type]) -> Type:
    """What a value of any of these types is: their common type, records merged, or anything."""
    found: Type | None = None
    for kind in kinds:
        found = kind if found is None else _joined(found, kind)
    return found or ANY


def _joined(left: Type, right: Type) -> Type:
    if left == right:
        if left.values and right.values:
            return text_of((*left.values, *right.values))
        return left if not left.values else right
    if NULL in (left, right):
        return right if left == NULL else left
    if isinstance(left, ListOf) and isinstance(right, ListOf):
        return ListOf(_joined(left.item, right.item))
    if isinstance(left, Record) and isinstance(right, Record):
        return _merged(left, right)
    return ANY


def _merged(left: Record, right: Record) -> Record:
    names = [*left.fields, *(name for name in right.fields if name not in left.fields)]
    fields = {name: union(r.fields[name] for r in (left, right) if name in r.fields) for name in names}
    return Record(fields, left.open or right.open)


def accepts(wanted: Type, given: Type) -> bool:
    """Whether a value of the given type may stand where the wanted one is asked for; what is unknown may."""
    if ANY in (wanted, given) or given == NULL:
        return True
    if isinstance(wanted, ListOf) and isinstance(given, ListOf):
        return accepts(wanted.item, given.item)
    if isinstance(wanted, RangeOf) and isinstance(given, RangeOf):
        return accepts(wanted.item, given.item)
    if isinstance(given, OneOf):
        return isinstance(wanted, OneOf) or all(accepts(wanted, record) for record in given.variants.values())
    if isinstance(wanted, OneOf):
        return any(accepts(record, given) for record in wanted.variants.values())
    if isinstance(wanted, Record) and isinstance(given, Record):
        return _accepts_record(wanted, given)
    return wanted.word == given.word and (not wanted.values or not given.values or _overlap(wanted, given))


def _overlap(wanted: Type, given: Type) -> bool:
    return bool(set(wanted.values) & set(given.values))


def _accepts_record(wanted: Record, given: Record) -> bool:
    if not wanted.open and not given.open and given.fields.keys() - wanted.fields.keys():
        return False
    shared = wanted.fields.keys() & given.fields.keys()
    return all(accepts(wanted.fields[name], given.fields[name]) for name in shared)


def describe(kind: Type) -> str:
    """In the words of messages: `list of text`, `record (amount, currency)`."""
    if isinstance(kind, ListOf):
        return "list" if kind.item in (ANY, NULL) else f"list of {describe(kind.item)}"
    if isinstance(kind, RangeOf):
        return "range" if kind.item == ANY else f"range of {describe(kind.item)}"
    if isinstance(kind, OneOf):
        return f"result ({' or '.join(kind.variants)})"
    if isinstance(kind, Record):
        return _described_record(kind)
    return kind.word


def _described_record(kind: Record) -> str:
    if not kind.fields:
        return "record"
    names = list(kind.fields)
    return f"record ({', '.join(names[:4])}{', …' if len(names) > 4 else ''})"
