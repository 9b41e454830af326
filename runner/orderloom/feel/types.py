"""Types of what formulas read: from JSON Schema, compared with what is wanted, and described in the user's words."""

from __future__ import annotations

from orderloom.feel.schema_types import from_schema
from orderloom.feel.type_forms import (
    ANY,
    BOOLEAN,
    DATE,
    DATE_TIME,
    DAYS_DURATION,
    MONTHS_DURATION,
    NULL,
    NUMBER,
    STRING,
    TIME,
    FunctionType,
    ListOf,
    OneOf,
    RangeOf,
    Record,
    Type,
    text_of,
    union,
)

__all__ = [
    "ANY",
    "BOOLEAN",
    "DATE",
    "DATE_TIME",
    "DAYS_DURATION",
    "MONTHS_DURATION",
    "NULL",
    "NUMBER",
    "STRING",
    "TIME",
    "FunctionType",
    "ListOf",
    "OneOf",
    "RangeOf",
    "Record",
    "Type",
    "accepts",
    "describe",
    "from_schema",
    "text_of",
    "union",
]


def accepts(wanted: Type, given: Type) -> bool:
    """Whether a value of the given type may stand where the wanted one is asked for; what is unknown may."""
    if ANY in (wanted, given) or given == NULL:
        return True
    if isinstance(wanted, ListOf) and isinstance(given, ListOf):
        return accepts(wanted.item, given.item)
    if isinstance(wanted, RangeOf) and isinstance(given, RangeOf):
        return accepts(wanted.item, given.item)
    if isinstance(given, OneOf):
        return isinstance(wanted, OneOf) or all(accepts(wanted, record) for record in given.variants.values())
    if isinstance(wanted, OneOf):
        return any(accepts(record, given) for record in wanted.variants.values())
    if isinstance(wanted, Record) and isinstance(given, Record):
        return _accepts_record(wanted, given)
    return wanted.word == given.word and (not wanted.values or not given.values or _overlap(wanted, given))


def _overlap(wanted: Type, given: Type) -> bool:
    return bool(set(wanted.values) & set(given.values))


def _accepts_record(wanted: Record, given: Record) -> bool:
    if not wanted.open and not given.open and given.fields.keys() - wanted.fields.keys():
        return False
    shared = wanted.fields.keys() & given.fields.keys()
    return all(accepts(wanted.fields[name], given.fields[name]) for name in shared)


def describe(kind: Type) -> str:
    """In the words of messages: `list of text`, `record (amount, currency)`."""
    if isinstance(kind, ListOf):
        return "list" if kind.item in (ANY, NULL) else f"list of {describe(kind.item)}"
    if isinstance(kind, RangeOf):
        return "range" if kind.item == ANY else f"range of {describe(kind.item)}"
    if isinstance(kind, OneOf):
        return f"result ({' or '.join(kind.variants)})"
    if isinstance(kind, Record):
        return _described_record(kind)
    return kind.word


def _described_record(kind: Record) -> str:
    if not kind.fields:
        return "record"
    names = list(kind.fields)
    return f"record ({', '.join(names[:4])}{', …' if len(names) > 4 else ''})"
