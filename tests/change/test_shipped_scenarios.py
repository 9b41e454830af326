"""The scenarios of the shipped flows pass, and take every branch of every flow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from orderloom.change.scenario.opening import Opener
from orderloom.change.scenario.suite import Suite
from orderloom.cli import invoke
from orderloom.project import shipped
from tests.cli.test_shipped_paths import SINCE

FILES = sorted((shipped() / "scenarios").glob("*.yaml"))


def test_every_shipped_flow_has_a_scenario() -> None:
    flows = {file.stem for file in shipped().glob("*.yaml")}

    assert {file.stem for file in FILES} == flows


def test_every_case_passes_and_every_branch_is_taken() -> None:
    suite = Suite()

    results = list(suite.run(FILES))

    assert [problem.message for result in results for problem in result.problems] == []
    cases = [case for result in results for case in result.cases]
    assert [(case.case.name, case.misses[0].message) for case in cases if not case.passed] == []
    assert {cover.flow: [str(branch) for branch in cover.missing] for cover in suite.coverage.flows} == {
        file.stem: [] for file in FILES
    }


def listed(shared: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for flow in yaml.safe_load((shared / "flows" / "expected.yaml").read_text(encoding="utf-8")):
        yield from ((flow["flow"], case) for case in flow["cases"])


def test_each_path_that_must_come_out_is_one_that_a_case_expects(shared: Path) -> None:
    opened = {file.stem: Opener().open(file).scenario for file in FILES}

    missing = []
    for flow, case in listed(shared):
        scenario = opened[flow]
        assert scenario is not None
        expects = [one.expect for one in scenario.cases]
        found = [
            ([step for step in expect.lists["path"].value if step not in SINCE], expect.words["status"].value)
            for expect in expects
            if {"path"} <= set(expect.lists) and "status" in expect.words
        ]
        if (case["path"], case["ends"]) not in found:
            missing.append(case["case"])
    assert missing == []


@pytest.mark.parametrize("template", ["shop", "returns", "empty"])
def test_a_new_project_tests_green(
    template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert invoke(["init", "new", "--template", template]) == 0
    monkeypatch.chdir(tmp_path / "new")
    capsys.readouterr()

    assert invoke(["test", "--cov-fail-under", "100"]) == 0, capsys.readouterr().out
