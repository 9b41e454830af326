"""The last resort of every command: findings that nobody showed, and bugs of ours with what to send us."""

from __future__ import annotations

import errno
import tempfile
import traceback
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import NoReturn

import click

from orderloom.problems import Problem, ProblemsError

BUG = 70  # EX_SOFTWARE of sysexits.h: not to be taken for a finding
FINDINGS, USAGE, ENVIRONMENT = 1, 2, 4
_OF_CODE = {
    **dict.fromkeys(("F901", "F902", "V901", "Y001"), USAGE),  # what was named on the command line is not there
    **dict.fromkeys(("D073", "D074", "Y045"), USAGE),  # it is rows without their head, or cannot be written so
    **dict.fromkeys(("F967", "Y008"), USAGE),  # it is there already
    **dict.fromkeys(("W030", "W040", "W042"), USAGE),  # no scenario or no run is there, or a file is
    **dict.fromkeys(("J001", "J002", "J003", "J004"), USAGE),  # no such run, or step of it
    **dict.fromkeys(("F968", "W031", "Y009"), ENVIRONMENT),
}
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
DECISIONS = frozenset({"X026", "X041"})  # usage where the command line names the decision


def exit_code(problems: Iterable[Problem], usage: Collection[str] = ()) -> int:
    """What a command ends with that was refused so; `usage` are codes that speak of its own arguments."""
    found = {USAGE if one.code in usage else _OF_CODE.get(one.code, FINDINGS) for one in problems}
    return found.pop() if len(found) == 1 else FINDINGS


def refused(
    problems: Iterable[Problem], usage: Collection[str] = (), sources: Mapping[str, str] | None = None
) -> NoReturn:
    """Show why, and end the command."""
    from orderloom.cli import render  # noqa: PLC0415

    found = tuple(problems)
    render.show(found, sources=sources)
    raise click.exceptions.Exit(exit_code(found, usage))


def told(error: Exception) -> int:
    """Show refusals as findings; write anything else to a report file (exit 70)."""
    if isinstance(error, ProblemsError):
        from orderloom.cli import render  # noqa: PLC0415

        render.show(error.problems)
        return exit_code(error.problems)
    from orderloom.journal.errors import JournalError, said  # noqa: PLC0415 (only a command that failed pays for it)
    from orderloom.world.hiding import hide_forms  # noqa: PLC0415

    if isinstance(error, JournalError):
        click.echo(f"error: the journal: {error}", err=True)
        return ENVIRONMENT
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        click.echo(f"error: {error.filename or 'what this command says'} cannot be written: {said(error)}", err=True)
        return ENVIRONMENT
    with tempfile.NamedTemporaryFile("w", prefix="orderloom-", suffix=".txt", delete=False) as report:
        report.write(hide_forms("".join(traceback.format_exception(error))))
    says = hide_forms(f"{type(error).__name__}: {error}")
    click.echo(f"This is a bug of orderloom, not a mistake of yours: {says}", err=True)
    click.echo(f"Please send us {Path(report.name)} and what you ran.", err=True)
    return BUG
