"""The text of a setting in a cell of its own in, plain data out; and back: text stays bare wherever it can.

`900`, `true`, `null` are typed as in YAML, `[a, b]`, `{a: 1}` and `"900"` are YAML; all else is text.
"""

from __future__ import annotations

from typing import Any

from orderloom.problems import ProblemsError
from orderloom.source import parse_yaml
from orderloom.source.strict_yaml import scalar
from orderloom.source.written import flow

TEXTS = frozenset({"table", "summary", "hit", "is", "type", "unit", "range", "cells", "about"})  # never anything else
_BEGINS_YAML = ("[", "{", '"', "'")


def setting_value(key: str, text: str) -> Any:
    """The value of that key of a head; a ProblemsError (not raised) where its YAML cannot be read."""
    if key in TEXTS:
        inside = typed_value(text) if text.startswith('"') and text.endswith('"') else text
        return inside if isinstance(inside, str) else text
    return typed_value(f"[{text}]" if key == "values" and not text.startswith("[") else text)


def setting_text(key: str, value: Any) -> str:
    """As `setting_value` reads it back."""
    if key in TEXTS:
        text = str(value)
        return flow(text) if text.strip() != text or not text or text.startswith('"') else text
    text = typed_text(value)
    return text[1:-1] if key == "values" and isinstance(value, list) and not text.startswith("[[") else text


def typed_value(text: str) -> Any:
    """What stands in a cell of its own, typed; a ProblemsError (not raised) where it begins like YAML and is none."""
    if not text.startswith(_BEGINS_YAML):
        return scalar(text)
    try:
        return parse_yaml(text, "a cell").data
    except ProblemsError as error:
        return error


def typed_text(value: Any) -> str:
    """As `typed_value` reads it back."""
    if isinstance(value, str) and value and value.strip() == value and not value.startswith(_BEGINS_YAML):
        return value if isinstance(scalar(value), str) else flow(value)
    return flow(value)
