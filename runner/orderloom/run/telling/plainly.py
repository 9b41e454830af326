"""What stands in the journal as plain data, for people to read: no node need be installed, and nothing is checked.

Documents know the name of their class, so that what is personal in them can be told.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from pydantic import BaseModel

from orderloom.feel import format_value
from orderloom.journal import Event
from orderloom.run.kept.moments import READERS
from orderloom.run.kept.records import MARK


class Document(dict[str, Any]):
    """A document's fields; `kind` names its class: `orderloom.model.order:Order`."""

    def __init__(self, kind: str, fields: Mapping[str, Any]) -> None:
        super().__init__(fields)
        self.kind = kind

    @classmethod
    def of(cls, model: BaseModel) -> Document:
        """A model by its fields."""
        fields = {name: getattr(model, name) for name in type(model).model_fields}
        return cls(f"{type(model).__module__}:{type(model).__qualname__}", fields)

    @property
    def name(self) -> str:
        """The plain name of its class: `Order`."""
        return self.kind.rpartition(":")[2].rpartition(".")[2]


class PlainReader:
    """Reads the bodies of one run's events, in their order: a later one may point to a document of an earlier one."""

    def __init__(self) -> None:
        self._known: dict[int, Document] = {}

    def body(self, event: Event) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(event.body, object_hook=self._read)
        return read

    def _read(self, read: dict[str, Any]) -> Any:
        if len(read) == 1:
            ((mark, value),) = read.items()
            if mark in _READERS:
                return _READERS[mark](self, value)
        if any(name.startswith(MARK) for name in read):
            return {name.removeprefix(MARK): member for name, member in read.items()}
        return read

    def _document(self, written: Sequence[Any]) -> Document:
        name, number, fields = written
        made = self._known[number] = Document(name, fields)
        return made

    def _same(self, number: int) -> Any:
        return self._known.get(number, {})


def _range(written: Sequence[Any]) -> str:
    low, high, low_closed, high_closed, _ = written
    return f"{'[' if low_closed else '('}{low}..{high}{']' if high_closed else ')'}"


def _moment(letter: str, _: PlainReader, written: Any) -> str:
    return format_value(READERS[letter](written))


_READERS: Mapping[str, Callable[[PlainReader, Any], Any]] = {
    f"{MARK}d": lambda _, digits: Decimal(digits),
    f"{MARK}m": PlainReader._document,
    f"{MARK}o": PlainReader._document,
    f"{MARK}s": PlainReader._same,
    f"{MARK}r": lambda _, written: _range(written),
    **{f"{MARK}{letter}": partial(_moment, letter) for letter in READERS},
}
