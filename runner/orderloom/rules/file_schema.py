"""What a table file may hold, as a JSON Schema (draft-07) for editors; cells are for the check."""

from __future__ import annotations

from itertools import chain

from orderloom.rules.columns import RESERVED
from orderloom.rules.hit import Hit
from orderloom.rules.kinds import KINDS, Schema
from orderloom.rules.reading.cases import CASE_KEYS, ERRORS
from orderloom.rules.reading.head import INPUT_KEYS, OUTPUT_KEYS
from orderloom.rules.reading.settings import MISSING_WORDS
from orderloom.rules.reading.sources import HEAD_KEYS

_WORDS: Schema = {"type": ["string", "number", "boolean", "null"]}
_TYPE: Schema = {"enum": list(KINDS), "description": "what a value of the column is"}
_VALUES: Schema = {
    "type": ["array", "null"], "minItems": 1, "description": "what may stand in the column, and nothing else",
}  # fmt: skip
_COLUMN: dict[str, Schema] = {
    "is": {"type": "string", "description": "where the fact comes from: its path, or a formula over the facts"},
    "type": _TYPE,
    "whole": {"type": ["boolean", "null"], "description": "of a number: it has no fraction; 30.5 is refused"},
    "unit": {**_WORDS, "description": "of a number, such as kg or USD: for people"},
    "about": {**_WORDS, "description": "what the column means: for people"},
    "range": {"type": ["string", "null"], "description": 'the values there can be: "[0..1000]"'},
    "values": _VALUES,
    "cells": {"enum": ["feel", None], "description": "`feel`: cells may name other facts, and text needs quotes"},
    "default": {"description": "what a blank cell answers"},
}
_ANSWERS: Schema = {"type": "object"}


def table_schema() -> Schema:
    """Of a file, and of a table that stands in a flow."""
    keys: dict[str, Schema] = {
        "table": {"type": ["string", "null"], "description": "the name of the table"},
        "summary": {**_WORDS, "description": "what it decides, in one sentence"},
        "needs": {
            "type": "object", "additionalProperties": {"type": "string"},
            "description": "tables whose answers columns read by these names, each the path of a table file",
        },
        "hit": _hit(),
        "inputs": _columns(INPUT_KEYS, "the facts that rows test, by the name of their column"),
        "outputs": _columns(OUTPUT_KEYS, "what a row answers; the words of `outcome` are what `next:` branches on"),
        "on_missing": _on_missing(),
        "rows": {
            "type": ["array", "string"], "items": _row(),
            "description": "the rules, or the name of a file that holds them: .csv, .xlsx, .md or .dmn",
        },
        "cases": {"type": "array", "items": _case(), "description": "tests of the table, run by the check"},
    }  # fmt: skip
    about = {"description": "A rule table: which facts it reads, what it answers, and by which rows."}
    return {**_closed({key: keys[key] for key in HEAD_KEYS}, "inputs", "outputs", "rows"), **about}


def _hit() -> Schema:
    patterns = [_any_case(word) for word in chain.from_iterable((hit.word, hit.letter) for hit in Hit)]
    spelt = {"type": "string", "pattern": rf"^[\s\[\]()]*(?:{'|'.join(patterns)})[\s\[\]()]*$"}
    return {
        "anyOf": [{"enum": [hit.word for hit in Hit]}, spelt],
        "description": "which of the rows that apply answer; by default `unique`",
    }


def _any_case(word: str) -> str:
    """Brackets and blanks between words, and capitals, do not matter."""
    letters = {" ": r"[\s\[\]()]+", "+": r"\+"}
    return "".join(letters.get(one) or (f"[{one.lower()}{one.upper()}]" if one.isalpha() else one) for one in word)


def _columns(keys: tuple[str, ...], description: str) -> Schema:
    return {
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"not": {"enum": list(RESERVED)}},
        "additionalProperties": _closed({key: _COLUMN[key] for key in keys}, "type"),
        "description": description,
    }


def _on_missing() -> Schema:
    return {
        "anyOf": [{"enum": list(MISSING_WORDS)}, {"type": "object"}],
        "description": "what a missing fact means; by column, what stands for it",
    }


def _row() -> Schema:
    notes = {
        "id": "the name by which a decision tells the row",
        "note": "for people",
        "valid_from": "the first day on which the row counts: 2026-03-02",
        "valid_until": "the last day on which it counts",
    }
    return {"type": "object", "properties": {name: {"description": notes[name]} for name in RESERVED}}


def _case() -> Schema:
    keys: dict[str, Schema] = {
        "case": {"description": "what the case shows"},
        "given": {"type": "object", "description": "values of the inputs, by column"},
        "then": {"anyOf": [_ANSWERS, {"type": "array", "items": _ANSWERS}, {"type": "null"}],
                 "description": "what must come out"},
        "row": {**_WORDS, "description": "the id of the row that must answer"},
        "error": {"enum": [*ERRORS, None], "description": "how it must fail"},
        "now": {**_WORDS, "description": "the moment at which it is asked: 2026-03-02T10:00:00Z"},
    }  # fmt: skip
    return _closed({key: keys[key] for key in CASE_KEYS}, "given")


def _closed(properties: dict[str, Schema], *required: str) -> Schema:
    return {
        "type": "object", "properties": properties, "required": list(required), "additionalProperties": False,
    }  # fmt: skip
