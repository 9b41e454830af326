"""What is wrong with a table is told all at once, each finding with its place and how to mend it."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from orderloom.feel.types import ANY, BOOLEAN, DATE_TIME, NUMBER, STRING, Record, text_of
from orderloom.problems import Place, ProblemsError
from orderloom.rules import DecisionTable, check_table

HEAD = """\
hit: first
inputs:
  total: {is: order.total, type: number, range: "[0..1000]"}
  country: {type: text, values: [US, CA, MX]}
  gift: {type: boolean}
  day: {type: date}
  code: {type: text, cells: feel}
outputs:
  outcome: {type: text, values: [pass, review, block]}
  fee: {type: number, default: 0}
rows:
  - {id: r0, total: "> 900", outcome: block}
"""


@pytest.mark.parametrize(
    ("row", "code", "marked", "said", "help_"),
    [
        ('total: "> > 30", outcome: pass', "D010", ">", "row r1, column `total`: `> > 30` cannot be read", "<= 5"),
        ('total: "> 3O", outcome: pass', "D010", "O", "`> 3O` cannot be read", "a cell of this column looks like <= 5"),
        ("total: heavy, outcome: pass", "D015", "heavy", "`heavy` is not a number, and no column has that name", None),
        (
            "total: '\"5\"', outcome: pass",
            "D011",
            "'\"5\"'",
            "`5` is text, a number within [0..1000] is expected",
            "(0..30]",
        ),
        ('total: "(5..3]", outcome: pass', "D014", '"(5..3]"', "nothing lies in `(5..3]`", "smaller end"),
        (
            'total: "> 2000", outcome: pass',
            "D013",
            '"> 2000"',
            "`> 2000` lies outside the column's range [0..1000]",
            None,
        ),
        ("total: 1001, outcome: pass", "D013", "1001", "1001 lies outside", None),
        ("total: true, outcome: pass", "D011", "true", "`true` is given, a number", None),
        (
            'country: "US, CAA", outcome: pass',
            "D012",
            "CAA",
            "`CAA` is none of the column's values",
            "did you mean `CA`?",
        ),
        ("country: true, outcome: pass", "D011", "true", "`true` is given, one of US, CA, MX", None),
        ("gift: maybe, outcome: pass", "D015", "maybe", "`maybe` is not true or false", None),
        ('gift: "> 5", outcome: pass', "D011", '"> 5"', "`5` is a number, true or false is expected", "true or false"),
        (
            'day: ">= 2026-13-01", outcome: pass',
            "D010",
            ">= 2026-13-01",
            "`>= 2026-13-01` does not ask for a date",
            "2026-03-02",
        ),
        ("day: 5, outcome: pass", "D011", "5", "`5` is given, a date", None),
        ("code: US, outcome: pass", "D015", "US", "no column is named `US`; a text needs quotes here", None),
        ("code: '> contry', outcome: pass", "D015", "contry", "no column is named `contry`", "did you mean `country`?"),
        ("contry: US, outcome: pass", "D007", "contry", "the table has no column `contry`", "did you mean `country`?"),
        ("outcome: reveiw", "D012", "reveiw", "`reveiw` is none of the column's values", "did you mean `review`?"),
        ("total: 5", "D022", "{id: r1, total: 5}", "the `outcome` is blank", "default"),
        ("outcome: pass, fee: five", "D015", "five", "`five` is not a number, and no column has that name", None),
        ("outcome: pass, fee: =totl * 2", "D015", "totl", "`totl`", "did you mean `total`?"),
        ('outcome: pass, fee: "=total *"', "D010", '"', "nor a formula: the formula ends", None),
        ('outcome: pass, fee: "1,5"', "D010", ",", "nor a formula", "a decimal with a point"),
        (
            "outcome: pass, valid_from: 1.12.2026",
            "D019",
            "1.12.2026",
            "`1.12.2026` in valid_from is no date",
            "2026-03-02",
        ),
        (
            "outcome: pass, valid_from: 2026-12-02, valid_until: 2026-12-01",
            "D019",
            "2026-12-01",
            "valid_until lies before",
            None,
        ),
        ("id: r0, outcome: pass", "D008", "r0", "two rows have the id `r0`; the other stands in line 12", "its own"),
    ],
)
def test_a_bad_cell_is_found_with_its_place(problems, row, code, marked, said, help_):
    text = f"  - {{id: r1, {row}}}".replace("id: r1, id: ", "id: ")
    found = problems(f"{HEAD}{text}\n")
    assert [one.code for one in found] == [code]
    place = found[0].place
    assert (place.file, place.line, text[place.column - 1 : place.end_column - 1]) == ("t.table.yaml", 13, marked)
    assert said in found[0].message
    assert help_ is None or help_ in found[0].help


@pytest.mark.parametrize(
    ("old", "new", "code", "said", "help_"),
    [
        ("hit: first", "hit: frist", "D003", "there is no hit policy `frist`", "did you mean `first`?"),
        ("hit: first", "hitt: first", "D001", "has no key `hitt`", "did you mean `hit`?"),
        ("hit: first", "hit: C#", "D017", "makes one figure, and the table has 2 outputs", None),
        ("type: boolean", "type: bool", "D004", "there is no type `bool`", "write `boolean`"),
        ("gift: {type: boolean}", "gift: {typ: boolean}", "D001", "has no key `typ`", "did you mean `type`?"),
        ("gift: {type: boolean}", "gift: {about: a}", "D004", "column `gift` needs a type", "text, number"),
        ("is: order.total", "is: order.total +", "D023", "`order.total +` cannot be read", None),
        ("[0..1000]", "0-1000", "D026", "`0-1000` is no range", "[0..1000]"),
        ("[0..1000]", "[5..1]", "D014", "nothing lies in the range", "smaller end"),
        ("default: 0", "default: none", "D018", "the default `none` is given, a number is expected", None),
        ("block]}", "block], default: revew}", "D018", "none of the column's values", "did you mean `review`?"),
        ("  fee:", "  gift:", "D009", "the name of an input and of an output", "another name"),
        ("  gift:", "  note:", "D009", "`note` is a column that every row has", None),
        ("rows:", "on_missing: ignore\nrows:", "D025", "`on_missing` cannot be `ignore`", "error, no_match, default"),
        ("rows:", "on_missing: default\nrows:", "D025", "needs a default for every output, and `outcome`", "default"),
        ("rows:", "on_missing: {totl: 5}\nrows:", "D025", "names no input: `totl`", "did you mean `total`?"),
        ("rows:", "on_missing: {country: GB}\nrows:", "D025", "`GB` is to stand for a missing `country`", None),
        ("rows:", "cases: [{given: {totl: 5}, then: {fee: 1}}]\nrows:", "D021", "no input `totl`", "`total`"),
        ("rows:", "cases: [{given: {total: 5}, then: {outcom: a}}]\nrows:", "D021", "no output `outcom`", "`outcome`"),
        ("rows:", "cases: [{given: {total: 5}}]\nrows:", "D021", "what must come out", "no_match"),
        ('rows:\n  - {id: r0, total: "> 900", outcome: block}\n', "", "D028", "the table has no rows", "rows:"),
        ('rows:\n  - {id: r0, total: "> 900", outcome: block}\n', "rows: rowz.csv", "D005", "no file `rowz.csv`", None),
        ("inputs:", "input:", "D001", "has no key `input`", "did you mean `inputs`?"),
        ("inputs:", "columns:", "D002", "a table needs `inputs`", "for example"),
    ],
)
def test_a_bad_head_is_found(problems, old, new, code, said, help_):
    found = problems(HEAD.replace(old, new, 1))
    named = [one for one in found if one.code == code]
    assert named
    assert said in named[0].message
    assert help_ is None or help_ in named[0].help
    assert named[0].place.line > 0


def test_hit_policies_that_rank_need_values(problems):
    found = problems("hit: P\ninputs: {a: {type: number}}\noutputs: {b: {type: text}}\nrows: [{b: x}]")
    assert [(one.code, one.place.line, one.place.column) for one in found] == [("D017", 1, 6)]


def test_rows_behind_one_that_takes_everything_are_never_reached(problems):
    found = problems(HEAD + "  - {id: all, outcome: pass}\n  - {id: dead, total: 5, outcome: review}\n")
    assert [(one.code, one.severity, one.place.line) for one in found] == [("D016", "warning", 14)]
    assert found[0].message == "row dead is never reached: row all before it applies to everything"


def test_a_failing_case_shows_what_came_out_and_the_row_that_decided(problems):
    facts = "{total: 950, country: US, gift: false, day: 2026-01-01, code: x}"
    found = problems(HEAD + f"cases:\n  - case: dear\n    given: {facts}\n    then: {{outcome: pass}}\n")
    assert [(one.code, one.place.line) for one in found] == [("D020", 16)]
    assert found[0].message == 'case 1 (dear) expects outcome to be "pass", and it is "block"'
    assert found[0].help == "decided by r0: total > 900"


def test_a_case_may_expect_an_error(problems):
    facts = "{total: 5, country: US, gift: false, day: 2026-01-01, code: x}"
    assert problems(HEAD + f"cases: [{{given: {facts}, error: no_match}}]\n") == []
    found = problems(HEAD + f"cases: [{{given: {facts}, error: conflict}}]\n")
    assert found[0].message == "case 1 ends with the error no_match"


def test_outcomes_that_are_computed_need_their_words_listed(problems):
    found = problems("hit: first\ninputs: {a: {type: text}}\noutputs: {outcome: {type: text}}\nrows: [{outcome: =a}]")
    assert [one.code for one in found] == ["D022"]


PAGE = """\
table: shipping
hitt: first
inputs:
  total: {is: order.totals.grand_total.amount +, type: number}
  country: {is: order.country, type: text, values: [US, CA, MX]}
  weight: {type: decimal}
