"""Nodes in; their cases run and told one by one, the exit code out."""

from __future__ import annotations

from collections.abc import Sequence

import click

from orderloom.declare import Node
from orderloom.packs.examined import CASES, case_problems
from orderloom.problems import ProblemsError
from orderloom.testing import Case, misses, read_cases, run_case


def run_cases(nodes: Sequence[Node]) -> int:
    """0 where all came true, 1 where one did not. Raises `ProblemsError` where a file of cases says nothing true."""
    problems = [problem for node in nodes for problem in case_problems(node, node.folder)]
    if problems:
        raise ProblemsError(problems)
    failed = passed = 0
    for node in nodes:
        file = node.folder / CASES
        cases = read_cases(file) if file.is_file() else []
        click.secho(f"{node.name}  {_count(len(cases))}", bold=True)
        for case in cases:
            missing = _missing(node, case)
            failed, passed = failed + bool(missing), passed + (not missing)
            click.echo(f" {click.style('✗', fg='red') if missing else click.style('✓', fg='green')} {case.case}")
            for line in missing:
                click.echo(f"      {line}")
    click.echo(f"{failed} failed, {passed} passed")
    return 1 if failed else 0


def _missing(node: Node, case: Case) -> list[str]:
    """Where the node does not give what the case says."""
    try:
        got = run_case(node, case, node.folder)
    except Exception as error:  # the author's own code
        return [f"it broke: {type(error).__name__}: {error}"]
    return misses(case.then, got[0] if isinstance(got, list) and len(got) == 1 else got)


def _count(cases: int) -> str:
    return "no cases" if not cases else f"{cases} case{'s' * (cases != 1)}"
