"""`orderloom rules show`: draw a table in the terminal, or as HTML."""

from __future__ import annotations

import os
import sys

import click

from orderloom.cli.rules.tables import read, table_argument


@click.command("show")
@table_argument
@click.option("--format", "format_", type=click.Choice(["text", "html"]), default="text", show_default=True)
def command(table: str, format_: str) -> None:
    """Draw TABLE: as wide as the terminal (or COLUMNS) lets it be, a line a row in a pipe, or as a page of HTML."""
    asked = read(table)
    if format_ == "html":
        from orderloom.rules.writing.html import page_html  # noqa: PLC0415

        click.echo(page_html(asked), nl=False)
        return
    from orderloom.rules.grid import grid_of  # noqa: PLC0415
    from orderloom.rules.show import draw_narrow, draw_plain, draw_rich, fits  # noqa: PLC0415

    grid = grid_of(asked)
    if not sys.stdout.isatty() and not os.environ.get("COLUMNS", "").isdigit():
        click.echo(draw_plain(grid), nl=False)
        return
    from rich.console import Console  # noqa: PLC0415 (slow to import)

    console = Console()
    console.print(draw_rich(grid, console.width) if fits(grid, console.width) else draw_narrow(asked))
