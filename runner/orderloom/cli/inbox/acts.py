"""`orderloom inbox approve`, `reject`, `answer`, `edit`, `retry` and `cancel`.

Exit codes are those of `orderloom run`, for the run goes on: 0 it ended, 1 it is in exception, 3 it waits, 4 a
connection is missing. 1 also where the answer is refused or somebody else has taken the task.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from orderloom.cli import completing
from orderloom.cli.inbox.looks import AS_JSON

Decorated = Callable[..., Any]

_BY = click.option("--by", metavar="NAME", help="Who does it; the login name when not given.")
_REASON = click.option("--reason", metavar="TEXT", help="Why; it is kept with the step.")
_SET = click.option("--set", "sets", multiple=True, metavar="PATH=VALUE", help="A new value; again and again.")


def _act(command: Decorated) -> Decorated:
    """What every act takes besides its own."""
    return click.argument("task")(_BY(_REASON(AS_JSON(command))))


@click.command("approve", short_help="say yes")
@_act
def approve(task: str, **about: Any) -> None:
    """Approve what TASK asks for."""
    from orderloom.cli.inbox.acting import approve as act  # noqa: PLC0415 (so that --help stays quick)

    act(task, **about)


@click.command("reject", short_help="say no")
@_act
def reject(task: str, **about: Any) -> None:
    """Decline what TASK asks for; a document that was to be corrected is discarded."""
    from orderloom.cli.inbox.acting import reject as act  # noqa: PLC0415

    act(task, **about)


@click.command("answer", short_help="answer with a word or a file, or give the result of a step that failed")
@_act
@click.argument("said", metavar="WORD|FILE", shell_complete=completing.files)
def answer(task: str, said: str, **about: Any) -> None:
    """Answer TASK: with one of its words, with a file (or JSON text) that holds `outcome` and more.

    For a step that failed this is its result, with which the run goes on. For one that could not be taken back say
    `done` once it has been, by hand.
    """
    from orderloom.cli.inbox.acting import answer as act  # noqa: PLC0415

    act(task, said, **about)


@click.command("edit", short_help="correct the document that is asked about")
@_act
@_SET
@click.option("--file", metavar="FILE", shell_complete=completing.files, help="The whole document, corrected.")
def edit(task: str, sets: tuple[str, ...], file: str | None, **about: Any) -> None:
    """Correct the document of TASK: `--set lines[0].sku=MUG-2`, or all of it by --file."""
    from orderloom.cli.inbox.acting import edit as act  # noqa: PLC0415

    act(task, sets, file, **about)


@click.command("retry", short_help="have a step that failed called again")
@_act
@_SET
@click.option("--file", metavar="FILE", shell_complete=completing.files, help="New inputs: an object by their names.")
def retry(task: str, sets: tuple[str, ...], file: str | None, **about: Any) -> None:
    """Call the step of TASK again, of a for_each the items that failed; with other inputs where they are given."""
    from orderloom.cli.inbox.acting import retry as act  # noqa: PLC0415

    act(task, sets, file, **about)


@click.command("cancel", short_help="end the run of a task, and take back what was done")
@_act
def cancel(task: str, **about: Any) -> None:
    """End the run of TASK as cancelled: what waits is withdrawn, what was done is taken back."""
    from orderloom.cli.inbox.acting import cancel as act  # noqa: PLC0415

    act(task, **about)
