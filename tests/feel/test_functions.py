"""The functions of the standard, by its own examples where it gives some (DMN 1.5, clause 10.3.4)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from orderloom.feel import parse
from orderloom.feel.functions.invoke import BODIES
from orderloom.feel.functions.table import FUNCTION_NAMES

TRUE = """
before(1, 10) | before(1, (1..10]) | before(1, [5..10]) | before([1..10), 10) | before([1..10], 15)
before([1..10], [15..20]) | before([1..10), [10..20]) | before([1..10], (10..20])
after(10, 5) | after(12, [1..10]) | after([11..20], 10) | after([11..20], [1..10)) | after((10..20], [1..10])
meets([1..5], [5..10]) | met by([5..10], [1..5])
overlaps([1..5], [3..8]) | overlaps([3..8], [1..5]) | overlaps([1..8], [3..5]) | overlaps([1..5], [5..8])
overlaps before([1..5], [3..8]) | overlaps before([1..5], [5..8]) | overlaps before([1..5], (1..5])
overlaps before([1..5), (1..5])
overlaps after([3..8], [1..5]) | overlaps after((1..6], [1..5]) | overlaps after((1..5], [1..5))
finishes(10, [1..10]) | finishes([5..10], [1..10]) | finishes([5..10), [1..10)) | finishes((1..10], [1..10])
finished by([1..10], 10) | finished by([1..10], (1..10])
includes([1..10], 5) | includes([1..10], [4..6]) | includes([1..10], (1..10)) | includes([1..10), [5..10))
during(5, [1..10]) | during([4..6], [1..10]) | during((1..10), (1..10))
starts(1, [1..10]) | starts([1..5], [1..10]) | starts((1..5], (1..10]) | starts([1..10), [1..10])
started by([1..10], 1) | started by((1..10], (1..5])
coincides(5, 5) | coincides([1..5], [1..5]) | coincides((1..5), (1..5))
before(point: 1, range: (1..10]) | includes(range1: [1..10], range2: [4..6])
is(@"2012-12-25", @"2012-12-25") | list contains([1, 2, null], null) | all([]) | not(any([])) | contains("abc", "")
matches("foobar", "^fo*bar") | matches("a\\nb", "a.b", "s") | matches("HELLO", "hello", "i") | starts with("a", "")
before((< 5), 5) | before(3, (> 3)) | overlaps((< 5), (> 4)) | includes((< 5), [1..4]) | during([6..7], (> 5))
range("[2..)") = (>= 2) | range("(..2]") = (<= 2) | "b" in range("(\\"a\\"..)") | includes(range("]..2["), 1)
starts([1..3], (>= 1)) | finishes([1..3], (<= 3)) | meets((<= 5), (>= 5)) | overlaps before((< 5), [1..9])
is(1, 1.0) | odd(-3) | even(0) | list contains([[1], 2], [1]) | get value({a: {b: true}}, ["a", "b"])
"""
FALSE = """
before((< 5), 4) | before((> 5), 9) | overlaps((< 5), (> 5)) | includes((< 5), [1..5]) | meets((< 5), (>= 5))
before(10, 1) | before(1, [1..10]) | before([1..10], 10) | before([1..10], [10..20])
after(5, 10) | after(10, [1..10]) | after([10..20], [1..10])
meets([1..5), [5..10]) | meets([1..5], (5..10]) | met by((5..10], [1..5])
overlaps([1..5], [6..8]) | overlaps([1..5], (5..8]) | overlaps([1..5), [5..8]) | overlaps((5..8], [1..5])
overlaps before([1..5], [6..8]) | overlaps before([1..5), [5..8]) | overlaps before([1..5], [1..5])
overlaps before([1..5), [1..5])
overlaps after([6..8], [1..5]) | overlaps after([1..6], [1..5]) | overlaps after([1..5], [1..5))
finishes(10, [1..10)) | finishes([5..10), [1..10]) | includes([1..10], 12) | includes([1..10), 10)
starts(1, (1..10]) | starts(2, [1..10]) | starts((1..5], [1..10]) | starts([1..5], (1..10])
coincides([1..5], (1..5)) | coincides([1..5], [2..6]) | coincides(3, 4)
is(@"23:00:50Z", @"23:00:50") | is(@"2012-12-25T00:00:00", @"2012-12-25") | matches("a", "A")
"""
VALUES: list[tuple[str, Any]] = [
    ('substring("foobar", 3, 3)', "oba"),
    ('substring("foobar", -2, 1)', "a"),
    ('substring("\\U01F40Eab", 2)', "ab"),
    ('string length("\\U01F40Eab")', 3),
    ('substring before("foobar", "xyz")', ""),
    ('substring after("foobar", "ob")', "ar"),
    ('replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', "[1=ab][2=]cd"),
    ('replace("0123456789", "(\\\\d{3})(\\\\d{3})(\\\\d{4})", "($1) $2-$3")', "(012) 345-6789"),
    ('replace("darted", "^(.*?)d(.*)$", "$1c$2")', "carted"),
    ('replace("a.b", ".", "-", "q")', "a-b"),
    ('replace("hello", "[a-z-[aeiou]]", "x")', "xexxo"),
    ('split("a;b;c;;", ";")', ["a", "b", "c", "", ""]),
    ('split("John Doe", "\\\\s")', ["John", "Doe"]),
    ('string join(["a", null, "b"], "-")', "a-b"),
    ('string join([])', ""),
    ('number("1 000,0", " ", ",")', 1000),
    ('number("1,000.5", ",", ".")', Decimal("1000.5")),
    ('number("x")', None),
    ('string([1, "a", null, {b: true}])', '[1, "a", null, {b: true}]'),
    ('string(1.10)', "1.10"),
    ("min(3, 1, 2)", 1),
    ('max(["a", "c", "b"])', "c"),
    ("max([])", None),
    ("sum([1, 2.5])", Decimal("3.5")),
    ("sum([])", None),
    ('sum([@"P1D", @"PT12H"]) / @"PT1H"', 36),
    ("mean([1, 2, 3])", 2),
    ("median(8, 2, 5, 3, 4)", 4),
    ("median([6, 1, 2, 3])", Decimal("2.5")),
    ("mode([6, 3, 9, 6, 6])", [6]),
    ("mode([6, 1, 9, 6, 1])", [1, 6]),
    ("stddev([47])", None),
    ("decimal(stddev([2, 4, 7, 5]), 10)", Decimal("2.0816659995")),
    ("count(null)", None),
    ("sublist([4, 5, 6], 1, 2)", [4, 5]),
    ("sublist([4, 5, 6], -2)", [5, 6]),
    ("append([1], 2, 3)", [1, 2, 3]),
    ("concatenate([1, 2], [3])", [1, 2, 3]),
    ("insert before([1, 3], 1, 2)", [2, 1, 3]),
    ("remove([1, 2, 3], 2)", [1, 3]),
    ("list replace([2, 4, 7, 8], 3, 6)", [2, 4, 6, 8]),
    ("list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5)", [5, 5, 7, 8]),
    ("index of([1, 2, 3, 2], 2)", [2, 4]),
    ("union([1, 2], [2, 3])", [1, 2, 3]),
    ("distinct values([1, 2, 3, 2, 1.0, null, true])", [1, 2, 3, None, True]),
    ("flatten([[1, 2], [[3]], 4])", [1, 2, 3, 4]),
    ("reverse([1, 2])", [2, 1]),
    ("sort([3, 1, 2])", [1, 2, 3]),
    ("decimal(1/3, 2)", Decimal("0.33")),
    ("decimal(2.5, 0)", 2),
    ("floor(-1.56, 1)", Decimal("-1.6")),
    ("ceiling(1.5)", 2),
    ("round up(-5.5, 0)", -6),
    ("round down(-5.5)", -5),
    ("round half up(2.5, 0)", 3),
    ("round half down(1.126, 2)", Decimal("1.13")),
    ("round half down(5.5, 0)", 5),
    ("abs(-1.5)", Decimal("1.5")),
    ('abs(@"-P1D") = @"P1D"', True),
    ("modulo(-12, 5)", 3),
    ("modulo(12, -5)", -3),
    ("modulo(10.1, 4.5)", Decimal("1.1")),
    ("modulo(-10.1, 4.5)", Decimal("3.4")),
    ("sqrt(16)", 4),
    ("sqrt(-1)", None),
    ("decimal(log(10), 6)", Decimal("2.302585")),
    ("odd(5.5)", False),
    ("even(1e40)", True),
    ("floor(1e40) = 1e40", True),
    ("round up(1234, -2)", 1300),
    ("round up(1200, -2)", 1200),
    ("decimal(1.5, 3)", Decimal("1.500")),
    ("modulo(1e40, 7)", 4),
    ("modulo(-1e40, 0.7)", Decimal("0.2")),
    ('day of year(@"2019-09-17")', 260),
    ('month of year(@"2019-09-17")', "September"),
    ('week of year(@"2005-01-01")', 53),
    ('get value({key1: "value1"}, "key1")', "value1"),
    ('get entries({a: 1})[1].key', "a"),
    ('context put({x: {y: 0}}, ["x", "y"], 2).x.y', 2),
    ('context put({a: 1}, "b", 2).b', 2),
    ('context merge([{a: 1}, {a: 2, b: 3}])', {"a": 2, "b": 3}),
    ('context([{key: "a", value: 1}]).a', 1),
    ('years and months duration(@"2011-12-22", @"2013-08-24") = @"P1Y8M"', True),
    ('date(2026, 2, 30)', None),
    ('string(time(14, 30, 0, @"PT1H"))', "14:30:00+01:00"),
    ('string(date and time(@"2026-03-02", @"10:00:00Z"))', "2026-03-02T10:00:00Z"),
    ("string length(1)", None),
    ('substring(string: "foobar", start position: 3)', "obar"),
    ('substring(start: 3, string: "foobar")', None),
    ("coalesce()", None),
    ("overlaps([1..3], [2..null])", None),
    ("before((!= 5), 9)", None),
    ("min(c1: 3, c2: 1, c3: 2)", 1),
    ("min(c1: 3, c3: 2)", None),
    ("append(list: [1], item1: 2, item2: 3)", [1, 2, 3]),
    ('number(from: "1.5")', Decimal("1.5")),
    ('number(from: "1,5", grouping separator: null, decimal separator: ",")', Decimal("1.5")),
    ('number("1", ",")', None),
    ('time("23:59:00z") + duration("PT2M") = time("00:01:00@Etc/UTC")', True),
    ('string(date and time(year: 2026, month: 3, day: 2, hour: 9, minute: 0, second: 0, timezone: "Europe/Oslo"))',
     "2026-03-02T09:00:00@Europe/Oslo"),
    ('string(date and time(2026, 3, 2, 9, 0, 0, 5.5))', "2026-03-02T09:00:00+05:30"),
    ('string({"a b": 1, "{": "x\\"y"})', '{a b: 1, "{": "x\\"y"}'),
    ("string(1e-6000 * 1e-6000)", "0"),
    ('duration("PT.5S")', None),
    ('time(12, 0, 0, duration("PT19H"))', None),
    ('upper case(["a"])', "A"),
]


@pytest.mark.parametrize("text", [text.strip() for line in TRUE.strip().splitlines() for text in line.split(" | ")])
def test_it_is_true(text: str) -> None:
    assert parse(text).evaluate({}) is True


@pytest.mark.parametrize("text", [text.strip() for line in FALSE.strip().splitlines() for text in line.split(" | ")])
def test_it_is_false(text: str) -> None:
    assert parse(text).evaluate({}) is False


@pytest.mark.parametrize(("text", "expected"), VALUES)
def test_it_gives(text: str, expected: Any) -> None:
    found = parse(text).evaluate({})

    assert (found, type(found) is bool) == (expected, type(expected) is bool)


def test_every_function_with_a_signature_has_a_body_and_the_other_way_round() -> None:
    of_the_compiler = {"coalesce", "has", "now", "today"}

    assert set(FUNCTION_NAMES) - of_the_compiler == set(BODIES)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("^[^@]+@[^@]+\\.[a-z]+$", "ann@example.test", True),
        ("^[a-z0-9]+(-[a-z0-9]+)*$", "a-long-slug-9", True),
        ("(ab|cd)+x", "ababcdx", True),
        ("([A-Z]{2}\\d{1,3} ?)+", "AB12 CD3", True),
        ("\\p{Lu}\\p{L}*", "Ærø", True),
        ("^\\i\\c*$", "a-b", True),
        ("(a)\\1", "aa", True),
        ("^\\p{IsGreek}+$", "λόγος", True),
        ("^\\P{IsBasicLatin}+$", "λόγος", True),
        ("\\p{IsKlingon}", "a", None),
        ("\\p{Lx}", "a", None),
        ("[", "a", None),
        ("a{2,1}", "aa", None),
        ("[b-a]", "a", None),
        ("(a)\\2", "aa", None),
        ("(a)(b)?\\2", "a", True),
        ("(a)\\11", "aa1", True),
        ("(a)" * 11 + "\\11b", "a" * 12 + "b", True),
        ("a.b", "a\rb", False),
        ("^[+--]+$", "+,-", True),
        ("^[a-c-e]+$", "b-e", True),
    ],
)
def test_ordinary_regular_expressions_work_and_bad_ones_give_null(pattern: str, text: str, expected: Any) -> None:
    assert parse("matches(text, pattern)").evaluate({"text": text, "pattern": pattern}) is expected
