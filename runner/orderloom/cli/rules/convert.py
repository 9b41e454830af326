"""`orderloom rules convert`: a table in another form, without losing a setting."""

from __future__ import annotations

from pathlib import Path

import click

from orderloom.cli.rules.tables import find


@click.command("convert", short_help="write a table in another form")
@click.argument("table", metavar="A")
@click.argument("target", metavar="B", type=click.Path(path_type=Path))
@click.option("--rows", metavar="FILE", help="For B.table.yaml: put the rows in FILE beside it (.csv, .xlsx or .md).")
@click.option("--force", is_flag=True, help="Replace files that are there.")
def command(table: str, target: Path, rows: str | None, force: bool) -> None:
    """Write the table A as B, in the form that B's name ends with.

    \b
    NAME.table.yaml   head and rows in one YAML file, or with --rows in two
    NAME.csv          rows as CSV, and their head in NAME.table.yaml
    NAME.xlsx         a workbook: sheets for rows, head and cases
    NAME.md           a page: the head as front matter, the rows as a table
    NAME.dmn          a model of the DMN standard

    A.dmn#Route names the decision that is meant where A has several tables.

    What was written is read back and compared before it takes its place: either nothing is lost, or nothing is written.
    """
    from orderloom.cli.failure import DECISIONS, refused  # noqa: PLC0415
    from orderloom.cli.rules.converting import convert, losses  # noqa: PLC0415
    from orderloom.problems import ProblemsError  # noqa: PLC0415
    from orderloom.rules.needs import with_decision  # noqa: PLC0415

    name, decision = with_decision(table)
    source = find(name)
    try:
        written = convert(source, target, rows, force, decision)
    except ProblemsError as error:
        refused(error.problems, DECISIONS if source.suffix.lower() == ".dmn" else ())
    count = len(written.rows)
    click.echo(f"{source} → {target}: {written.name}, {count} {'row' if count == 1 else 'rows'}", err=True)
    for loss in losses(source):
        click.echo(loss, err=True)
