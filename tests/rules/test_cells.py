"""What a cell asks of its column."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from orderloom.declare import NodeError


def applies(table, column: str, cell: str, value) -> bool:
    """Whether a row with this one cell applies to the value."""
    asked = table(
        f"hit: collect\ninputs: {{x: {column}, other: {{type: number}}}}\noutputs: {{y: {{type: text}}}}\n"
        f"on_missing: no_match\nrows: [{{x: {cell}, y: yes}}]"
    )
    return bool(asked.decide_columns({"x": value, "other": 7}).rows)


@pytest.mark.parametrize(
    ("cell", "yes", "no"),
    [
        ("5", [5, Decimal("5.0"), "5.00"], [4, 6]),
        ('"<= 5"', [5, -1], [5.1]),
        ('"> 5"', [Decimal("5.01")], [5]),
        ('"[1..5]"', [1, 5], [0, 6]),
        ('"(1..5)"', [2], [1, 5]),
        ('"]1..5]"', [5], [1]),
        ('"1, 3, [5..7]"', [1, 3, 6], [2, 4, 8]),
        ('"not(1, 3)"', [2], [1, 3, None]),
        ('"-3"', [-3], [3]),
        ('"-"', [1, None], []),
        ("", [1, None], []),
        ('"null"', [None], [1]),
        ("null", [None], [1]),
        ('"> other"', [8], [7]),
        ('"? * 2 = other + 3"', [5], [4]),
        ('"= 5"', [5], [4]),
        ('"0.1 + 0.2"', ["0.3"], [0.31]),
    ],
)
def test_a_cell_of_numbers(table, cell, yes, no):
    for value in yes:
        assert applies(table, "{type: number}", cell, value), value
    for value in no:
        assert not applies(table, "{type: number}", cell, value), value


@pytest.mark.parametrize(
    ("cell", "yes", "no"),
    [
        ("US", ["US"], ["us", "CA", None]),
        ('"US, CA"', ["US", "CA"], ["US, CA"]),
        ("not(dhl)", ["ups"], ["dhl", None]),
        ('"not(dhl, ups)"', ["fedex"], ["dhl", "ups"]),
        ("NO", ["NO"], ["false"]),
        ("02134", ["02134"], ["2134"]),
        ("5", ["5"], []),
        ("free shipping", ["free shipping"], ["free"]),
        ("'\"a, b\", c'", ["a, b", "c"], ["a", "b"]),
        ("'starts with(?, \"US-\")'", ["US-CA"], ["CA-US"]),
        ("B2B/wholesale & more", ["B2B/wholesale & more"], []),
        ("null", [None], ["null"]),
        ("other", ["other"], ["7"]),
    ],
)
def test_a_cell_of_bare_words(table, cell, yes, no):
    for value in yes:
        assert applies(table, "{type: text}", cell, value), value
    for value in no:
        assert not applies(table, "{type: text}", cell, value), value


def test_with_cells_feel_text_needs_quotes_and_names_are_columns(table):
    asked = table(
        """
        hit: first
        inputs:
          billing: {type: text}
          shipping: {type: text, cells: feel}
        outputs: {outcome: {type: text}}
        rows:
          - {shipping: billing, outcome: same}
          - {shipping: '"US", "CA"', outcome: near}
          - {outcome: far}
        """
    )
    assert asked.decide_columns({"billing": "DE", "shipping": "DE"}).outcome == "same"
    assert asked.decide_columns({"billing": "DE", "shipping": "CA"}).outcome == "near"
    assert asked.decide_columns({"billing": "DE", "shipping": "NO"}).outcome == "far"


@pytest.mark.parametrize("cell", ["true", '"true"', "TRUE"])
def test_a_cell_of_true_or_false_as_yaml_or_a_spreadsheet_writes_it(table, cell):
    assert applies(table, "{type: boolean}", cell, True)
    assert not applies(table, "{type: boolean}", cell, False)


@pytest.mark.parametrize(
    ("kind", "cell", "yes", "no"),
    [
        ("date", ">= 2026-03-02", "2026-03-02", "2026-03-01"),
        ("date", "[2026-01-01..2026-03-31]", dt.date(2026, 2, 1), dt.date(2026, 4, 1)),
        ("date", "2026-12-24, 2026-12-25", "2026-12-25", "2026-12-26"),
        ("date", '>= date("2026-03-02")', "2026-03-02", "2026-03-01"),
        ("time", "< 14:00:00", "13:59:59", "14:00:00"),
        ("date and time", ">= 2026-03-02T10:00:00Z", "2026-03-02T11:00:00+01:00", "2026-03-02T09:59:59Z"),
        ("duration", "<= P3D", "PT72H", "P4D"),
        ("years and months duration", "> P1Y", "P13M", "P12M"),
    ],
)
def test_a_cell_of_dates_and_durations_stands_without_quotes(table, kind, cell, yes, no):
    assert applies(table, f"{{type: {kind}}}", f"'{cell}'", yes)
    assert not applies(table, f"{{type: {kind}}}", f"'{cell}'", no)


def test_times_with_and_without_an_offset_do_not_compare_and_the_row_does_not_apply(table):
    assert not applies(table, "{type: date and time}", "'>= 2026-03-02T10:00:00Z'", "2026-03-02T11:00:00")


def test_a_cell_may_look_into_a_list(table):
    assert applies(table, "{type: list of text}", "'list contains(?, \"hazmat\")'", ["hazmat", "fragile"])
    assert not applies(table, "{type: list of text}", "'list contains(?, \"hazmat\")'", ["fragile"])


def test_an_output_is_a_literal_of_its_type_or_a_formula_over_the_columns(table):
    asked = table(
        """
        hit: first
        inputs: {total: {type: number}}
        outputs:
          fee: {type: number}
          tags: {type: list of text}
          by: {type: date}
          why: {type: text}
        rows:
          - total: "> 100"
            fee: =total * 0.1
            tags: late, with a fee
            by: 2026-03-02
            why: ="10% of " + string(total)
          - {fee: 3, tags: [a, b], why: "late, with a fee"}
        """
    )
    assert asked.decide_columns({"total": 200}).outputs == {
        "fee": Decimal("20.0"),
        "tags": ("late", "with a fee"),
        "by": dt.date(2026, 3, 2),
        "why": "10% of 200",
    }
    assert asked.decide_columns({"total": 5}).outputs == {
        "fee": 3,
        "tags": ("a", "b"),
        "by": None,
        "why": "late, with a fee",
    }


def test_a_formula_that_gives_what_its_output_does_not_take_is_wrong_type(table):
    asked = table("hit: first\ninputs: {n: {type: any}}\noutputs: {fee: {type: number}}\nrows: [{fee: =n}]")
    with pytest.raises(NodeError, match='output `fee`: the formula gave "x", a number is expected') as caught:
        asked.decide_columns({"n": "x"})
    assert caught.value.error_class == "wrong_type"


def test_outputs_are_fresh_so_that_changing_one_answer_changes_no_other(table):
    asked = table("hit: first\ninputs: {n: {type: number}}\noutputs: {fee: {type: number}}\nrows: [{fee: 1}]")
    asked.decide_columns({"n": 1}).outputs["fee"] = 99
    assert asked.decide_columns({"n": 1}).outputs == {"fee": 1}
