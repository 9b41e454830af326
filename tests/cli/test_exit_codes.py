"""What is named and is not there is wrong usage (2), whichever command names it; what a file says is a finding (1)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from orderloom.cli import invoke

TABLE = """\
table: level
hit: first
inputs: {total: {type: number}, country: {type: text}}
outputs: {outcome: {type: text, values: [express, standard]}}
rows: ROWS
"""
ROWS = "id,total,country,outcome\nr1,>= 500,US,express\nr2,-,-,standard\n"
MODEL = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="urn:m">
  <decision id="d" name="Fee"><variable name="Fee"/><literalExpression><text>1</text></literalExpression></decision>
</definitions>
"""
Run = Callable[[str], tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.chdir(tmp_path)
    Path("orderloom.yaml").write_text("")
    Path("folder").mkdir()
    Path("level.table.yaml").write_text(TABLE.replace("ROWS", "rows.csv"))
    Path("rows.csv").write_text(ROWS)
    Path("m.dmn").write_text(MODEL)
    Path("there.md").write_text("mine")
    Path("orders.csv").write_text("total,country\n5,US\n")
    Path("wrong.json").write_text(json.dumps({"totl": 5}))

    def call(words: str) -> tuple[int, str]:
        code = invoke(words.split())
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return call


@pytest.mark.parametrize(
    "words",
    [
        "run nope --input orders.csv",
        "check nope.yaml",
        "capture nope.json",
        "graph nope",
        "nodes show nope",
        "explain NOPE",
        "rules show nope",
        "rules show m.dmn#Nope",
        "rules show m.dmn#Fee",
        "rules show rows.csv",
        "rules eval nope --input -",
        "rules eval level.table.yaml --input nope.json",
        "rules eval level.table.yaml --facts nope.json",
        "rules eval level.table.yaml --input nope.csv --out x.csv",
        "rules eval level.table.yaml --input folder --out x.csv",
        "rules eval level.table.yaml --input orders.csv --out x.ods",
        "rules eval level.table.yaml --input orders.csv --out orders.csv",
        "rules eval level.table.yaml --input orders.csv --out nowhere/x.csv",
        "rules eval level.table.yaml --input m.dmn --out x.csv",
        "rules check nope",
        "rules check m.dmn#Nope",
        "rules check level.table.yaml --orders nope.jsonl",
        "rules convert nope x.md",
        "rules convert nope.csv x.md",
        "rules convert level.table.yaml x.ods",
        "rules convert level.table.yaml there.md",
        "rules convert level.table.yaml nowhere/x.md",
        "rules convert level.table.yaml folder --force",
        "rules export-html nope -o x.html",
        "rules export-html level.table.yaml -o nowhere/x.html",
        "rules export-html level.table.yaml -o folder",
        f"rules export-html level.table.yaml -o {'x' * 300}",
        f"rules convert level.table.yaml {'x' * 300}.md",
        "dmn eval nope.dmn",
        "dmn eval folder",
        "dmn eval m.dmn --decision Nope",
        "dmn eval m.dmn --input nope.json",
        "dmn eval level.table.yaml",
        "dmn check nope.dmn",
        "dmn check level.table.yaml",
    ],
)
def test_what_is_named_and_is_not_there_is_wrong_usage(run: Run, words: str) -> None:
    code, told = run(words)

    assert code == 2, told
    assert Path("there.md").read_text() == "mine"


@pytest.mark.parametrize(
    "words",
    [
        "rules eval level.table.yaml --input wrong.json",
        "rules check wrong.json",
        "dmn eval m.dmn --input wrong.json",
        "dmn check rows.csv",
    ],
)
def test_what_a_file_says_is_a_finding(run: Run, words: str) -> None:
    code, told = run(words)

    assert code == 1, told


@pytest.mark.parametrize(
    "command", ["rules convert level.table.yaml X.md", "rules export-html level.table.yaml -o X.html"]
)
def test_a_file_that_the_system_does_not_let_be_written_is_a_matter_of_the_environment(run: Run, command: str) -> None:
    code, told = run(command.replace("X", "/proc/x"))

    assert code == 4, told
    assert "Y009" in told


def test_rows_that_are_named_in_place_of_their_table_lead_to_it(run: Run) -> None:
    _, told = run("rules show rows.csv")

    assert "name `level.table.yaml`, whose rows these are" in told


def test_rows_are_converted_with_the_one_head_that_names_them(run: Run) -> None:
    code, told = run("rules convert rows.csv x.md")

    assert code == 0, told
    assert "table: level" in Path("x.md").read_text()


def test_a_rule_table_is_no_model_of_the_standard_and_the_command_for_it_is_named(run: Run) -> None:
    _, told = run("dmn eval level.table.yaml")

    assert "level.table.yaml is a rule table: orderloom rules eval level.table.yaml" in told


def test_a_file_that_is_no_text_is_never_shown(run: Run) -> None:
    Path("image.dmn").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\x1b[31m")

    code, told = run("dmn check image.dmn")

    assert code == 1
    assert "the file holds no text" in told
    assert "PNG" not in told
    assert "\x1b" not in told
