"""`orderloom inbox …`: what waits for people, and what they do about it."""

from __future__ import annotations

import click

from orderloom.cli.inbox import acts, looks


@click.group("inbox", short_help="see what waits for people, and answer it")
def command() -> None:
    """What waits for people: questions at desks, steps that failed, steps that could not be taken back.

    TASK is the number that `inbox list` shows, or the beginning of its run's id where that has one task alone.
    """


for _command in (looks.list_, looks.show, acts.approve, acts.reject, acts.answer, acts.edit, acts.retry, acts.cancel):
    command.add_command(_command)
