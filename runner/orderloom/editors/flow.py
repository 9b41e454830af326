"""Nodes in, the schema of a flow file out: the keys of the language, and what each step's node takes and gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from orderloom.declare import Node
from orderloom.editors.definitions import Pool, refer
from orderloom.editors.steps import TARGET, spelt, step_of, summary, undo_of, with_of
from orderloom.editors.words import DURATION, FORMULA, RETRY, WORD, closed, told
from orderloom.flow.read import DEFAULT_KEYS, FLOW_KEYS, FLOW_NAME
from orderloom.flow.read_step import STATUSES, STEP_KEYS, UNDO_KEYS
from orderloom.flow.words import FEEL_WORDS, NAME, RESERVED
from orderloom.shapes import Schema

_NAME: Schema = {
    "pattern": f"^(?!(?:{'|'.join(sorted(RESERVED | FEEL_WORDS))})$){NAME.pattern}$",
    "patternErrorMessage": "letters, digits and `_`, not a digit first, and no word of the formula language",
}
_END: Schema = {
    "type": "string",
    "pattern": f"^(?!(?:{'|'.join(sorted(STATUSES))})$)[A-Za-z][A-Za-z0-9_-]*$",
    "patternErrorMessage": "one word: letters, digits, `-` and `_`",
}
_ROUTES: Schema = {"type": "object", "additionalProperties": TARGET}
_MANY: Schema = {"type": "integer", "minimum": 1, "maximum": 1000}
_STEP: Mapping[str, Schema] = {
    "use": refer("use"),
    "with": told({"type": ["object", "null"]}, "what the node is given: formulas begin with `=`, all else is literal"),
    "when": told(FORMULA, "the step runs only if this is true; else it is skipped"),
    "for_each": told(FORMULA, "a list: the step runs once for each `item`"),
    "max_parallel": told(_MANY, "how many items at the same time, by default 8"),
    "next": told(_ROUTES, "where each outcome leads: `{outcome: step}`, or `~` for nowhere"),
    "after": told(
        {"type": ["string", "array"], "items": {"type": "string", "pattern": "^(?!=)"}, "pattern": "^(?!=)"},
        "steps that must be done before, though nothing of them is read",
    ),
    "on_error": told(_ROUTES, "where each class of error leads; without it a failed step waits for a person"),
    "retry": told(RETRY, "further attempts, with the first and the longest pause: `4x 2s..5m`"),
    "timeout": told(DURATION, "how long it may take, or wait: `30s`, `8h`, `2d`"),
    "undo": told(refer("undo"), "what takes the step back when the run is cancelled; it reads `result`"),
    "end": told(_END, "the run ends as this word when the step is done; `cancelled` runs the undos"),
}
_TOGETHER: Sequence[Schema] = (  # keys of a step that mean nothing without another one, or beside it
    {"dependencies": {"max_parallel": ["for_each"]}},
    {"if": {"required": ["end"]}, "then": {"properties": {"next": {"additionalProperties": {"type": "null"}}}}},
)
_DEFAULTS: Mapping[str, Schema] = {"timeout": DURATION, "retry": RETRY, "max_parallel": _MANY}


def flow_schema(nodes: Sequence[Node], broken: Sequence[str], inline: Mapping[str, Schema]) -> Schema:
    """`broken` are names of nodes that do not load: nothing is known of them. `inline` are schemas of other files."""
    pool = Pool(dict(inline))
    references = {kind: refer(kind) for kind in inline}
    for node in nodes:
        takes = refer(f"with.{node.name}")
        pool.definitions |= {
            f"with.{node.name}": with_of(node, references, pool),
            f"step.{node.name}": step_of(node, takes),
            f"undo.{node.name}": undo_of(node, takes),
        }
    pool.definitions |= {
        "use": _use(nodes, broken),
        "step": _by_node("step", {key: _STEP[key] for key in STEP_KEYS}, nodes),
        "undo": _by_node("undo", {key: _STEP[key] for key in UNDO_KEYS}, nodes),
    }
    keys = _keys()
    found = closed({key: keys[key] for key in FLOW_KEYS}, ("flow", "steps"))
    return {**found, "definitions": dict(sorted(pool.definitions.items()))}


def _keys() -> Mapping[str, Schema]:
    named = {"type": "string", "pattern": f"^{FLOW_NAME.pattern}$"}
    lets = {"type": ["object", "null"], "propertyNames": _NAME, "additionalProperties": FORMULA}
    steps = {"type": "object", "minProperties": 1, "propertyNames": _NAME, "additionalProperties": refer("step")}
    version = {"type": "integer", "minimum": 1, "maximum": 999_999}
    return {
        "flow": told(named, "the name of the flow"),
        "version": told(version, "counts up with each change; a run stays on the version with which it began"),
        "summary": told(WORD, "what the flow is for, in one sentence"),
        "key": told(FORMULA, "same key, same run: an order that comes twice is worked on once"),
        "defaults": told(closed({key: _DEFAULTS[key] for key in DEFAULT_KEYS}), "for every step that can take them"),
        "let": told(lets, "names for formulas"),
        "limits": {"type": "object", "description": "nothing reads it yet"},
        "steps": told(steps, "the steps by name; the first is the trigger"),
    }


def _use(nodes: Sequence[Node], broken: Sequence[str]) -> Schema:
    """Each name by itself, so that an editor shows what this one does; longer spellings are taken and not offered."""
    names = [told({"const": node.name}, summary(node)) for node in nodes]
    others = [told({"const": name}, "this node does not load: `orderloom check` says why") for name in broken]
    longer = {"pattern": f"^(?:{'|'.join(map(spelt, nodes))})$"}
    return {"type": "string", "anyOf": [*names, *others, longer]}


def _by_node(style: str, properties: dict[str, Schema], nodes: Sequence[Node]) -> Schema:
    cases = [{"if": _uses(node), "then": refer(f"{style}.{node.name}")} for node in nodes]
    return {**closed(properties, ("use",)), "allOf": [*cases, *_TOGETHER] if style == "step" else cases}


def _uses(node: Node) -> Schema:
    return {"required": ["use"], "properties": {"use": {"pattern": f"^{spelt(node)}$"}}}
