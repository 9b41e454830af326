"""What the fields of a document say of themselves, `x-pii` and `x-erase` above all, and which documents they can hold.

Any document of pydantic's will do, those of nodes too: `Annotated[str, Field(json_schema_extra={"x-pii": True})]`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Annotated, Any, TypeVar, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

HIDDEN = frozenset({"x-pii", "x-secret"})  # not for everybody's eyes
ERASED = frozenset({"x-pii", "x-erase", "x-secret"})  # goes when a person's data is erased
Marks = frozenset[str]
Kinds = tuple[type[BaseModel], ...]
M = TypeVar("M", bound=BaseModel)


@cache
def marks_of(kind: type[BaseModel]) -> Mapping[str, tuple[Marks, Kinds]]:
    """Of each field the marks that it bears, and the documents that it can hold."""
    return {
        name: (_marks(field) | _marks_within(field.annotation), tuple(_kinds(field.annotation)))
        for name, field in kind.model_fields.items()
    }


def without(document: M, marks: Marks, of: Callable[[BaseModel], bool] = lambda _: True) -> M:
    """The document with every field that bears one of the marks as it is by default, at any depth.

    `of` says of which of the documents in it that is to be done: of one person's, say.
    """
    meant = of(document)
    changes: dict[str, Any] = {}
    for name, (found, kinds) in marks_of(type(document)).items():
        field = type(document).model_fields[name]
        if found & marks and meant and not field.is_required():
            changes[name] = field.get_default(call_default_factory=True)
        elif kinds:
            changes[name] = _without(getattr(document, name), marks, of)
    return document.model_copy(update=changes) if changes else document


def _without(value: Any, marks: Marks, of: Callable[[BaseModel], bool]) -> Any:
    if isinstance(value, BaseModel):
        return without(value, marks, of)
    if isinstance(value, Mapping):
        return {name: _without(member, marks, of) for name, member in value.items()}
    return type(value)(_without(one, marks, of) for one in value) if isinstance(value, (list, tuple)) else value


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
