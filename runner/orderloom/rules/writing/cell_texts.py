"""A cell as it stands in its file in, the text that says the same in a spreadsheet out; and its plain data in YAML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from orderloom.rules.columns import Input, Output
from orderloom.rules.kinds import KINDS, TEXT, Kind
from orderloom.rules.reading.answers import constant_of
from orderloom.rules.reading.cells import ANY_SIGNS, RawCell
from orderloom.rules.reading.literals import literal, plain, unquoted
from orderloom.source.strict_yaml import scalar

_SEPARATES = re.compile(r'[,"()\[\]{}]')


def condition_text(column: Input, raw: RawCell) -> str:
    """Of an input cell; what YAML gives as a list, a mapping or a typed value is spelt out."""
    if raw.says_nothing:
        return ""
    if raw.value is None or isinstance(raw.value, str):
        return raw.text
    if isinstance(raw.value, Mapping) or (column.kind.item is not None and isinstance(raw.value, list)):
        return feel_text(raw.value)
    if column.kind is TEXT and not column.bare_words and not isinstance(raw.value, list):
        return feel_text(raw.text)
    return raw.text


def answer_text(column: Output, raw: RawCell, spreadsheet: bool) -> str:
    """Of an output cell, as it is read from a spreadsheet, where `null` is no text."""
    if raw.says_nothing:
        return ""
    if raw.value is None or (spreadsheet and raw.text == "null"):
        return "null"
    if isinstance(raw.value, str) and raw.text.startswith("="):
        return _formula_text(column.kind, raw.text)
    if column.kind.untyped:
        return _untyped_text(column.kind, raw.value)
    value = literal(column.kind, raw.value)
    if column.kind is TEXT and isinstance(value, str):
        return text_cell(value)
    if column.kind.item is not None and isinstance(value, tuple):
        return _list_cell(KINDS[column.kind.item], value)
    return raw.text


def text_cell(value: str) -> str:
    """A text as a cell says it: bare, or in quotes where it would be taken for something else."""
    bare = value == value.strip() and value not in {*ANY_SIGNS, "null"} and not value.startswith("=")
    return value if bare and unquoted(value) is None else feel_text(value)


def feel_text(value: Any) -> str:
    """A literal of FEEL."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{feel_text(str(name))}: {feel_text(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(feel_text(one) for one in value) + "]"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return plain(value)


def plain_cell(text: str, kind: str, is_answer: bool) -> Any:
    """What stands for the text in YAML: numbers, true, false and null where the text says just that."""
    if text == "null":
        return None
    if is_answer and kind in {"any", "list"} and text.startswith("="):
        known, value = constant_of(text[1:])
        return value if known and not isinstance(value, str) else text
    if kind == "boolean" and text in {"true", "false"}:
        return text == "true"
    return plain_number(text) if kind == "number" else text


def plain_number(text: str) -> Any:
    """A number where the text is just that."""
    value = scalar(text)
    return value if isinstance(value, int | Decimal) and plain(value) == text else text


def _formula_text(kind: Kind, text: str) -> str:
    """Constants of a column of any type are written in one way."""
    if not kind.untyped and kind.item is None:
        return text
    known, constant = constant_of(text[1:])
    if kind.untyped:
        return _untyped_text(kind, constant) if known else text
    value = literal(kind, constant) if known else None
    return _list_cell(KINDS[kind.item or "any"], value) if isinstance(value, tuple) else text


def _untyped_text(kind: Kind, value: Any) -> str:
    """What is not text is a formula, as a sheet knows only texts."""
    if kind.item is not None:
        return f"={feel_text(literal(kind, value))}"
    if isinstance(value, str) and value == value.strip() and value not in {*ANY_SIGNS, "null"}:
        return f"={feel_text(value)}" if value.startswith("=") else value
    return f"={feel_text(value)}"


def _list_cell(item: Kind, values: tuple[Any, ...]) -> str:
    if not values:
        return "[]"
    return ", ".join(_item_text(item, value) for value in values)


def _item_text(item: Kind, value: Any) -> str:
    if item is TEXT:
        text = text_cell(value)
        return feel_text(value) if text == value and _SEPARATES.search(text) else text
    return plain(value)
