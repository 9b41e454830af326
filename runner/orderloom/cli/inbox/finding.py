"""The task that is meant on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NoReturn

import click

from orderloom.cli.place import Place, place
from orderloom.run.telling.tasks import Task, find


@dataclass(frozen=True)
class Found:
    """The task, and where its run is kept."""

    place: Place
    task: Task


@contextmanager
def found(name: str) -> Iterator[Found]:
    """The one task that is meant; none, or several, are wrong usage, one that somebody has taken is exit code 1."""
    with place() as here:
        tasks = find(here.journal, name) if here else []
        if here is None or not tasks:
            _nothing(here, name)
        if len(tasks) > 1:
            each = ", ".join(f"{task.number} ({task.step or 'all of it'})" for task in tasks)
            raise click.UsageError(f"`{name}` has several tasks, say which: {each}")
        yield Found(here, tasks[0])


def _nothing(here: Place | None, name: str) -> NoReturn:
    taken = here.journal.taken(int(name)) if here and name.isdecimal() else None
    if taken:
        click.echo(f"task {name} has been taken: {taken.by} {taken.act} at {taken.at}", err=True)
        raise click.exceptions.Exit(1)
    raise click.UsageError(f"there is no task `{name}`, or not any more; `orderloom inbox list` shows them")
