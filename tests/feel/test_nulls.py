"""A null that a formula made of what was there has a part that made it; one that was meant has none."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest
from tests.feel.random_formulas import SCOPE, Writer

from orderloom.feel import NOW, Expression, FeelError, FeelSyntaxError, parse
from orderloom.feel.nulls import Origin, origin_of_null

FACTS: dict[str, Any] = {
    "total": 20,
    "code": "abc",
    "nothing": None,
    "order": {"lines": [{"sku": "A"}], "note": None},
    "day": date(2026, 3, 2),
}
VALUES: dict[str, Any] = {**SCOPE, NOW: datetime(2026, 3, 2, tzinfo=UTC)}


def origin(text: str) -> Origin | None:
    formula = parse(text, tuple(FACTS))
    assert formula.evaluate(FACTS) is None
    return origin_of_null(formula, FACTS)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("1 + (total / 0)", "total / 0"),
        ("number(code) * 2", "number(code)"),
        ("order.lines[3].sku", "order.lines[3]"),
        ("order.weight + 1", "order.weight"),
        ('total > "20"', 'total > "20"'),
        ("if total > 5 then number(code) else null", "number(code)"),
        ("for one in total / 0 return one", "total / 0"),
        ("sum(nothing, number(code))", "number(code)"),
        ("day - total", "day - total"),
    ],
)
def test_the_innermost_part_that_made_null_is_named(text: str, part: str) -> None:
    found = origin(text)

    assert found is not None
    assert text[found.start : found.end] == part


@pytest.mark.parametrize(
    "text", ["null", "nothing", "nothing + 1", "order.note", "if total > 5 then null else 1", "coalesce(nothing, null)"]
)
def test_a_null_that_is_meant_is_not_explained(text: str) -> None:
    assert origin(text) is None


def test_what_it_was_made_of_leaves_constants_out() -> None:
    found = origin("total / 0")

    assert found is not None
    assert found.of == (("total", 20),)


def test_looking_for_a_reason_ends_and_raises_nothing() -> None:
    met = Counter(_met(Writer(seed).formula()) for seed in range(1500))

    assert met["explained"] > 100
    assert met["meant"] > 5


def _met(text: str) -> str:
    """Also that the part is null by itself, and what it was made of is not."""
    try:
        formula = parse(text, tuple(SCOPE))
        if formula.evaluate(VALUES) is not None:
            return "value"
    except (FeelSyntaxError, FeelError):
        return "refused"
    found = origin_of_null(formula, VALUES)
    if found is None:
        return "meant"
    assert parse(text[found.start : found.end], tuple(SCOPE)).evaluate(VALUES) is None, text
    assert all(value is not None for _, value in found.of), text
    assert isinstance(formula, Expression)
    return "explained"
