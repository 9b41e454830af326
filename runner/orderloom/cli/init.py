"""`orderloom init DIR`: a project that passes `check` and runs."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterator
from pathlib import Path

import click

TEMPLATE_NAMES = ("shop", "returns", "empty")
_COUNTED = {  # what is counted: one of them, many of them, folder and end of the name
    "flow": ("flow", "flows", "flows/", ".yaml"),
    "table": ("rule table", "rule tables", "rules/", ".table.yaml"),
    "scenario": ("scenario", "scenarios", "scenarios/", ".yaml"),
    "sample": ("sample", "samples", "samples/", ""),
    "order": ("earlier order", "earlier orders", "orders/", ".json"),
}


@click.command("init", short_help="make a project that passes check and runs")
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.option("--template", type=click.Choice(TEMPLATE_NAMES), default="shop", show_default=True, help="What to make.")
@click.option("--merge", is_flag=True, help="Add what is missing to a folder that is not empty.")
def command(folder: Path, template: str, merge: bool) -> None:
    """Make a project in DIR.

    \b
    shop     orders to delivery and returns, with tables, rates, stock, samples
    returns  returns alone: the policy, the grading, sample requests, an earlier order
    empty    one small flow that runs on a sample

    A file that is already there is never overwritten; the schemas for editors, in .schemas/, are made anew. Exit code:
    0 made, 2 something is in the way, 4 the folder cannot be written.
    """
    from orderloom.cli import render  # noqa: PLC0415 (so that --help stays quick)
    from orderloom.cli.making import make  # noqa: PLC0415
    from orderloom.cli.schemas import write_for  # noqa: PLC0415
    from orderloom.cli.templates import TEMPLATES  # noqa: PLC0415
    from orderloom.problems import ProblemsError  # noqa: PLC0415

    chosen = TEMPLATES[template]
    try:
        made, kept = make(folder, chosen.files(), merge=merge)
    except ProblemsError as error:
        render.show(error.problems)
        raise click.exceptions.Exit(2 if error.problems[0].code == "F967" else 4) from error
    click.echo(f"created {folder}/  {' · '.join(_counts(made))}")
    for name in kept:
        click.echo(f"{name} was there and stays as it is", err=True)
    write_for(folder)
    for head, line in zip(_heads(), _next(folder, chosen.first), strict=False):
        click.echo(f"{head}{line}")


def _counts(made: Collection[str]) -> Iterator[str]:
    for one, many, folder, end in _COUNTED.values():
        number = sum(name.startswith(folder) and name.endswith(end) for name in made)
        if number:
            yield f"{number} {one if number == 1 else many}"
    yield f"{len(made)} file{'' if len(made) == 1 else 's'}"


def _heads() -> Iterator[str]:
    yield "next:  "
    while True:
        yield "       "


def _next(folder: Path, first: Collection[str]) -> Iterator[str]:
    """The commands, each a line of its own that can be pasted."""
    if folder.resolve() != Path.cwd():
        yield f"cd {shlex.quote(str(folder))}"
    yield from first
