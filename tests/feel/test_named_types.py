"""Types by name, and values in the type that is wanted."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from orderloom.feel import TypeName, coerce, parse, parse_type

TYPES: dict[str, TypeName] = {
    "order line": parse_type("context<sku: string, quantity: number>"),
    "lines": TypeName(0, 0, "list", (("", TypeName(0, 0, "order line")),)),
    "amount": parse_type("number"),
    "loop": TypeName(0, 0, "loop"),
    "tree": parse_type("context<value: number, children: list<tree>>"),
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{sku: "a", quantity: 1} instance of order line', True),
        ('{sku: "a", quantity: "b"} instance of order line', False),
        ('[{sku: "a", quantity: 1, more: 2}] instance of lines', True),
        ("[] instance of list<order line>", True),
        ("1 instance of amount", True),
        ("1 instance of nothing", None),
        ("1 instance of loop", None),
        ("{value: 1, children: [{value: 2, children: []}]} instance of tree", True),
        ("{value: 1, children: [{value: 2, children: [{}]}]} instance of tree", False),
        ("(function(l: order line) l.quantity * 2)({sku: \"a\", quantity: 3})", 6),
        ("(function(l: order line) l.quantity * 2)(3)", None),
        ("(function(l: lines) count(l))({sku: \"a\", quantity: 3})", 1),
    ],
)
def test_a_type_may_be_named_outside_of_the_formula(text: str, expected: Any) -> None:
    assert parse(text, (), TYPES).evaluate({}) is expected or parse(text, (), TYPES).evaluate({}) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("function<> -> Any", True),
        ("function<> -> context<b: string>", True),
        ("function<> -> context<b: string, d: string>", False),
        ("function<number> -> Any", False),
        ("function", True),
    ],
)
def test_a_function_is_of_a_type_by_its_parameters_and_its_result(text: str, expected: bool) -> None:
    assert parse(f'(function() {{b: "b", c: [1]}}) instance of {text}').evaluate({}) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("function<context<a: string, b: string>> -> string", True),
        ("function<context<>> -> string", False),
    ],
)
def test_a_function_may_ask_for_less_than_it_will_be_given(text: str, expected: bool) -> None:
    assert parse(f'(function(a: context<a: string>) "x") instance of {text}').evaluate({}) is expected


@pytest.mark.parametrize(
    ("value", "wanted", "expected"),
    [
        (["a"], "string", "a"),
        ("a", "list<string>", ["a"]),
        (1, "list<string>", None),
        (["a", "b"], "string", None),
        (date(2026, 3, 2), "date and time", datetime(2026, 3, 2, tzinfo=UTC)),
        ([date(2026, 3, 2)], "dateTime", datetime(2026, 3, 2, tzinfo=UTC)),
        ({"sku": "a"}, "order line", None),
        (1, "Any", 1),
        (1, "unheard of", 1),
        (None, "number", None),
    ],
)
def test_a_value_is_given_in_the_type_that_is_wanted_or_is_null(value: Any, wanted: str, expected: Any) -> None:
    assert coerce(value, parse_type(wanted, (*TYPES, "unheard of")), TYPES) == expected
