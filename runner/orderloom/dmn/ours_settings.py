"""What our tables say and the standard has no words for, kept as extension elements so that it survives the way."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from orderloom.dmn import model
from orderloom.dmn.namespaces import MODEL
from orderloom.dmn.reading_parts import plain_name
from orderloom.problems import ProblemsError
from orderloom.source import parse_json
from orderloom.source.xml import Element

OURS = "https://orderloom.dev/dmn"
BLANK = f"{{{OURS}}}blank"  # of an answer: our cell is blank, and the default answers
VALID_FROM = f"{{{OURS}}}valid_from"
VALID_UNTIL = f"{{{OURS}}}valid_until"


_PARTS = ("head", "inputs", "outputs", "names")
_DATES = {"valid_from": VALID_FROM, "valid_until": VALID_UNTIL}


def dates_of(rule: model.Rule) -> dict[str, str]:
    """The days of validity that we wrote to a rule, by the names of our columns."""
    foreign = dict(rule.notes.foreign)
    return {name: foreign[key] for name, key in _DATES.items() if key in foreign}


@dataclass(frozen=True)
class Settings:
    """`ours` tells a table that we wrote; head and columns hold the keys that are not said in the standard's words.

    `names` are those of the table and its columns that the standard would spell otherwise (with single blanks), by
    its spelling.
    """

    ours: bool = False
    head: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    outputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def name(self, spelt: str) -> str:
        return self.names.get(spelt, spelt)


def odd_names(names: Iterable[str]) -> dict[str, str]:
    return {plain_name(name): name for name in names if plain_name(name) != name}


def settings_of(node: model.Node) -> Settings:
    """What we wrote into a decision; nothing where somebody else did, or where it cannot be read any more."""
    found = next((one for one in _extensions(node) if one.namespace == OURS and one.name == "settings"), None)
    if found is None:
        return Settings()
    try:
        told = parse_json(found.text, found.place.file).data
    except ProblemsError:
        return Settings(ours=True)
    return Settings(True, *(_mapping(told, name) for name in _PARTS))


def _mapping(told: Any, name: str) -> dict[str, Any]:
    part = told.get(name) if isinstance(told, dict) else None
    return part if isinstance(part, dict) else {}


def settings_element(settings: Settings) -> Element:
    """The `extensionElements` of a decision."""
    told = {
        name: part
        for name in _PARTS
        if (part := {key: value for key, value in getattr(settings, name).items() if value not in ({}, None)})
    }
    inner = Element(OURS, "settings", {}, (), _json(told), model.NOWHERE, {"orderloom": OURS})
    return Element(MODEL, "extensionElements", {}, (inner,), "", model.NOWHERE)


def _extensions(node: model.Node) -> tuple[Element, ...]:
    return tuple(inner for one in node.notes.rest if one.name == "extensionElements" for inner in one.children)


def _json(value: Any) -> str:
    """JSON whose decimals keep their digits."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(str(key))}: {_json(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_json, value))}]"
    return format(value, "f") if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)
