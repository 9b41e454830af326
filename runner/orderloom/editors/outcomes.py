"""A node in; the outcomes that its `next:` can name out, and the word of which setting they hang on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from orderloom.declare import Node, Parameter
from orderloom.shapes import Schema

Words = tuple[str, ...] | None  # None: they cannot be told from this file alone

_SAMPLES: Mapping[str, tuple[Any, ...]] = {
    "string": ("sample",), "array": (("sample",),), "integer": (2,), "number": (2,), "boolean": (True, False),
}  # fmt: skip


@dataclass(frozen=True)
class Outcomes:
    """`always` where `setting` is None, else by that setting's word; `default` is its word where it is not given."""

    always: Words = None
    setting: str | None = None
    by_word: Mapping[str, Words] = field(default_factory=dict)
    default: str | None = None


def outcomes_of(node: Node) -> Outcomes:
    """Of a node that derives its outcomes, what it says when it is asked with one word of a setting after another."""
    if node.derive is None:
        return Outcomes(tuple(node.outcomes({})))
    settings = [parameter for parameter in node.published if parameter.role in {"setting", "resource"}]
    asked = {parameter.name: parameter.default for parameter in settings if not parameter.required}
    for parameter in settings:
        if words := _words(parameter.schema):
            told = {word: _told(node, asked | {parameter.name: word}, settings, parameter) for word in words}
            return Outcomes(None, parameter.name, told, parameter.default if not parameter.required else None)
    return Outcomes(_told(node, asked, settings, None))


def _words(schema: Schema) -> tuple[str, ...]:
    words = schema.get("enum", ())
    return tuple(words) if all(isinstance(word, str) for word in words) else ()


def _told(node: Node, asked: Mapping[str, Any], settings: list[Parameter], fixed: Parameter | None) -> Words:
    """The outcomes, if no other setting changes them: each is tried with a sample."""
    words = _answer(node, asked)
    for parameter in settings:
        for sample in () if parameter is fixed else _samples(parameter):
            if words is None or _answer(node, {**asked, parameter.name: sample}) not in {words, None}:
                return None
    return words


def _answer(node: Node, asked: Mapping[str, Any]) -> Words:
    try:
        return tuple(node.outcomes(asked))
    except Exception:  # an author's code, asked with half of what it needs
        return None


def _samples(parameter: Parameter) -> Iterator[Any]:
    schema = parameter.schema
    for branch in (schema, *schema.get("anyOf", ())):
        yield from branch.get("enum", ())
        kinds = branch.get("type", ())
        for kind in (kinds,) if isinstance(kinds, str) else kinds:
            yield from _SAMPLES.get(kind, ())
