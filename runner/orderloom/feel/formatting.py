"""Values as text: as the standard's `string()` writes them, and as people read them in mails and messages."""

from __future__ import annotations

from collections.abc import Callable
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
    text = value if isinstance(value, str) else _inner(value)
    if len(text) > MAX_TEXT:
        raise too_long_a_text()
    return text


def _inner(value: Any) -> str:
    value = clean(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, int | Decimal):
        return format_number(value)
    word = kind(value)
    written = _TEMPORAL.get(word)
    return written(value) if written else _compound(word, value)


def format_number(value: int | Decimal) -> str:
    """Without exponent, as far as that stays readable."""
    if isinstance(value, int) or value.adjusted() > 40 or value.adjusted() < -40:
        return str(value) if value else "0"
    return f"{value:f}"


def _compound(word: str, value: Any) -> str:
    if word == "list":
        spend(len(value))
        return "[" + ", ".join(_inner(item) for item in value) + "]"
    if word == "context":
        spend(len(entries(value)))
        return "{" + ", ".join(f"{_key(name)}: {_inner(item)}" for name, item in entries(value).items()) + "}"
    if isinstance(value, Range):
        return _range(value)
    return "function" if isinstance(value, Function) else ""


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _key(name: str) -> str:
    """A key that could not be read back without them stands in quotes."""
    return name if LOOSE_NAME.fullmatch(name) else _quoted(name)


def _range(value: Range) -> str:
    if value.form:
        return f"({value.form} {_inner(value.high if value.low is None else value.low)})"
    low, high = "[" if value.low_closed else "(", "]" if value.high_closed else ")"
    return f"{low}{_inner(value.low)}..{_inner(value.high)}{high}"
