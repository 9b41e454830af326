"""A document and what a person wants of it in; the changed document out, read back into its own model.

Every refusal is a sentence that begins with the path it is about.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from orderloom.problems import did_you_mean

_PATH = re.compile(r"(?P<name>[^.\[\]]+)|\[(?P<index>\d{1,6})\]|(?P<dot>\.)")
_WANTED = {
    "missing": "is missing",
    "extra_forbidden": "is no field of this document",
    "string_type": "must be text",
    "string_too_short": "is too short",
    "string_too_long": "is too long",
    "string_pattern_mismatch": "has not the form it must have",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "decimal_type": "must be a decimal number, written as text",
    "decimal_parsing": "must be a decimal number, written as text",
    "datetime_type": "must be a time with its offset, such as 2026-03-02T10:00:00Z",
    "datetime_parsing": "must be a time with its offset, such as 2026-03-02T10:00:00Z",
    "datetime_from_date_parsing": "must be a time with its offset, such as 2026-03-02T10:00:00Z",
    "timezone_aware": "must name its offset, such as 2026-03-02T10:00:00Z",
    "tuple_type": "must be a list",
    "list_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "too_short": "has too few items",
    "too_long": "has too many items",
}


class EditRefusedError(Exception):
    """The document cannot be changed so; `problems` say why, in sentences."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))


def replaced(document: Any, new: Any) -> Any:
    """The new document, read into the model of the old one. Raises `EditRefusedError`."""
    if not isinstance(document, BaseModel):
        return new
    if isinstance(new, type(document)):
        return new
    try:
        return type(document).model_validate(new)
    except ValidationError as error:
        raise EditRefusedError(misfits(error)) from None


def patched(document: Any, patch: Any) -> Any:
    """The document with each path of the patch set to its value. Raises `EditRefusedError`."""
    if not isinstance(patch, Mapping) or not patch:
        raise EditRefusedError(['a `patch` is an object of path and new value, such as {"lines[0].sku": "NEW"}'])
    refused = [sentence for path in patch for sentence in _unknown(document, str(path))]
    if refused:
        raise EditRefusedError(refused)
    data = document.model_dump(mode="json") if isinstance(document, BaseModel) else copy.deepcopy(document)
    for path, value in patch.items():
        _set(data, _keys(str(path)), value)
    return replaced(document, data)


def misfits(error: ValidationError) -> list[str]:
    """What does not fit, a sentence each."""
    return [_sentence(one) for one in error.errors(include_url=False)]


def _keys(path: str) -> list[str | int]:
    return [int(m["index"]) if m["index"] else m["name"] for m in _PATH.finditer(path) if not m["dot"]]


def _unknown(document: Any, path: str) -> Iterator[str]:
    keys = _keys(path)
    if not keys or _spelt(keys) != path:
        yield f"`{path}` is no path: write it like lines[0].sku"
        return
    here = document
    for depth, key in enumerate(keys):
        found = _missing(here, key, _spelt(keys[:depth]) or "the document")
        if found:
            yield f"{path}: {found}"
            return
        here = _member(here, key)


def _missing(here: Any, key: str | int, where: str) -> str | None:
    if here is None:
        return f"{where} is empty: give it as a whole, or the whole document"
    if isinstance(key, int):
        if not isinstance(here, list | tuple):
            return f"{where} is no list"
        return None if key < len(here) else f"{where} has {len(here)} items, counted from 0"
    names = _names(here)
    if names is None:
        return f"{where} has no fields" + (": say which item, such as [0]" if isinstance(here, list | tuple) else "")
    if key in names:
        return None
    near = did_you_mean(key, names)
    return f"{where} has no `{key}`" + (f": {near}" if near else "")


def _names(here: Any) -> Sequence[str] | None:
    if isinstance(here, BaseModel):
        return list(type(here).model_fields)
    return list(here) if isinstance(here, Mapping) else None


def _member(here: Any, key: str | int) -> Any:
    if isinstance(here, BaseModel):
        return getattr(here, str(key))
    return here[key]


def _set(data: Any, keys: Sequence[str | int], value: Any) -> None:
    for key in keys[:-1]:
        data = data[key]
    data[keys[-1]] = value


def _sentence(error: Mapping[str, Any]) -> str:
    where = _spelt(error["loc"]) or "the document"
    context = error.get("ctx", {})
    if error["type"] in {"literal_error", "enum"}:
        return f"{where}: must be one of {context['expected']}"
    if error["type"] == "value_error":        # our own models say it in our own words
        return f"{where}: {context['error']}"
    return f"{where}: {_WANTED.get(error['type'], 'cannot be read')}"


def _spelt(keys: Sequence[str | int]) -> str:
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys).removeprefix(".")
