"""`orderloom run FLOW`: orders in, one report an order out."""

from __future__ import annotations

import click

from orderloom.cli import completing


@click.command("run", short_help="run a flow on orders")
@click.argument("flow", shell_complete=completing.flows)
@click.option(
    "--input",
    "source",
    required=True,
    metavar="FILE",
    shell_complete=completing.files,
    help="A file, a folder, JSON lines (.jsonl), or - for standard input.",
)
@click.option("--format", "format_", metavar="F", help="The payload's format; recognised when not given.")
@click.option("--account", metavar="NAME", help="The shop's account that the orders come from.")
@click.option(
    "--answer",
    "answers",
    multiple=True,
    metavar="STEP=FILE",
    shell_complete=completing.answers,
    help="What a person, an event or the outside answers; again and again.",
)
@click.option(
    "--dry-run", is_flag=True, help="Call only nodes without effects; stop where an effect's result would be read."
)
@click.option("--no-journal", is_flag=True, help="Keep nothing; only for flows without effects.")
@click.option(
    "--in-flight",
    type=click.IntRange(1, 4096),
    default=64,
    show_default=True,
    metavar="N",
    help="So many orders at a time.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object an order on standard output.")
def command(
    flow: str,
    source: str,
    format_: str | None,
    account: str | None,
    answers: tuple[str, ...],
    dry_run: bool,
    no_journal: bool,
    in_flight: int,
    as_json: bool,
) -> None:
    """Run FLOW (a name in the project, a file, or a shipped flow) on every order of the input.

    Exit code: 0 every run ended, 1 a run is in exception or an order could not be read, 3 a run waits,
    4 a connection is missing.
    """
    from orderloom.cli.running import Wanted, run_all  # noqa: PLC0415 (so that --help stays quick)

    wanted = Wanted(flow, source, format_, account, answers, dry_run, as_json, not no_journal, in_flight)
    raise click.exceptions.Exit(run_all(wanted))
