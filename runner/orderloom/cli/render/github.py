"""Findings in, GitHub's workflow commands out: printed in a job, they become annotations of the changed lines.

https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions, read 2026-11-28; what is escaped is
what the runner's toolkit unescapes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from orderloom.cli.render.paths import from_the_root
from orderloom.problems import Problem, in_order

_IN_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTIES = {**_IN_DATA, ":": "%3A", ",": "%2C"}


def as_commands(problems: Iterable[Problem]) -> str:
    """One line a finding; the empty text where there is none."""
    return "\n".join(_command(problem) for problem in in_order(problems))


def _command(problem: Problem) -> str:
    where = f"{problem.place.cell}: " if problem.place.cell else ""
    said = where + (f"{problem.message}\n{problem.help}" if problem.help else problem.message)
    properties = ",".join(f"{name}={_escaped(value, _IN_PROPERTIES)}" for name, value in _properties(problem).items())
    return f"::{problem.severity} {properties}::{_escaped(said, _IN_DATA)}"


def _properties(problem: Problem) -> Mapping[str, str]:
    place = problem.place
    found = {"file": from_the_root(place.file).as_posix()}
    if place.line and not place.cell:  # a workbook has no lines
        found |= {"line": str(place.line), "col": str(place.column), "endColumn": str(place.end_column)}
    return {**found, "title": f"orderloom {problem.code}"}


def _escaped(text: str, signs: Mapping[str, str]) -> str:
    return "".join(signs.get(letter, letter) for letter in text)
