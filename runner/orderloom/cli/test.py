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
def command(
    paths: tuple[str, ...], words: tuple[str, ...], least: float | None, junit: Path | None, as_json: bool
) -> None:
    """Play every case of PATHS: scenario files, folders, or the names of flows that they test. Without PATHS those of
    the project's scenarios/, or, outside of a project, of the shipped flows.

    Nothing outside is reached and nothing sleeps: what is not said in a scenario does not happen.

    Exit code: 0 all passed, 1 a case failed, a scenario has errors or too few branches were taken, 2 there is no such
    path or case, 4 the results cannot be written.
    """
    from orderloom.cli.scenarios import Wanted, test_all  # noqa: PLC0415 (so that --help stays quick)

    raise click.exceptions.Exit(test_all(Wanted(paths, words, least, junit, as_json)))
