"""What a column map may hold, as a JSON Schema (draft-07) for editors; formulas and columns are for the check."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from orderloom.model import Line, Order

from .shape import KEYS, LINE_NEEDED, PARTS

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string", "minLength": 1}
_SIGN: Schema = {"type": "string", "maxLength": 1, "minLength": 1}
_PART_SCHEMAS: dict[str, Schema] = {
    "decimal": {**_SIGN, "description": 'the sign before decimals: "." or ","'},
    "thousands": {"type": "string", "description": "the sign between thousands"},
    "format": {"type": "string", "description": "how dates are written: %Y-%m-%d; or excel: days are numbers"},
    "zone": {"type": "string", "description": "the time zone of dates that name none: Europe/London"},
}


def columns_schema() -> Schema:
    """Keys, fields of an order and of a line, and the signs of numbers and dates."""
    keys: dict[str, Schema] = {
        "columns": {"description": "the name of the column map"},
        "summary": {"description": "which export it reads, in one sentence"},
        "one_order": {"type": "string", "description": "rows with the same value are one order: =row.InvoiceNo"},
        "rules": {"type": ["string", "object"],
                  "description": "a rule table, asked about every row: `keep`, or a word for what it is instead"},
        "separator": {"type": ["string", "null"], "minLength": 1, "maxLength": 1,
                      "description": "between columns; recognised where it is not given"},
        "encoding": {"type": ["string", "null"],
                     "description": "such as utf-8 or cp1252; recognised where it is not given"},
        "numbers": _part("numbers", "how numbers are written"),
        "dates": _part("dates", "how dates are written"),
        "order": _fields(Order, "what each field of an order is made of", ()),
        "line": _fields(Line, "what each field of a line is made of", LINE_NEEDED),
        "sheet": {"type": ["string", "null"], "minLength": 1,
                  "description": "of a workbook; the first that is shown where none is named"},
        "stop_at": {"type": ["string", "null"],
                    "description": "with a larger share of bad rows the file is refused: 20%"},
    }  # fmt: skip
    properties = {key: keys[key] for key in KEYS}
    about = "A column map: which rows are one order, and what each field is made of."
    return {**_closed(properties), "required": ["one_order", "order", "line"], "description": about}


def _part(name: str, description: str) -> Schema:
    known = {key: _PART_SCHEMAS[key] for key in PARTS[name]}
    return {**_closed(known), "type": ["object", "null"], "description": description}


def _fields(model: type[BaseModel], description: str, needed: Sequence[str]) -> Schema:
    fields = {name: {"description": field.description} if field.description else {}
              for name, field in model.model_fields.items()}  # fmt: skip
    return {**_closed(fields), "required": list(needed), "description": description}


def _closed(properties: dict[str, Schema]) -> Schema:
    return {"type": "object", "properties": properties, "additionalProperties": False}
