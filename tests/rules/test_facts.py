"""Facts: where they come from, how they are checked, and what it means that one is missing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from orderloom.declare import NodeError
from orderloom.world import CallLog

TABLE = """
table: level
hit: first
inputs:
  total: {is: order.total.amount, type: number, unit: USD, range: "[0..1000]"}
  country: {is: order.country, type: text, values: [US, CA]}
  late: {is: days since delivery, type: number}
outputs:
  outcome: {type: text, values: [yes, no]}
rows:
  - {id: r1, total: "> 100", late: "<= 30", outcome: yes}
  - {id: r2, outcome: no}
"""


def error_of(asked, columns) -> NodeError:
    with pytest.raises(NodeError) as caught:
        asked.decide_columns(columns)
    return caught.value


def test_facts_are_read_from_documents_by_the_formula_of_their_column(table):
    documents = {"order": {"total": {"amount": "409.94"}, "country": "US"}, "days since delivery": 3}
    decision = table(TABLE).decide(documents)
    assert decision.facts == {"total": Decimal("409.94"), "country": "US", "late": 3}
    assert decision.outcome == "yes"


def test_a_column_given_directly_goes_before_its_formula(table):
    documents = {"order": {"total": {"amount": "409.94"}, "country": "US"}, "days since delivery": 3}
    assert table(TABLE).decide(documents, {"late": 31}).rows == ("r2",)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("total", "heavy", 'column `total`: "heavy" was given, a number in USD within [0..1000] is expected'),
        ("total", True, "column `total`: true was given"),
        ("total", 1001, "column `total`: 1001 was given"),
        ("total", Decimal("NaN"), "column `total`: NaN was given"),
        ("total", {"amount": "5"}, "column `total`: a context was given"),
        ("country", "DE", 'column `country`: "DE" was given, one of US, CA is expected'),
        ("country", 5, "column `country`: 5 was given"),
        ("late", "", 'column `late`: "" was given'),
    ],
)
def test_a_fact_of_another_type_or_not_allowed_is_wrong_type_and_says_what_was_expected(table, name, value, said):
    error = error_of(table(TABLE), {"total": 5, "country": "US", "late": 1, name: value})
    assert error.error_class == "wrong_type"
    assert said in error.message


def test_a_missing_fact_is_an_error_that_names_the_column_and_what_it_reads(table):
    error = error_of(table(TABLE), {"total": 5, "country": "US"})
    assert error.error_class == "missing_fact"
    assert "`late`" in error.message
    assert "days since delivery" in error.message


def test_with_no_match_a_row_that_tests_a_missing_fact_does_not_apply(table):
    asked = table(TABLE + "on_missing: no_match\n")
    assert asked.decide_columns({"total": 500, "country": "US"}).rows == ("r2",)
    assert asked.decide_columns({"total": 500, "country": "US"}).explain("r1").undecided


def test_with_default_a_missing_fact_gives_the_defaults(table):
    asked = table(TABLE.replace("[yes, no]}", "[yes, no], default: no}") + "on_missing: default\n")
    decision = asked.decide_columns({"total": 500, "country": "US"})
    assert (decision.rows, decision.outcome) == ((), "no")


def test_a_value_can_stand_for_a_missing_fact(table):
    asked = table(TABLE + "on_missing: {late: 10}\n")
    decision = asked.decide_columns({"total": 500, "country": "US"})
    assert (decision.rows, decision.facts["late"]) == (("r1",), 10)


def test_decimals_keep_their_digits_and_floats_become_what_they_show(table):
    asked = table("hit: first\ninputs: {n: {type: number}}\noutputs: {y: {type: text}}\nrows: [{n: 0.3, y: yes}]")
    assert asked.decide_columns({"n": "0.30"}).facts["n"].as_tuple() == Decimal("0.30").as_tuple()
    assert asked.decide_columns({"n": 0.1 + 0.2 - 0.00000000000000004}).facts == {"n": Decimal("0.3")}


@pytest.mark.parametrize("more", [{}, {"note": "ring twice"}])
@pytest.mark.parametrize("total", [500, "500.0"])
def test_the_facts_of_a_decision_are_those_of_its_columns_and_stay_as_they_were_read(table, more, total):
    asked = table(TABLE)
    for _ in range(2):  # a row that answered once answers by a shorter way
        given = {"total": total, "country": "US", "late": 1} | more
        decision = asked.decide_columns(given)
        given["late"] = 31
        assert decision.facts == {"total": 500, "country": "US", "late": 1}
        assert decision.why == "r1: total > 100, late <= 30"


DATED = """
table: seasonal
hit: first
inputs: {total: {type: number}}
outputs: {outcome: {type: text}}
rows:
  - {id: peak, valid_from: 2026-11-20, valid_until: 2026-12-24, outcome: slow}
  - {id: usual, outcome: quick}
"""


@pytest.mark.parametrize(
    ("day", "row"),
    [((2026, 11, 19), "usual"), ((2026, 11, 20), "peak"), ((2026, 12, 24), "peak"), ((2026, 12, 25), "usual")],
)
def test_a_row_is_valid_from_its_first_day_to_its_last(table, day, row):
    asked = table(DATED).at(dt.datetime(*day, 23, 59, tzinfo=dt.UTC))
    assert asked.decide_columns({"total": 1}).rows == (row,)


def test_a_table_with_dates_does_not_guess_the_day(table):
    error = error_of(table(DATED), {"total": 1})
    assert error.error_class == "missing_fact"
    assert "no time was given" in error.message


def test_today_is_the_moment_that_was_given(table):
    asked = table(
        "hit: first\ninputs: {age: {is: (today() - placed).days, type: number}}\noutputs: {outcome: {type: text}}\n"
        'rows: [{age: "> 2", outcome: old}, {outcome: new}]'
    ).at(dt.datetime(2026, 3, 5, tzinfo=dt.UTC))
    assert asked.decide({"placed": dt.date(2026, 3, 2)}).facts == {"age": 3}


def test_every_decision_of_a_call_is_kept_in_its_log(table):
    log = CallLog()
    asked = table(TABLE).for_call(log)
    first = asked.decide_columns({"total": 5, "country": "US", "late": 1})
    second = asked.decide_columns({"total": 500, "country": "US", "late": 1})
    assert log.decisions == [first, second]


def test_a_case_of_rows_that_are_valid_by_date_is_told_to_say_when_it_is(problems):
    found = problems(
        "hit: first\ninputs: {x: {type: number}}\noutputs: {y: {type: text}}\n"
        "rows: [{valid_from: 2026-11-20, y: a}]\ncases: [{given: {x: 1}, then: {y: a}}]\n"
    )
    assert [(one.code, one.help) for one in found] == [
        ("D020", "rows are valid by date: say when the case is, for example `now: 2026-03-02T12:00:00Z`")
    ]
