"""`orderloom init DIR`: a project that passes `check` and runs."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from orderloom.project import MARKER, shipped

FOLDERS = ("rules", "rates", "stock", "orders", "samples")
FILES = {
    "orderloom.yaml": MARKER,
    "connections.yaml": "connections.yaml",
    "README.md": "README.md",
    "gitignore": ".gitignore",
}


@click.command("init", short_help="make a project that passes check and runs")
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(file_okay=False, path_type=Path))
def command(folder: Path) -> None:
    """Make a project in DIR: marker file, connections, the shipped flows with their tables, rates, stock and samples.

    A file that is already there is never overwritten.
    """
    if (folder / MARKER).exists():
        raise click.ClickException(f"{folder / MARKER} is there already: this is a project")
    wanted = dict(_wanted())
    taken = [str(folder / name) for name in wanted if (folder / name).exists()]
    if taken:
        raise click.ClickException(f"{taken[0]} is there already, and init overwrites nothing: choose an empty folder")
    for name, source in wanted.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, folder / name)
    flows = sum(name.startswith("flows/") for name in wanted)
    tables = sum(name.endswith(".table.yaml") for name in wanted)
    samples = sum(name.startswith("samples/") for name in wanted)
    click.echo(f"created {folder}/  {flows} flows · {tables} rule tables · {samples} samples")
    click.echo(f"next:  cd {folder} && orderloom check")
    click.echo("       orderloom run order-to-delivery --input samples/shopify-order.json")


def _wanted() -> list[tuple[str, Path]]:
    """Where each file goes in a project, and where it comes from."""
    source = shipped()
    files = [(f"flows/{file.name}", file) for file in sorted(source.glob("*.yaml"))]
    for folder in FOLDERS:
        files += [(f"{folder}/{file.name}", file) for file in sorted((source / folder).iterdir()) if file.is_file()]
    return files + [(target, source / "project" / name) for name, target in FILES.items()]
