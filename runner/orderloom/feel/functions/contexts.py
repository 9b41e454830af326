"""Context functions (DMN 1.5, 10.3.4.11)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from orderloom.feel.members import member
from orderloom.feel.values import MISSING, clean, entries, kind


def _get_value(context: Any, path: Any) -> Any:
    if isinstance(path, str):
        return member(context, path)
    if not path:
        return None
    for name in path:
        if kind(context) != "context" or not isinstance(name, str):
            return None
        context = member(context, name)
    return context


def _get_entries(context: Any) -> list[dict[str, Any]]:
    return [{"key": name, "value": clean(value)} for name, value in entries(context).items()]


def _context(listed: Any) -> dict[str, Any] | None:
    made: dict[str, Any] = {}
    for entry in listed:
        if kind(entry) != "context":
            return None
        known = entries(entry)
        name, value = known.get("key"), known.get("value", MISSING)
        if not isinstance(name, str) or value is MISSING or name in made:
            return None
        made[name] = value
    return made


def _put(context: Any, path: Any, value: Any) -> Any:
    if isinstance(path, str):
        return {**entries(context), path: value}
    if not path or not isinstance(path[0], str):
        return None
    first, *rest = path
    if not rest:
        return _put(context, first, value)
    inner = member(context, first)
    if kind(inner) != "context" and inner is not None:
        return None
    made = _put({} if inner is None else inner, rest, value)
    return None if made is None else _put(context, first, made)


def _merge(contexts: Any) -> Any:
    merged: dict[str, Any] = {}
    for context in contexts:
        if kind(context) != "context":
            return None
        merged.update(entries(context))
    return merged


BODIES: dict[str, Callable[..., Any]] = {
    "get value": _get_value,
    "get entries": _get_entries,
    "context": _context,
    "context put": _put,
    "context merge": _merge,
}
