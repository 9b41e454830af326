"""The fields of a document as data from which its class makes it again.

Pydantic's own dump is quick and says all of a typed field. Of a field that may hold anything it makes plain data,
whatever stood there: such a field is handed on as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, get_args

from pydantic import BaseModel

_MODEL = "orderloom.model."


def fields_of(document: BaseModel) -> dict[str, Any]:
    """Its fields by name; documents within it as data too."""
    fields = document.model_dump()
    for name, holds_anything in _loose(type(document)).items():
        value = getattr(document, name)
        fields[name] = value if holds_anything else _within(value)
    return fields


def is_told_by_json(document: BaseModel) -> bool:
    """Whether its JSON says all of it: one of our own model, with nothing but JSON where it may hold anything.

    The types of other packs may hold what their JSON does not tell.
    """
    kind = type(document)
    if not kind.__module__.startswith(_MODEL):
        return False
    loose = _loose(kind)
    return not loose or all(_is_json(getattr(document, name)) for name in loose)


def _is_json(value: Any) -> bool:
    if value is None or isinstance(value, (str, bool, int, float)):
        return True
    if isinstance(value, BaseModel):
        return is_told_by_json(value)
    if isinstance(value, Mapping):
        return all(isinstance(name, str) and _is_json(member) for name, member in value.items())
    return isinstance(value, (list, tuple)) and all(_is_json(item) for item in value)


def _within(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return fields_of(value)
    if isinstance(value, Mapping):
        return {name: _within(member) for name, member in value.items()}
    return [_within(item) for item in value] if isinstance(value, (list, tuple)) else value


@lru_cache(maxsize=1024)
def _loose(kind: type[BaseModel]) -> Mapping[str, bool]:
    """The fields that may hold anything, and (False) those with a document in which there are such."""
    found = {}
    for name, declared in kind.model_fields.items():
        parts = list(_parts(declared.annotation))
        if Any in parts or object in parts:
            found[name] = True
        elif any(_reaches_anything(part, set()) for part in parts):
            found[name] = False
    return found


def _reaches_anything(kind: Any, seen: set[type]) -> bool:
    if kind is Any or kind is object:
        return True
    if not (isinstance(kind, type) and issubclass(kind, BaseModel)) or kind in seen:
        return False
    seen.add(kind)
    declared = (part for field in kind.model_fields.values() for part in _parts(field.annotation))
    return any(_reaches_anything(part, seen) for part in declared)


def _parts(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in get_args(annotation):
        yield from _parts(part)
