"""`orderloom nodes`: the catalogue, a node's description, one call of a node, a new node and its cases."""

from __future__ import annotations

import json
from typing import Any

import click

from orderloom.cli import completing


@click.group("nodes", short_help="list, show and call nodes")
def command() -> None:
    """The installed nodes and those of the project."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def list_nodes(as_json: bool) -> None:
    """List every node with what it does; those that cannot be loaded are told on standard error."""
    from orderloom.cli import render  # noqa: PLC0415
    from orderloom.problems import ProblemsError  # noqa: PLC0415

    nodes = _catalogue()
    found, problems = [], list(nodes.problems)
    for name in nodes.names():
        try:
            found.append(nodes.find(name))
        except ProblemsError as error:
            problems += error.problems
    if problems:
        render.show(problems)
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
@click.argument("name", shell_complete=completing.nodes)
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
@click.argument("name", shell_complete=completing.nodes)
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


@command.command("new")
@click.argument("name")
@click.option("--http", "by_http", is_flag=True, help="A description alone: a service over HTTP does the work.")
def new(name: str, by_http: bool) -> None:
    """Make the folder of a new node in the project: declaration, description, cases and a test, all of which pass."""
    from orderloom.cli.scaffold import make_node  # noqa: PLC0415

    make_node(name, _catalogue(), by_http)


@command.command("test")
@click.argument("names", metavar="[NAME]...", nargs=-1, shell_complete=completing.nodes)
def test(names: tuple[str, ...]) -> None:
    """Run the cases of these nodes, or of all the project's own. Exit code 1 where one does not come true."""
    from orderloom.cli.node_cases import run_cases  # noqa: PLC0415

    nodes = _catalogue()
    found = [_find(name) for name in names] or [nodes.find(name) for name in nodes.own()]
    raise click.exceptions.Exit(run_cases(found))


@command.command("describe")
@click.argument("name", shell_complete=completing.nodes)
@click.option("--write", is_flag=True, help="Write it to node.schema.json in the node's folder.")
def describe_node(name: str, write: bool) -> None:
    """Print the description of node NAME as it is published."""
    from orderloom.describe import description_text  # noqa: PLC0415
    from orderloom.packs import DESCRIPTION  # noqa: PLC0415

    node = _find(name)
    if not write:
        click.echo(description_text(node), nl=False)
        return
    if node.described is not None:
        raise click.UsageError(f"`{name}` is its description: there is nothing else to write it from")
    file = node.folder / DESCRIPTION
    file.write_text(description_text(node), encoding="utf-8")
    click.echo(f"wrote {file}")


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
