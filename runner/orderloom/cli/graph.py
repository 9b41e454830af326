"""`orderloom graph FLOW`: a flow drawn as a picture, as Mermaid, as a graph for Graphviz, or as a list."""

from __future__ import annotations

from pathlib import Path

import click

from orderloom.cli import completing

FILE = click.Path(dir_okay=False, path_type=Path)
FORMATS = click.Choice(["svg", "mermaid", "dot", "text"])


@click.command("graph", short_help="draw a flow")
@click.argument("flow", shell_complete=completing.flows)
@click.option("--format", "form", type=FORMATS, default="text", show_default=True, help="How to draw it.")
@click.option("-o", "--output", type=FILE, metavar="FILE", help="Write to FILE, not to standard output.")
def command(flow: str, form: str, output: Path | None) -> None:
    """Draw FLOW: a name in the project, a file, or a shipped flow."""
    from orderloom.cli.exporting import planned, written  # noqa: PLC0415 (so that --help stays quick)
    from orderloom.export.dot import dot  # noqa: PLC0415
    from orderloom.export.mermaid import mermaid  # noqa: PLC0415
    from orderloom.export.svg import svg  # noqa: PLC0415
    from orderloom.export.text import text  # noqa: PLC0415

    draw = {"svg": svg, "mermaid": mermaid, "dot": dot, "text": text}[form]
    written(draw(planned(flow)), output)
