"""Nodes in, the schema of a scenario file out: a flow's tests, with what the outside answers in them."""

from __future__ import annotations

from collections.abc import Sequence

from orderloom.declare import Node
from orderloom.editors.steps import summary
from orderloom.editors.words import WORD, closed, told
from orderloom.shapes import Schema

_TEXTS: Schema = {"type": "array", "items": {"type": "string"}}
_CLOCK: Schema = told(
    {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d"}, "the only clock there is; waits jump: `2026-03-02T10:00:00Z`"
)
_PATCH = {"type": "object", "description": "fields of the input by their path, such as `customer.orders_count: 0`"}
_INPUT = closed({
    "file": told({"type": "string"}, "the payload, by its path in the project"),
    "format": told({"type": "string"}, "of the payload; recognised where it is not given"),
    "patch": _PATCH,
})  # fmt: skip
_EXPECT = closed({
    "status": told(WORD, "as the run is called then: `completed`, `waiting`, `exception`, or the word of an end"),
    "path": told(_TEXTS, "the steps as they settled, each with its outcome where it has several: `screen:review`"),
    "path_ends": told(_TEXTS, "the last of them"),
    "sent": told(_TEXTS, "the templates of the messages that were sent"),
})  # fmt: skip


def scenario_schema(nodes: Sequence[Node]) -> Schema:
    """An answer stands under the name of a step, or of a node for every step that uses it."""
    answers = {
        "type": "object",
        "properties": {node.name: told({}, f"for every step that uses it: {summary(node)}") for node in nodes},
        "additionalProperties": {},
        "description": "what the outside answers, by step or by node; what is not listed may not happen",
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
