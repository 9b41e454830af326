"""One slip is one finding, at the place of the slip, with what to write instead."""

from __future__ import annotations

import pytest

from orderloom.problems import Problem
from orderloom.rules import check_table

HEAD = """\
hit: first
inputs:
  total: {is: order.total, type: number}
  gift: {type: boolean}
  code: {type: text, cells: feel}
  day: {type: date}
outputs:
  outcome: {type: text, values: [good, bad]}
  fee: {type: number, default: 0}
rows:
  - {id: r1, total: "> 10", outcome: good}
  - {id: r2, outcome: bad, fee: 3}
cases:
  - {given: {total: 20, gift: true, code: a, day: 2026-03-02}, then: {outcome: good}}
"""
GIVEN = "{given: {total: 20, gift: true, code: a, day: 2026-03-02}, then: {outcome: good}}"


def marked(text: str, found: Problem) -> str:
    """What the place of a finding spans."""
    line = text.splitlines()[found.place.line - 1]
    return line[found.place.column - 1 : found.place.end_column - 1]


@pytest.mark.parametrize(
    ("old", "new", "code", "help_"),
    [
        ("outputs:", "output:", "D001", "did you mean `outputs`?"),
        ("rows:", "row:", "D001", "did you mean `rows`?"),
        ("inputs:", "columns:", "D001", None),
        ("type: number}\n  gift", "type: numbr}\n  gift", "D004", "did you mean `number`?"),
        ("fee: {type: number", "fee: {type: numbr", "D004", "did you mean `number`?"),
        ("  fee: {type: number, default: 0}", "  total: {type: number}", "D009", "give the output another name"),
        ("type: boolean", "type: boolean, default: 5", "D001", "what a missing fact means: `on_missing: {gift: …}`"),
    ],
)
def test_an_unreadable_part_of_the_head_silences_what_depends_on_it(problems, old, new, code, help_):
    head = HEAD.replace(old, new, 1)
    found = problems(head if "  fee:" in head else head.replace(", fee: 3", ""))
    first = [one for one in found if one.code == code]
    assert len(first) == 1
    assert help_ is None or help_ in first[0].help
    assert {one.code for one in found} <= {code, "D002"}
    assert len(found) == (2 if new == "columns:" else 1)


def test_a_table_without_inputs_is_one_finding(problems):
    head, rest = HEAD.split("inputs:\n", 1)[0], HEAD[HEAD.index("outputs:") :]
    assert [one.code for one in problems(head + rest)] == ["D002"]


def test_a_row_with_a_cell_too_many_is_one_finding(problems):
    head = HEAD[: HEAD.index("rows:")] + "rows: rows.csv\n"
    found = problems(head, "id,total,gift,code,outcome,fee\nr1,> 5,true,US,CA,good,1\nr2,,,,bad,3\n")
    assert [one.message for one in found] == ["the row has 7 cells, and there are 6 columns"]
    assert (found[0].place.file, found[0].place.line, found[0].place.column) == ("rows.csv", 2, 24)


@pytest.mark.parametrize(
    ("row", "code", "at", "help_"),
    [
        ("code: US", "D015", "US", "write `'\"US\"'`"),
        ("gift: yes", "D015", "yes", "write `true`"),
        ("gift: No", "D015", "No", "write `false`"),
        ("fee: none", "D015", "none", "write `null`"),
        ('total: "> maxx(1, 2)"', "R104", "maxx", "did you mean `max`?"),
        ('fee: "=maxx(1, 2)"', "R104", "maxx", "did you mean `max`?"),
        ("day: '> date(\"2026-13-01\")'", "E112", '"2026-13-01"', 'for example `date("2026-03-02")`'),
        ("day: 'date(\"2026-13-01\")'", "E112", '"2026-13-01"', 'for example `date("2026-03-02")`'),
        ("fee: =code", "D011", "code", "write `number(code)`"),
    ],
)
def test_a_bad_cell_is_told_what_to_write(problems, row, code, at, help_):
    text = HEAD.replace("id: r2, outcome: bad, fee: 3", f"id: r2, outcome: bad, {row}")
    found = problems(text)
    assert [(one.code, marked(text, one), one.help) for one in found] == [(code, at, help_)]


def test_in_a_sheet_the_quotes_of_a_text_are_written_for_the_sheet(problems):
    head = HEAD[: HEAD.index("rows:")] + "rows: rows.csv\n"
    (found,) = problems(head, "id,code,outcome\nr1,US,good\n")
    assert found.help == 'write `"""US"""`'


def test_a_default_that_means_nothing_is_told_to_be_null(problems):
    (found,) = problems(HEAD.replace("default: 0", "default: none"))
    assert (found.code, found.help) == ("D018", "write `null`")


