"""Flows as files: those that are right, those that earn a warning, and those with exactly one mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderloom.codes import codes
from orderloom.flow.check import Checked, check_document
from orderloom.problems import Problem
from orderloom.source import read_document
from tests.flow.stubs import HERE, whole_catalogue


def flows(folder: str) -> list[Path]:
    return sorted((HERE / folder).glob("*.yaml"))


def checked(file: Path) -> Checked:
    return check_document(read_document(file), whole_catalogue(), [HERE / "tables"], ("mail", "stock"))


def told(problem: Problem) -> str:
    return f"{problem.code} {problem.place.line}:{problem.place.column} {problem.message} | {problem.help}"


def expected(file: Path) -> tuple[str, str]:
    """`# expect: CODE LINE:COLUMN words` of the first line: where, and the words that are said there."""
    code, where, words = file.read_text(encoding="utf-8").splitlines()[0].removeprefix("# expect: ").split(" ", 2)
    return f"{code} {where}", words


@pytest.mark.parametrize("file", flows("accepted"), ids=lambda file: file.stem)
def test_a_flow_without_a_mistake_has_no_finding_and_a_plan(file: Path) -> None:
    found = checked(file)

    assert [told(problem) for problem in found.problems] == []
    assert found.plan is not None


@pytest.mark.parametrize("file", flows("warned"), ids=lambda file: file.stem)
def test_a_doubtful_flow_is_warned_about_and_still_runs(file: Path) -> None:
    found = checked(file)

    [problem] = found.problems
    where, words = expected(file)
    assert problem.severity == "warning"
    assert problem.help, "a finding says how it is mended"
    assert told(problem).startswith(where)
    assert words in told(problem)
    assert found.plan is not None


@pytest.mark.parametrize("file", flows("refused"), ids=lambda file: file.stem)
def test_one_mistake_gives_one_finding_at_its_place(file: Path) -> None:
    found = checked(file)

    assert [told(problem).split(" ", 2)[:2] for problem in found.problems] == [expected(file)[0].split(" ")]
    assert expected(file)[1] in told(found.problems[0])
    assert found.problems[0].severity == "error"
    assert found.problems[0].help, "a finding says how it is mended"
    assert found.plan is None


def test_every_code_that_a_flow_can_earn_has_a_file_that_earns_it() -> None:
    earned = {expected(file)[0].split(" ")[0] for folder in ("refused", "warned") for file in flows(folder)}

    ours = {code for code in codes() if code[0] in "FGRSTN" and code[1:] < "100"}
    assert sorted(ours - earned - ELSEWHERE) == []


# told by the search for nodes (tests/test_packs.py, tests/test_node_mistakes.py)
ELSEWHERE = {"N010", "N011", "N012", "N013", "N014"}
