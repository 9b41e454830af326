"""A person whose data is to go, and what connections that keep things on this machine do about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from pydantic import BaseModel

from orderloom.model.marks import ERASED, marks_of

GONE = "erased"  # stands where something of theirs stood


@dataclass(frozen=True)
class Person:
    """By what they are known: addresses and ids (`names`), and what their runs made: orders, messages, papers."""

    names: frozenset[str]
    orders: frozenset[str] = field(default_factory=frozenset)
    messages: frozenset[str] = field(default_factory=frozenset)
    papers: frozenset[str] = field(default_factory=frozenset)

    @property
    def addresses(self) -> frozenset[str]:
        """Those of their names that are found in free text: an id `17` stands there for anything."""
        return frozenset(name for name in self.names if "@" in name)

    def is_named_in(self, text: str) -> bool:
        """Whether one of their addresses stands in the text."""
        folded = text.casefold()
        return any(address in folded for address in self.addresses)

    def is_about(self, document: BaseModel) -> bool:
        """Whether the document is theirs: one of its marked fields is one of their names."""
        marked = (getattr(document, name) for name, (marks, _) in marks_of(type(document)).items() if marks & ERASED)
        return any(text.strip().casefold() in self.names for value in marked for text in _texts(value))


@runtime_checkable
class Forgetful(Protocol):
    """A connection that keeps things on this machine."""

    def forget(self, person: Person, *, doing: bool) -> Mapping[str, int]:
        """Let go of what is theirs; how much of what that was. Nothing is changed where `doing` is false."""
        ...

    def scrub(self) -> bool:
        """Leave nothing of what was let go in a file; False where somebody else is in the way."""
        ...


def known_as(*names: str) -> Person:
    """A person by what is known of them so far."""
    return Person(frozenset(name.strip().casefold() for name in names))


def blanked(value: Any, person: Person) -> Any:
    """Plain data with every text in which they are named gone."""
    if isinstance(value, str):
        return GONE if person.is_named_in(value) else value
    if isinstance(value, Mapping):
        return {name: blanked(member, person) for name, member in value.items() if not person.is_named_in(str(name))}
    return [blanked(one, person) for one in value] if isinstance(value, list) else value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, BaseModel):
        yield from (text for name in type(value).model_fields for text in _texts(getattr(value, name)))
    elif isinstance(value, Mapping):
        yield from _each(value.values())
    elif isinstance(value, (list, tuple)):
        yield from _each(value)


def _each(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        yield from _texts(value)
