"""The installed nodes in; the schema of every kind of file they make possible, by its name, out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from orderloom.declare import Node
from orderloom.editors.connections import connections_schema
from orderloom.editors.flow import flow_schema
from orderloom.editors.hover import with_markdown
from orderloom.editors.project import project_schema
from orderloom.editors.scenario import scenario_schema
from orderloom.editors.words import DRAFT
from orderloom.packs import Catalogue
from orderloom.problems import Problem, ProblemsError
from orderloom.shapes import Schema

_ABOUT = {
    "flow": "A flow: steps, what each is given, and where its outcomes lead.",
    "scenario": "Tests of a flow: what comes in, what the outside answers, what must come out.",
    "connections": "What the nodes reach outside of a run. Secrets never stand here.",
    "project": "The marker of a project.",
}


def every_schema(nodes: Catalogue) -> tuple[Mapping[str, Schema], list[Problem]]:
    """Kind of file → schema, and what is wrong with nodes that do not load: of these no more than the name is known."""
    found, broken, problems = _loaded(nodes)
    files = dict(_files(found))
    inline = {kind: schema for kind, schema in files.items() if "definitions" not in schema}
    schemas = {
        "flow": flow_schema(found, broken, inline),
        **files,
        "scenario": scenario_schema(found),
        "connections": connections_schema(),
        "project": project_schema(),
    }
    return {kind: _whole(kind, schema) for kind, schema in schemas.items()}, problems


def schema_text(schema: Schema) -> str:
    """As it is written: indented, ending with a newline."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def _loaded(nodes: Catalogue) -> tuple[list[Node], list[str], list[Problem]]:
    found: list[Node] = []
    broken: list[str] = []
    problems = list(nodes.problems)
    for name in nodes.names():
        try:
            found.append(nodes.find(name))
        except ProblemsError as error:
            broken.append(name)
            problems += error.problems
    return found, broken, problems


def _files(nodes: list[Node]) -> Iterator[tuple[str, Schema]]:
    """Kinds of file that nodes read by themselves: tables, mappings, column maps, and those of other packs."""
    resources: dict[str, Any] = {}
    for parameter in (one for node in nodes for one in node.published if one.role == "resource"):
        kind = getattr(parameter.resource, "file_kind", None)
        if kind:
            resources.setdefault(kind, parameter.resource)
    for kind in sorted(resources):
        yield kind, resources[kind].file_schema()


def _whole(kind: str, schema: Schema) -> Schema:
    about = {"description": _ABOUT[kind]} if kind in _ABOUT else {}  # a title would stand above every other hint
    return {"$schema": DRAFT, **with_markdown({**schema, **about})}
