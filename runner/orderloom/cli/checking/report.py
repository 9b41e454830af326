"""Findings of many files in; each once, under one name of its file, and a line for each file looked at, out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import click

from orderloom.problems import Place, Problem, in_order


@dataclass(frozen=True)
class Line:
    """A file that was checked, what it holds, and what is wrong with it or with what it uses."""

    file: str
    holds: str
    problems: Sequence[Problem]


@dataclass
class Report:
    """Findings of all files; what several files meet with is told once, under one name of its file."""

    here: Path = field(default_factory=lambda: Path.cwd().resolve())
    lines: list[Line] = field(default_factory=list)

    def add(self, file: Path, holds: str, problems: Sequence[Problem]) -> None:
        self.lines.append(Line(self._name(file), holds, [self._named(problem) for problem in problems]))

    def problems(self) -> list[Problem]:
        return in_order(problem for line in self.lines for problem in line.problems)

    def _named(self, problem: Problem) -> Problem:
        fix = problem.fix and replace(problem.fix, place=self._place(problem.fix.place))
        return replace(problem, place=self._place(problem.place), fix=fix)

    def _place(self, place: Place) -> Place:
        return replace(place, file=self._name(Path(place.file)))

    def _name(self, file: Path) -> str:
        return str(relative(file.resolve(), self.here)) if file.exists() else str(file)


def relative(file: Path, here: Path) -> Path:
    """The file as seen from a folder, where it is in it."""
    return file.relative_to(here) if file.is_relative_to(here) else file


def tell(report: Report) -> None:
    """Print a line for each file without errors of its own."""
    width = max((len(line.file) for line in report.lines), default=0)
    for line in report.lines:
        if any(problem.severity == "error" and problem.place.file == line.file for problem in line.problems):
            continue  # its findings are shown below
        click.echo(f"{line.file:<{width}}  {_word(line)}")


def _word(line: Line) -> str:
    uses = sorted({problem.place.file for problem in line.problems if problem.severity == "error"})
    if uses:
        return f"refused  what it uses has errors: {', '.join(uses)}"
    return f"{'warned' if line.problems else 'ok'}  {line.holds}"
