"""The forms that a type can have, and what several of them have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


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
