"""What drawing and exporting share: a flow's plan by name, a node by name, text to a file or to standard output."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from orderloom.declare import Node
    from orderloom.flow.plan import Plan


def planned(flow: str) -> Plan:
    """The plan of a flow without errors. Raises `ProblemsError` with its findings."""
    from orderloom.flow.open import open_flow  # noqa: PLC0415
    from orderloom.problems import ProblemsError  # noqa: PLC0415

    checked = open_flow(flow).checked
    if checked.plan is None:
        raise ProblemsError(checked.problems)
    return checked.plan


def found_node(name: str) -> Node:
    """The node of that name, of an installed pack or of the project."""
    from orderloom.packs import UnknownNodeError, catalogue  # noqa: PLC0415
    from orderloom.problems import did_you_mean  # noqa: PLC0415
    from orderloom.project import find_project  # noqa: PLC0415

    project = find_project()
    try:
        return catalogue(project.nodes if project else None).find(name)
    except UnknownNodeError as unknown:
        near = did_you_mean(name, unknown.known) or f"there are: {', '.join(unknown.known)}"
        raise click.UsageError(f"{unknown}; {near}") from unknown


def as_json(data: Any) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def written(text: str, file: Path | None) -> None:
    """Write to the file, or print."""
    if file is None:
        click.echo(text, nl=False)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"{file} cannot be written: {error.strerror}") from error
    click.echo(f"wrote {file}", err=True)
