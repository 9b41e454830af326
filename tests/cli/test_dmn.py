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

    assert told.exit_code == 2
    assert "name the decision" in told.stderr


KNOWLEDGE = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="urn:m">
  <businessKnowledgeModel id="fee" name="fee">
    <variable name="fee"/>
    <encapsulatedLogic>
      <formalParameter name="weight" typeRef="number"/><formalParameter name="day" typeRef="date"/>
      <literalExpression><text>weight + day.year</text></literalExpression>
    </encapsulatedLogic>
  </businessKnowledgeModel>
  <decision id="half" name="Half">
    <variable name="Half"/>
    <literalExpression><text>21</text></literalExpression>
  </decision>
  <decision id="all" name="Whole">
    <variable name="Whole"/>
    <informationRequirement><requiredDecision href="#half"/></informationRequirement>
    <literalExpression><text>Half * 2</text></literalExpression>
  </decision>
  <decisionService id="service" name="Service">
    <variable name="Service"/><outputDecision href="#all"/><encapsulatedDecision href="#half"/>
  </decisionService>
</definitions>
"""


def test_the_parameters_of_a_knowledge_model_are_its_inputs_and_read_in_their_types(tmp_path: Path) -> None:
    (file := tmp_path / "m.dmn").write_text(KNOWLEDGE)

    fee = ("dmn", "eval", str(file), "--decision", "fee", "--input", "-")
    told = run(*fee, stdin='{"weight": 2, "day": "2026-03-02"}')
    slip = run(*fee, stdin='{"wieght": 2}')

    assert (told.exit_code, told.stdout) == (0, "fee: 2028\n")
    assert slip.exit_code == 1
    assert "did you mean `weight`?" in slip.stderr


def test_a_decision_that_only_a_service_gives_out_is_the_one_that_is_made(tmp_path: Path) -> None:
    (file := tmp_path / "m.dmn").write_text(KNOWLEDGE)

    told = run("dmn", "eval", str(file))

    assert (told.exit_code, told.stdout) == (0, "Whole: 42\n")


def test_a_name_that_nothing_has_is_told_with_its_line_and_a_suggestion(tmp_path: Path) -> None:
    (file := tmp_path / "m.dmn").write_text(KNOWLEDGE.replace("Half * 2", "Halv * summ([1, 2])"))

    checked = run("dmn", "check", str(file))
    asked = run("dmn", "eval", str(file), "--json")

    assert checked.exit_code == 0
    assert "warning[X044]: nothing here is named `Halv`" in checked.stderr
    assert "m.dmn:16:30" in checked.stderr
    assert "did you mean `Half`?" in checked.stderr
    assert "did you mean `sum`?" in checked.stderr
    assert "X044 nothing here is named `Halv`: it is null" in json.loads(asked.stdout)["problems"]
