"""The projects in examples/ pass the check, their nodes' cases come true, and their runs come to what they say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from orderloom.cli import invoke
from orderloom.packs import catalogue
from orderloom.testing import misses, read_cases, run_case

EXAMPLES = Path(__file__).parent.parent / "examples"
RUNS = [(file.parent, file) for file in sorted(EXAMPLES.glob("*/expected*.json"))]


def test_the_gift_shop_passes_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(EXAMPLES / "gift-shop")
    assert invoke(["check"]) == 0


@pytest.mark.parametrize(("project", "expected"), RUNS, ids=lambda value: value.name)
def test_a_run_comes_to_what_the_example_says(
    project: Path, expected: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(project)
    wanted = json.loads(expected.read_text(encoding="utf-8"))

    code = invoke([*wanted["command"], "--json"])

    assert code == wanted["exit"]
    assert misses(wanted["report"], json.loads(capsys.readouterr().out)) == []


def test_the_cases_of_a_projects_own_node_come_true() -> None:
    folder = EXAMPLES / "gift-shop" / "nodes"
    node = catalogue(folder).find("gift-wrap")

    for case in read_cases(folder / "gift_wrap" / "cases.yaml"):
        assert misses(case.then, run_case(node, case, folder / "gift_wrap")) == []
