"""What is wrong with a model is told with its place and a mend; what would be null says why."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from orderloom.dmn import Model
from orderloom.problems import Problem, ProblemsError

MODEL = "https://www.omg.org/spec/DMN/20230324/MODEL/"
HEAD = '<definitions xmlns="{model}" name="m" namespace="{namespace}">\n{body}\n</definitions>'


def write(folder: Path, body: str, name: str = "m.dmn", namespace: str = "https://example.com/m") -> Path:
    path = folder / name
    path.write_text(HEAD.format(model=MODEL, body=body, namespace=namespace), encoding="utf-8")
    return path


def refused(path: Path) -> Problem:
    with pytest.raises(ProblemsError) as error:
        Model.load(path)
    return error.value.problems[0]


def found(path: Path) -> list[Problem]:
    return Model.load(path).check()


def decision(identity: str, text: str, *required: str) -> str:
    needs = "".join(
        f'<informationRequirement><requiredDecision href="#{one}"/></informationRequirement>' for one in required
    )
    return (
        f'<decision id="{identity}" name="{identity}"><variable name="{identity}"/>{needs}'
        f"<literalExpression><text>{text}</text></literalExpression></decision>"
    )


def test_decisions_that_require_one_another_are_refused_with_the_path(tmp_path: Path) -> None:
    path = write(tmp_path, "\n".join([decision("a", "c", "c"), decision("b", "a", "a"), decision("c", "b", "b")]))

    problem = refused(path)

    assert (problem.code, problem.place.line) == ("X024", 2)
    assert "`a` → `c` → `b` → `a`" in problem.message


def test_a_formula_that_cannot_be_read_is_told_at_its_line_and_column(tmp_path: Path) -> None:
    path = write(tmp_path, decision("a", "\n   1 + + 2"))

    problem = found(path)[0]

    assert (problem.code, problem.place.line, problem.place.column) == ("X010", 3, 8)


def test_a_type_that_does_not_exist_is_told_with_the_nearest(tmp_path: Path) -> None:
    body = '<itemDefinition name="tOrder"><typeRef>strng</typeRef></itemDefinition>'
    path = write(tmp_path, body + decision("a", "1").replace('name="a"/>', 'name="a" typeRef="tOder"/>'))

    problems = {problem.message: problem for problem in found(path)}

    assert problems["there is no type `tOder`"].help == "did you mean `tOrder`?"
    assert problems["there is no type `strng`"].help == "did you mean `string`?"


def test_a_type_that_is_made_of_itself_is_told_with_the_path(tmp_path: Path) -> None:
    body = "".join(
        f'<itemDefinition name="{name}"><typeRef>{other}</typeRef></itemDefinition>'
        for name, other in (("tA", "tB"), ("tB", "tA"))
    )

    assert "tA → tB → tA" in found(write(tmp_path, body))[0].message


def test_a_reference_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    problem = found(write(tmp_path, decision("a", "1", "bb") + decision("b", "1")))[0]

    assert problem.code == "X025"
    assert problem.message == "`a` refers to `#bb`, and there is no such element"


def test_two_elements_with_one_id_are_told(tmp_path: Path) -> None:
    assert found(write(tmp_path, decision("a", "1") + decision("a", "2")))[0].code == "X020"


def test_a_rule_without_a_cell_for_every_column_is_told(tmp_path: Path) -> None:
    table = (
        "<decisionTable><input><inputExpression><text>1</text></inputExpression></input><output/>"
        "<rule><outputEntry><text>1</text></outputEntry></rule></decisionTable>"
    )
    body = f'<decision id="a" name="a"><variable name="a"/>{table}</decision>'

    problem = found(write(tmp_path, body))[0]

    assert (problem.code, problem.help) == ("X016", "give each column its entry; `-` asks nothing")


def test_another_language_and_java_are_named(tmp_path: Path) -> None:
    foreign = decision("a", "1").replace("<literalExpression>", '<literalExpression expressionLanguage="urn:js">')
    java = '<decision id="b" name="b"><variable name="b"/><functionDefinition kind="Java"/></decision>'

    assert [problem.code for problem in found(write(tmp_path, foreign + java))] == ["X013", "X014"]


def test_an_import_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, '<import name="x" namespace="urn:x" locationURI="https://example.com/x.dmn"/>')

    problem = refused(path)

    assert problem.code == "X021"
    assert problem.help == "put the file beside this one; nothing is fetched from elsewhere"


def test_an_import_never_leads_out_of_the_folder(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    write(tmp_path, "", "secret.dmn", "urn:secret")

    path = write(inside, '<import name="x" namespace="urn:secret" locationURI="../secret.dmn"/>')

    assert refused(path).code == "X021"


def test_files_that_import_one_another_are_refused_with_the_path(tmp_path: Path) -> None:
    write(tmp_path, '<import name="a" namespace="urn:a"/>', "b.dmn", "urn:b")

    problem = refused(write(tmp_path, '<import name="b" namespace="urn:b"/>', "a.dmn", "urn:a"))

    assert problem.code == "X022"
    assert "a.dmn → b.dmn → a.dmn" in problem.message


def test_facts_that_nobody_asks_for_are_refused_with_the_nearest(tmp_path: Path) -> None:
    model = Model.load(write(tmp_path, '<inputData id="w" name="weight"><variable name="weight"/></inputData>'))

    with pytest.raises(ProblemsError) as error:
        model.facts({"wieght": 1})

    assert error.value.problems[0].help == "did you mean `weight`?"


def test_a_decision_that_is_not_there_is_refused_with_the_nearest(tmp_path: Path) -> None:
    model = Model.load(write(tmp_path, decision("Carrier", "1")))

    with pytest.raises(ProblemsError, match="no decision `Carier`"):
        model.decide("Carier", {})


def test_functions_that_multiply_one_another_end_at_a_limit(tmp_path: Path) -> None:
    head = (
        '<businessKnowledgeModel id="f0" name="f0"><variable name="f0"/><encapsulatedLogic><formalParameter name="n"/>'
        "<literalExpression><text>n</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>"
    )
    for number in range(1, 30):
        head += (
            f'<businessKnowledgeModel id="f{number}" name="f{number}"><variable name="f{number}"/><encapsulatedLogic>'
            f'<formalParameter name="n"/><literalExpression><text>f{number - 1}(n) + f{number - 1}(n)</text>'
            f'</literalExpression></encapsulatedLogic><knowledgeRequirement><requiredKnowledge href="#f{number - 1}"/>'
            "</knowledgeRequirement></businessKnowledgeModel>"
        )
    asked = (
        '<decision id="d" name="d"><variable name="d"/><knowledgeRequirement><requiredKnowledge href="#f29"/>'
        "</knowledgeRequirement><literalExpression><text>f29(1)</text></literalExpression></decision>"
    )

    answer = Model.load(write(tmp_path, head + asked)).decide("d", {})

    assert answer.value is None
    assert [problem.code for problem in answer.problems] == ["X036"]


def test_every_other_rule_says_which_test_failed(tmp_path: Path) -> None:
    model = Model.load(Path(__file__).parent / "models" / "tables.dmn")

    answer = model.decide("first", {"n": 15})

    table = answer.tables[0]
    assert (table.rules, table.why) == (("r2",), "r2: n > 10")
    assert [str(one) for one in table.rejected] == ["r1: n is 15, not > 20", "r3: applies too, but r2 answers"]


def test_rules_go_by_the_labels_that_tell_them_apart(tmp_path: Path) -> None:
    rule = (
        '<rule label="NAME"><inputEntry><text>-</text></inputEntry><outputEntry><text>"a"</text></outputEntry></rule>'
    )
    table = (
        '<decision id="d" name="d"><variable name="d"/><decisionTable hitPolicy="FIRST">'
        "<input><inputExpression><text>1</text></inputExpression></input><output/>RULES</decisionTable></decision>"
    )
    for labels, named in ((("heavy", "light"), "heavy"), (("same", "same"), "r1")):
        rules = "".join(rule.replace("NAME", label) for label in labels)
        answer = Model.load(write(tmp_path, table.replace("RULES", rules))).decide("d", {})
        assert answer.tables[0].rules == (named,)


DATED = (
    '<decision id="d" name="Route"><variable name="Route"/><decisionTable hitPolicy="FIRST"><input>'
    "<inputExpression><text>1</text></inputExpression></input><output/>"
    '<rule xmlns:o="https://orderloom.dev/dmn" o:valid_from="2026-03-01" o:valid_until="DAY"><inputEntry><text>-</text>'
    '</inputEntry><outputEntry><text>"sale"</text></outputEntry></rule>'
    '<rule><inputEntry><text>-</text></inputEntry><outputEntry><text>"plain"</text></outputEntry></rule>'
    "</decisionTable></decision>"
)


@pytest.mark.parametrize(
    ("day", "value"), [("2026-02-28", "plain"), ("2026-03-01", "sale"), ("2026-03-31", "sale"), ("2026-04-01", "plain")]
)
def test_a_rule_that_is_valid_on_some_days_answers_on_those(tmp_path: Path, day: str, value: str) -> None:
    model = Model.load(write(tmp_path, DATED.replace("DAY", "2026-03-31")))

    answer = model.decide("Route", {}, datetime.fromisoformat(f"{day}T12:00:00+00:00"))

    assert answer.value == value
    if value == "plain":
        told = f"r1: is valid from 2026-03-01 until 2026-03-31, and the day is {day}"
        assert str(answer.tables[0].rejected[0]) == told


def test_a_day_of_validity_that_is_none_is_told(tmp_path: Path) -> None:
    problem = found(write(tmp_path, DATED.replace("DAY", "soon")))[0]

    assert (problem.code, problem.place.line, problem.help) == ("X046", 2, "write it as 2026-03-02")
