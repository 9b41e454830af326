"""Paths into documents as people write them, `line_items[0].price`, and what stands at their end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from orderloom.run.machine.values import field_of, has_field
from orderloom.source import Path

_NAME, _REST = r"([^.\[\]\"]+)", r"\[([0-9]{1,9})\]|\[\"([^\"]+)\"\]"
_FIRST, _NEXT = re.compile(f"{_NAME}|{_REST}"), re.compile(rf"\.{_NAME}|{_REST}")


def read_path(text: str) -> Path | None:
    """The keys and the numbers (from 0) of a path; None where it is none. `["a.b"]` is a key with a point in it."""
    found: list[str | int] = []
    at = 0
    while at < len(text):
        step = (_NEXT if found else _FIRST).match(text, at)
        if step is None:
            return None
        name, number, key = step.groups()
        found.append(int(number) if number else name or key)
        at = step.end()
    return tuple(found) or None


def split_name(text: str) -> tuple[str, str]:
    """The step that a path begins with, `parcels[2]/label` among them, and the rest of the path."""
    around, sign, last = text.rpartition("/") if "/" in text.partition(".")[0] else ("", "", text)
    cut = min((place for mark in ".[" if (place := last.find(mark)) >= 0), default=len(last))
    return f"{around}{sign}{last[:cut]}", last[cut:].removeprefix(".")


def value_at(value: Any, path: Path) -> Any:
    """What stands there in data or models; None where there is nothing."""
    for part in path:
        if isinstance(part, int):
            value = value[part] if isinstance(value, Sequence) and part < len(value) else None
        else:
            value = field_of(value, part) if has_field(value, part) else None
    return value
