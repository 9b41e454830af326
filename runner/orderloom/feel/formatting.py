"""Values as text: as the standard's `string()` writes them, and as people read them in mails and messages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from orderloom.feel.budget import spend
from orderloom.feel.errors import MAX_TEXT, too_long_a_text
from orderloom.feel.iso import clock_text, date_text, days_text
from orderloom.feel.scanner import LOOSE_NAME
from orderloom.feel.values import Function, Range, clean, entries, kind

_TEMPORAL: dict[str, Callable[[Any], str]] = {
    "date": date_text,
    "time": clock_text,
    "date and time": clock_text,
    "days and time duration": days_text,
    "years and months duration": str,
}


def format_value(value: Any) -> str:
    """For templates and messages: decimals keep their digits, nothing for null, ISO 8601 for dates."""
    value = clean(value)
    return "" if value is None else format_string(value)


def format_string(value: Any) -> str:
    """As `string(value)` of the standard."""
    found, size = [], 0
    for piece in [value] if isinstance(value, str) else _pieces(value):
        size += len(piece)
        if size > MAX_TEXT:
            raise too_long_a_text()
        found.append(piece)
    return "".join(found)


def _pieces(value: Any) -> Iterator[str]:
    """The text of a value inside others, bit by bit: parts that are shared could make it endless."""
    value = clean(value)
    word = kind(value)
    if word == "list":
        spend(len(value))
        yield from _joined("[", value, "]", _pieces)
    elif word == "context":
        spend(len(entries(value)))
        yield from _joined("{", entries(value).items(), "}", _entry)
    elif isinstance(value, Range):
        yield from _range(value)
    else:
        yield _simple(word, value)


def _joined(opening: str, parts: Iterable[Any], closing: str, write: Callable[[Any], Iterator[str]]) -> Iterator[str]:
    yield opening
    for count, part in enumerate(parts):
        if count:
            yield ", "
        yield from write(part)
    yield closing


def _entry(entry: tuple[str, Any]) -> Iterator[str]:
    name, value = entry
    yield f"{_key(name)}: "
    yield from _pieces(value)


def _simple(word: str, value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, int | Decimal):
        return format_number(value)
    written = _TEMPORAL.get(word)
    return written(value) if written else "function" if isinstance(value, Function) else ""


def format_number(value: int | Decimal) -> str:
    """Without exponent, as far as that stays readable."""
    if isinstance(value, int) or value.adjusted() > 40 or value.adjusted() < -40:
        return str(value) if value else "0"
    return f"{value:f}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _key(name: str) -> str:
    """A key that could not be read back without them stands in quotes."""
    return name if LOOSE_NAME.fullmatch(name) else _quoted(name)


def _range(value: Range) -> Iterator[str]:
    if value.form:
        yield f"({value.form} "
        yield from _pieces(value.high if value.low is None else value.low)
        yield ")"
    else:
        yield "[" if value.low_closed else "("
        yield from _pieces(value.low)
        yield ".."
        yield from _pieces(value.high)
        yield "]" if value.high_closed else ")"
