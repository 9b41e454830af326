"""Calls that make a date, a time or a duration of constants: found where what is written is none."""

from __future__ import annotations

import re

from orderloom.feel import tree
from orderloom.feel.program import NO_LOCALS, program
from orderloom.feel.typescope import Inference
from orderloom.feel.values import is_number

_EXAMPLES = {
    "date": 'date("2026-03-02")',
    "time": 'time("14:30:00Z")',
    "date and time": 'date and time("2026-03-02T14:30:00Z")',
    "duration": 'duration("P3D")`, `duration("PT36H")` or `duration("P1Y6M")',
}
_COUNTED = re.compile(r"(\d{1,9})\s*(year|month|week|day|hour|minute|second)s?", re.IGNORECASE)
_ISO = {
    "year": "P{}Y",
    "month": "P{}M",
    "day": "P{}D",
    "hour": "PT{}H",
    "minute": "PT{}M",
    "second": "PT{}S",
}


def check_constant(inference: Inference, node: tree.Call) -> None:
    """`date("2026-13-01")` and `duration("3 days")` would be null for every order."""
    name = node.function.name if isinstance(node.function, tree.Name) else ""
    values = [argument.value for argument in node.arguments]
    constants = [value for value in values if isinstance(value, tree.Literal) and value.value is not None]
    if name not in _EXAMPLES or len(constants) != len(values) or not _right_types(constants):
        return
    if program(node)({}, NO_LOCALS) is not None:
        return
    at = tree.Node(constants[0].start, constants[-1].end)
    message = f"{inference.says(at)} is no {name}"
    inference.find("E112", message, at, _iso(constants[0].value) or f"for example `{_EXAMPLES[name]}`")


def _right_types(constants: list[tree.Literal]) -> bool:
    """One text, or several numbers and a zone; anything else is found as an argument of the wrong type."""
    if len(constants) == 1:
        return isinstance(constants[0].value, str)
    return bool(constants) and all(is_number(one.value) for one in constants[:6])


def _iso(text: object) -> str | None:
    """`3 days` as ISO 8601 has it."""
    found = _COUNTED.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        return None
    unit, count = found[2].lower(), int(found[1])
    days = count * 7 if unit == "week" else count
    iso = _ISO["day" if unit == "week" else unit].format(days)
    return f'write `"{iso}"`'
