"""`orderloom rules check`: every mistake in a table, and its cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from orderloom.cli.findings import format_option
from orderloom.cli.rules.tables import find, table_argument

if TYPE_CHECKING:
    from orderloom.cli.render import Format


@click.command("check")
@table_argument
@format_option
def command(table: str, form: Format) -> None:
    """Find every mistake in TABLE and run its cases."""
    from orderloom.cli import render  # noqa: PLC0415
    from orderloom.problems import ProblemsError  # noqa: PLC0415
    from orderloom.rules import check_table, read_table  # noqa: PLC0415

    path = find(table)
    try:
        read = read_table(path)
        problems = tuple(check_table(read))
    except ProblemsError as error:
        read, problems = None, error.problems
    render.show(problems, form)
    if read is not None and not problems and form == "text":
        cases = "1 case" if len(read.cases) == 1 else f"{len(read.cases)} cases"
        rows = "1 row" if len(read.rows) == 1 else f"{len(read.rows)} rows"
        click.echo(f"{read.name}: {rows}, {cases}, no findings", err=True)
    if any(problem.severity == "error" for problem in problems):
        raise click.exceptions.Exit(1)
