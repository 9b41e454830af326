"""A table of a model that is indexed gives the rules that asking every cell gives, whatever facts and cells are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from orderloom.dmn import Model
from orderloom.dmn.index import FEWEST, RuleIndex
from orderloom.feel import MonthsDuration, UnaryTests, parse, parse_unary_tests
from orderloom.feel.wide import WideDate

SCOPE = {"limit": 3, "names": ["a", "b"], "day": date(2026, 3, 2)}
CELLS = (
    "1", "2.50", "-1", "<= 3", "> 2", "[1..3]", "(1..3)", "[3..1]", "[1..null]", "1, 5", "not(1)", "not(1, 2)",
    "< limit", '"a"', '"a", "b"', 'not("a")', '< "b"', '["a".."c"]', 'not("a", null)', "names", "not(names)",
    "true", "false", "not(true)", "null", "not(null)", '1, "a"', '@"2026-03-02"', '>= @"2026-03-02"',
    'date("2026-03-02")', "day", '[@"2026-01-01"..@"2026-12-31"]', '@"P1D"', '> @"PT12H"', '@"P1Y"', '< @"P2Y"',
    '@"12:00:00"', '> @"12:00:00Z"', '@"2026-03-02T10:00:00Z"', "? > 2", "? = null", "list contains(?, 1)", "(< 3)",
    "not(< 3)", "{a: 1}", "[1, 2]",
)  # fmt: skip
FACTS: tuple[Any, ...] = (
    None, 0, 1, 2, Decimal("2.5"), 3, Decimal("1.0"), -1, 5, "a", "b", "c", "", True, False, date(2026, 3, 2),
    date(2025, 1, 1), WideDate(999_999, 1, 1), timedelta(days=1), timedelta(hours=13), MonthsDuration(12),
    MonthsDuration(30), time(12), time(12, tzinfo=UTC), datetime(2026, 3, 2, 10, tzinfo=UTC), [1, 2], ["a"], [], [1],
    {"a": 1}, parse("[1..3]").evaluate({}), parse("function(a) a").evaluate({}),
)  # fmt: skip


@dataclass(frozen=True)
class Cell:
    column: int
    tests: UnaryTests


@dataclass(frozen=True)
class Rule:
    cells: Sequence[Cell]


def rule(texts: Sequence[str]) -> Rule:
    names = tuple(SCOPE)
    return Rule([Cell(at, parse_unary_tests(text, names)) for at, text in enumerate(texts) if text != "-"])


ROWS = st.lists(st.tuples(*[st.sampled_from(("-", *CELLS))] * 2), min_size=FEWEST, max_size=2 * FEWEST)


@given(ROWS, st.lists(st.tuples(*[st.sampled_from(FACTS)] * 2), min_size=1, max_size=6))
def test_the_index_always_finds_the_rules_that_every_cell_says(
    rows: Sequence[Sequence[str]], facts: Sequence[Sequence[Any]]
) -> None:
    rules = [rule(texts) for texts in rows]
    index, plain = RuleIndex(rules, 2, soon=0), RuleIndex(rules, 2, soon=1000)

    for one in facts:
        assert list(index.holding(one, SCOPE)) == list(plain.holding(one, SCOPE))


def test_every_cell_is_told_for_every_fact_as_feel_tells_it() -> None:
    rules = [rule([text]) for text in CELLS]
    index = RuleIndex(rules, 1, soon=0)

    for fact in FACTS:
        expected = [at for at, one in enumerate(rules) if one.cells[0].tests.matches(fact, SCOPE) is True]
        assert list(index.holding([fact], SCOPE)) == expected, fact


def test_a_table_in_a_loop_answers_as_it_does_alone(tmp_path: Path) -> None:
    rules = "".join(
        f"<rule><inputEntry><text>[{10 * at}..{10 * at + 10})</text></inputEntry>"
        f"<outputEntry><text>{at} + size</text></outputEntry></rule>"
        for at in range(40)
    )
    (file := tmp_path / "m.dmn").write_text(
        '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="urn:m">'
        '<businessKnowledgeModel id="f" name="step"><variable name="step"/><encapsulatedLogic>'
        '<formalParameter name="size"/><decisionTable><input><inputExpression><text>size</text></inputExpression>'
        f"</input><output/>{rules}</decisionTable></encapsulatedLogic></businessKnowledgeModel>"
        '<decision id="d" name="All"><variable name="All"/>'
        '<knowledgeRequirement><requiredKnowledge href="#f"/></knowledgeRequirement>'
        "<literalExpression><text>for n in 0..410 return step(n)</text></literalExpression></decision></definitions>"
    )

    answer = Model.load(file).decide("All", {})

    assert answer.value == [n // 10 + n if n < 400 else None for n in range(411)]
    assert {problem.code for problem in answer.problems} == {"X034"}
