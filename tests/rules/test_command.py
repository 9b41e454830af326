"""`orderloom rules eval`, `show` and `check`."""

from __future__ import annotations

import io
import json

import pytest

TABLE = """\
table: level
summary: Which service level an order gets.
hit: first
inputs:
  total: {is: order.total, type: number, unit: USD}
  country: {is: order.country, type: text}
outputs:
  outcome: {type: text, values: [express, standard]}
  fee: {type: number, default: 0}
rows:
  - {id: r1, total: ">= 500", country: "US, CA", outcome: express, fee: 4.50}
  - {id: r2, country: US, outcome: standard}
cases:
  - {given: {total: 900, country: US}, then: {outcome: express}}
"""


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "level.table.yaml").write_text(TABLE)
    (tmp_path / "columns.json").write_text('{"total": "900.00", "country": "US"}')
    (tmp_path / "facts.json").write_text('{"order": {"total": 12.5, "country": "US"}}')
    (tmp_path / "far.json").write_text('{"total": 5, "country": "NO"}')
    return tmp_path


def test_eval_prints_the_decision_as_one_json_object(files, orderloom):
    ran = orderloom("rules", "eval", "rules/level.table.yaml", "--input", "columns.json", "--json")
    assert ran.code == 0
    assert json.loads(ran.out) == {
        "table": "level",
        "outcome": "express",
        "outputs": {"outcome": "express", "fee": 4.5},
        "rows": ["r1"],
        "facts": {"total": "900.00", "country": "US"},
        "why": "r1: total >= 500, country in US, CA",
    }


def test_eval_with_why_says_for_every_other_row_which_cell_failed(files, orderloom):
    ran = orderloom("rules", "eval", "level", "--facts", "facts.json", "--why", "--json")
    assert ran.code == 0
    told = json.loads(ran.out)
    assert told["facts"] == {"total": "12.5", "country": "US"}
    assert told["rejected"] == [{"row": "r1", "column": "total", "cell": ">= 500", "value": "12.5"}]


def test_a_formula_computes_with_the_amounts_of_a_document_as_it_is_written(files, orderloom):
    (files / "rules" / "level.table.yaml").write_text(TABLE.replace("is: order.total,", "is: order.total.amount * 10,"))
    order = {"total": {"amount": "89.50", "currency": "USD"}, "country": "US"}
    (files / "facts.json").write_text(json.dumps({"order": order}))

    ran = orderloom("rules", "eval", "level", "--facts", "facts.json", "--json")

    assert (ran.code, json.loads(ran.out)["outcome"]) == (0, "express")


def test_eval_in_words(files, orderloom):
    ran = orderloom("rules", "eval", "level", "--facts", "facts.json", "--why")
    assert ran.out == (
        "level: standard\n"
        '  outcome = "standard", fee = 0\n'
        "because  r2: country = US\n"
        "near     r1: total is 12.5, not >= 500\n"
    )


def test_columns_go_before_what_the_documents_say(files, orderloom):
    ran = orderloom("rules", "eval", "level", "--facts", "facts.json", "--input", "columns.json", "--json")
    assert json.loads(ran.out)["rows"] == ["r1"]


def test_eval_reads_columns_from_standard_input(files, orderloom, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO('{"total": 1, "country": "US"}'))
    ran = orderloom("rules", "eval", "level", "--input", "-", "--json")
    assert json.loads(ran.out)["rows"] == ["r2"]


def test_a_decision_that_fails_exits_1_with_the_class_and_a_sentence(files, orderloom):
    ran = orderloom("rules", "eval", "level", "--input", "far.json", "--json")
    assert ran.code == 1
    assert json.loads(ran.out)["error"] == "no_match"
    assert 'no row applies to total 5, country "NO"' in ran.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"totl": 5}', "did you mean `total`?"),
        ("[5]", "an object of names and values is needed"),
        ('{"total": NaN}', "error[Y"),
        ('{"total": "heavy", "country": "US"}', "a number in USD is expected"),
        ('{"country": "US"}', "column `total` has no value"),
    ],
)
def test_columns_that_cannot_be_used_exit_1(files, orderloom, text, said):
    (files / "bad.json").write_text(text)
    ran = orderloom("rules", "eval", "level", "--input", "bad.json")
    assert ran.code == 1
    assert said in ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["eval", "levle", "--input", "columns.json"], "did you mean `level`?"),
        (["eval", "level"], "--input"),
        (["eval", "level", "--input", "-", "--facts", "-"], "standard input"),
        (["draw", "level"], "draw"),
    ],
)
def test_wrong_usage_exits_2(files, orderloom, arguments, said):
    ran = orderloom("rules", *arguments)
    assert ran.code == 2
    assert said in ran.err


def test_show_draws_plain_text_where_there_is_no_terminal(files, orderloom):
    ran = orderloom("rules", "show", "level")
    assert ran.code == 0
    assert "r1  >= 500       US, CA  │ express   4.50" in ran.out
    assert "\x1b" not in ran.out


def test_check_counts_what_it_looked_at(files, orderloom):
    ran = orderloom("rules", "check", "level")
    assert ran.code == 1
    assert ran.out.startswith("GAP 1 of 2\n")
    assert ran.err == "level: not complete, 2 rows, 2 gaps, 1 case\n"


def test_one_row_is_counted_as_one(files, orderloom):
    one = TABLE.replace("  - {id: r2, country: US, outcome: standard}\n", "")
    (files / "rules" / "level.table.yaml").write_text(one)
    assert orderloom("rules", "check", "level").err == "level: not complete, 1 row, 2 gaps, 1 case\n"
    assert orderloom("rules", "show", "level").out.startswith("level  (first, 1 row)\n")


def test_check_exits_1_with_a_failing_case(files, orderloom):
    (files / "rules" / "level.table.yaml").write_text(TABLE.replace("then: {outcome: express}", "then: {fee: 5}"))
    ran = orderloom("rules", "check", "level")
    assert ran.code == 1
    assert "case 1 expects fee to be 5, and it is 4.50" in ran.err
    assert "decided by r1" in ran.err


def test_check_prints_its_findings_as_json(files, orderloom):
    (files / "rules" / "level.table.yaml").write_text(TABLE.replace("express, fee", "expres, fee"))
    ran = orderloom("rules", "check", "level", "--format", "json")
    assert ran.code == 1
    (found,) = json.loads(ran.out)["problems"]
    assert (found["code"], found["line"], found["help"]) == ("D012", 11, "did you mean `express`?")
