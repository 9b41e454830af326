"""`orderloom runs retry`, `resume` and `cancel`.

Exit codes are those of `orderloom run`, for the run goes on: 0 it ended, 1 it is in exception, 3 it waits, 4 a
connection is missing. 1 also where what is wanted is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from orderloom.cli import completing
from orderloom.cli.runs.options import AS_JSON, YES

Decorated = Callable[..., Any]
_BY = click.option("--by", metavar="NAME", help="Who does it; the login name when not given.")
_REASON = click.option("--reason", metavar="TEXT", help="Why; it is kept with the run.")


@click.command("retry", short_help="call a step that failed again")
@click.argument("run")
@click.option("--step", help="Which one, where several have failed.")
@click.option("--set", "sets", multiple=True, metavar="PATH=VALUE", help="A new value of an input; again and again.")
@click.option("--input", "file", metavar="FILE", shell_complete=completing.files, help="New inputs, by their names.")
@_BY
@_REASON
@AS_JSON
def retry(run: str, step: str | None, sets: tuple[str, ...], file: str | None, **about: Any) -> None:
    """Call a step of RUN again that has failed and waits for somebody, with other inputs where they are given.

    Of a for_each the items that failed are called. A step that could not be taken back is tried once more.
    """
    from orderloom.cli.runs.acting import retry as act  # noqa: PLC0415 (so that --help stays quick)

    act(run, step, sets, file, **about)


@click.command("again", short_help="do an order again whose run has ended, from one of its steps")
@click.argument("run")
@click.option("--from", "step", metavar="STEP", help="The step to begin at; the first one when not given.")
@click.option("--set", "sets", multiple=True, metavar="PATH=VALUE", help="A new value of one of its inputs.")
@click.option("--input", "file", metavar="FILE", shell_complete=completing.files, help="Its inputs, by their names.")
@YES
@_BY
@_REASON
@AS_JSON
def again(run: str, step: str | None, sets: tuple[str, ...], file: str | None, yes: bool, **about: Any) -> None:
    """Do the order of RUN again, which has ended: another run, with the flow of today.

    What does not come after STEP is taken over from RUN, and not called; the rest is called anew. That is refused where
    it would do an effect twice that stands. What cannot be taken back (a message) is done once more: --yes says so.
    """
    from orderloom.cli.runs.acting import again as act  # noqa: PLC0415

    act(run, step, sets, file, yes=yes, **about)


@click.command("resume", short_help="go on with an open run")
@click.argument("run")
@AS_JSON
def resume(run: str, as_json: bool) -> None:
    """Go on with RUN: after what it needs has been installed, or its process has died. One that has ended is told."""
    from orderloom.cli.runs.acting import resume as act  # noqa: PLC0415

    act(run, as_json=as_json)


@click.command("cancel", short_help="end a run, and take back what was done")
@click.argument("run")
@click.option("--no-undo", is_flag=True, help="Take nothing back: where the nodes that could are gone for good.")
@_BY
@_REASON
@AS_JSON
def cancel(run: str, no_undo: bool, **about: Any) -> None:
    """End RUN as cancelled: what waits is withdrawn, and what was done is taken back, the latest first (rule 25).

    A step that cannot be taken back becomes a task in the inbox.
    """
    from orderloom.cli.runs.acting import cancel as act  # noqa: PLC0415

    act(run, no_undo=no_undo, **about)
