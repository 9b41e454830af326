"""`node.schema.json` of a node without Python in; what it says, or every finding with its place, out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orderloom.declare import Effects, InDoubt, Kind
from orderloom.packs.description_findings import findings, required, word_of
from orderloom.problems import Place, ProblemsError
from orderloom.shapes import Schema, reached
from orderloom.source import read_document
from orderloom.world.http.target import holes

_WITHOUT_BODY = frozenset({"GET", "HEAD", "DELETE"})


@dataclass(frozen=True)
class Target:
    """How the service is asked."""

    connection: str
    method: str
    path: str
    query: tuple[str, ...] = ()
    body: str | None = None
    statuses: Mapping[str, str] = field(default_factory=dict)

    def query_of(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        names = self._rest(values) if self.method in _WITHOUT_BODY and not self.body else self.query
        return {name: values[name] for name in (*self.query, *names) if name in values}

    def body_of(self, values: Mapping[str, Any]) -> Any:
        if self.body:
            return values.get(self.body)
        return None if self.method in _WITHOUT_BODY else {name: values[name] for name in self._rest(values)}

    def _rest(self, values: Mapping[str, Any]) -> list[str]:
        return [name for name in values if name not in {*holes(self.path), *self.query}]


@dataclass(frozen=True)
class Description:
    """A whole description; each schema carries the definitions that it needs."""

    name: str
    version: int
    kind: Kind
    effects: Effects
    in_doubt: InDoubt
    errors: tuple[str, ...]
    summary: str
    inputs: Mapping[str, Schema]
    settings: Mapping[str, Schema]
    required: frozenset[str]
    outcomes: Mapping[str, Schema]
    target: Target
    place: Place


def read_description(file: Path, name: str) -> Description:
    """Raises `ProblemsError` with every finding: N503 of the description, N504 of its `http`."""
    document = read_document(file)
    if problems := findings(document, name):
        raise ProblemsError(problems)
    data = document.data
    definitions = data.get("$defs") or {}
    http = data["http"]
    return Description(
        name=name, version=data["version"], kind=data.get("kind", "action"), effects=data.get("effects", "none"),
        in_doubt=data.get("in_doubt") or ("ask" if data.get("effects") == "once" else "retry"),
        errors=tuple(data.get("errors") or ()), summary=data["title"],
        inputs=_properties(data.get("inputs"), definitions), settings=_properties(data.get("settings"), definitions),
        required=frozenset([*required(data.get("inputs")), *required(data.get("settings"))]),
        outcomes={word_of(one): _outcome(one, definitions) for one in data["outcomes"]["oneOf"]},
        target=Target(
            http["connection"], http.get("method", "GET"), http.get("path", ""), tuple(http.get("query") or ()),
            http.get("body"), {str(status): word for status, word in (http.get("statuses") or {}).items()},
        ),
        place=document.key_place(("name",)),
    )  # fmt: skip


def _properties(part: Any, definitions: Mapping[str, Any]) -> dict[str, Schema]:
    return {name: _with(schema, definitions) for name, schema in (part or {}).get("properties", {}).items()}


def _with(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Schema:
    needed = reached(dict(schema), dict(definitions))
    return {**schema, "$defs": needed} if needed else dict(schema)


def _outcome(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Schema:
    needed = [name for name in schema.get("required", ()) if name != "outcome"]
    closed = {"type": "object", "additionalProperties": False}  # what is not described is left behind
    return _with({**closed, **schema, "required": ["outcome", *needed]}, definitions)
