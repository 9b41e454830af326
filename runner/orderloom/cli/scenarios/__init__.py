"""The work behind `orderloom test`: files are found, their cases played, and what came of it is told."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from orderloom.change.scenario.model import Case
from orderloom.change.scenario.suite import FileResult, Suite
from orderloom.cli import render
from orderloom.cli.scenarios.files import flows_without, scenario_files
from orderloom.cli.scenarios.results import Results
from orderloom.cli.scenarios.telling import tell, tell_file
from orderloom.problems import Place, refuse


@dataclass(frozen=True)
class Wanted:
    """What stands on the command line."""

    paths: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    least: float | None = None
    junit: Path | None = None
    as_json: bool = False

    def selects(self, case: Case) -> bool:
        """Whether the case is to be played."""
        return not self.words or any(word.casefold() in case.name.casefold() for word in self.words)


def test_all(wanted: Wanted) -> int:
    """Play, judge and tell; gives the exit code. Raises `ProblemsError` where nothing is there to be played."""
    started = time.perf_counter()
    suite = Suite(wanted.selects)
    files = list(_played(wanted, suite))
    untested = flows_without(suite.coverage) if not wanted.paths and not wanted.words else []
    results = Results(
        files, suite.coverage.flows, untested, wanted.least, bool(wanted.words), time.perf_counter() - started
    )
    if wanted.words and not results.cases and not results.problems:
        raise click.UsageError(f"no case has {' or '.join(f'`{word}`' for word in wanted.words)} in its name")
    if wanted.junit is not None:
        _write_junit(results, wanted.junit)
    _tell(results, as_json=wanted.as_json)
    return 1 if results.failed else 0


def _played(wanted: Wanted, suite: Suite) -> Iterator[FileResult]:
    files = scenario_files(wanted.paths)
    width = max(len(str(file)) for file in files)
    for result in suite.run(files):
        if not wanted.as_json:
            tell_file(result, width)
        yield result


def _tell(results: Results, *, as_json: bool) -> None:
    if as_json:
        from orderloom.cli.scenarios.machine import as_json as told  # noqa: PLC0415 (most ask for words)

        click.echo(told(results))
        return
    render.show(results.problems)
    tell(results)


def _write_junit(results: Results, file: Path) -> None:
    from orderloom.cli.scenarios.junit import as_junit  # noqa: PLC0415
    from orderloom.source.writing import replace_file  # noqa: PLC0415

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, as_junit(results))
    except OSError as error:
        why = error.strerror or "the system refused"
        raise refuse("W031", f"the results cannot be written: {why}", Place(str(file)), "name another file") from error
