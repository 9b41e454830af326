"""`locations.yaml` in, locations out, sorted by id; every finding has its line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from orderloom.model import Address, Location
from orderloom.problems import Problem, ProblemsError, did_you_mean, refuse
from orderloom.source import Document, read_document, spell

_TITLE = "locations"


def read_locations(path: Path) -> tuple[Location, ...]:
    """Raises `ProblemsError` with all findings of the file."""
    document = read_document(path)
    rows = document.data.get(_TITLE) if isinstance(document.data, dict) else None
    if not isinstance(rows, list) or not rows:
        raise refuse(
            "C101",
            "this file lists no locations",
            document.place((_TITLE,)),
            "begin with `locations:` and a list below it",
        )
    problems = [_unknown_key(document, key) for key in document.data if key != _TITLE]
    found: dict[str, Location] = {}
    for index, row in enumerate(rows):
        try:
            location = Location.model_validate(row)
        except ValidationError as error:
            problems += [_problem(document, index, detail) for detail in error.errors(include_url=False)]
            continue
        problems += _doubts(document, index, location, found)
        found.setdefault(location.location_id, location)
    if problems:
        raise ProblemsError(problems)
    return tuple(found[location_id] for location_id in sorted(found))


def _unknown_key(document: Document, key: str) -> Problem:
    mend = did_you_mean(key, [_TITLE]) or f"its one key is `{_TITLE}`"
    return Problem("C102", f"`{key}` is no key of this file", document.key_place((key,)), mend)


def _doubts(document: Document, index: int, location: Location, found: dict[str, Location]) -> Iterator[Problem]:
    if location.location_id in found:
        place = document.place((_TITLE, index, "location_id"))
        yield Problem(
            "C103", f"two locations have the id `{location.location_id}`", place, "give one of them another id"
        )
    if not location.address.country_code:
        place = document.place((_TITLE, index, "address"))
        yield Problem("C102", "`address.country_code` is missing", place, "distances and customs need it, such as US")


def _problem(document: Document, index: int, detail: ErrorDetails) -> Problem:
    path = (_TITLE, index, *detail["loc"])
    field = spell(tuple(detail["loc"]))
    if detail["type"] == "missing":
        return Problem("C102", f"`{field}` is missing", document.place(path), "every location needs it")
    if detail["type"] == "extra_forbidden":
        known = (Address if detail["loc"][0] == "address" else Location).model_fields
        return Problem(
            "C102",
            f"`{field}` is no field of a location",
            document.key_place(path),
            did_you_mean(str(path[-1]), known) or f"there are: {', '.join(known)}",
        )
    mend = _EXAMPLES.get(str(detail["loc"][-1]), "the published schema of a location says what can stand here")
    return Problem("C102", f"`{field}` cannot be used: {_wanted(detail)}", document.place(path), mend)


_WANTED = {
    "string_type": "text is wanted",
    "int_type": "a whole number is wanted",
    "int_parsing": "a whole number is wanted",
    "float_type": "a number is wanted",
    "float_parsing": "a number is wanted",
    "bool_type": "true or false is wanted",
    "bool_parsing": "true or false is wanted",
    "tuple_type": "a list is wanted",
    "model_type": "keys with values are wanted here",
    "string_too_short": "it is empty",
}
_EXAMPLES = {
    "location_id": "such as reno", "cut_off": 'such as "14:00"', "country_code": "such as US", "priority": "such as 1",
    "latitude": "such as 39.53", "longitude": "such as -119.81", "enabled": "true or false",
}  # fmt: skip
_PATTERNS = {"cut_off": 'a time such as "14:00" is wanted', "country_code": "two capitals such as US are wanted"}


def _wanted(detail: ErrorDetails) -> str:
    """In the integrator's words: the model's own sentence, or what the field takes."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind in {"greater_than_equal", "less_than_equal"}:
        limit: Any = context.get("ge", context.get("le"))
        return f"{'at least' if 'ge' in context else 'at most'} {limit:g} is wanted"
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(str(detail["loc"][-1]), "it is not in the form wanted")
    return _WANTED.get(kind, "it is not of the kind wanted")
