"""The work behind `orderloom runs erase`: look, ask, do it, and say what was changed and what others must do."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from orderloom.cli.place import Place, place
from orderloom.cli.runs.options import confirmed
from orderloom.cli.runs.words import moment
from orderloom.journal import erasing
from orderloom.problems import COMMAND_LINE, Problem, ProblemsError
from orderloom.run.forgetting.person import Forgetting, Held, OpenRunsError
from orderloom.world.located import connections_of

ENVIRONMENT = 4


def erase(names: Sequence[str], *, dry_run: bool, yes: bool, as_json: bool) -> int:
    """Forget the person; gives the exit code. Raises `ProblemsError` where a run of theirs is open."""
    with place() as here:
        if here is None:
            click.echo("nothing has run here yet", err=True)
            return 0
        forgetting = _forgetting(here, names)
        try:
            held = forgetting.look()
        except OpenRunsError as error:
            raise ProblemsError(_open(error)) from None
        if held.is_nothing or dry_run:
            scrubbed = True if dry_run else _scrubbed_later(here, forgetting)
        else:
            confirmed(f"Erase {', '.join(names)}: {_sum(held)}? There is no way back.", yes)
            forgetting.erase(held)
            scrubbed = _scrubbed(forgetting)
        files = forgetting.still_named_in(held.person)
        _tell(here, held, files, done=not dry_run, as_json=as_json)
    return 0 if scrubbed else ENVIRONMENT


def _forgetting(here: Place, names: Sequence[str]) -> Forgetting:
    connections = connections_of(here.project, here.base / "connections.yaml")
    return Forgetting(here.journal, here.pins, connections, here.base, names)


def _open(error: OpenRunsError) -> Iterator[Problem]:
    for run in error.runs:
        message = f"{run.id} ({run.flow} {run.key}) is {run.status} and needs what it holds: nothing was erased"
        yield Problem("J008", message, COMMAND_LINE, f"wait for its end, or orderloom runs cancel {run.id}")


def _scrubbed_later(here: Place, forgetting: Forgetting) -> bool:
    """What an earlier call could not finish, since somebody was reading."""
    return _scrubbed(forgetting) if here.journal.read(erasing.is_to_be_scrubbed) else True


def _scrubbed(forgetting: Forgetting) -> bool:
    left = forgetting.scrub()
    for file in left:
        click.echo(f"traces may be left in {file}: another process is reading what stood there", err=True)
        click.echo("  = help: end `orderloom work` and others that use it, then give the same command again", err=True)
    return not left


def _tell(here: Place, held: Held, files: Sequence[Path], *, done: bool, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(_as_data(here, held, files, done), ensure_ascii=False))
        return
    if held.is_nothing:
        before = f", since it was erased on {moment(held.before)}" if held.before else ""
        click.echo(f"nothing of theirs is kept{before}")
    else:
        click.echo("erased:" if done else "there is:")
        for what, count in held.counts.items():
            if count:
                click.echo(f"{count:>8,}  {what}")
    for line in _left(here, held, files):
        click.echo(line)


def _left(here: Place, held: Held, files: Sequence[Path]) -> Iterator[str]:
    if held.also:
        yield f"their runs also know them by {', '.join(held.also)}: erase these too, if they are theirs alone"
    if files:
        yield f"files of yours name them, and are left alone: {', '.join(_names(here, files))}"
    if held.unreached:
        yield f"what is kept elsewhere is not reached: {', '.join(held.unreached)}"


def _names(here: Place, files: Sequence[Path]) -> list[str]:
    return [file.relative_to(here.base).as_posix() for file in files]


def _sum(held: Held) -> str:
    return ", ".join(f"{count:,} {what}" for what, count in held.counts.items() if count)


def _as_data(here: Place, held: Held, files: Sequence[Path], done: bool) -> dict[str, Any]:
    counts = {what: count for what, count in held.counts.items() if count}
    told = {"erased": counts if done else {}, "found": counts, "also": list(held.also), "before": held.before}
    return {**told, "files": _names(here, files), "unreached": list(held.unreached)}
