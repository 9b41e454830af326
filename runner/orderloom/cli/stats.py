"""`orderloom stats`: what came in and what has become of it."""

from __future__ import annotations

import click

from orderloom.cli.runs.options import AS_JSON


@click.command("stats", short_help="count what came in and what became of it")
@AS_JSON
def command(as_json: bool) -> None:
    """Count the orders that came in, by flow: how they ended, and how many wait, are a person's, or are in work.

    Exit code 1 where an order that came in is none of these: `orderloom doctor` says more.
    """
    from orderloom.cli.runs.counts import stats  # noqa: PLC0415 (so that --help stays quick)

    raise click.exceptions.Exit(stats(as_json=as_json))
