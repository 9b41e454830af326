"""Plain values and texts of a table file in, values of a column's kind out: numbers, bare words, lists."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from orderloom.feel import format_value
from orderloom.feel.values import MonthsDuration
from orderloom.rules.constants import Constants
from orderloom.rules.kinds import KINDS, TEXT, Kind

PYTHON_TYPES: Mapping[str, tuple[type, ...]] = {
    "text": (str,),
    "number": (int, Decimal),
    "boolean": (bool,),
    "date": (date,),
    "time": (time,),
    "date and time": (datetime,),
    "days and time duration": (timedelta,),
    "years and months duration": (MonthsDuration,),
}
_BARE = re.compile(r"[^\"()\[\]{}<>=?!,@]+")
_NOT = re.compile(r"not\s*\((.*)\)", re.DOTALL)
_STRING = re.compile(r'"((?:[^"\\]|\\["\\])*)"')


def literal(kind: Kind, value: Any) -> Any:
    """A value as a file gives it as one of this kind: native, spelt, or a list of them. None where it is none."""
    if kind.item is not None:
        return _literal_list(KINDS[kind.item], value)
    if kind.name == "any":
        return value
    if kind is TEXT:
        return _literal_text(value)
    if isinstance(value, str):
        return kind.spell(value.strip()) if kind.spell else None
    return value if type(value) in PYTHON_TYPES[kind.name] else None


def bare_words(text: str) -> Constants | None:
    """`US, CA`, `not(dhl)`, `"a, b", c`: text and nothing else; None where it asks more than that."""
    negation = _NOT.fullmatch(text)
    values: list[str | None] = []
    for part in split(negation[1] if negation else text):
        quoted = unquoted(part)
        if quoted is None and not _BARE.fullmatch(part):
            return None
        values.append(quoted if quoted is not None else None if part == "null" else part)
    return Constants(tuple(values), negated=negation is not None)


def split(text: str) -> list[str]:
    """The parts between commas that stand in no quotes and no brackets."""
    parts, depth, start, quoted = [], 0, 0, False
    signs = iter(enumerate(text))
    for index, sign in signs:
        if sign == '"':
            quoted = not quoted
        elif sign == "\\" and quoted:
            next(signs, None)  # whatever follows is part of the text
        elif not quoted:
            depth += (sign in "([{") - (sign in ")]}")
            if sign == "," and depth <= 0:
                parts.append(text[start:index].strip())
                start = index + 1
    return [*parts, text[start:].strip()]


def unquoted(text: str) -> str | None:
    """The text between quotes; None where it does not stand in quotes as a whole."""
    quoted = _STRING.fullmatch(text)
    return re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else None


def plain(value: Any) -> str:
    """A value as a cell would have it: `true`, `89.50`, `US`, `a, b`, `null`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ", ".join(plain(one) for one in value)
    if isinstance(value, Mapping):
        return "a context"
    return "null" if value is None else format_value(value)


def shown(value: Any) -> str:
    """A value as messages show it: text in quotes, none as `nothing`, long ones cut."""
    text = "nothing" if value is None else f'"{value}"' if isinstance(value, str) else plain(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def listed(values: Sequence[Any]) -> str:
    return ", ".join(plain(value) for value in values)


def _literal_text(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    text = value if isinstance(value, str) else plain(value)
    inside = unquoted(text) if text.startswith('"') else None
    return text if inside is None else inside


def _literal_list(item: Kind, value: Any) -> tuple[Any, ...] | None:
    parts = value if isinstance(value, list | tuple) else _parts(plain(value))
    items = tuple(literal(item, part) for part in parts)
    return None if any(one is None for one in items) and item.name != "any" else items


def _parts(text: str) -> list[str]:
    """`a, b`, `[a, b]` and `[]`."""
    inside = text[1:-1].strip() if text.startswith("[") and text.endswith("]") else text
    return split(inside) if inside or inside is text else []
