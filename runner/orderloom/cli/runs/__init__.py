"""`orderloom runs …`: one module per subcommand."""

from __future__ import annotations

import click

from orderloom.cli.runs import acts, listing, showing


@click.group("runs", short_help="list, show, retry and cancel runs, and forget people")
def command() -> None:
    """The runs of the project. RUN is an id, the beginning of one that no other has, or a business key."""


for _command in (listing.command, showing.command, acts.retry, acts.resume, acts.cancel):
    command.add_command(_command)
