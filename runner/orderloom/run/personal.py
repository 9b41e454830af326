"""What is personal in a document, by the marks of its model: `x-pii` is hidden, `x-erase` goes too when data is erased.

Works on plain data (plainly.py) and on models. A document whose class is not loaded is personal as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from orderloom.model.plain import plain
from orderloom.run.plainly import Document
from orderloom.run.records import RecordError, class_of

HIDDEN = frozenset({"x-pii", "x-secret"})
ERASED = frozenset({"x-pii", "x-erase", "x-secret"})
Kinds = tuple[type[BaseModel], ...]
Marks = frozenset[str]


def changed(value: Any, marks: Marks, change: Callable[[Any], Any]) -> Any:
    """The value with `change` made to whatever bears one of the marks; a field that becomes None is left out."""
    return _changed(value, (), marks, change)


def marked(value: Any, marks: Marks) -> list[Any]:
    """Everything in the value that bears one of the marks."""
    found: list[Any] = []
    changed(value, marks, lambda one: found.append(one) or one)  # type: ignore[func-returns-value]
    return found


def texts(value: Any) -> Iterator[str]:
    """Every text in it, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for member in value.values() for text in texts(member))
    elif isinstance(value, (list, tuple)):
        yield from (text for member in value for text in texts(member))


def _changed(value: Any, kinds: Kinds, marks: Marks, change: Callable[[Any], Any]) -> Any:
    if isinstance(value, BaseModel):
        value = Document.of(value)
    if isinstance(value, Document):
        known = _known(value.kind)
        return _members(value, (known,), marks, change) if known else change(dict(value))
    if isinstance(value, Mapping):
        return _members(value, kinds, marks, change)
    if isinstance(value, (list, tuple)):
        return [_changed(one, kinds, marks, change) for one in value]
    return plain(value)


def _members(value: Mapping[str, Any], kinds: Kinds, marks: Marks, change: Callable[[Any], Any]) -> dict[str, Any]:
    made = {name: _member(name, member, kinds, marks, change) for name, member in value.items() if member is not None}
    return {name: member for name, member in made.items() if member is not None}


def _member(name: str, member: Any, kinds: Kinds, marks: Marks, change: Callable[[Any], Any]) -> Any:
    fields = [field for kind in kinds if (field := _fields(kind).get(name))]
    if any(found & marks for found, _ in fields):
        return change(plain(member)) if _says_something(member) else None
    if isinstance(member, Decimal) and kinds:
        return str(member)  # amounts of a document keep their digits
    within = tuple(kind for _, held in fields for kind in held) if fields else kinds  # a table of documents by name
    return _changed(member, within, marks, change)


def _says_something(member: Any) -> bool:
    return not (isinstance(member, (Mapping, list, tuple, str)) and not member)


def _known(name: str) -> type[BaseModel] | None:
    try:
        return class_of(name)
    except RecordError:
        return None


@cache
def _fields(kind: type[BaseModel]) -> Mapping[str, tuple[Marks, Kinds]]:
    """Of each field the marks that it bears, and the documents that it can hold."""
    return {
        name: (_marks(field) | _marks_within(field.annotation), tuple(_kinds(field.annotation)))
        for name, field in kind.model_fields.items()
    }


def _marks(field: FieldInfo) -> Marks:
    extra = field.json_schema_extra
    return frozenset(name for name, value in extra.items() if value) if isinstance(extra, dict) else frozenset()


def _marks_within(annotation: Any) -> Marks:
    """Those of `Annotated[str, Field(…)] | None`, which are not the field's own."""
    found: Marks = frozenset()
    if get_origin(annotation) is Annotated:
        found = found.union(*(_marks(one) for one in get_args(annotation)[1:] if isinstance(one, FieldInfo)))
    parts = get_args(annotation) if get_origin(annotation) is not None else ()
    return found.union(*(_marks_within(part) for part in parts))


def _kinds(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _kinds(part)
