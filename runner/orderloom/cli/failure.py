"""The last resort of every command: findings that nobody showed, and bugs of ours with what to send us."""

from __future__ import annotations

import tempfile
import traceback
from pathlib import Path

import click

from orderloom.problems import ProblemsError

BUG = 70  # EX_SOFTWARE of sysexits.h: not to be taken for a finding
USAGE = {"F901", "F902", "V901"}  # what was named on the command line is not there


def told(error: Exception) -> int:
    """Show refusals as findings (exit 1); write anything else to a report file (exit 70)."""
    if isinstance(error, ProblemsError):
        from orderloom.cli import render  # noqa: PLC0415

        render.show(error.problems)
        return 2 if {problem.code for problem in error.problems} <= USAGE else 1
    with tempfile.NamedTemporaryFile("w", prefix="orderloom-", suffix=".txt", delete=False) as report:
        report.write("".join(traceback.format_exception(error)))
    click.echo(f"This is a bug of orderloom, not a mistake of yours: {type(error).__name__}: {error}", err=True)
    click.echo(f"Please send us {Path(report.name)} and what you ran.", err=True)
    return BUG
