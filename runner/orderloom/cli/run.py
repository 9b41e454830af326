"""`orderloom run FLOW`: orders in, one report an order out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from orderloom.cli import completing

if TYPE_CHECKING:
    from orderloom.cli.dropped import Folder


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
    "--claim",
    is_flag=True,
    help="FILE is a folder that others drop files into: take each once it is whole, and put it into done/ or failed/.",
)
@click.option("--watch", is_flag=True, help="With --claim: keep looking for new files until Ctrl-C.")
@click.option(
    "--settle",
    default="2s",
    show_default=True,
    metavar="TIME",
    help="With --claim: a file is whole that has not changed for so long.",
)
@click.option("--marked", is_flag=True, help="With --claim: only files beside which there is a FILE.done.")
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
    claim: bool,
    watch: bool,
    settle: str,
    marked: bool,
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

    folder = _drop_folder(source, claim, watch, settle, marked, kept=not (dry_run or no_journal))
    wanted = Wanted(flow, source, format_, account, answers, dry_run, as_json, not no_journal, in_flight, folder=folder)
    raise click.exceptions.Exit(run_all(wanted))


def _drop_folder(source: str, claim: bool, watch: bool, settle: str, marked: bool, *, kept: bool) -> Folder | None:
    if not claim:
        if watch or marked:
            raise click.UsageError("--watch and --marked go with --claim")
        return None
    if not kept:
        raise click.UsageError("--claim keeps what it has taken: leave --dry-run and --no-journal out")
    from orderloom.cli.dropped import Folder  # noqa: PLC0415
    from orderloom.flow.durations import parse_duration  # noqa: PLC0415

    try:
        settle_s = parse_duration(settle).total_seconds()
    except ValueError as error:
        raise click.UsageError(f"--settle is {error}") from None
    return Folder(Path(source), settle_s, marked_only=marked, watch=watch)
