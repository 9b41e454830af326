"""A node in; what a step, or an undo, that uses it may say, out: its `with`, its outcomes, its error classes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from orderloom.declare import Node, Parameter
from orderloom.editors.definitions import Pool
from orderloom.editors.outcomes import Outcomes, outcomes_of
from orderloom.editors.values import given, nullable, setting
from orderloom.editors.words import NO_RETRY, closed, told
from orderloom.model.plain import plain
from orderloom.shapes import Schema

TARGET: Schema = {
    "type": ["string", "null"],
    "pattern": "^[A-Za-z_][A-Za-z0-9_]*$",
    "patternErrorMessage": "the name of a step, or `~` for nowhere",
}
_ROLES = {"input": "an input", "template": "a text with holes", "setting": "a setting", "resource": "a file"}


def spelt(node: Node) -> str:
    """What `use:` may call it, as a pattern: `name` or `pack/name`, with `@major` or without (rule 31)."""
    return f"(?:{re.escape(node.pack)}/)?{node.name}(?:@{node.version})?"


def with_of(node: Node, inline: Mapping[str, Schema], pool: Pool) -> Schema:
    """What stands in `with:`. `inline` are schemas of files that may stand there whole."""
    needed = [parameter.name for parameter in node.published if parameter.required]
    takes = closed({one.name: _value(one, inline, pool) for one in node.published}, needed)
    return takes if needed else nullable(takes)


def step_of(node: Node, takes: Schema) -> Schema:
    """What a step says further when its `use` names this node; `takes` is its `with`."""
    undo = undo_of(node, takes)
    classes = {word: told(TARGET, f"where it leads when it fails with `{word}`") for word in node.error_classes}
    properties = {**undo["properties"], "on_error": closed(classes)}
    if node.effects == "once" or node.kind in {"trigger", "wait"}:
        properties["retry"] = NO_RETRY
    found = {**undo, "properties": properties}
    outcomes = outcomes_of(node)
    if outcomes.always is not None:
        return _merged(found, _next(node, outcomes.always))
    branches = list(_by_word(node, outcomes))
    return {**found, "allOf": branches} if branches else found


def undo_of(node: Node, takes: Schema) -> Schema:
    """What an undo says further when its `use` names this node."""
    found: Schema = {"properties": {"use": {"description": summary(node)}, "with": takes}}
    needed = any(parameter.required for parameter in node.published)
    return {**found, "required": ["with"]} if needed else found


def summary(node: Node) -> str:
    """The sentence that an editor shows for the node."""
    effects = {"none": "without effects", "keyed": "never done twice", "once": "not repeated"}[node.effects]
    return f"{node.summary}\n\n`{node.pack}/{node.name}@{node.version}`, {node.kind}, {effects}"


def _value(parameter: Parameter, inline: Mapping[str, Schema], pool: Pool) -> Schema:
    schema, role = parameter.schema, parameter.role
    known = schema.get("$defs", {})
    if role == "template":
        found: Schema = {"type": "string"}
    elif role == "resource":
        found = _file(parameter, inline)
    elif role == "setting":
        found = setting(schema, known, pool)
        found = found if parameter.required else nullable(found)
    else:
        found = given(schema, known, pool, required=parameter.required)
    return {**told(found, _about(parameter, found.get("description"))), **_default(parameter)}


def _file(parameter: Parameter, inline: Mapping[str, Schema]) -> Schema:
    schema = {key: value for key, value in parameter.schema.items() if key in {"type", "description"}}
    whole = inline.get(getattr(parameter.resource, "file_kind", ""))
    if whole is not None and "object" in schema.get("type", ()):
        path: Schema = {"type": "string" if parameter.required else ["string", "null"]}
        found = {"anyOf": [path, whole]}
        return {**found, "description": schema["description"]} if "description" in schema else found
    return schema if parameter.required else nullable(schema)


def _about(parameter: Parameter, description: str | None) -> str:
    need = "needed" if parameter.required else "optional"
    if not parameter.required and parameter.default not in (None, "", ()):
        need = f"by default {json.dumps(plain(parameter.default), ensure_ascii=False)}"
    about = f"{_ROLES[parameter.role]}, {need}"
    return f"{description}\n\n{about}" if description else about


def _default(parameter: Parameter) -> Schema:
    plainly = isinstance(parameter.default, (str, int)) and parameter.default != ""
    return {"default": parameter.default} if plainly and not parameter.required else {}


def _by_word(node: Node, outcomes: Outcomes) -> Iterator[Schema]:
    for word, words in outcomes.by_word.items():
        if words is not None and outcomes.setting is not None:
            yield {"if": _said(outcomes.setting, word, outcomes.default), "then": _next(node, words)}


def _said(name: str, word: str, default: str | None) -> Schema:
    """The step's `with` has that word for the setting, or says nothing and the word is the default."""

    def with_it(value: Schema) -> Schema:
        takes = {"type": "object", "required": [name], "properties": {name: value}}
        return {"required": ["with"], "properties": {"with": takes}}

    return {"not": with_it({"not": {"const": word}})} if word == default else with_it({"const": word})


def _next(node: Node, words: Iterable[str]) -> Schema:
    """`next` knows these outcomes; of several each must be named, unless the run ends here (rule 12)."""
    described = {word: told(TARGET, _outcome(node, word)) for word in words}
    found: Schema = {"properties": {"next": closed(described)}}
    if len(described) < 2:
        return found
    whole = {"required": ["next"], "properties": {"next": {"required": list(described)}}}
    return {**found, "if": {"not": {"required": ["end"]}}, "then": whole}


def _outcome(node: Node, word: str) -> str:
    schema: Any = {} if node.derive is not None else node.outcomes({})[word]
    fields = [f"`{name}`" for name in schema.get("properties", {}) if name != "outcome"]
    gives = f"gives {', '.join(fields)}" if fields else ""
    return "\n\n".join(part for part in (schema.get("description", f"where `{word}` leads"), gives) if part)


def _merged(one: Schema, other: Schema) -> Schema:
    return {**one, **other, "properties": {**one["properties"], **other["properties"]}}
