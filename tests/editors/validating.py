"""Schemas as editors apply them: a file in, what is wrong with it out."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator

from orderloom.editors import every_schema
from orderloom.packs import Catalogue, catalogue
from orderloom.project import find_project
from orderloom.source import parse_yaml, read_document

REPOSITORY = Path(__file__).parent.parent.parent
BY_NAME = {"connections.yaml": "connections", "orderloom.yaml": "project"}
BY_END = {".table.yaml": "table", ".map.yaml": "mapping", ".columns.yaml": "columns"}


def kind_of(file: Path) -> str:
    """The kind of a project's file, by its name."""
    if file.parent.name == "scenarios":
        return "scenario"
    by_end = next((kind for end, kind in BY_END.items() if file.name.endswith(end)), "flow")
    return BY_NAME.get(file.name, by_end)


def validators(nodes: Catalogue) -> Mapping[str, Draft7Validator]:
    schemas, problems = every_schema(nodes)
    assert problems == []
    return {kind: Draft7Validator(schema) for kind, schema in schemas.items()}


@cache
def installed(project_nodes: Path | None = None) -> Mapping[str, Draft7Validator]:
    return validators(catalogue(project_nodes))


def faults_of(file: Path) -> list[str]:
    """What the schema of its kind finds wrong with a file; the nodes are those of its project."""
    project = find_project(file.parent)
    return faults(installed(project.nodes if project else None)[kind_of(file)], read_document(file).data)


def faults_in(kind: str, text: str) -> list[str]:
    """What is wrong with a text, as `path: message`."""
    return faults(installed()[kind], parse_yaml(text, f"{kind}.yaml").data)


def faults(validator: Draft7Validator, data: Any) -> list[str]:
    found = validator.iter_errors(plain(data))
    return [f"{'.'.join(map(str, error.absolute_path))}: {error.message}" for error in found]


def plain(value: Any) -> Any:
    """Data as an editor has it: numbers that are no decimals of ours."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Mapping):
        return {key: plain(member) for key, member in value.items()}
    return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value
