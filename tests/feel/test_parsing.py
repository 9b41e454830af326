"""Reading formulas: what they mean, which names they know, and how a slip is told."""

from __future__ import annotations

from typing import Any

import pytest

from orderloom.feel import FeelSyntaxError, Read, parse


def value(text: str, **scope: Any) -> Any:
    return parse(text, tuple(scope)).evaluate(scope)


def refusal(text: str, *names: str) -> FeelSyntaxError:
    with pytest.raises(FeelSyntaxError) as caught:
        parse(text, names)
    return caught.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("-2 ** 2", 4),
        ("2 ** 3 ** 2", 64),
        ("10 - 2 - 3", 5),
        ("1 = 1 and 2 < 3 or false", True),
        ("1 + 1 = 2", True),
        ("not(1 = 2) and true", True),
        ("if 1 < 2 then 3 else 4 + 5", 3),
        ("5 between 1 and 10 and true", True),
        ('"a\\"b\\n\\u00e9\\U01F40E"', 'a"b\né🐎'),
        ("1 /* two */ + // three\n 3", 4),
    ],
)
def test_operators_bind_as_in_the_standard(text: str, expected: Any) -> None:
    assert value(text) == expected


def test_the_longest_known_name_wins() -> None:
    scope = {"order": 1, "order weight": 2, "weight": 3}

    assert parse("order weight + weight", tuple(scope)).evaluate(scope) == 5


def test_a_known_name_may_hold_keywords_and_special_characters() -> None:
    scope = {"days in weekend": ["sunday"], "Approved/Declined": "Approved", "tax-rate": 2}
    text = 'for d in days in weekend return d + Approved/Declined + string(tax-rate)'

    assert parse(text, tuple(scope)).evaluate(scope) == ["sundayApproved2"]


def test_date_and_time_is_two_facts_where_it_is_not_called() -> None:
    assert value("date and time", date=True, time=False) is False


def test_names_bound_inside_may_have_spaces() -> None:
    assert value("for order line in [1, 2] return order line + 1") == [2, 3]
    assert value("(function(unit price, count of units) unit price * count of units)(2, 3)") == 6
    assert value("{first name: \"Ann\", full name: first name + \" Lee\"}.full name") == "Ann Lee"
    assert value("[{unit price: 1}, {unit price: 3}][unit price > 2].unit price") == [3]


def test_a_bracket_that_closes_an_open_range_is_no_filter() -> None:
    assert value("10 in [1..10[") is False
    assert value("[1..10[.end included") is False
    assert value("3 in [x[1]..x[2][", x=[1, 10]) is True


def test_reads_are_the_free_names_with_their_members() -> None:
    # given a formula that reads softly, hard, through a filter, and by a name that it binds itself
    text = (
        "coalesce(fix.document, capture.order).total + sum(for l in order.lines return l.qty)"
        ' + count(choose[outcome = "x"])'
    )

    # when
    reads = parse(text, ("fix", "capture", "order", "choose")).reads

    # then
    assert [(read.path, read.soft) for read in reads] == [
        (("fix", "document"), True),
        (("capture", "order"), True),
        (("order", "lines"), False),
        (("choose",), False),
    ]
    assert reads[0] == Read(("fix", "document"), True, 9, 21)


def test_inside_a_filter_only_a_name_of_the_scope_is_a_read() -> None:
    reads = parse("order.lines[sku = wanted and price > 1]", ("order", "wanted")).reads

    assert [read.path for read in reads] == [("order", "lines"), ("wanted",)]


@pytest.mark.parametrize(
    ("text", "code", "at", "help_"),
    [
        ("total == 5", "E012", "=", "write a single `=`"),
        ("a && b", "E001", "&", "write `and`"),
        ("country = 'US'", "E003", "'", 'write `"…"`, not `\'…\'`'),
        ('country = "US', "E002", '"US', 'end it with `"`'),
        ("1 +", "E011", "", "write what comes after `+`, or leave `+` away"),
        ("", "E011", "", "a formula is a value such as `order.total`"),
        ("if a then b", "E010", "", "it is written `if … then … else …`"),
        ("for a in b", "E010", "", "it is written `for … in … return …`"),
        ("count(order.lines", "E010", "(", "add `)`"),
        ("count(", "E010", "(", "add `)`"),
        ("1 + [1, (2)", "E010", "[", "add `]`"),
        ("[1..5", "E010", "[", "add `]`"),
        ("1 + (a then b", "E010", "then", "the `(` behind `1 +` is still open"),
        ("1..5", "E013", "..", "a range stands in brackets: `[1..10]`"),
        ("(1 + 2))", "E013", ")", "there is one `)` too many"),
        ('@"2.3.2026"', "E005", '@"2.3.2026"', 'for example @"2026-03-02", @"14:30:00Z", @"P3D" or @"P1Y6M"'),
        ('string lenght("x")', "E013", "lenght", "did you mean `string length`?"),
        ("{a: 1, a: 2}", "E015", "a:", None),
        ("substring(\"a\", length: 1)", "E014", ")", None),
    ],
)
def test_a_slip_is_told_with_its_place_and_how_to_mend_it(text: str, code: str, at: str, help_: str | None) -> None:
    error = refusal(text)

    assert (error.code, text[error.start : error.end], error.help) == (code, at, help_)


def test_a_misspelt_name_of_several_words_is_told_with_the_nearest() -> None:
    error = refusal("order wieght > 5", "order weight", "country")

    assert error.help == "did you mean `order weight`?"


@pytest.mark.parametrize("text", ["(" * 200 + "1" + ")" * 200, "1" + " + 1" * 300, "x" * 30_000])
def test_a_formula_beyond_the_limits_is_refused(text: str) -> None:
    assert refusal(text).code in {"E006", "E007"}


def test_external_functions_are_refused_as_such() -> None:
    assert refusal("function(a) external {java: 1}").code == "E016"
