"""Values as they stand in the journal: JSON that loses nothing, so that a run goes on with what it had.

What JSON knows stands as it is. Everything else is an object with one key, a control character and a letter for its
kind: decimals by their digits, times and durations whole (moments.py), documents with the name of their class. A
document that the run has recorded before is only pointed to: most steps hand on the order that they were given.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

from pydantic import BaseModel

from orderloom.declare import Outcome
from orderloom.feel import Range
from orderloom.run.documents import fields_of
from orderloom.run.moments import READERS, letter_of, written

MARK = "\1"  # in no key that a person types; one that has it all the same is marked twice
_DECIMAL, _DOCUMENT, _OUTCOME, _SAME, _RANGE = (MARK + letter for letter in "dmosr")


_HALF = re.compile("[\ud800-\udfff]")  # of a character outside the basic plane: JSON can say it, UTF-8 cannot


class RecordError(Exception):
    """What stands in the journal cannot be read with the nodes that are installed."""


class Recorder:
    """Writes and reads the values of one run, in the order in which they are recorded."""

    def __init__(self) -> None:
        self._places: dict[int, int] = {}  # id of a document → its number
        self._known: dict[int, BaseModel] = {}  # kept alive: an id is one's own only as long as one lives
        self._marks = 0
        self._escaping = False

    def text(self, value: Any) -> str:
        """The value as JSON text."""
        before, self._marks = dict(self._places), 0
        try:
            text = self._dumped(value)
        except (RecordError, TypeError, ValueError, RecursionError) as error:
            self._forget(before)
            raise error if isinstance(error, RecordError) else RecordError(_unkept(value, error)) from error
        if text.count('"\\u0001') != self._marks:  # somebody's own key looks like ours
            self._forget(before)
            self._escaping = True
            text = self._dumped(_escaped(value))
            self._escaping = False
        return text

    def value(self, text: str) -> Any:
        """The value that the JSON text stands for. Raises `RecordError`."""
        try:
            return json.loads(text, object_hook=self._read)
        except (LookupError, TypeError, ValueError, ArithmeticError) as error:
            raise RecordError(f"what the journal holds cannot be read: {type(error).__name__}: {error}") from error

    def _dumped(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=self._write)

    def _forget(self, places: dict[int, int]) -> None:
        self._known = {number: self._known[number] for number in places.values()}
        self._places = places

    def _write(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return self._marked(_DECIMAL, str(value))
        if isinstance(value, BaseModel):
            return self._write_document(value)
        if isinstance(value, Mapping):
            return {str(name): member for name, member in value.items()}
        if isinstance(value, Range):
            bounds = [value.low, value.high, value.low_closed, value.high_closed, value.form]
            return self._marked(_RANGE, bounds)
        if isinstance(value, (set, frozenset)):
            return sorted(value, key=str)
        letter = letter_of(value)
        if letter is not None:
            return self._marked(f"{MARK}{letter}", written(value))
        raise RecordError(_unkept(value))

    def _marked(self, mark: str, value: Any) -> dict[str, Any]:
        self._marks += 1
        return {mark: value}

    def _write_document(self, value: BaseModel) -> Any:
        known = self._places.get(id(value))
        if known is not None:
            return self._marked(_SAME, known)
        number = len(self._known)
        self._places[id(value)], self._known[number] = number, value
        if isinstance(value, Outcome):  # field by field: the documents that it hands on are only pointed to
            fields: dict[str, Any] = {name: getattr(value, name) for name in type(value).model_fields}
        else:
            fields = fields_of(value)
        if self._escaping:
            fields = _escaped(fields)
        mark = _OUTCOME if isinstance(value, Outcome) else _DOCUMENT
        return self._marked(mark, [_name_of(type(value)), number, fields])

    def _read(self, read: dict[str, Any]) -> Any:
        if len(read) == 1:
            ((mark, value),) = read.items()
            if mark in _READERS:
                return _READERS[mark](self, value)
        if any(name.startswith(MARK) for name in read):
            return {name.removeprefix(MARK): member for name, member in read.items()}
        return read

    def _read_document(self, written: Any) -> BaseModel:
        name, number, fields = written
        kind_ = class_of(name)
        try:
            document = kind_.model_validate(fields)
        except ValueError as error:
            raise RecordError(f"a recorded {kind_.__name__} does not fit the one that is installed: {error}") from error
        self._places[id(document)], self._known[number] = number, document
        return document

    def _read_same(self, number: Any) -> BaseModel:
        return self._known[number]


def _read_moment(letter: str, _: Recorder, value: Any) -> Any:
    return READERS[letter](value)


def storable(text: str) -> str:
    """JSON text that says the same and can be written in UTF-8."""
    if text.isascii():
        return text
    return _HALF.sub(lambda half: f"\\u{ord(half.group()):04x}", text)


_READERS: Mapping[str, Callable[[Recorder, Any], Any]] = {
    _DECIMAL: lambda _, value: Decimal(value),
    _RANGE: lambda _, value: Range(*value),
    _DOCUMENT: Recorder._read_document,
    _OUTCOME: Recorder._read_document,
    _SAME: Recorder._read_same,
    **{f"{MARK}{letter}": partial(_read_moment, letter) for letter in READERS},
}


def _unkept(value: Any, why: Exception | None = None) -> str:
    return f"a {type(value).__name__} cannot be kept in the journal{f': {why}' if why else ''}"


def _escaped(value: Any) -> Any:
    """The value with each of its keys that has our mark marked twice."""
    if isinstance(value, Mapping):
        return {(MARK + name if str(name).startswith(MARK) else name): _escaped(v) for name, v in value.items()}
    return [_escaped(item) for item in value] if isinstance(value, (list, tuple)) else value


@lru_cache(maxsize=1024)
def _name_of(kind_: type[BaseModel]) -> str:
    return f"{kind_.__module__}:{kind_.__qualname__}"


@lru_cache(maxsize=1024)
def class_of(name: str) -> type[BaseModel]:
    """The class, which the nodes that a flow uses have brought along: nothing is imported for a name in a file."""
    module, _, path = name.partition(":")
    found: Any = sys.modules.get(module)
    for part in path.split("."):
        found = getattr(found, part, None)
    if not (isinstance(found, type) and issubclass(found, BaseModel)):
        raise RecordError(f"the journal holds a {path} of `{module}`, which is not installed")
    return found
