"""What a model of ours refuses in, findings in our words with their paths out: never a library's sentence."""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from orderloom import did_you_mean

from .problems import Findings, Path, shown

_QUOTED = re.compile(r"'([^']*)'")
_WANTED = {
    "string_type": "a text", "int_type": "a whole number", "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "bool_type": "true or false", "bool_parsing": "true or false",
    "float_type": "a number", "float_parsing": "a number",
    "tuple_type": "a list", "list_type": "a list", "dict_type": "an object", "model_type": "an object",
    "date_type": "a date", "date_parsing": "a date such as 2026-01-31",
    "date_from_datetime_parsing": "a date such as 2026-01-31",
}
_LIMITS = {
    "greater_than_equal": ("is below {}", "ge", "write {} or more"),
    "less_than_equal": ("is above {}", "le", "write {} or less"),
    "string_too_long": ("has more than {} letters", "max_length", "write at most {}"),
    "string_too_short": ("is empty", "min_length", "write something, or leave it out"),
    "too_long": ("has more than {} entries", "max_length", "{} at most"),
    "too_short": ("is empty", "min_length", "at least {}"),
}


_SCHEMA = "the document's published schema says what can stand here"
_HOW = ": write "  # how the models' own sentences go on
_MOST_FIELDS = 12


def _fields_told(known: list[str]) -> str:
    if len(known) > _MOST_FIELDS:
        return "leave it out"
    return f"there are: {', '.join(known)}"


def translate(error: ValidationError, model: type[BaseModel], findings: Findings, base: Path = ()) -> None:
    """Every finding of pydantic as one of ours."""
    for detail in error.errors(include_url=False):
        path: Path = (*base, *detail["loc"])
        name = str(path[-1]) if path else ""
        kind, given, context = detail["type"], detail["input"], detail.get("ctx", {})
        if kind == "too_short" and isinstance(given, list) and len(given) >= context["min_length"]:
            continue                            # long enough: some of its entries were refused, each told by itself
        if kind == "missing":
            known = _fields(model, detail["loc"][:-1])
            others = [key for key in given if key not in known] if isinstance(given, Mapping) else []
            findings.add("V010", path, "`{}` is missing", did_you_mean(name, others) or f"add `{name}`")
        elif kind == "extra_forbidden":
            known = _fields(model, detail["loc"][:-1])
            mend = did_you_mean(name, known) or _fields_told(known)
            findings.add("V030", path, "`{}` is no field of ours", mend, key=True)
        elif kind == "literal_error":
            words = _QUOTED.findall(str(context.get("expected", "")))
            mend = did_you_mean(str(given), words) or f"it is one of {', '.join(words)}"
            findings.add("V022", path, f"`{{}}` is {shown(given)}, which is none of its words", mend)
        else:
            _other(kind, path, given, context, findings)


def _other(kind: str, path: Path, given: Any, context: Mapping[str, Any], findings: Findings) -> None:
    if kind == "value_error":
        why, _, mend = str(context["error"]).partition(_HOW)
        findings.add("V033", path, f"`{{}}`: {why}", f"write {mend}" if mend else _SCHEMA)
    elif kind in _WANTED:
        findings.add("V011", path, f"`{{}}` should be {_WANTED[kind]}, not {shown(given)}", f"write {_WANTED[kind]}")
    elif kind in _LIMITS:
        words, key, mend = _LIMITS[kind]
        limit = context.get(key)
        findings.add("V021", path, f"`{{}}` {words.format(limit)}", mend.format(limit))
    elif kind == "string_pattern_mismatch":
        mend = f"the form is {context.get('pattern')}"
        findings.add("V033", path, f"`{{}}` is {shown(given)}, which is not in its form", mend)
    else:
        findings.add("V033", path, f"`{{}}` cannot be {shown(given)}", _SCHEMA)


def _fields(model: type[BaseModel] | None, path: tuple[str | int, ...]) -> list[str]:
    for step in path:
        if isinstance(step, str) and model is not None and step in model.model_fields:
            model = _model_in(model.model_fields[step].annotation)
    return list(model.model_fields) if model is not None else []


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if get_origin(annotation) in (Annotated, Union, types.UnionType, tuple, list):
        return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None
