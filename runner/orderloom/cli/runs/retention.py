"""`orderloom runs prune`: let go of history that is older than the project keeps it."""

from __future__ import annotations

import click

from orderloom.cli.runs.options import AS_JSON, YES


@click.command("prune", short_help="let go of history that is older than `keep` says")
@click.option("--dry-run", is_flag=True, help="Say how much there is, and change nothing.")
@click.option("--compact", is_flag=True, help="Write the file anew, so that the disk gets the room back.")
@YES
@AS_JSON
def command(dry_run: bool, compact: bool, yes: bool, as_json: bool) -> None:
    """Let go of what `keep` in orderloom.yaml keeps no longer: first the values of runs that have ended, then the runs.

    Runs that are open are never touched. The same order again is still not run again, however old its run is.
    """
    from orderloom.cli.runs.pruned import prune  # noqa: PLC0415 (so that --help stays quick)

    raise click.exceptions.Exit(prune(dry_run=dry_run, compact=compact, yes=yes, as_json=as_json))
