"""docs/formulas.md is true: each formula of its tables gives the result beside it, and no function is left out."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from orderloom.feel import NOW, errors, parse
from orderloom.feel.comparing import equal
from orderloom.feel.functions.table import FUNCTION_NAMES
from orderloom.feel.values import kind

PAGE = (Path(__file__).parents[2] / "docs" / "formulas.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(.+?)` \| `(.+?)` \|", PAGE, re.MULTILINE)
SCOPE = {NOW: datetime(2026, 3, 2, 10, tzinfo=UTC)}


@pytest.mark.parametrize(("formula", "result"), ROWS)
def test_a_formula_of_the_page_gives_the_result_beside_it(formula: str, result: str) -> None:
    found, expected = parse(formula).evaluate(SCOPE), parse(result).evaluate(SCOPE)

    assert kind(found) == kind(expected)
    assert equal(found, expected) is True


def test_every_function_is_shown_with_an_example() -> None:
    shown = {formula.partition("(")[0] for formula, _ in ROWS}

    assert set(FUNCTION_NAMES) - shown == set()


def test_the_limits_of_the_page_are_those_of_the_language() -> None:
    limits = PAGE.partition("## Limits")[2]

    for limit in (
        errors.MAX_FORMULA, errors.MAX_DEPTH, errors.MAX_TREE_DEPTH, errors.MAX_LIST, errors.MAX_TEXT,
        errors.MAX_STEPS, errors.MAX_CALLS, errors.MAX_NESTING, errors.MAX_PATTERN,
    ):
        assert f"{limit:,}" in limits
