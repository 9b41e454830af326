"""`orderloom test`: what is printed, written and given back as exit code."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from tests.change.small import WORLD, make

from orderloom.cli import invoke

SHIPS = "- {case: it ships, expect: {status: completed, path: [capture, look:approved, pay:paid, tell]}}"
FAILS = "- {case: it is declined, expect: {status: completed, path: [capture, look:declined]}}"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    monkeypatch.setenv("COLUMNS", "100")

    def prepare(cases: str, **more: str) -> Path:
        root = make(tmp_path / "small", cases, **more)  # type: ignore[arg-type]
        monkeypatch.chdir(root)
        return root

    return prepare


def test_all_passed_is_exit_code_0(project: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    project(SHIPS)

    code = invoke(["test"])

    out = capsys.readouterr().out
    assert code == 0
    assert out.splitlines()[0] == "scenarios/small.yaml  ."
    assert "small: 3 of 6 branches taken" in out
    assert "not taken: look:declined, look!timeout, pay:unpaid" in out
    assert "1 passed in" in out


def test_a_case_that_fails_is_shown_with_both_paths_side_by_side(
    project: Callable[..., Path], capsys: pytest.CaptureFixture[str], golden: Callable[[str, str], None]
) -> None:
    project(f"{SHIPS}\n{FAILS}")

    code = invoke(["test"])

    out = capsys.readouterr().out
    assert code == 1
    golden("change/failed.txt", out[: out.index(" in ")] + "\n")


def test_findings_are_shown_and_nothing_of_that_file_is_played(
    project: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    project(SHIPS, world=WORLD.replace("look: approved", "lok: approved"))

    code = invoke(["test"])

    told = capsys.readouterr()
    assert code == 1
    assert "scenarios/small.yaml  refused" in told.out
    assert "error[W011]: `lok` is neither a step of small nor a node that it uses" in told.err
    assert "1 error in scenarios, 0 passed" in told.out


def test_cases_are_chosen_by_a_part_of_their_name(
    project: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    project(f"{SHIPS}\n{FAILS}")

    assert invoke(["test", "-k", "SHIPS"]) == 0
    assert "(1 left out)" in capsys.readouterr().out
    assert invoke(["test", "-k", "declined", "-k", "ships"]) == 1
    assert invoke(["test", "-k", "nothing of it"]) == 2
    assert "no case has `nothing of it` in its name" in capsys.readouterr().err


def test_scenarios_are_named_by_file_folder_or_flow(
    project: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    project(SHIPS)

    for path in ("scenarios/small.yaml", "scenarios", "small"):
        assert invoke(["test", path]) == 0
    assert invoke(["test", "smal"]) == 2
    assert "did you mean `small`?" in capsys.readouterr().err
    assert invoke(["test", "flows"]) == 2


def test_too_few_branches_are_exit_code_1(project: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    project(SHIPS)

    assert invoke(["test", "--cov-fail-under", "50"]) == 0
    assert invoke(["test", "--cov-fail-under", "50.1"]) == 1
    assert "below 50.1 %: small: 50 % of the branches are taken" in capsys.readouterr().out


def test_a_flow_that_no_case_runs_is_told_and_is_too_few(
    project: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(SHIPS)
    (root / "flows" / "other.yaml").write_text("flow: other\nsteps: {capture: {use: capture}}\n", encoding="utf-8")

    assert invoke(["test"]) == 0
    assert "flows/other.yaml: no case runs it" in capsys.readouterr().out
    assert invoke(["test", "--cov-fail-under", "1"]) == 1
    assert invoke(["test", "small", "--cov-fail-under", "1"]) == 0


def test_json_tells_all_that_the_words_tell(project: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    project(f"{SHIPS}\n{FAILS}")

    code = invoke(["test", "--json"])

    told = json.loads(capsys.readouterr().out)
    assert code == 1
    assert (told["ok"], told["passed"], told["failed"], told["problems"]) == (False, 1, 1, [])
    [file] = told["scenarios"]
    assert (file["file"], file["flow"]) == ("scenarios/small.yaml", "small")
    ships, declined = file["cases"]
    assert (ships["case"], ships["passed"], ships["status"], ships["failures"]) == ("it ships", True, "completed", [])
    [failure] = declined["failures"]
    assert (failure["what"], failure["file"], failure["line"]) == ("path", "scenarios/small.yaml", 11)
    assert (failure["expected"], failure["first_difference"]) == (["capture", "look:declined"], 1)
    [cover] = told["coverage"]
    assert cover["file"] == "flows/small.yaml"
    assert (cover["flow"], cover["branches"], cover["taken"], cover["percent"]) == ("small", 6, 3, 50.0)
    assert cover["missing"][0] == {"branch": "look:declined", "line": 12}


def test_junit_is_read_by_services(project: Callable[..., Path]) -> None:
    root = project(f"{SHIPS}\n{FAILS}")

    assert invoke(["test", "--junit", "out/results.xml"]) == 1

    whole = ET.parse(root / "out" / "results.xml").getroot()
    assert (whole.tag, whole.get("tests"), whole.get("failures"), whole.get("errors")) == ("testsuites", "2", "1", "0")
    [suite] = whole
    ships, declined = suite
    assert (ships.get("classname"), ships.get("name"), list(ships)) == ("small", "it ships", [])
    assert (declined.get("file"), declined.get("line")) == ("scenarios/small.yaml", "11")
    [failure] = declined
    assert (failure.tag, failure.get("message"), failure.get("type")) == ("failure", "the path differs", "path")
    assert "> look:declined   look:approved" in str(failure.text)


def test_findings_are_errors_in_junit(project: Callable[..., Path]) -> None:
    root = project(SHIPS, world=WORLD.replace("look: approved", "lok: approved"))

    assert invoke(["test", "--junit", "results.xml"]) == 1

    [error] = ET.parse(root / "results.xml").getroot().iter("error")
    assert (error.get("type"), str(error.text).strip().endswith("[W011]")) == ("W011", True)


def test_results_that_cannot_be_written_are_exit_code_4(
    project: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(SHIPS)
    (root / "taken").write_text("a file where a folder is needed", encoding="utf-8")

    assert invoke(["test", "--junit", "taken/results.xml"]) == 4
    assert "error[W031]" in capsys.readouterr().err


def test_a_project_without_scenarios_is_told_so(
    project: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(SHIPS)
    (root / "scenarios" / "small.yaml").unlink()

    assert invoke(["test"]) == 2
    assert "error[W030]: there is no scenario" in capsys.readouterr().err
