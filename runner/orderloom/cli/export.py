"""`orderloom export n8n`: one node to paste into n8n, or a whole flow to import."""

from __future__ import annotations

from pathlib import Path

import click

from orderloom.cli import completing

FILE = click.Path(dir_okay=False, path_type=Path)
BASE_URL = "http://127.0.0.1:8731"


@click.group("export", short_help="write a flow or a node for n8n")
def command() -> None:
    """Write flows and nodes in the form of other tools."""


@command.command("n8n")
@click.argument("flow", required=False, shell_complete=completing.flows)
@click.option(
    "--node",
    metavar="NAME",
    shell_complete=completing.nodes,
    help="One node as an HTTP Request to paste, instead of a flow.",
)
@click.option("--base-url", default=BASE_URL, show_default=True, metavar="URL", help="Where n8n reaches orderloom.")
@click.option("-o", "--output", type=FILE, metavar="FILE", help="Write to FILE, not to standard output.")
def n8n(flow: str | None, node: str | None, base_url: str, output: Path | None) -> None:
    """Write FLOW as an n8n workflow, or with --node one step to paste into n8n's editor."""
    from orderloom.cli.exporting import as_json, found_node, planned, written  # noqa: PLC0415
    from orderloom.export.n8n import node_to_paste, workflow  # noqa: PLC0415

    if (flow is None) == (node is None):
        raise click.UsageError("give a flow, or a node with --node NAME")
    if node is not None:
        written(as_json(node_to_paste(found_node(node), base_url)), output)
        return
    assert flow is not None
    exported = workflow(planned(flow), base_url)
    if exported.warnings:
        from orderloom.cli import render  # noqa: PLC0415

        render.show(exported.warnings)
    written(as_json(exported.workflow), output)
