"""Plain JSON data in, inputs in the types of a model out, and values of FEEL as plain JSON again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from orderloom.dmn.types import Kind
from orderloom.feel import Function, format_value, parse
from orderloom.feel.values import entries, kind

_FUNCTIONS = {
    "date": "date",
    "time": "time",
    "date and time": "date and time",
    "days and time duration": "duration",
    "years and months duration": "duration",
}
_READERS = {form: parse(f"{function}(text)", ("text",)) for form, function in _FUNCTIONS.items()}
_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?", re.ASCII)
_EXACT_LIMIT = 2**53  # beyond, a JSON number may lose digits where it is read as a float


def fact_in(wanted: Kind, value: Any) -> Any:
    """A value of JSON as one of the type: dates, durations and figures are text there. What is none stays as it is."""
    if isinstance(value, list):
        item = wanted.item if wanted.item is not None else wanted
        return [fact_in(item, one) for one in value]
    if isinstance(value, Mapping):
        return {
            name: fact_in(wanted.fields[name], one) if name in wanted.fields else one for name, one in value.items()
        }
    if not isinstance(value, str):
        return value
    if wanted.form == "number" and _NUMBER.fullmatch(value.strip()):
        return Decimal(value.strip())
    reader = _READERS.get(wanted.form)
    made = reader.evaluate({"text": value.strip()}) if reader is not None else None
    return value if made is None else made


def fact_out(value: Any) -> Any:
    """A value for JSON: numbers where those are exact, else text; dates and durations as ISO text."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | Decimal):
        return _number_out(value)
    if isinstance(value, list | tuple):
        return [fact_out(one) for one in value]
    if kind(value) == "context":
        return {str(name): fact_out(one) for name, one in entries(value).items()}
    return f"function({', '.join(value.parameters)})" if isinstance(value, Function) else format_value(value)


def _number_out(value: int | Decimal) -> Any:
    whole = int(value)
    if value == whole and abs(whole) < _EXACT_LIMIT:
        return whole
    as_float = float(value)
    return as_float if Decimal(repr(as_float)) == value else str(value)
