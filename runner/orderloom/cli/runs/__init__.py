"""`orderloom runs …`: one module per subcommand."""

from __future__ import annotations

import click

from orderloom.cli.runs import listing, showing


@click.group("runs", short_help="list, show, retry and cancel runs, and forget people")
def command() -> None:
    """The runs of the project. RUN is an id, the beginning of one that no other has, or a business key."""


for _module in (listing, showing):
    command.add_command(_module.command)
