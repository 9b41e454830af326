"""What a host adds to formulas: types of its own, and functions that are formulas themselves."""

from __future__ import annotations

import pytest

from orderloom.feel import FeelError, Function, TypeName, parse

TYPES = {"tSmall": lambda value: value < 10, "sales.tCode": lambda value: value == "X1"}


def test_a_type_of_the_host_is_asked_for_values_that_are_there() -> None:
    assert parse("3 instance of tSmall", types=TYPES).evaluate({}) is True
    assert parse("30 instance of tSmall", types=TYPES).evaluate({}) is False
    assert parse("null instance of tSmall", types=TYPES).evaluate({}) is False
    assert parse('"X1" instance of sales.tCode', types=TYPES).evaluate({}) is True


def test_a_parameter_of_a_type_of_the_host_takes_no_other_value() -> None:
    formula = parse("(function(n: tSmall) n + 1)(size)", ("size",), TYPES)

    assert (formula.evaluate({"size": 4}), formula.evaluate({"size": 40})) == (5, None)


def test_allowed_values_bind_arguments_and_not_instance_of() -> None:
    types = {"tSize": TypeName(0, 0, "number", allows=lambda value: value < 10)}

    assert parse("30 instance of tSize", types=types).evaluate({}) is True
    assert parse("(function(n: tSize) n)(30)", types=types).evaluate({}) is None
    assert parse("(function(n: tSize) n)([3])", types=types).evaluate({}) == 3


def test_a_type_that_nobody_knows_tells_nothing() -> None:
    assert parse("3 instance of tSmall").evaluate({}) is None


def test_an_evaluation_within_another_spends_from_the_same_budget() -> None:
    body = parse("count(for n in 1..90000 return n)")
    work = Function("work", (), lambda: body.evaluate({}))

    assert parse("work()", ("work",)).evaluate({"work": work}) == 90_000
    with pytest.raises(FeelError, match="steps"):
        parse("for n in 1..20 return work()", ("work",)).evaluate({"work": work})