@pytest.mark.parametrize(
    ("old", "new", "code", "at", "said"),
    [
        ("then: {outcome: good}", "then: {outcome: bad}", "D020", "bad", "outcome to be"),
        ("then: {outcome: good}", "row: r2", "D020", "r2", "expects row r2 to answer"),
        ("then: {outcome: good}", "row: r9", "D021", "r9", "case 1: no row has the id `r9`"),
        ("then: {outcome: good}", "error: conflict", "D020", "conflict", "expects the error conflict"),
        ("then: {outcome: good}", "then: [{outcome: good}, {outcome: bad}]", "D020", "then", "2 results, and 1 came"),
        ("total: 20", "total: lots", "D020", "lots", "ends with the error wrong_type"),
        ("total: 20, ", "", "D020", "given", "ends with the error missing_fact"),
    ],
)
def test_a_failing_case_points_at_what_does_not_hold(problems, old, new, code, at, said):
    text = HEAD.replace(GIVEN, GIVEN.replace(old, new))
    (found,) = problems(text)
    assert (found.code, marked(text, found)) == (code, at)
    assert said in found.message


def test_a_case_of_a_list_points_into_the_result_that_differs(problems):
    text = (
        "hit: rule order\ninputs: {n: {type: number}}\noutputs: {y: {type: number}}\nrows: [{y: 1}, {y: 2}]\n"
        "cases:\n  - {given: {n: 5}, then: [{y: 1}, {y: 77}]}\n"
    )
    (found,) = problems(text)
    assert marked(text, found) == "77"


@pytest.mark.parametrize("name", ["in time", "or better", "days in transit", "if paid", "count"])
def test_a_column_without_is_is_the_fact_of_its_name_whatever_words_it_has(table, name):
    asked = table(
        f'hit: first\ninputs: {{"{name}": {{type: number}}}}\noutputs: {{outcome: {{type: text, values: [a, b]}}}}\n'
        f'rows: [{{"{name}": "> 5", outcome: a}}, {{outcome: b}}]'
    )
    assert asked.decide({name: 9}).outcome == "a"
    assert asked.decide_columns({name: 2}).outcome == "b"
    assert [one.code for one in check_table(asked, {})] == ["D015"]


def test_a_constant_in_is_that_is_no_date_is_found_without_knowing_the_facts(problems):
    text = HEAD.replace("is: order.total", "is: 'count(order.days[item > date(\"2026-13-01\")])'")
    (found,) = problems(text)
    assert (found.code, marked(text, found)) == ("E112", '"2026-13-01"')


VALUED = """\
table: carriers
hit: first
inputs:
  carrier: {type: text, values: [usps, fedex, books, home delivery]}
outputs:
  outcome: {type: text, values: [express, standard]}
rows: rows.csv
"""
SHEET = "id,carrier,outcome\nr1,usps,express\nr2,home delivery,standard\nr3,books,express\nr4,-,standard\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("r2,home delivery,", 'r2,"home delivery, uspps",'),
        ("r4,-,", "r4,upss,"),
        ("r1,usps,express", "r1,usps,expresss"),
        ("r3,books,express", "r3,books,exrpess"),
        ("r4,-,", "r4,Books,"),
        ("r4,-,", "r4,not(boooks),"),
        ("r4,-,", 'r4,"""home-delivery""",'),
    ],
)
def test_a_slip_in_a_cell_is_mended_where_another_row_has_the_word(problems, old, new):
    found = problems(VALUED, SHEET.replace(old, new))

    assert [(one.code, one.fix is not None) for one in found if one.severity == "error"] == [("D012", True)]
    assert found[0].fix.replacement in {"usps", "express", "books", "home delivery"}


@pytest.mark.parametrize(
    "cell",
    [
        "boots",  # may be a new value
        "book",
        "fedx",
        "fedexx",  # no other row says that fedex is spelt so
        "ups",
    ],
)
def test_a_word_that_may_be_meant_is_left_to_the_person(problems, cell):
    found = problems(VALUED, SHEET.replace("r4,-,", f"r4,{cell},"))

    assert [(one.code, one.fix) for one in found if one.severity == "error"] == [("D012", None)]


@pytest.mark.parametrize(("key", "meant"), [("hitt:", "hit"), ("hiit:", "hit"), ("input:", "inputs"), ("row:", "rows")])
def test_a_misspelt_key_of_the_head_is_mended(problems, key, meant):
    found = problems(VALUED.replace(f"{meant}:", key, 1), SHEET)

    assert [(one.code, one.fix.replacement) for one in found if one.fix] == [("D001", meant)]
