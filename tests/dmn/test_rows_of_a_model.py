"""A head of ours whose rows stand in the decision table of a model: `rows: carriers.dmn`."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.dmn.test_round_trip import FACTS, NOW, Plain, loaded, plain_tables, told
from tests.searching import search

from orderloom.cli import invoke
from orderloom.dmn import definitions_of, write
from orderloom.problems import Place, Problem, ProblemsError
from orderloom.rules import check_table, read_table
from orderloom.rules.load import load_table

MODEL = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="urn:m">
  <decision id="route" name="Route">
    <variable name="Route"/>
    <decisionTable hitPolicy="FIRST">
      <input><inputExpression><text>order.total</text></inputExpression></input>
      <input label="country"><inputExpression><text>order.ship_to.country</text></inputExpression></input>
      <output name="carrier"/>
      <rule label="big"><inputEntry><text>&gt; 500</text></inputEntry><inputEntry><text>-</text></inputEntry>
        <outputEntry><text>"freight"</text></outputEntry></rule>
      <rule><inputEntry><text>-</text></inputEntry><inputEntry><text>"US", "CA"</text></inputEntry>
        <outputEntry><text>"ups"</text></outputEntry></rule>
      <rule><inputEntry><text>-</text></inputEntry><inputEntry><text>-</text></inputEntry>
        <outputEntry><text>"dhl"</text></outputEntry></rule>
    </decisionTable>
  </decision>
  <decision id="fee" name="Fee"><variable name="Fee"/><literalExpression><text>1</text></literalExpression></decision>
</definitions>
"""
HEAD = """\
table: route
hit: first
inputs:
  amount: {is: order.total, type: number, unit: USD, range: "[0..10000]"}
  country: {is: order.ship_to.country, type: text}
outputs:
  carrier: {type: text, values: [freight, ups, dhl]}
rows: m.dmn
cases:
  - {given: {amount: 900, country: US}, then: {carrier: freight}}
  - {given: {amount: 5, country: US}, then: {carrier: ups}}
"""
DEFAULT = '<output name="carrier"><defaultOutputEntry><text>"dhl"</text></defaultOutputEntry></output>'
Find = Callable[..., list[Problem]]


@pytest.fixture
def find(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Find:
    """`find(head, model)`: all findings about a table with its rows in a model."""
    monkeypatch.chdir(tmp_path)

    def found(head: str = HEAD, model: str = MODEL) -> list[Problem]:
        Path("m.dmn").write_text(model, encoding="utf-8")
        Path("t.table.yaml").write_text(head, encoding="utf-8")
        try:
            return check_table(read_table(Path("t.table.yaml")))
        except ProblemsError as error:
            return list(error.problems)

    return found


def test_rows_are_those_of_the_model_and_columns_those_of_the_head(find: Find) -> None:
    assert find() == []

    table = read_table(Path("t.table.yaml"))
    decision = table.decide_columns({"amount": 5, "country": "NO"})
    assert (decision.rows, decision.outputs) == (("r3",), {"carrier": "dhl"})
    assert [row.id for row in table.rows] == ["big", "r2", "r3"]


@pytest.mark.parametrize("named", ["m.dmn#Route", "m.dmn"])
def test_the_decision_may_be_named(find: Find, named: str) -> None:
    assert find(HEAD.replace("m.dmn", named)) == []


@pytest.mark.parametrize(
    ("head", "model", "code", "line"),
    [
        (HEAD.replace("m.dmn", "m.dmn#Rout"), MODEL, "X026", 1),
        (HEAD.replace("m.dmn", "m.dmn#Fee"), MODEL, "X041", 16),
        (HEAD.replace("m.dmn", "n.dmn"), MODEL, "D005", 8),
        (HEAD.replace("hit: first", "hit: any"), MODEL, "D083", 2),
        (HEAD.replace("hit: first\n", ""), MODEL, "D083", 7),
        (HEAD.replace("order.total", "order.sum"), MODEL, "D007", 5),
        (HEAD, MODEL.replace("&gt; 500", "&gt; &gt; 500"), "D010", 8),
        (HEAD, MODEL.replace('"dhl"', '"tnt"'), "D012", 13),
        (HEAD, MODEL.replace('<output name="carrier"/>', DEFAULT), "D083", 7),
    ],
)
def test_what_does_not_fit_is_told_where_it_stands(find: Find, head: str, model: str, code: str, line: int) -> None:
    found = find(head, model)

    assert (found[0].code, found[0].place.line) == (code, line)
    assert found[0].help


def test_a_table_with_its_rows_in_a_model_is_proven_and_converted_and_the_model_is_never_edited(
    find: Find, capsys: pytest.CaptureFixture[str]
) -> None:
    find(model=MODEL.replace('"dhl"', '"freightt"'))
    before = Path("m.dmn").read_bytes()

    assert invoke(["rules", "check", "t.table.yaml", "--fix"]) == 1
    assert "a .dmn file is edited where it was drawn" in capsys.readouterr().err
    assert Path("m.dmn").read_bytes() == before

    find()
    assert invoke(["rules", "check", "t.table.yaml"]) == 0
    assert invoke(["rules", "convert", "t.table.yaml", "whole.md"]) == 0
    assert invoke(["rules", "check", "whole.md"]) == 0


@search(100)
@given(plain_tables(), st.lists(FACTS, min_size=1, max_size=5))
def test_a_table_always_decides_the_same_with_its_rows_in_a_model(
    plain: Plain, facts: Sequence[Mapping[str, Any]]
) -> None:
    head, _ = plain
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "t.dmn").write_text(write(definitions_of(*plain)), encoding="utf-8")
        after = load_table({**head, "rows": "t.dmn"}, Place("t.table.yaml"), [Path(folder)]).at(NOW)

    assert [told(after, one) for one in facts] == [told(loaded(plain), one) for one in facts]
