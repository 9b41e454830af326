"""Rows in a CSV beside the head."""

from __future__ import annotations

import csv
import gc
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.problems import ProblemsError
from orderloom.rules.reading.csv_text import CsvText

HEAD = """
table: service-level
hit: first
inputs:
  total: {type: number}
  country: {type: text}
  gift: {type: boolean}
outputs:
  outcome: {type: text, values: [express, standard, by_hand]}
  why: {type: text}
on_missing: no_match
rows: rows.csv
"""
ROWS = '''\
id,total,country,gift,outcome,why,note
r1,>= 500,"US, CA",-,express,high value,
r2,-,,TRUE,by_hand,"a ""gift""",ask
r3,-,-,-,standard,,
'''


@pytest.mark.parametrize(
    "text",
    [
        ROWS,
        "\ufeff" + ROWS,
        ROWS.replace("\n", "\r\n"),
        ROWS.replace('"US, CA"', "@").replace(",", ";").replace("@", '"US, CA"'),
        ROWS.replace("\n", "\n\n").replace("r3,", "\n,,,,,,\nr3,"),
        ROWS.rstrip("\n"),
    ],
    ids=["plain", "byte order mark", "Windows", "semicolons", "blank lines", "no last line break"],
)
def test_rows_are_read_however_the_spreadsheet_saved_them(table, text):
    asked = table(HEAD, text.encode())
    assert [row.id for row in asked.rows] == ["r1", "r2", "r3"]
    assert asked.decide_columns({"total": 500, "country": "CA", "gift": False}).rows == ("r1",)
    decision = asked.decide_columns({"total": 5, "country": "CA", "gift": True})
    assert decision.outputs == {"outcome": "by_hand", "why": 'a "gift"'}
    assert asked.decide_columns({"total": 5, "country": "CA", "gift": False}).outputs["why"] is None


@pytest.mark.parametrize(
    ("old", "new", "code", "place", "said"),
    [
        (">= 500", ">= 5x0", "D010", (2, 8), "row r1, column `total`"),
        ("country", "contry", "D007", (1, 10), "no column `contry`"),
        ("note", "total", "D009", (1, 35), "stands here twice"),
        ("express", "expres", "D012", (2, 22), "`expres` is none"),
        ("high value", "=A1", "D027", (2, 30), "row r1, column `why`: `=A1` begins with `=`"),
        ("high value,", "high value,,more", "D006", (2, 42), "the row has 8 cells, and there are 7 columns"),
        ('"US, CA"', '"US, CA', "D006", (2, 11), "the quote that opens here is not closed"),
        ('"US, CA"', '"US" CA', "D006", (2, 16), "between the closing quote and the next separator"),
    ],
)
def test_a_fault_in_a_csv_is_found_in_its_line_and_column(problems, old, new, code, place, said):
    found = problems(HEAD, ROWS.replace(old, new, 1).encode())
    named = next(one for one in found if one.code == code)
    assert named.place.file == "rows.csv"
    assert (named.place.line, named.place.column) == place
    assert said in named.message


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32"])
def test_a_csv_of_an_office_program_is_converted_with_a_note(table, encoding):
    asked = table(HEAD, ROWS.replace("high", "très «cher» – 5 €").encode(encoding))
    decision = asked.decide_columns({"total": 500, "country": "CA", "gift": False})
    assert decision.outputs["why"] == "très «cher» – 5 € value"
    assert [(one.code, one.severity) for one in asked.warnings] == [("Y007", "warning")]


def test_the_note_about_another_encoding_shows_the_first_word_that_it_decides(problems):
    (found,) = problems(HEAD, ROWS.replace("high", "hôch").encode("cp1252"))
    assert (found.code, found.place.file, found.place.line, found.place.column) == ("Y007", "rows.csv", 2, 31)
    assert found.message == "this is Windows-1252, not UTF-8, and read so: `hôch`"


