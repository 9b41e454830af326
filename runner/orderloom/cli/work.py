"""`orderloom work`: go on with whatever is due."""

from __future__ import annotations

import click


@click.command("work", short_help="go on with whatever is due")
@click.option("--watch", is_flag=True, help="Keep running: sleep until the next moment that is due.")
@click.option(
    "--in-flight",
    type=click.IntRange(1, 4096),
    default=64,
    show_default=True,
    metavar="N",
    help="So many runs at a time.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a run on standard output.")
def command(watch: bool, in_flight: int, as_json: bool) -> None:
    """Go on with the runs of the project that are due: time limits, timers, retries, events that came, runs whose
    process ended in their middle. Several may do so at the same time.

    Exit code: 0 what was due went on, 1 a run came to an exception, 4 a connection is missing, 130 ended by Ctrl-C.
    """
    from orderloom.cli.working import work  # noqa: PLC0415 (so that --help stays quick)

    raise click.exceptions.Exit(work(watch=watch, in_flight=in_flight, as_json=as_json))
