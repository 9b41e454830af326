"""`value instance of type` (DMN 1.5, 10.3.2.3 and table 55)."""

from __future__ import annotations

from typing import Any

from orderloom.feel.budget import spend
from orderloom.feel.tree import TypeName
from orderloom.feel.values import Function, Range, entries, kind

_SIMPLE = frozenset(
    {
        "number", "string", "boolean", "date", "time", "date and time",
        "days and time duration", "years and months duration",
    }
)
_OTHER_WORDS = {"day time duration": "days and time duration", "dateTime": "date and time"}


def is_instance(value: Any, wanted: TypeName) -> bool | None:
    """None where the type is neither one of the language nor of the host."""
    if wanted.test is not None:
        return value is not None and wanted.test(value)
    name = _OTHER_WORDS.get(wanted.name, wanted.name)
    if name == "Any":
        return value is not None
    if name == "Null":
        return value is None
    if name in _SIMPLE:
        return kind(value) == name
    check = {"list": _list, "context": _context, "range": _range, "function": _function}.get(name)
    return check(value, wanted) if check else None


def _list(value: Any, wanted: TypeName) -> bool:
    if kind(value) != "list":
        return False
    spend(len(value))
    return not wanted.parameters or all(_conforms(item, wanted.parameters[0][1]) for item in value)


def _context(value: Any, wanted: TypeName) -> bool:
    if kind(value) != "context":
        return False
    known = entries(value)
    return all(name in known and _conforms(known[name], kind_) for name, kind_ in wanted.parameters)


def _range(value: Any, wanted: TypeName) -> bool:
    if not isinstance(value, Range):
        return False
    ends = [end for end in (value.low, value.high) if end is not None]
    return not wanted.parameters or all(is_instance(end, wanted.parameters[0][1]) for end in ends)


def _function(value: Any, wanted: TypeName) -> bool:
    return isinstance(value, Function) and (
        not wanted.parameters or len(wanted.parameters) == len(value.parameters)
    )


def _conforms(value: Any, wanted: TypeName) -> bool:
    """Inside lists and contexts null conforms to every type."""
    return value is None or bool(is_instance(value, wanted))
