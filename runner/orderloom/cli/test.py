"""`orderloom test [PATHS]`: the scenarios of flows, each case played in a closed world."""

from __future__ import annotations

from pathlib import Path

import click

from orderloom.cli import completing

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("test", short_help="play the scenarios of flows")
@click.argument("paths", nargs=-1, shell_complete=completing.flows)
@click.option("-k", "words", multiple=True, metavar="TEXT", help="Only cases with TEXT in their name.")
@click.option("--cov-fail-under", "least", type=click.FloatRange(0, 100), metavar="PERCENT",
              help="Fail where fewer branches of a flow are taken.")  # fmt: skip
@click.option("--junit", type=FILE, metavar="FILE", help="Write the results as JUnit XML, too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@click.option("--record", metavar="RUN", help="Make a scenario of a run, and play it: no others then.")
@click.option("-o", "--output", type=FILE, metavar="FILE", help="Where the scenario of --record goes.")
def command(
    paths: tuple[str, ...],
    words: tuple[str, ...],
    least: float | None,
    junit: Path | None,
    as_json: bool,
    record: str | None,
    output: Path | None,
) -> None:
    """Play every case of PATHS: scenario files, folders, or the names of flows that they test. Without PATHS those of
    the project's scenarios/, or, outside of a project, of the shipped flows.

    Nothing outside is reached and nothing sleeps: what is not said in a scenario does not happen.

    With --record a run of the journal (its id, or the key of its order) becomes a scenario in which it goes again as it
    went: with what came in and what was answered, and with personal data made up.

    Exit code: 0 all passed, 1 a case failed, a scenario has errors or too few branches were taken, 2 there is no such
    path, case or run, 4 a file cannot be written.
    """
    if record is not None:
        from orderloom.cli.scenarios.recording import record_run  # noqa: PLC0415 (few record)

        raise click.exceptions.Exit(record_run(record, output))
    if output is not None:
        raise click.UsageError("-o says where the scenario of --record goes")
    from orderloom.cli.scenarios import Wanted, test_all  # noqa: PLC0415 (so that --help stays quick)

    raise click.exceptions.Exit(test_all(Wanted(paths, words, least, junit, as_json)))
