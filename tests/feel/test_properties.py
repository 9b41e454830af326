"""What holds for any text and any formula."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from orderloom.feel import Expression, FeelError, FeelSyntaxError, infer, parse, parse_unary_tests
from orderloom.feel.types import from_schema

PIECES = (
    '1 2.5 -3 1e3 "a" "\\u00e9" true false null order lines sku item ? partial x y',
    "+ - * / ** = != < <= > >= and or in between not ( ) [ ] { } , : . .. ] [",
    "if then else for return some every satisfies function instance of number list",
    'date( time( duration( @"2026-03-02" @"P1D" @"P1M" count( sum( substring( sort( replace( matches( split(',
    'string_join( concatenate( append( get_value( coalesce( has( string( flatten( "(a+)+" "[a-z-[b]]"',
    "// /* */ é 🐎 '",
)
WORDS = [word.replace("_", " ") for line in PIECES for word in line.split()]
TEXTS = st.one_of(
    st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join),
    st.text(max_size=40),
)
SCOPE = {
    "order": {"lines": [{"sku": "a", "price": Decimal("1.5")}, {"sku": "b"}], "total": 3.25, "when": date(2026, 3, 2)},
    "x": 3,
    "y": [1, "a", None, timedelta(days=1)],
}


def scalars() -> st.SearchStrategy[str]:
    return st.sampled_from(
        ["1", "0", "-2.5", "10**30", '"a"', '"b c"', "true", "null", "order", "x", "y", '@"2026-03-02"', '@"PT5H"',
         '@"P2M"', '@"2026-03-02T10:00:00Z"', '@"10:00:00"', "[1..3]", "(> 5)", "[]", "order.lines", "{a: 1}"]
    )


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = st.sampled_from(["+", "-", "*", "/", "**", "=", "!=", "<", ">=", "and", "or", "in"])
    functions = st.sampled_from(
        ["count", "sum", "min", "max", "mean", "mode", "flatten", "reverse", "string", "number", "date", "duration",
         "not", "abs", "floor", "sqrt", "exp", "log", "string length", "distinct values", "sort", "get entries",
         "context merge", "union", "product", "median", "stddev", "all", "range", "day of week", "time"]
    )
    pairs = st.sampled_from(
        ["append", "concatenate", "split", "matches", "contains", "string join", "list contains", "index of", "remove",
         "sublist", "substring", "modulo", "decimal", "before", "overlaps", "includes", "starts", "meets", "is",
         "date and time", "years and months duration", "get value", "sort"]
    )
    return st.one_of(
        st.tuples(inner, operators, inner).map(lambda t: f"({t[0]}) {t[1]} ({t[2]})"),
        st.tuples(inner, inner).map(lambda t: f"[{t[0]}, {t[1]}][{t[0]}]"),
        st.tuples(inner, inner).map(lambda t: f"for i in {t[0]} return [i, {t[1]}]"),
        st.tuples(inner, inner).map(lambda t: f"some i in {t[0]} satisfies i = {t[1]}"),
        st.tuples(inner, inner, inner).map(lambda t: f"if {t[0]} then {t[1]} else {t[2]}"),
        st.tuples(functions, inner).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(pairs, inner, inner).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
        st.tuples(inner, inner).map(lambda t: f"(function(a) [a, {t[0]}])({t[1]})"),
        inner.map(lambda t: f"({t}).a"),
        inner.map(lambda t: f"{{a: {t}, b: a}}.b"),
        inner.map(lambda t: f"({t}) between 1 and 5"),
        inner.map(lambda t: f"({t}) instance of number"),
    )


def refused(read: Callable[..., Any], text: str) -> FeelSyntaxError | None:
    try:
        read(text, tuple(SCOPE))
    except FeelSyntaxError as error:
        return error
    return None


def reached(formula: Expression) -> FeelError | None:
    try:
        formula.evaluate(SCOPE)
    except FeelError as error:
        return error
    return None


FORMULAS = st.recursive(scalars(), grown, max_leaves=8)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS)
@example("[1..1[" * 12)
@example("x in (" * 30)
@example("(" * 500)
@example("-" * 500)
@example("{a:" * 200)
@example("if " * 200)
def test_any_text_is_read_or_refused_in_our_own_words_and_soon(text: str) -> None:
    started = time.process_time()
    for read in (parse, parse_unary_tests):
        error = refused(read, text)
        assert error is None or (error.message and 0 <= error.start <= error.end <= len(text))
    assert time.process_time() - started < 20     # a hang, not a measurement


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FORMULAS)
def test_evaluating_any_formula_gives_a_value_or_meets_a_limit(text: str) -> None:
    limit = reached(parse(text, tuple(SCOPE)))

    assert limit is None or limit.code.startswith("E2")


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS)
def test_evaluating_any_text_that_can_be_read_gives_a_value_or_meets_a_limit(text: str) -> None:
    if refused(parse, text) is None:
        limit = reached(parse(text, tuple(SCOPE)))
        assert limit is None or limit.code.startswith("E2")


@settings(max_examples=300, deadline=None)
@given(FORMULAS)
def test_inferring_any_formula_gives_findings_within_its_text(text: str) -> None:
    scope: dict[str, Any] = {
        "order": from_schema({"type": "object", "properties": {"lines": {"type": "array"}}}),
        "x": from_schema({"type": "integer"}),
        "y": from_schema({"type": "array"}),
    }
    for finding in infer(parse(text, tuple(scope)), scope).findings:
        assert 0 <= finding.start < finding.end <= len(text)


@settings(deadline=None)
@given(st.integers(-(10**33), 10**33), st.integers(-(10**33), 10**33))
def test_whole_numbers_stay_whole_and_exact_up_to_34_digits(left: int, right: int) -> None:
    found = parse("[a + b, a - b, a * 1]").evaluate({"a": left, "b": right})

    assert found == [left + right, left - right, left]
    assert all(type(number) is int for number in found)


@settings(deadline=None)
@given(st.text(max_size=30))
def test_a_text_in_data_is_never_read_as_a_formula(text: str) -> None:
    assert parse("a").evaluate({"a": text}) == text
