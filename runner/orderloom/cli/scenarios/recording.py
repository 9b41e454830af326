"""`orderloom test --record RUN`: a run of the journal, made a scenario."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from orderloom.change.record.making import record
from orderloom.cli import render
from orderloom.cli.checking.report import relative
from orderloom.cli.scenarios.results import Results
from orderloom.cli.scenarios.telling import failure
from orderloom.journal import FILE, Journal, Run, is_there
from orderloom.problems import COMMAND_LINE, Place, refuse
from orderloom.project import find_project


def record_run(name: str, wanted: Path | None) -> int:
    """Write the scenario and play it; gives the exit code. Raises `ProblemsError` where there is no such run."""
    project, here = find_project(), Path.cwd()
    base = project.root if project else here
    if not is_there(base / FILE):
        raise refuse("W040", "nothing has run here with the journal", Place(str(base / FILE)), "run an order first")
    with closing(Journal(base / FILE)) as journal:
        run = _run(journal, name)
        file = wanted or base / "scenarios" / f"{run.flow}-{run.id}.yaml"
        if file.exists():
            raise refuse("W042", "the file is there already", Place(str(file)), "name another one by -o")
        made = record(journal, run, project, file)
    render.show(made.result.problems)
    for case in made.result.cases:
        if not case.passed:
            click.echo("\n".join(failure(made.result, case)))
    click.echo(f"wrote {relative(made.file.resolve(), here)} and {relative(made.input.resolve(), here)}")
    failed = Results([made.result], [], [], None, False, 0.0).failed
    click.echo("it does not go as the run went: see above" if failed else "played: it goes as the run went")
    return 1 if failed else 0


def _run(journal: Journal, name: str) -> Run:
    found = journal.find(name)
    if len(found) == 1:
        return found[0]
    if not found:
        raise refuse("W040", f"there is no run `{name}`", COMMAND_LINE, "name it by its id, or by the key of its order")
    several = ", ".join(f"{run.id} ({run.flow} {run.key})" for run in found[:5])
    raise refuse("W040", f"`{name}` is several runs", COMMAND_LINE, f"say which: {several}")
