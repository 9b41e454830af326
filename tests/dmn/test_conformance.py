"""The folders of the DMN conformance kit that are at hand, each run whole; what cannot pass is named."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.conftest import kit_folders
from tests.tck.run import main, named, run_folder

FOREIGN = {"compliance-level-3/0076-feel-external-java": "Java"}  # what the messages of its failures speak of


@pytest.mark.parametrize("folder", kit_folders(), ids=named)
def test_a_folder_of_the_kit_passes_wholly(folder: Path, shared: Path) -> None:
    results = list(run_folder(folder))

    assert results, f"{folder} has no cases"
    failed = [f"{one.file} {one.case}: {one.message}" for one in results if not one.passed]
    if named(folder) in FOREIGN:
        assert all(FOREIGN[named(folder)] in message for message in failed), failed
    else:
        assert failed == []


def test_the_kit_is_there_where_it_must_be(shared: Path) -> None:
    assert len(kit_folders()) >= 80


MODEL = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="n">
<decision id="d" name="Sum"><variable name="Sum"/><literalExpression><text>1 + 1</text></literalExpression></decision>
</definitions>"""
CASES = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<modelName>m.dmn</modelName>
<testCase id="001"><resultNode name="Sum" type="decision">
<expected><value xsi:type="xsd:decimal">2</value></expected></resultNode></testCase>
<testCase id="002"><resultNode name="Sum" type="decision">
<expected><value xsi:type="xsd:decimal">3</value></expected></resultNode></testCase>
</testCases>"""


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    folder = tmp_path / "compliance-level-2" / "0001-sum"
    folder.mkdir(parents=True)
    (folder / "m.dmn").write_text(MODEL)
    (folder / "0001-sum-test-01.xml").write_text(CASES)
    return tmp_path


def test_the_runner_ends_with_how_many_passed_and_fails_where_one_did(
    kit: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(kit)]) == 1

    assert capsys.readouterr().out.splitlines()[-1] == "1 passed, 1 failed"


def test_the_results_are_written_in_the_vendors_form(kit: Path) -> None:
    target = kit / "tck_results.csv"

    main([str(kit), "--csv", str(target)])

    rows = list(csv.reader(target.read_text().splitlines()))
    where = ["compliance-level-2/0001-sum", "0001-sum-test-01"]
    assert rows[0] == [*where, "001", "SUCCESS", ""]
    assert rows[1][:4] == [*where, "002", "ERROR"]
    assert "product.name=orderloom" in (kit / "tck_results.properties").read_text()


def test_a_folder_without_cases_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as wrong:
        main([str(tmp_path)])

    assert wrong.value.code == 2
