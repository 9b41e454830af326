"""`orderloom runs erase`: forget a person."""

from __future__ import annotations

import click

from orderloom.cli.runs.options import AS_JSON, YES


@click.command("erase", short_help="remove a person's data, and keep what counts")
@click.option("--customer", "names", multiple=True, required=True, metavar="EMAIL|ID", help="Who; again and again.")
@click.option("--dry-run", is_flag=True, help="Say what there is, and change nothing.")
@YES
@AS_JSON
def command(names: tuple[str, ...], dry_run: bool, yes: bool, as_json: bool) -> None:
    """Remove a person's data from runs, events, the order book, the outbox, papers, and what was quarantined.

    Runs stay listed, with their status, times, amounts and articles. A run that is open is not touched: end it first.
    There is no way back. Exit code: 0 done or nothing there, 1 a run is open, 4 a file could not be written anew.
    """
    from orderloom.cli.runs.erasing import erase  # noqa: PLC0415 (so that --help stays quick)

    raise click.exceptions.Exit(erase(names, dry_run=dry_run, yes=yes, as_json=as_json))
