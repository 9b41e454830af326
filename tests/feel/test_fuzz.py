"""Random formulas, and random ones broken, raise nothing but declared errors and come to an end."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from tests.feel.random_formulas import SCOPE, Writer

from orderloom.codes import codes
from orderloom.feel import NOW, Expression, FeelError, FeelSyntaxError, UnaryTests, format_value, infer, parse
from orderloom.feel import parse_unary_tests as parse_cell
from orderloom.feel.comparing import key
from orderloom.feel.types import ANY, ListOf, Record

TYPES = {"order": Record({"lines": ListOf(ANY)}), **dict.fromkeys(("x", "y", "order weight", "at", "clock"), ANY)}
LONGEST_S = 20      # a hang, not a measurement
NAMES = tuple(SCOPE)
VALUES: dict[str, Any] = {**SCOPE, NOW: datetime(2026, 3, 2, tzinfo=UTC)}


def outcome(text: str) -> str:
    """`refused`, `limit`, `null` or `value`; whatever else is raised goes up with the formula."""
    try:
        return read_and_evaluate(text)
    except Exception as error:
        error.add_note(f"the formula was: {text!r}")
        raise


def read_and_evaluate(text: str) -> str:
    formula, refusal = read(text)
    if formula is not None:
        return evaluated(formula)
    assert refusal is not None
    assert refusal.code in codes()
    assert refusal.message
    assert 0 <= refusal.start <= refusal.end <= len(text)
    return "refused"


def read(text: str) -> tuple[Expression | None, FeelSyntaxError | None]:
    try:
        return parse(text, NAMES), None
    except FeelSyntaxError as refusal:
        return None, refusal


def evaluated(formula: Expression) -> str:
    assert all(0 <= read.start < read.end <= len(formula.text) for read in formula.reads)
    for finding in infer(formula, TYPES).findings:
        assert finding.code in codes()
        assert 0 <= finding.start <= finding.end <= len(formula.text)
    value, limit = value_of(formula)
    assert limit is None or limit.code in codes()
    return "limit" if limit else "null" if value is None else "value"


def value_of(formula: Expression) -> tuple[Any, FeelError | None]:
    """The value, which can also be written and compared; or the limit that was met."""
    try:
        value = formula.evaluate(VALUES)
        format_value(value)
        hash(key(value))
    except FeelError as limit:
        return None, limit
    return value, None


def matched(text: str) -> str:
    try:
        cell: UnaryTests = parse_cell(text, NAMES, bare_words=len(text) % 2 == 0)
        return str(cell.matches(3, VALUES))
    except FeelSyntaxError:
        return "refused"
    except FeelError:
        return "limit"


def test_random_formulas_give_a_value_or_meet_a_limit(fuzz: tuple[int, int]) -> None:
    count, seed = fuzz
    writer, seen = Writer(seed), Counter[str]()
    for _ in range(count):
        text = writer.formula()
        started = time.process_time()
        seen[outcome(text)] += 1
        assert time.process_time() - started < LONGEST_S, text

    print(dict(seen))
    assert seen["value"] > count / 5
    assert seen["refused"] < count / 50


def test_broken_formulas_are_refused_in_our_own_words_or_evaluated(fuzz: tuple[int, int]) -> None:
    count, seed = fuzz
    writer, seen = Writer(seed + 1), Counter[str]()
    for _ in range(count):
        text = writer.broken()
        started = time.process_time()
        seen[outcome(text)] += 1
        seen[f"cell {matched(text)}"] += 1
        assert time.process_time() - started < LONGEST_S, text

    print(dict(seen))
    assert seen["refused"] > count / 5
