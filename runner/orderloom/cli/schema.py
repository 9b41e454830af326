"""`orderloom schema [KIND]`: JSON Schemas of the files of a project, for editors."""

from __future__ import annotations

from pathlib import Path

import click

DIRECTORY = click.Path(file_okay=False, path_type=Path)


@click.command("schema", short_help="write JSON Schemas for editors")
@click.argument("kind", required=False)
@click.option("-o", "--output", "folder", type=DIRECTORY, metavar="DIR", help="Write to DIR, not to .schemas/.")
def command(kind: str | None, folder: Path | None) -> None:
    """Write the schemas of all kinds of file to .schemas/ of the project, or print that of one KIND.

    \b
    flow         flows/*.yaml
    table        *.table.yaml
    mapping      *.map.yaml
    columns      *.columns.yaml
    scenario     scenarios/*.yaml
    connections  connections.yaml
    project      orderloom.yaml

    They are made from the installed nodes and those of the project: once these have changed, write them again. Exit
    code: 0 written, 1 a node does not load, so that nothing is said of it, 2 no such kind, 4 a file cannot be written.
    """
    from orderloom.cli.schemas import tell_schemas  # noqa: PLC0415 (so that --help stays quick)

    raise click.exceptions.Exit(tell_schemas(kind, folder))
