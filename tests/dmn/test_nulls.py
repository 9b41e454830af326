"""No answer of a model is null without a word: what is not given, does not fit, or is not defined is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderloom.dmn import Model

MODEL = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="urn:m">
  <inputData id="w" name="weight"><variable name="weight" typeRef="number"/></inputData>
  <decision id="half" name="Half">
    <variable name="Half" typeRef="number"/>
    <informationRequirement><requiredInput href="#w"/></informationRequirement>
    <literalExpression><text>weight / 2</text></literalExpression>
  </decision>
  <decision id="whole" name="Whole">
    <variable name="Whole"/>
    <informationRequirement><requiredDecision href="#half"/></informationRequirement>
    <literalExpression><text>Half * 2</text></literalExpression>
  </decision>
  <decisionService id="service" name="Service">
    <variable name="Service"/><outputDecision href="#whole"/><inputDecision href="#half"/>
  </decisionService>
  <businessKnowledgeModel id="fee" name="fee">
    <variable name="fee"/>
    <encapsulatedLogic>
      <formalParameter name="amount" typeRef="number"/>
      <literalExpression><text>amount * 1.2</text></literalExpression>
    </encapsulatedLogic>
  </businessKnowledgeModel>
  <decision id="ask" name="Ask">
    <variable name="Ask"/>
    <informationRequirement><requiredInput href="#w"/></informationRequirement>
    <knowledgeRequirement><requiredKnowledge href="#fee"/></knowledgeRequirement>
    <knowledgeRequirement><requiredKnowledge href="#service"/></knowledgeRequirement>
    <literalExpression><text>FORMULA</text></literalExpression>
  </decision>
</definitions>
"""


def model(folder: Path, formula: str = "1") -> Model:
    (file := folder / "m.dmn").write_text(MODEL.replace("FORMULA", formula))
    return Model.load(file)


def test_a_service_tells_the_decision_that_it_is_not_given(tmp_path: Path) -> None:
    answer = model(tmp_path).call("Service", {})

    assert answer.value is None
    told = [(problem.code, problem.message, problem.place.line) for problem in answer.problems]
    assert told == [("X039", "the input `Half` of `Service` is not given: it is null", 3)]


def test_a_knowledge_model_tells_the_parameter_that_it_is_not_given(tmp_path: Path) -> None:
    answer = model(tmp_path).call("fee", {})

    assert answer.value is None
    assert [(problem.code, problem.place.line) for problem in answer.problems] == [("X039", 19)]


def test_an_argument_of_another_type_is_told(tmp_path: Path) -> None:
    asked = model(tmp_path)

    codes = [
        [one.code for one in asked.call(*call).problems]
        for call in (("fee", {"amount": "x"}), ("Service", {"Half": "x"}))
    ]

    assert codes == [["X037"], ["X037"]]


def test_an_input_that_is_given_as_null_is_meant(tmp_path: Path) -> None:
    answer = model(tmp_path).call("Service", {"Half": None})

    assert (answer.value, answer.problems) == (None, ())


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("1 + weight / 0", "decision `Ask`: `weight / 0` is null: `weight` is 12"),
        ("fee()", "decision `Ask`: `fee()` is null"),
        ('fee("x")', 'decision `Ask`: `fee("x")` is null'),
        ("Service()", "decision `Ask`: `Service()` is null"),
        ("[weight][2]", "decision `Ask`: `[weight][2]` is null: `[weight]` is [12]"),
    ],
)
def test_a_formula_that_makes_null_of_what_is_there_is_told_with_its_place(
    tmp_path: Path, formula: str, message: str
) -> None:
    answer = model(tmp_path, formula).decide("Ask", {"weight": 12})

    assert answer.value is None
    assert [(one.code, one.message, one.place.line) for one in answer.problems] == [("X045", message, 28)]


def test_a_reason_inside_a_loop_is_told_a_few_times_and_not_every_round(tmp_path: Path) -> None:
    loop = (
        '<for iteratorVariable="n"><in><literalExpression><text>[1..500]</text></literalExpression></in>'
        "<return><literalExpression><text>n / 0</text></literalExpression></return></for>"
    )
    (file := tmp_path / "m.dmn").write_text(
        MODEL.replace("<literalExpression><text>FORMULA</text></literalExpression>", loop)
    )

    answer = Model.load(file).decide("Ask", {"weight": 12})

    assert answer.value == [None] * 500
    assert len(answer.problems) == 10
