"""What pydantic finds wrong with a literal in; the same in our words, with its place, out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

import orderloom.model
from orderloom.declare import Parameter
from orderloom.flow.shape import describe
from orderloom.problems import Fix, Place, Problem, did_you_mean, respelt
from orderloom.source import Document, Path, spell

_WANTED = {
    "string": "a text",
    "int": "a whole number",
    "float": "a number",
    "decimal": "a number",
    "bool": "true or false",
    "list": "a list",
    "tuple": "a list",
    "set": "a list",
    "frozen_set": "a list",
    "dict": "a mapping",
    "mapping": "a mapping",
    "model": "a mapping",
    "model_attributes": "a mapping",
    "datetime": "a date and time such as 2026-03-02T10:00:00Z",
    "date": "a date such as 2026-03-02",
    "time": "a time such as 14:00",
    "time_delta": "a duration such as P2D",
    "none": "nothing",
    "timezone_aware": "a time with its offset, such as 2026-03-02T10:00:00Z",
}
_BOUNDS = {
    "greater_than": ("more than", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("less than", "lt"),
    "less_than_equal": ("at most", "le"),
    "multiple_of": ("a multiple of", "multiple_of"),
}


def misfits(error: ValidationError, parameter: Parameter, value: Any, document: Document, path: Path) -> list[Problem]:
    """One finding for each thing that does not fit; of the branches of a union only the one that got furthest."""
    details = [detail for detail in error.errors(include_url=False) if detail["type"] != "none_required"]
    deepest = max((len(_inside(value, detail["loc"])) for detail in details), default=0)
    found: dict[Path, Problem] = {}
    for detail in details:
        inside = _inside(value, detail["loc"])
        if len(inside) == deepest:
            found.setdefault(inside, _problem(detail, parameter, value, inside, document, path))
    return list(found.values())


def _problem(
    detail: Mapping[str, Any], parameter: Parameter, value: Any, inside: Path, document: Document, path: Path
) -> Problem:
    name = spell((parameter.name, *inside))
    kind, context = detail["type"], detail.get("ctx", {})
    here = (*path, *inside)
    if kind == "missing":
        missing = detail["loc"][-1]
        return Problem("N004", f"`{name}` has no `{missing}`", document.place(here), f"add `{missing}: …`")
    if kind in {"extra_forbidden", "unexpected_keyword_argument"}:
        above = spell((parameter.name, *inside[:-1]))
        keys = sorted(set(_keys(parameter.schema, parameter.schema, inside[:-1])))
        free = [key for key in keys if key not in _at(value, inside[:-1])]
        mend = did_you_mean(str(inside[-1]), free) or (f"its keys are: {', '.join(keys)}" if keys else "leave it out")
        place = document.key_place(here)
        fix = respelt(place, str(inside[-1]), free)
        return Problem("N004", f"`{above}` has no key `{inside[-1]}`", place, mend, fix=fix)
    given, place = _at(value, inside), document.place(here)
    return Problem(
        "N004",
        f"`{name}` wants {wanted(kind, context)}, but is {describe(given)}",
        place,
        _help(kind, context, detail["input"]) or f"write {wanted(kind, context)}",
        fix=_fix(kind, context, given, place),
    )


def _fix(kind: str, context: Mapping[str, Any], given: Any, place: Place) -> Fix | None:
    """A word with a slip in it, and a text without its quotes."""
    if kind in {"literal_error", "enum"} and isinstance(given, str):
        return respelt(place, given, _words(context))
    if kind == "string_type" and isinstance(given, int) and not isinstance(given, bool):
        return Fix(place, f'"{given}"') if len(str(given)) == place.end_column - place.column else None
    return None


def wanted(kind: str, context: Mapping[str, Any]) -> str:
    if kind in {"literal_error", "enum"}:
        return f"one of {', '.join(_words(context))}"
    if kind in _BOUNDS:
        word, key = _BOUNDS[kind]
        return f"{word} {context.get(key)}"
    if kind == "value_error":  # raised by a model of ours or of a node's author, in their own words
        return str(context.get("error", "another value"))
    if hasattr(orderloom.model, name := str(context.get("class_name"))):
        return f"{'an' if name[0] in 'AEIOU' else 'a'} {name}"
    for end in ("_type", "_parsing", "_from_float", "_parsing_size", "_from_date_parsing"):
        if kind.removesuffix(end) in _WANTED:
            return _WANTED[kind.removesuffix(end)]
    if kind in {"too_short", "string_too_short"}:
        return "something longer"
    if kind in {"too_long", "string_too_long"}:
        return "something shorter"
    return _WANTED.get(kind, "another value")


def _help(kind: str, context: Mapping[str, Any], given: Any) -> str | None:
    if kind in {"literal_error", "enum"} and isinstance(given, str):
        return did_you_mean(given, _words(context))
    if kind == "string_type" and isinstance(given, (int, float)):
        return f'put it in quotes: "{given}"'
    if kind in {"list_type", "tuple_type"} and isinstance(given, str) and not given.startswith(("{", "[")):
        return f"a list of one is `[{given}]`"
    return None


def _keys(schema: Any, whole: Mapping[str, Any], inside: Path) -> Iterator[str]:
    """The keys that a schema allows at a path; of a union those of each branch."""
    if not isinstance(schema, Mapping):
        return
    if "$ref" in schema:
        yield from _keys(whole.get("$defs", {}).get(schema["$ref"].rpartition("/")[2]), whole, inside)
    for branch in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from _keys(branch, whole, inside)
    if not inside:
        yield from schema.get("properties", {})
    elif isinstance(inside[0], int):
        yield from _keys(schema.get("items"), whole, inside[1:])
    else:
        deeper = schema.get("properties", {}).get(inside[0], schema.get("additionalProperties"))
        yield from _keys(deeper, whole, inside[1:])


def _words(context: Mapping[str, Any]) -> list[str]:
    return str(context.get("expected", "")).replace(" or ", ", ").replace("'", "").split(", ")


def _inside(value: Any, location: tuple[int | str, ...]) -> Path:
    """The part of pydantic's location that is there in the value; names of union branches are none of it."""
    found: list[int | str] = []
    for part in location:
        if _has(value, part):
            found, value = [*found, part], value[part]
    return tuple(found)


def _has(value: Any, part: int | str) -> bool:
    if isinstance(value, Mapping):
        return part in value
    return isinstance(value, (list, tuple)) and isinstance(part, int) and part < len(value)


def _at(value: Any, inside: Path) -> Any:
    for part in inside:
        value = value[part]
    return value