outputs:
  outcome: {type: text, values: [express, standard]}
rows: rows.csv
cases:
  - {given: {totl: 5}, then: {outcome: express}}
"""
SHEET = """\
id,total,country,contry,outcome,valid_from
r1,>= 500,"US, CAA",,express,
r2,lots,US,,expres,
r2,(5..3],not(DE),,=A1,1.12.
r4,5,US,,standard,,beyond
"""


def test_a_page_of_problems(problems, golden):
    from click import unstyle

    from orderloom.cli.render import as_text

    golden("rules/problems.txt", unstyle(as_text(problems(PAGE, SHEET))) + "\n")


def test_a_table_inside_a_flow_has_findings_with_places_in_the_flow(tmp_path: Path):
    flow = tmp_path / "flow.yaml"
    flow.write_text(
        dedent(
            """\
            steps:
              screen:
                use: decision
                with:
                  table:
                    inputs: {total: {type: number}}
                    outputs: {outcome: {type: text, values: [pass, review]}}
                    rows:
                      - {total: "> 5", outcome: reveiw}
            """
        )
    )
    from orderloom.source import read_document

    document = read_document(flow)
    path = ("steps", "screen", "with", "table")
    value = document.data["steps"]["screen"]["with"]["table"]
    with pytest.raises(ProblemsError) as caught:
        DecisionTable.load_setting(value, document.place(path), [tmp_path])
    place = caught.value.problems[0].place
    assert (place.file, place.line, place.column) == (str(flow), 9, 37)


def test_a_table_file_that_is_not_there_is_found_at_the_step_that_names_it(tmp_path: Path):
    place = Place("flow.yaml", 5, 14, 30)
    for name in ("rules/none.table.yaml", "../secret.table.yaml", "/etc/passwd"):
        with pytest.raises(ProblemsError) as caught:
            DecisionTable.load_setting(name, place, [tmp_path])
        assert [(one.code, one.place) for one in caught.value.problems] == [("D005", place)]


FACTS = {
    "order": Record(
        {
            "total": Record({"amount": NUMBER}),
            "country": STRING,
            "gift": BOOLEAN,
            "placed": DATE_TIME,
            "state": text_of(["open", "paid"]),
            "extra": ANY,
        }
    ),
    "age in days": NUMBER,
}


@pytest.mark.parametrize(
    ("formula", "kind", "codes"),
    [
        ("order.total.amount", "number", []),
        ("order.country", "text", []),
        ("order.country", "number", ["D024"]),
        ("number(order.country)", "number", []),
        ("order.country", "date", []),
        ("order.placed", "date and time", []),
        ("order.placed", "date", ["D024"]),
        ("order.state", "date", ["D024"]),
        ("order.extra", "number", []),
        ("maxx(order.total.amount)", "number", ["R104"]),
        ("age in days", "number", []),
        ("ordr.country", "text", ["D015"]),
        ("order.total", "number", ["D024"]),
        ("order.gift", "number", ["D024"]),
        ("order.total.amount", "text", ["D024"]),
    ],
)
def test_what_a_column_reads_is_checked_against_what_the_flow_passes(table, formula, kind, codes):
    asked = table(
        f"hit: first\ninputs: {{x: {{is: {formula}, type: {kind}}}}}\noutputs: {{y: {{type: text}}}}\nrows: [{{y: a}}]"
    )
    found = check_table(asked, FACTS)
    assert [one.code for one in found] == codes
    assert all(one.place.line == 2 and one.place.column == 18 for one in found)


def test_money_where_its_figure_is_wanted_is_told_how_to_get_it(table):
    asked = table(
        "hit: first\ninputs: {x: {is: order.total, type: number}}\noutputs: {y: {type: text}}\nrows: [{y: a}]"
    )
    assert check_table(asked, FACTS)[0].help == "write `order.total.amount`"


def test_an_unknown_fact_is_told_with_the_nearest_one(table):
    asked = table("hit: first\ninputs: {x: {is: ordr.country, type: text}}\noutputs: {y: {type: text}}\nrows: [{y: a}]")
    found = check_table(asked, FACTS)
    assert found[0].message == "column `x` reads `ordr`, and no fact of that name is passed"
    assert found[0].help == "did you mean `order`?"
