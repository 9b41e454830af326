"""`orderloom rules …`: one module per subcommand."""

from __future__ import annotations

import click

from orderloom.cli.rules import check, convert, evaluate, export_html, show


@click.group("rules", short_help="evaluate, show, check and convert rule tables")
def command() -> None:
    """Rule tables: TABLE is a file, or the name of a table of the project or of those shipped."""


for _module in (evaluate, show, check, convert, export_html):
    command.add_command(_module.command)
