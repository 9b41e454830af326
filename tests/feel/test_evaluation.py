"""Evaluating formulas: values, null, dates, lists, and data as models and as dicts."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, localcontext
from enum import StrEnum
from typing import Any, Literal

import pytest
from pydantic import BaseModel

from orderloom.feel import NOW, FeelError, MonthsDuration, Range, format_value, parse


class Money(BaseModel):
    amount: Decimal
    currency: str


class Channel(StrEnum):
    SHOPIFY = "shopify"


class Line(BaseModel):
    sku: str
    quantity: int
    price: Money
    channel: Channel = Channel.SHOPIFY

    @property
    def total(self) -> Decimal:
        return self.price.amount * self.quantity


class Chosen(BaseModel):
    outcome: Literal["chosen"] = "chosen"
    shipment: Line


class NoneFits(BaseModel):
    outcome: Literal["none_fits"] = "none_fits"


LINES = tuple(
    Line(sku=sku, quantity=quantity, price=Money(amount=Decimal(amount), currency="USD"))
    for sku, quantity, amount in (("a", 1, "9.90"), ("b", 3, "20"), ("c", 2, "0.10"))
)


def value(text: str, **scope: Any) -> Any:
    return parse(text, tuple(scope)).evaluate(scope)


def test_decimals_are_exact_and_keep_their_digits() -> None:
    assert value("0.1 + 0.2") == Decimal("0.3")
    assert str(value("1.10 + 1")) == "2.10"
    assert str(value("1 / 3")) == "0." + "3" * 34
    assert value("10 / 4") == Decimal("2.5")


def test_whole_numbers_stay_whole() -> None:
    assert type(value("10 / 5 + 3 * 2")) is int
    assert value("3 / 0") is None


def test_arithmetic_does_not_depend_on_the_decimal_settings_of_the_thread() -> None:
    found: list[Any] = []
    with localcontext(prec=3):
        thread = threading.Thread(target=lambda: found.append(value("1 / 3")))
        thread.start()
        thread.join()
        found.append(value("1 / 3"))
        found.append(value("-(-1 / 3)"))
        found.append(value('duration("PT1.123456S").seconds * 0 + 1 / 3'))

    assert found == [Decimal("0." + "3" * 34)] * 4


def test_a_float_met_in_data_is_the_decimal_that_it_shows() -> None:
    assert value("a + 0.2", a=0.1) == Decimal("0.3")
    assert value("[x.a, sum(x.b)]", x={"a": 1.5, "b": [0.1, 0.2]}) == [Decimal("1.5"), Decimal("0.3")]
    assert value("a", a=float("nan")) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("null and false", False),
        ("null and true", None),
        ("null or true", True),
        ("1 and true", None),
        ("not(null)", None),
        ("true = 1", None),
        ('"1" = 1', None),
        ("null = null", True),
        ("1 = null", False),
        ("1 < null", None),
        ("if null then 1 else 2", 2),
        ("some x in [1, null] satisfies x > 1", None),
        ("every x in [] satisfies false", True),
        ("missing.member.of[1].nothing", None),
        ("5 in (1, null, [4..6])", True),
        ("null between 1 and 2", None),
    ],
)
def test_what_cannot_be_decided_is_null(text: str, expected: Any) -> None:
    assert value(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('date("2020-01-31") + @"P1M"', date(2020, 2, 29)),
        ('@"2026-03-02" - @"2026-02-27"', timedelta(days=3)),
        ('@"2026-03-02T10:00:00Z" + @"PT90M"', datetime(2026, 3, 2, 11, 30, tzinfo=UTC)),
        ('@"2026-03-02T10:00:00Z" > @"2026-03-02T10:30:00+01:00"', True),
        ('@"2026-03-02T10:00:00Z" > @"2026-03-02T10:30:00"', None),
        ('date(@"2026-03-02T10:00:00Z")', date(2026, 3, 2)),
        ('@"23:30:00" + @"PT1H"', time(0, 30)),
        ('years and months duration(@"2024-01-15", @"2026-03-14")', MonthsDuration(25)),
        ('@"P1Y" * 1.5', MonthsDuration(18)),
        ('@"P3D" / @"PT12H"', 6),
        ('(@"2026-03-02" - @"2026-02-27").days', 3),
        ('@"2026-03-02".weekday', 1),
        ('day of week(@"2026-03-02")', "Monday"),
        ('string(@"2026-03-02T10:00:00@Europe/Oslo")', "2026-03-02T10:00:00@Europe/Oslo"),
        ('string(duration("P1DT2H"))', "P1DT2H"),
        ('date("2026-02-30")', None),
        ('date("999999999-12-31") + @"P1D"', None),
    ],
)
def test_dates_times_and_durations_are_reckoned_with(text: str, expected: Any) -> None:
    assert value(text) == expected


def test_now_is_given_by_the_scope_alone() -> None:
    now = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)

    assert parse("now() - @\"PT1H\"").evaluate({NOW: now}) == datetime(2026, 3, 2, 22, 0, tzinfo=UTC)
    assert parse("today()").evaluate({NOW: now}) == date(2026, 3, 2)
    assert parse("now()").evaluate({}) is None


def test_members_of_models_are_their_declared_fields() -> None:
    assert value("line.price.amount", line=LINES[0]) == Decimal("9.90")
    assert value("line.total", line=LINES[0]) is None
    assert value("line.model_dump", line=LINES[0]) is None
    assert value("line.channel = \"shopify\"", line=LINES[0]) is True


def test_a_list_maps_members_and_filters_by_them() -> None:
    scope = {"order": {"lines": LINES}, "least": 2}

    assert parse("order.lines.sku").evaluate(scope) == ["a", "b", "c"]
    assert parse("order.lines[quantity >= least].sku").evaluate(scope) == ["b", "c"]
    assert parse("order.lines[item.price.amount > 5 and sku != \"a\"][1].sku").evaluate(scope) == "b"
    assert parse("order.lines[-1].sku").evaluate(scope) == "c"
    assert parse("order.lines[9]").evaluate(scope) is None
    assert parse("order.lines[count(order.lines) - 1].sku").evaluate(scope) == "b"


def test_results_of_an_outcome_are_filtered_alike_as_models_and_as_dicts() -> None:
    formula = parse('choose[outcome = "chosen"].shipment.sku', ("choose",))
    models = [Chosen(shipment=LINES[0]), NoneFits(), Chosen(shipment=LINES[1])]

    assert formula.evaluate({"choose": models}) == ["a", "b"]
    assert formula.evaluate({"choose": [model.model_dump(mode="json") for model in models]}) == ["a", "b"]


def test_a_name_in_a_filter_that_the_item_lacks_comes_from_outside() -> None:
    assert value("[{a: 1}, {b: 2}][a = 5]", a=5) == [{"b": 2}]


def test_loops_count_over_ranges_see_earlier_names_and_what_they_have_made() -> None:
    assert value("for i in 3..1, j in [i] return i * j") == [9, 4, 1]
    assert value("for i in [1..3) return i") == [1, 2]
    assert value("for i in 0..4 return if i = 0 then 1 else i * partial[-1]") == [1, 1, 2, 6, 24]
    assert value('for d in @"2026-02-27"..@"2026-03-01" return d.day') == [27, 28, 1]


def test_functions_of_a_formula_are_values() -> None:
    assert value("(function(a, b) a - b)(b: 1, a: 3)") == 2
    assert value("sort([3, 1, 2], function(x, y) x > y)") == [3, 2, 1]
    assert value("{f: function(n: number) n + 1, r: f(\"1\")}.r") is None
    assert value("for f in [abs, floor] return f(-1.5)") == [Decimal("1.5"), -2]


def test_a_function_of_a_context_may_call_itself() -> None:
    assert value("{f: function(n) if n <= 1 then 1 else n * f(n - 1), r: f(6)}.r") == 720
    assert value("{sum to: function(n) if n = 0 then 0 else n + sum to(n - 1), r: sum to(4)}.r") == 10
    assert parse("{f: function(n) f(n) + g}").reads[0].path == ("g",)


def test_an_entry_called_item_comes_before_the_item() -> None:
    assert value("[{item: 1}, {item: 2}][item > 1]") == [{"item": 2}]
    assert value("[{a: 1}, {a: 2}][item.a > 1]") == [{"a": 2}]


def test_coalesce_gives_the_first_that_is_there_and_has_tells_whether_one_is() -> None:
    assert value("coalesce(fix.document, capture.order, 1)", capture={"order": 2}) == 2
    assert value("has(fix.document)", fix={}) is False
    assert value("has(fix.document)", fix={"document": 0}) is True


def test_a_range_is_a_value() -> None:
    assert value("(0.5..30]") == Range(Decimal("0.5"), 30, low_closed=False)
    assert value("x in r", x=3, r=Range(1, 5)) is True
    assert value("5 in (< 5)") is False


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (Decimal("409.94"), "409.94"),
        (Decimal("1.10"), "1.10"),
        (Decimal("1E+3"), "1000"),
        (None, ""),
        (True, "true"),
        ("text", "text"),
        (date(2026, 3, 2), "2026-03-02"),
        (datetime(2026, 3, 2, 10, tzinfo=UTC), "2026-03-02T10:00:00Z"),
        ([1, "a", None], '[1, "a", null]'),
        (Money(amount=Decimal("1.50"), currency="USD"), '{amount: 1.50, currency: "USD"}'),
        (Range(1, 5, high_closed=False), "[1..5)"),
        (timedelta(hours=-36), "-P1DT12H"),
    ],
)
def test_values_are_written_for_people(given: Any, expected: str) -> None:
    assert format_value(given) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("for i in 1..1000000 return i", "E202"),
        ('string join(for i in 1..90000 return "0123456789abcdef")', "E203"),
        ("some i in 1..99999 satisfies (some j in 1..99999 satisfies false)", "E204"),
        ("for i in 1..100 return if i = 1 then [1] else [partial[-1], partial[-1]]", "E204"),
        ("(function(f) f(f))(function(f) f(f))", "E205"),
        ('matches("aaaaaaaaaaaaaaaaaaaaaaaa", "(a+)+b")', "E206"),
        (f'matches("{"a" * 900}", "a*a*a*b")', "E207"),
        ("for i in 1..400 return if i = 1 then [1] else [partial[-1]]", "E208"),
        ('{t: string join(for i in 1..90000 return "0123456789"), s: string(for i in 1..90000 return t)}', "E203"),
        (f"{{l: for i in 1..90000 return i, u: union({'l, ' * 900}l)}}", "E204"),
        (f"{{l: for i in 1..90000 return i, u: concatenate({'l, ' * 3}l)}}", "E202"),
    ],
)
def test_each_limit_has_its_own_error(text: str, code: str) -> None:
    with pytest.raises(FeelError) as caught:
        parse(text).evaluate({})

    assert caught.value.code == code


def test_the_same_expression_runs_in_several_threads_at_once() -> None:
    formula = parse("sum(for i in 1..n return i)", ("n",))
    found: dict[int, Any] = {}
    threads = [
        threading.Thread(target=lambda n=n: found.update({n: formula.evaluate({"n": n})})) for n in range(100, 110)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == {n: n * (n + 1) // 2 for n in range(100, 110)}
