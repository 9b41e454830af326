"""`orderloom rules show`: draw a table in the terminal."""

from __future__ import annotations

import sys

import click

from orderloom.cli.rules.tables import read, table_argument


@click.command("show")
@table_argument
def command(table: str) -> None:
    """Draw TABLE."""
    from orderloom.rules.show import draw_lines, draw_plain, draw_rich, fits, grid_of  # noqa: PLC0415

    asked = read(table)
    grid = grid_of(asked)
    if not sys.stdout.isatty():
        click.echo(draw_plain(grid), nl=False)
        return
    from rich.console import Console  # noqa: PLC0415 (slow to import)

    console = Console()
    if fits(grid, console.width):
        console.print(draw_rich(grid))
    else:
        click.echo(draw_lines(asked), nl=False)
