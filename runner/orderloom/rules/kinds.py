"""The types a column can have: how a value from outside is read as one, how a cell spells it, what FEEL calls it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from orderloom.feel import parse
from orderloom.feel.types import (
    ANY,
    BOOLEAN,
    DATE,
    DATE_TIME,
    DAYS_DURATION,
    MONTHS_DURATION,
    NULL,
    NUMBER,
    STRING,
    TIME,
    ListOf,
    Record,
    Type,
    accepts,
)
from orderloom.feel.values import MonthsDuration

Schema = dict[str, Any]


class NotOfKindError(ValueError):
    """A value cannot be read as the column's type."""


@dataclass(frozen=True)
class Kind:
    """One type of column. `read` takes what a payload or a person gives and raises `NotOfKindError`."""

    name: str
    wanted: str  # "a number": ends the sentence "… is expected"
    feel: Type
    schema: Mapping[str, Any]  # JSON Schema of a value as an answer gives it
    read: Callable[[Any], Any]
    spell: Callable[[str], Any] | None = None  # a literal in a cell, None where the text is none
    item: str | None = None  # of lists: the kind of the items

    @property
    def ordered(self) -> bool:
        """Whether `<` and ranges make sense in a cell."""
        return self.spell is not None and self.name != "boolean"

    @property
    def untyped(self) -> bool:
        """Whether a text alone does not say which value is meant."""
        return "any" in (self.name, self.item)

    def takes(self, given: Type) -> bool:
        """Whether a value of that type can be one of this kind. Dates, times and durations are also read from text;
        numbers too, where a payload has them so, but then the payload's schema says that they are numbers."""
        if given == NULL or accepts(self.feel, given):
            return True
        return self.ordered and self.name != "number" and given == STRING and not given.values

    def mend(self, formula: str, given: Type) -> str | None:
        """How a formula of another type gives a value of this kind."""
        if self.name == "number" and isinstance(given, Record) and "amount" in given.fields:
            return f"write `{formula}.amount`"
        function = _CONVERSIONS.get((self.name, given.word))
        return f"write `{function}({formula})`" if function else None


_CONVERSIONS = {
    ("number", "text"): "number",
    ("date", "date and time"): "date",
    ("time", "date and time"): "time",
    ("text", "number"): "string",
    ("text", "boolean"): "string",
    ("text", "date"): "string",
    ("text", "date and time"): "string",
}
_NUMBER = re.compile(r"[+-]?(?:\d{1,40}(?:\.\d{1,40})?|\.\d{1,40})")
_QUOTED = re.compile(r'(?:@|(?:date|time|date and time|duration)\s*\(\s*)?"([^"\\]*)"\s*\)?')


def _read_number(value: Any) -> Any:
    kind = type(value)
    if kind is int:
        return value
    if kind is Decimal and value.is_finite():
        return value
    if kind is str:
        return _spell_number(value.strip()) if _NUMBER.fullmatch(value.strip()) else _refuse()
    if kind is float and math.isfinite(value):
        return Decimal(repr(value))
    return _refuse()


def _spell_number(text: str) -> int | Decimal | None:
    if not _NUMBER.fullmatch(text):
        return None
    return Decimal(text) if "." in text else int(text)


def _read_text(value: Any) -> Any:
    return value if type(value) is str else _refuse()


def _read_boolean(value: Any) -> Any:
    return value if value is True or value is False else _refuse()


def _spell_boolean(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text.casefold())  # spreadsheets write TRUE


def _temporal(function: str, types: tuple[type, ...]) -> tuple[Callable[[Any], Any], Callable[[str], Any]]:
    """Read and spell for dates, times and durations; ISO 8601 text goes through FEEL's own function of that name."""
    convert = parse(f"{function}(text)", ("text",))

    def from_text(text: str) -> Any:
        made = convert.evaluate({"text": text})
        return made if type(made) in types else None

    def read(value: Any) -> Any:
        if type(value) in types:
            return value
        made = from_text(value.strip()) if type(value) is str else None
        return made if made is not None else _refuse()

    def spell(text: str) -> Any:
        quoted = _QUOTED.fullmatch(text)
        return from_text(quoted[1] if quoted else text)

    return read, spell


def _read_any(value: Any) -> Any:
    return Decimal(repr(value)) if type(value) is float and math.isfinite(value) else value


def _list_of(item: Kind) -> Kind:
    def read(value: Any) -> Any:
        if isinstance(value, str) or not isinstance(value, (list, tuple)):
            return _refuse()
        return tuple(item.read(one) for one in value)

    name = "list" if item.name == "any" else f"list of {item.name}"
    schema = {"type": "array", "items": dict(item.schema)}
    return Kind(
        name,
        "a list" if item.name == "any" else f"a list of {item.name}",
        ListOf(item.feel),
        schema,
        read,
        item=item.name,
    )


def _refuse() -> Any:
    raise NotOfKindError


def _kinds() -> dict[str, Kind]:
    plain = [
        Kind("text", "text", STRING, {"type": "string"}, _read_text),
        Kind("number", "a number", NUMBER, {"type": "number", "x-feel": "number"}, _read_number, _spell_number),
        Kind("boolean", "true or false", BOOLEAN, {"type": "boolean"}, _read_boolean, _spell_boolean),
        Kind(
            "date", "a date such as 2026-03-02", DATE, {"type": "string", "format": "date"}, *_temporal("date", (date,))
        ),
        Kind(
            "time", "a time such as 14:00:00", TIME, {"type": "string", "format": "time"}, *_temporal("time", (time,))
        ),
        Kind(
            "date and time",
            "a date and time such as 2026-03-02T10:00:00Z",
            DATE_TIME,
            {"type": "string", "format": "date-time"},
            *_temporal("date and time", (datetime,)),
        ),
        Kind(
            "days and time duration",
            "a duration such as P3D or PT36H",
            DAYS_DURATION,
            {"type": "string", "format": "duration", "x-feel": "days and time duration"},
            *_temporal("duration", (timedelta,)),
        ),
        Kind(
            "years and months duration",
            "a duration such as P1Y6M",
            MONTHS_DURATION,
            {"type": "string", "format": "duration", "x-feel": "years and months duration"},
            *_temporal("duration", (MonthsDuration,)),
        ),
        Kind("any", "any value", ANY, {}, _read_any),
    ]
    lists = [_list_of(item) for item in plain]
    return {kind.name: kind for kind in (*plain, *lists)} | {"duration": plain[6]}


KINDS: Mapping[str, Kind] = _kinds()
TEXT, NUMBER_KIND, BOOLEAN_KIND = KINDS["text"], KINDS["number"], KINDS["boolean"]
