"""The work behind `orderloom check`: findings are gathered, mended where that is asked for, and told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from orderloom.cli import render
from orderloom.cli.checking.looking import Look
from orderloom.cli.checking.report import Report, tell

if TYPE_CHECKING:
    from orderloom.cli.checking.mending import Edit


def check_paths(paths: Sequence[str], form: render.Format, mend: bool = False) -> int:
    """Check and print; gives the exit code. Raises `ProblemsError` where a path is not there."""
    look = Look(paths)
    report = look.report()
    if mend:
        report = _mended(look, report, form)
    problems = report.problems()
    if form == "text":
        tell(report)
    if problems or form != "text":
        render.show(problems, form)
    if form == "text" and not mend and (certain := sum(problem.fix is not None for problem in problems)):
        click.echo(f"orderloom check --fix mends {certain} of them", err=True)
    return 1 if any(problem.severity == "error" for problem in problems) else 0


def _mended(look: Look, report: Report, form: render.Format) -> Report:
    """What is left after the mends that are certain; each is told, beside data on standard error."""
    from orderloom.cli.checking.mending import Mending  # noqa: PLC0415 (who only checks does not pay for it)

    mending = Mending(look, report)
    mending.run()
    for edit in sorted(mending.edits, key=lambda edit: edit.problem.sort_key()):
        click.echo(render.visible(_told(edit)), err=form != "text" or edit.objection is not None)
    return mending.report


def _told(edit: Edit) -> str:
    what = f"{edit.fix.place}  {edit.problem.code}: `{edit.before}` is now `{edit.fix.replacement}`"
    if edit.objection is None:
        return f"mended  {what}"
    return f"not mended  {edit.fix.place}  {edit.problem.code}: {edit.objection}"
