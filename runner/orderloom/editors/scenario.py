"""Nodes in, the schema of a scenario file out: a flow's tests, with what the outside answers in them."""

from __future__ import annotations

from collections.abc import Sequence

from orderloom.declare import Node
from orderloom.editors.steps import summary
from orderloom.editors.words import FORMULA, WORD, closed, told
from orderloom.shapes import Schema

_TEXTS: Schema = {"type": "array", "items": {"type": "string"}}
_CLOCK: Schema = told(
    {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d"}, "the only clock there is; waits jump: `2026-03-02T10:00:00Z`"
)
_PATCH = {"type": "object", "description": "fields of the input by their path: `line_items[0].quantity: 3`"}
_INPUT = closed({
    "file": told({"type": "string"}, "the payload, by its path in the project"),
    "format": told({"type": "string"}, "of the payload; recognised where it is not given"),
    "account": told({"type": "string"}, "the shop's account that it comes from"),
    "patch": _PATCH,
})  # fmt: skip
_VALUES: Schema = {"type": "object"}  # by their path, which begins with a step
_ROWS: Schema = {"type": "object", "additionalProperties": {"type": ["string", "array"], "items": {"type": "string"}}}
_EXPECT = closed({
    "status": told(
        WORD, "as the run is called then: `completed`, `waiting`, `exception`, `quarantined`, or the word of an end"
    ),
    "path": told(_TEXTS, "the steps as they settled, each with its outcome where it has several: `screen:review`"),
    "path_ends": told(_TEXTS, "the last of them"),
    "sent": told(_TEXTS, "the templates of the messages that were sent"),
    "undone": told(_TEXTS, "the steps that were taken back, in that order"),
    "parked": told(_TEXTS, "the steps that a person must see to, with their class of errors: `pay!unavailable`"),
    "waiting": told(_TEXTS, "the steps that wait for a person or an event"),
    "given": told(_VALUES, "what a step was handed, as far as it matters: `refund.amount: {currency: USD}`"),
    "outputs": told(_VALUES, "what a step gave, as far as it matters: `refund.amount.amount: =due`"),
    "rows": told(_ROWS, "the rows of a table that decided, by step: `screen: r9`"),
    "holds": told({"type": "array", "items": FORMULA}, "formulas that must be true"),
})  # fmt: skip


def scenario_schema(nodes: Sequence[Node]) -> Schema:
    """An answer stands under the name of a step, or of a node for every step that uses it."""
    answers = {
        "type": "object",
        "properties": {node.name: told({}, f"for every step that uses it: {summary(node)}") for node in nodes},
        "additionalProperties": {},
        "description": (
            "what the outside answers, by step or by node: an outcome, a record, `raises CLASS`, a list of these"
            " with one an attempt, or `{each: […]}` with one an item; what is not listed may not happen"
        ),
    }
    case = {
        "case": told(WORD, "what the case shows, as a sentence that is true"),
        "clock": _CLOCK,
        "input": _INPUT,
        "world": answers,
        "expect": told(_EXPECT, "what must come out"),
    }
    whole = {
        "scenario": told(WORD, "the name of the flow"),
        "clock": _CLOCK,
        "input": told(_INPUT, "what comes in, for every case that says nothing else"),
        "world": answers,
        "cases": {"type": "array", "minItems": 1, "items": closed(case, ("case", "expect"))},
    }
    return closed(whole, ("scenario", "cases"))
