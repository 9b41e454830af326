"""`orderloom nodes list|show|call`: the catalogue, a node's description, one call of a node."""

from __future__ import annotations

import json
from typing import Any

import click


@click.group("nodes", short_help="list, show and call nodes")
def command() -> None:
    """The installed nodes and those of the project."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def list_nodes(as_json: bool) -> None:
    """List every node with what it does."""
    nodes = _catalogue()
    found = [nodes.find(name) for name in nodes.names()]
    if as_json:
        click.echo(
            json.dumps(
                [
                    {"name": n.name, "pack": n.pack, "version": n.version, "kind": n.kind, "summary": n.summary}
                    for n in found
                ]
            )
        )
        return
    for node in found:
        click.echo(f"{node.name:<18} {node.kind:<9} {node.summary}")


@command.command("show")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="The published description, as JSON Schema.")
def show(name: str, as_json: bool) -> None:
    """Show what node NAME takes and gives."""
    from orderloom.describe import describe, description_text  # noqa: PLC0415

    node = _find(name)
    if as_json:
        click.echo(description_text(node), nl=False)
        return
    described = describe(node)
    click.secho(f"{node.name} v{node.version}  ({node.kind}, effects {node.effects}, pack {node.pack})", bold=True)
    click.echo(node.summary)
    for parameter in node.published:
        kind, need = _kind(parameter.schema), _need(parameter)
        click.echo(f"  with.{parameter.name:<16} {parameter.role:<9} {kind:<22} {need}")
    for outcome in described["outcomes"].get("oneOf", []):
        fields = [field for field in outcome["properties"] if field != "outcome"]
        click.echo(f"  → {outcome['properties']['outcome']['const']:<16} {', '.join(fields)}")
    if "x-derived" in described["outcomes"]:
        click.echo(f"  → outcomes {described['outcomes']['x-derived']}")
    click.echo(f"  errors: {', '.join(node.error_classes)}")


@command.command("call")
@click.argument("name")
@click.option(
    "--input",
    "source",
    required=True,
    metavar="FILE",
    help="JSON or YAML with the node's inputs and settings; for a trigger, the payload.",
)
@click.option("--format", "format_", metavar="F", help="The payload's format, for a trigger.")
def call(name: str, source: str, format_: str | None) -> None:
    """Call node NAME once, with what FILE holds, and print its outcome as JSON."""
    from orderloom.cli.calling import call_node  # noqa: PLC0415

    raise click.exceptions.Exit(call_node(_find(name), source, format_))


def _catalogue() -> Any:
    from orderloom.packs import catalogue  # noqa: PLC0415
    from orderloom.project import find_project  # noqa: PLC0415

    project = find_project()
    return catalogue(project.nodes if project else None)


def _find(name: str) -> Any:
    from orderloom.packs import UnknownNodeError  # noqa: PLC0415
    from orderloom.problems import did_you_mean  # noqa: PLC0415

    try:
        return _catalogue().find(name)
    except UnknownNodeError as unknown:
        raise click.UsageError(
            f"{unknown}; {did_you_mean(name, unknown.known) or 'there are: ' + ', '.join(unknown.known)}"
        ) from unknown


def _need(parameter: Any) -> str:
    from orderloom.model.plain import plain  # noqa: PLC0415

    if parameter.required:
        return "needed"
    shown = json.dumps(plain(parameter.default), ensure_ascii=False)
    return (
        "optional"
        if parameter.default in (None, "", ())
        else f"default {shown if len(shown) <= 60 else shown[:57] + '...'}"
    )


def _kind(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    reference = str(schema.get("$ref", "")).rpartition("/")[2]
    if reference:
        return reference
    if "anyOf" in schema:
        return " or ".join(_kind(part) for part in schema["anyOf"] if part.get("type") != "null")
    kind = schema.get("title") if schema.get("type") == "object" and "title" in schema else schema.get("type", "any")
    return " or ".join(kind) if isinstance(kind, list) else str(kind)
