"""Pieces of draft-07 schemas that several kinds of file share: formulas, names, durations, retries, texts."""

from __future__ import annotations

from collections.abc import Iterable

from orderloom.shapes import Schema

DRAFT = "http://json-schema.org/draft-07/schema#"

_SHORT = "[0-9]{1,9}[smhd]"
_ISO = "P(?:[0-9]{1,9}D)?(?:T(?=[0-9])(?:[0-9]{1,9}H)?(?:[0-9]{1,9}M)?(?:[0-9]{1,9}S)?)?"
_PAUSE = f"(?:{_SHORT}|{_ISO})"

FORMULA: Schema = {
    "type": "string",
    "pattern": r"^=\s*\S",
    "patternErrorMessage": "a formula is wanted here: `=`, and what is to be read or worked out",
}
WORD: Schema = {"type": "string", "pattern": "^(?!=)", "patternErrorMessage": "a plain word: it cannot be a formula"}
DURATION: Schema = {
    "type": "string",
    "pattern": f"^{_PAUSE}$",
    "patternErrorMessage": "a whole number with its unit: 30s, 5m, 8h or 2d",
}
NO_RETRY: Schema = {"type": "string", "pattern": r"^\s*0{1,9}x\s*$", "patternErrorMessage": "this is not repeated"}
RETRY: Schema = {
    "type": "string",
    "pattern": rf"^\s*(?:0{{1,9}}x|0{{0,7}}(?:[1-9]|[1-4][0-9]|50)x +{_PAUSE}\.\.{_PAUSE})\s*$",
    "patternErrorMessage": "how often, then the first and the longest pause: `4x 2s..5m`",
}
SCALAR: Schema = {"type": ["string", "number", "boolean", "null"]}  # for people: any of them is shown as text


def told(schema: Schema, description: str) -> Schema:
    """The schema with a sentence that an editor shows."""
    return {**schema, "description": description}


def words(known: Iterable[str], *, nullable: bool = False) -> Schema:
    """One of these words."""
    return {"enum": [*known, *([None] if nullable else [])]}


def closed(properties: dict[str, Schema], required: Iterable[str] = ()) -> Schema:
    """A mapping with these keys and no others."""
    needed = list(required)
    schema: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**schema, "required": needed} if needed else schema
