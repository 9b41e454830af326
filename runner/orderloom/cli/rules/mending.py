"""The file of a table in; its certain mends made, slips of the keyboard first, then what the proof proposes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click

from orderloom.cli import render
from orderloom.cli.checking.mending import Edit, Mending
from orderloom.cli.checking.report import Report
from orderloom.problems import Problem, ProblemsError
from orderloom.rules import check_table
from orderloom.rules.load import read_parts
from orderloom.rules.prove.mending import mend


def mend_table(path: Path, today: date, tidy: bool) -> Iterator[dict[str, Any]]:
    """Each that was made, as JSON; it is told on standard error, and so is what was tried and not made.

    Raises `ProblemsError` where the table cannot be read after all.
    """
    yield from _words(path)
    yield from _proposals(path, today, tidy)


@dataclass(frozen=True)
class _Look:
    path: Path

    def report(self) -> Report:
        report = Report()
        report.add(self.path, "a table", self._problems())
        return report

    def _problems(self) -> list[Problem]:
        try:
            return check_table(read_parts(self.path).table)
        except ProblemsError as error:
            return list(error.problems)


def _words(path: Path) -> Iterator[dict[str, Any]]:
    look = _Look(path)
    mending = Mending(look, look.report())
    mending.run()
    for edit in sorted(mending.edits, key=lambda edit: edit.problem.sort_key()):
        _tell(edit)
        if edit.objection is None:
            made = {"row": None, "column": None, "old": edit.before, "new": edit.fix.replacement}
            yield {"kind": "misspelt", "code": edit.problem.code, "place": str(edit.fix.place), "edits": [made]}


def _tell(edit: Edit) -> None:
    what = f"{edit.fix.place} {edit.problem.code}: `{edit.before}` is now `{edit.fix.replacement}`"
    told = f"fixed: {what}" if edit.objection is None else f"not fixed: {what}    {edit.objection}"
    click.echo(render.visible(told), err=True)


def _proposals(path: Path, today: date, tidy: bool) -> Iterator[dict[str, Any]]:
    for one in mend(path, today, tidy):
        if one.refused is None:
            click.echo(f"fixed: {one.fix}    {one.fix.effect}", err=True)
            yield {"kind": one.finding.kind, "edits": [vars(edit) for edit in one.fix.edits]}
        else:
            click.echo(f"not fixed: {one.fix}    {one.refused}", err=True)
