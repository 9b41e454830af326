"""`orderloom runs …`: one module per subcommand."""

from __future__ import annotations

import click

from orderloom.cli.runs import acts, erasure, listing, retention, showing


@click.group("runs", short_help="list, show, retry and cancel runs, and forget people")
def command() -> None:
    """The runs of the project. RUN is an id, the beginning of one that no other has, or a business key."""


_ACTS = (acts.retry, acts.again, acts.resume, acts.cancel, erasure.command, retention.command)
for _command in (listing.command, showing.command, *_ACTS):
    command.add_command(_command)
