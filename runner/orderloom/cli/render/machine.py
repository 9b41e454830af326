"""Findings in, orderloom's own JSON out: one object on one line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from orderloom.problems import Fix, Problem, in_order


def as_json(problems: Iterable[Problem]) -> str:
    """`{"problems": [...]}`; line 0 stands for the file as a whole, an `end_column` is the first one behind."""
    return json.dumps({"problems": as_data(problems)})


def as_data(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """The same, for an object that holds more."""
    return [_problem(problem) for problem in in_order(problems)]


def fix_as_data(fix: Fix) -> dict[str, Any]:
    """What an editor needs to make the edit: what stands at `place` gives way to `replacement`."""
    place = fix.place
    where = {"file": place.file, "line": place.line, "column": place.column, "end_column": place.end_column}
    return {"place": where, "replacement": fix.replacement}


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "code": problem.code,
        "severity": problem.severity,
        "file": problem.place.file,
        "line": problem.place.line,
        "column": problem.place.column,
        "end_column": problem.place.end_column,
        "message": problem.message,
        "help": problem.help,
        **({"cell": problem.place.cell} if problem.place.cell else {}),
        "fix": fix_as_data(problem.fix) if problem.fix else None,
    }
