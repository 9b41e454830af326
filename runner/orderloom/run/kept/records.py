"""Values as they stand in the journal: JSON that loses nothing, so that a run goes on with what it had.

What JSON knows stands as it is. Everything else is an object with one key, a control character and a letter for its
kind: decimals by their digits, times and durations whole (moments.py), documents with the name of their class. A
document that the run has recorded before is only pointed to: most steps hand on the order that they were given.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property, lru_cache, partial
from typing import Any

from pydantic import BaseModel

from orderloom.declare import Outcome
from orderloom.feel import Range
from orderloom.run.kept.documents import fields_of, is_told_by_json
from orderloom.run.kept.moments import READERS, letter_of, written

MARK = "\1"  # in no key that a person types; one that has it all the same is marked twice
_DECIMAL, _DOCUMENT, _OUTCOME, _SAME, _RANGE = (MARK + letter for letter in "dmosr")
quoted = json.encoder.encode_basestring
_WRITTEN = {mark: quoted(mark) for mark in (_DECIMAL, _DOCUMENT, _OUTCOME, _SAME, _RANGE)}
_MARK_IN_JSON = quoted(MARK)[1:-1]
_MARKED_TWICE = f'"{_MARK_IN_JSON * 2}'
_HALF = re.compile("[\ud800-\udfff]")  # of a character outside the basic plane: JSON can say it, UTF-8 cannot


class RecordError(Exception):
    """What stands in the journal cannot be read with the nodes that are installed."""


class Recorder:
    """Writes and reads the values of one run, in the order in which they are recorded."""

    def __init__(self) -> None:
        self._places: dict[int, int] = {}  # id of a document → its number
        self._known: dict[int, BaseModel] = {}  # kept alive: an id is one's own only as long as one lives

    def text(self, value: Any) -> str:
        """The value as JSON text. Raises `RecordError` for what is no value of ours; then nothing is recorded."""
        known = len(self._known)
        try:
            return self._text(value)
        except (RecordError, TypeError, ValueError, RecursionError) as error:
            self._forget_from(known)
            raise error if isinstance(error, RecordError) else RecordError(_unkept(value, error)) from error

    def value(self, text: str) -> Any:
        """The value that the JSON text stands for. Raises `RecordError`."""
        try:
            return self._decoded(text) if _MARK_IN_JSON in text else json.loads(text)
        except (LookupError, TypeError, ValueError, ArithmeticError) as error:
            raise RecordError(f"what the journal holds cannot be read: {type(error).__name__}: {error}") from error

    def _decoded(self, text: str) -> Any:
        reading = self._reading_all if _MARKED_TWICE in text else self._reading
        value, end = reading.raw_decode(text)
        if end != len(text):
            raise ValueError(f"more behind the character {end}")
        return value

    @cached_property
    def _reading(self) -> json.JSONDecoder:
        return json.JSONDecoder(object_hook=self._read)

    @cached_property
    def _reading_all(self) -> json.JSONDecoder:
        return json.JSONDecoder(object_hook=self._read_marked)

    def _forget_from(self, number: int) -> None:
        for late in [known for known in self._known if known >= number]:
            self._places.pop(id(self._known.pop(late)), None)

    def _text(self, value: Any) -> str:
        plain = _PLAIN.get(type(value))
        if plain is not None:
            return plain(value)
        if isinstance(value, BaseModel):
            return self._document(value)
        for base in _BASES:
            if isinstance(value, base):
                return _PLAIN[base](value)
        if isinstance(value, Mapping):
            return self._members(value.items())
        if isinstance(value, (list, tuple)):
            return f"[{','.join([self._text(item) for item in value])}]"
        return self._other(value)

    def _members(self, members: Iterable[tuple[Any, Any]]) -> str:
        return f"{{{','.join([f'{_key(name)}:{self._text(member)}' for name, member in members])}}}"

    def _document(self, value: BaseModel) -> str:
        known = self._places.get(id(value))
        if known is not None:
            return f"{{{_WRITTEN[_SAME]}:{known}}}"
        number = self._places[id(value)] = len(self._known)
        self._known[number] = value
        head, fields = _form_of(type(value))
        if fields is None:
            return f"{head}{number},{self._whole(value)}]}}"
        members = [f"{key}{self._text(getattr(value, name))}" for name, key in fields]
        return f"{head}{number},{{{','.join(members)}}}]}}"

    def _whole(self, value: BaseModel) -> str:
        """A document's fields: by pydantic's own JSON where that says all of it, which is ten times as quick."""
        if is_told_by_json(value):
            text: str = type(value).__pydantic_serializer__.to_json(value).decode()
            if _MARK_IN_JSON not in text:  # somebody's own key could look like ours
                return text
        return self._text(fields_of(value))

    def _other(self, value: Any) -> str:
        if isinstance(value, Range):
            bounds = [value.low, value.high, value.low_closed, value.high_closed, value.form]
            return f"{{{_WRITTEN[_RANGE]}:{self._text(bounds)}}}"
        if isinstance(value, (set, frozenset)):
            return self._text(sorted(value, key=str))
        letter = letter_of(value)
        if letter is None:
            raise RecordError(_unkept(value))
        return f"{{{quoted(MARK + letter)}:{json.dumps(written(value))}}}"

    def _read(self, read: dict[str, Any]) -> Any:
        if len(read) == 1:
            ((mark, value),) = read.items()
            if mark in _READERS:
                return _READERS[mark](self, value)
        return read

    def _read_marked(self, read: dict[str, Any]) -> Any:
        """As `_read`, of a text in which somebody's own key begins with our mark."""
        value = self._read(read)
        return {name.removeprefix(MARK): member for name, member in read.items()} if value is read else value

    def _read_document(self, written: Any) -> BaseModel:
        name, number, fields = written
        kind_ = class_of(name)
        try:
            document: BaseModel = kind_.__pydantic_validator__.validate_python(fields)
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


_PLAIN: Mapping[type, Callable[[Any], str]] = {
    str: quoted,
    type(None): lambda _: "null",
    bool: json.dumps,
    int: json.dumps,
    float: json.dumps,
    Decimal: lambda value: f'{{{_WRITTEN[_DECIMAL]}:"{value}"}}',
}
_BASES = (str, int, float, Decimal)  # of what has a class of its own

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


def _key(name: Any) -> str:
    """A key as JSON text; one that has our mark is marked twice."""
    if not isinstance(name, (str, int)):
        raise RecordError(f"a key that is a {type(name).__name__} cannot be kept in the journal")
    text = str(name)
    return quoted(MARK + text if text.startswith(MARK) else text)


@lru_cache(maxsize=1024)
def _form_of(kind_: type[BaseModel]) -> tuple[str, Sequence[tuple[str, str]] | None]:
    """How one begins in JSON; of an outcome its fields, each with its key: documents in them are only pointed to."""
    name = quoted(f"{kind_.__module__}:{kind_.__qualname__}")
    if not issubclass(kind_, Outcome):
        return f"{{{_WRITTEN[_DOCUMENT]}:[{name},", None
    return f"{{{_WRITTEN[_OUTCOME]}:[{name},", [(field, f"{_key(field)}:") for field in kind_.model_fields]


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
