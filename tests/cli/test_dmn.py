"""`orderloom dmn eval|check`, and decision tables of a .dmn where a rule table is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from orderloom.cli import cli

MODELS = Path(__file__).parent.parent / "dmn" / "models"
TABLES = str(MODELS / "tables.dmn")


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(cli, list(arguments), input=stdin)


def test_a_decision_is_told_with_its_reasons_as_json(tmp_path: Path) -> None:
    file = tmp_path / "copy.dmn"
    file.write_text(Path(TABLES).read_text().replace("&gt; &gt; 3", "&gt; 3"))

    told = run("dmn", "eval", str(file), "--decision", "first", "--input", "-", "--why", "--json", stdin='{"n": 15}')

    assert told.exit_code == 0
    answer = json.loads(told.stdout)
    assert (answer["decision"], answer["value"]) == ("first", "gold")
    assert answer["tables"][0]["why"] == "r2: n > 10"
    assert answer["tables"][0]["rejected"][0] == "r1: n is 15, not > 20"


def test_a_model_with_a_mistake_is_not_asked_anything() -> None:
    told = run("dmn", "eval", TABLES, "--decision", "first")

    assert told.exit_code == 1
    assert "X010" in told.stderr


def test_check_names_every_mistake_and_ends_with_one() -> None:
    told = run("dmn", "check", TABLES, "--format", "json")

    assert told.exit_code == 1
    assert [problem["code"] for problem in json.loads(told.stdout)["problems"]] == ["X010"]


def test_a_clean_model_says_how_many_decisions_it_has() -> None:
    told = run("dmn", "check", str(MODELS / "imports.dmn"))

    assert (told.exit_code, told.stderr) == (0, "imports: 2 decisions, no findings\n")


def test_among_several_decisions_one_has_to_be_named() -> None:
    told = run("dmn", "eval", str(MODELS / "types.dmn"))

    assert told.exit_code == 2
    assert "say which decision with --decision NAME" in told.stderr


def test_why_a_value_is_null_is_told_beside_it() -> None:
    told = run("dmn", "eval", str(MODELS / "types.dmn"), "--decision", "number", "--input", "-", stdin='{"any": "one"}')

    assert told.exit_code == 0
    assert told.stdout == "number: null\n"
    assert "X030" in told.stderr


@pytest.mark.parametrize("words", [("show",), ("eval", "--input", "-")])
def test_a_decision_of_a_model_is_a_table(words: tuple[str, ...]) -> None:
    command, *rest = words

    told = run("rules", command, f"{TABLES}#first", *rest, stdin='{"n": 15}')

    assert told.exit_code == 0, told.stderr


def test_a_decision_of_a_model_is_proven_as_a_table() -> None:
    told = run("rules", "check", f"{TABLES}#first", "--json")

    gaps = [finding["region"] for finding in json.loads(told.stdout)["findings"] if finding["kind"] == "gap"]
    assert told.exit_code == 1
    assert {"n": "<= 0"} in gaps


def test_a_model_is_not_mended_in_its_file() -> None:
    told = run("rules", "check", f"{TABLES}#first", "--fix")

    assert told.exit_code == 2
    assert "a .dmn file is edited where it was drawn" in told.stderr


def test_a_file_with_several_tables_asks_which(tmp_path: Path) -> None:
    told = run("rules", "show", TABLES)

    assert told.exit_code == 1
    assert "name the decision" in told.stderr
