"""Cells of rule tables: what a value has to be."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from orderloom.feel import FeelSyntaxError, parse_unary_tests


@pytest.mark.parametrize(
    ("cell", "value", "expected"),
    [
        ("-", None, True),
        ("", 5, True),
        ("<= 5", Decimal("5.0"), True),
        ("<= 5", "5", None),
        ("<= 5", None, None),
        ("(0.5..30]", 30, True),
        ("(0.5..30]", Decimal("0.5"), False),
        ("]0..1[", 1, False),
        ('"US", "CA"', "CA", True),
        ('"US", "CA"', "MX", False),
        ('not("US", "CA")', "MX", True),
        ("not(1, [5..7])", 6, False),
        ("not(> 5)", None, None),
        ("not([1..2))", 2, True),
        ("not([1..2))", 1, False),
        ("not((1..2])", 1, True),
        ("not((1..2])", 2, False),
        ("not([1..2), (3..4])", 3, True),
        ("not([1..2), (3..4])", Decimal("1.5"), False),
        ("not(]1..2[)", 2, True),
        ("not(? in [1..2))", 2, True),
        ("not(? in [1..2))", 1, False),
        ("not(? in [1..2)) and ? in (1..3)", 2, True),
        ("not(even(?)) and (limit > 3)", 5, True),
        ("null", None, True),
        ("null", 1, False),
        ("true", False, False),
        ("< 3, > 10, [5..6]", 5, True),
        ("> limit", 5, True),
        ("> limit + 1", 5, False),
        ('@"2026-03-02"', date(2026, 3, 2), True),
        ('starts with(?, "AB")', "ABC", True),
        ("? > 3 and ? < 6", 4, True),
        ("[1, 2, 3]", 2, True),
        ("words", "a", True),
        ("even(?)", 4, True),
        ("(< 5)", 4, True),
        ("1..5", 3, "refused"),
    ],
)
def test_a_cell_says_what_a_value_has_to_be(cell: str, value: Any, expected: Any) -> None:
    scope = {"limit": 4, "words": ["a", "b"]}
    if expected == "refused":
        with pytest.raises(FeelSyntaxError):
            parse_unary_tests(cell, tuple(scope))
        return
    assert parse_unary_tests(cell, tuple(scope)).matches(value, scope) is expected


@pytest.mark.parametrize(
    ("cell", "value", "expected"),
    [
        ("US, CA", "CA", True),
        ("not(US, CA)", "MX", True),
        ("Dangerous Goods (UN)", "Dangerous Goods (UN)", True),
        ("02134", "02134", True),
        ("NO", "NO", True),
        ("true", "true", True),
        ('"US", CA', "CA", True),
        ("null", None, True),
        ("A-1, B/2", "B/2", True),
        ('starts with(?, "A")', "AB", True),
        ("not(starts with(?, \"A\"))", "AB", False),
        ("> \"M\"", "Z", True),
        ("O'Brien, #7, 50% off", "#7", True),
        ("Really?", "Really?", True),
        ("not available", "not available", True),
        ("-", "anything", True),
    ],
)
def test_bare_words_of_a_text_column_are_texts(cell: str, value: Any, expected: bool) -> None:
    assert parse_unary_tests(cell, bare_words=True).matches(value, {}) is expected


def test_a_cell_reads_the_names_of_other_facts() -> None:
    cell = parse_unary_tests("> order weight, < order.limit", ("order weight", "order"))

    assert [read.path for read in cell.reads] == [("order weight",), ("order", "limit")]


def test_a_cell_that_cannot_be_read_is_refused_with_its_place() -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        parse_unary_tests('"US", >')

    assert (caught.value.start, caught.value.message) == (7, "the formula ends where a value is needed")
