"""`orderloom rules export-html`: one page with a table, its findings and its cases."""

from __future__ import annotations

from pathlib import Path

import click

from orderloom.cli.rules.tables import read, table_argument


@click.command("export-html", short_help="write a table and its findings as one page")
@table_argument
@click.option("-o", "--output", required=True, metavar="PAGE.html", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace a file that is there.")
def command(table: str, output: Path, force: bool) -> None:
    """Write TABLE as one page of HTML: rows, findings, columns and cases. It needs no network and no other file."""
    from datetime import UTC, datetime  # noqa: PLC0415

    from orderloom.rules.prove import prove  # noqa: PLC0415
    from orderloom.rules.writing.html import page_html  # noqa: PLC0415
    from orderloom.source.replacing import write_files  # noqa: PLC0415

    asked = read(table)
    page = page_html(asked, prove(asked, datetime.now(UTC).date()))
    write_files({output: page.encode()}, force)
    click.echo(f"{asked.name} → {output}", err=True)