@pytest.mark.parametrize(
    ("word", "encoding"), [("Привет", "cp1251"), ("łódź", "cp1250"), ("πέντε", "cp1253"), ("日本", "sjis")]
)
def test_a_csv_whose_encoding_stays_open_is_refused_with_its_line(problems, word, encoding):
    found = problems(HEAD, ROWS.replace("high", word).encode(encoding))
    assert [(one.code, one.place.file, one.place.line) for one in found] == [("Y003", "rows.csv", 2)]


def test_rows_cannot_be_read_from_outside_the_folder_or_from_other_formats(problems):
    assert [one.code for one in problems(HEAD.replace("rows.csv", "../rows.csv"), ROWS)] == ["D005"]
    assert [one.code for one in problems(HEAD.replace("rows.csv", "t.table.yaml"), ROWS)] == ["D005"]


def test_the_separator_that_excel_names_is_taken_and_its_line_is_no_header(table):
    text = "sep=;\r\n" + ROWS.replace('"US, CA"', '"US, CA, "').replace(",", ";").replace("US; CA; ", "US, CA")
    assert [row.id for row in table(HEAD, text.encode()).rows] == ["r1", "r2", "r3"]


def test_a_quote_before_what_a_spreadsheet_would_compute_is_no_part_of_the_cell(table):
    head = HEAD.replace("total: {type: number}", "total: {type: number}\n  rate: {type: number}")
    asked = table(
        head, "id,total,rate,outcome,why\nr1,'-5,2,standard,'=country\nr2,-,,express,'@home\nr3,7,,express,''-x\n"
    )
    given = {"total": -5, "country": "NO", "gift": False, "rate": 2}
    assert asked.decide_columns(given).outputs["why"] == "NO"
    assert [row.answers[1].value for row in asked.rows[1:]] == ["@home", "'-x"]


def test_a_row_that_ends_before_its_last_condition_is_told(table):
    asked = table(HEAD, "id,outcome,why,total,country,gift\nr1,express,,>= 500\nr2,standard,,1,NO,true,\n")
    assert [(one.code, one.place.line) for one in asked.warnings] == [("D067", 2)]


def test_a_cell_in_a_column_without_a_name_is_not_passed_over(problems):
    (found,) = problems(HEAD, "id,total,country,gift,outcome,why,\nr1,,,,express,,ask Ann\n")
    assert (found.code, found.place.column) == ("D006", 16)


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp"))), min_size=1), min_size=1
    )
)
def test_quoted_fields_are_always_read_as_they_were_written(rows):
    text = "\n".join(",".join('"' + field.replace('"', '""') + '"' for field in ["x", *row]) for row in rows)
    assert [[field.text for field in record] for record in CsvText(text, "f").records] == [["x", *row] for row in rows]


@given(st.text(alphabet='ab", ;\n\r\t='))
def test_any_text_is_read_or_refused_with_a_place(text):
    try:
        records = CsvText(text, "f").records
    except ProblemsError as error:
        places = [problem.place for problem in error.problems]
    else:
        places = []
        assert all(any(field.text for field in record) for record in records)
    assert all(place.line > 0 and place.column > 0 for place in places)


@given(st.lists(st.lists(st.sampled_from(["a", "", "b c", '"a, b"', '""', '"x""y"', '"a\nb"', ' "a" ']), min_size=1)))
def test_fields_with_and_without_quotes_are_always_read_as_the_csv_module_reads_them(rows):
    text = "\n".join(",".join([*row, "end"]) for row in rows)
    meant = csv.reader(io.StringIO(text, newline=""), skipinitialspace=True)
    assert [[field.text for field in record] for record in CsvText(text, "f").records] == [
        [field.strip() for field in record] for record in meant
    ]


@given(st.lists(st.sampled_from(["a", '"b, c"', '""', "d e"]), min_size=1))
def test_each_field_always_knows_what_is_written_in_its_place(fields):
    (record,) = CsvText(",".join([*fields, "end"]), "f").records
    assert [field.written for field in record] == [*fields, "end"]


def test_a_table_leaves_the_collection_of_garbage_as_it_was(table):
    table(HEAD, ROWS)
    assert gc.isenabled()
