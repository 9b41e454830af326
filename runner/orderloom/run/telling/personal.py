"""What is personal in a document, by the marks of its model: `x-pii` is hidden, `x-erase` goes too when data is erased.

Works on plain data (plainly.py) and on models. A document whose class is not loaded is personal as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from orderloom.model.marks import ERASED, HIDDEN, Kinds, Marks, marks_of
from orderloom.model.plain import plain
from orderloom.run.kept.records import RecordError, class_of
from orderloom.run.telling.plainly import Document

__all__ = ["ERASED", "HIDDEN", "changed", "known_kind", "marked", "texts"]


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
        known = known_kind(value.kind)
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
    fields = [field for kind in kinds if (field := marks_of(kind).get(name))]
    if any(found & marks for found, _ in fields):
        return change(plain(member)) if _says_something(member) else None
    if isinstance(member, Decimal) and kinds:
        return str(member)  # amounts of a document keep their digits
    within = tuple(kind for _, held in fields for kind in held) if fields else kinds  # a table of documents by name
    return _changed(member, within, marks, change)


def _says_something(member: Any) -> bool:
    return not (isinstance(member, (Mapping, list, tuple, str)) and not member)


def known_kind(name: str) -> type[BaseModel] | None:
    """The class of a recorded document, where the nodes that bring it along are loaded."""
    try:
        return class_of(name)
    except RecordError:
        return None
