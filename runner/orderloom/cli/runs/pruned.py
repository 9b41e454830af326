"""The work behind `orderloom runs prune`."""

from __future__ import annotations

import json
from collections.abc import Iterator

import click

from orderloom.cli.place import place
from orderloom.cli.progress import Progress
from orderloom.cli.runs.options import confirmed
from orderloom.journal import erasing
from orderloom.project import find_project
from orderloom.run.forgetting.pruning import Old, Pruning
from orderloom.settings import Keep, read_settings

ENVIRONMENT = 4


def prune(*, dry_run: bool, compact: bool, yes: bool, as_json: bool) -> int:
    """Do it; gives the exit code. Raises `ProblemsError` where orderloom.yaml is wrong."""
    keep = read_settings(find_project()).keep
    with place() as here:
        if here is None:
            click.echo("nothing has run here yet", err=True)
            return 0
        pruning = Pruning(here.journal, keep)
        old = pruning.look()
        if not (dry_run or old.is_nothing):
            confirmed(f"Let go of {_sum(old)}? There is no way back.", yes)
            _do(pruning)
        _tell(keep, old, done=not dry_run, as_json=as_json)
        return 0 if dry_run or not compact or erasing.scrub(here.journal.file) else _busy()


def _do(pruning: Pruning) -> None:
    with Progress() as progress:
        for runs in pruning.prune():
            for _ in range(runs):
                progress.step()


def _tell(keep: Keep, old: Old, *, done: bool, as_json: bool) -> None:
    if as_json:
        told = {"payloads": old.payloads, "runs": old.runs, "events": old.signals}
        click.echo(json.dumps({"done": done and not old.is_nothing, **told}))
    elif old.is_nothing:
        click.echo(_nothing(keep))
    else:
        click.echo(f"{'let go of' if done else 'there is to let go of:'} {_sum(old)}")


def _nothing(keep: Keep) -> str:
    if keep == Keep():
        return "everything is kept: `keep: {payloads: 90d, runs: 2y}` in orderloom.yaml would change that"
    return "nothing is older than it is kept"


def _sum(old: Old) -> str:
    return ", ".join(_parts(old))


def _parts(old: Old) -> Iterator[str]:
    if old.payloads:
        yield f"the values of {old.payloads:,} runs"
    if old.runs:
        yield f"the history of {old.runs:,} runs"
    if old.signals:
        yield f"{old.signals:,} events that nobody waited for"


def _busy() -> int:
    click.echo("the file could not be written anew: another process reads it. Give the command again later", err=True)
    return ENVIRONMENT
