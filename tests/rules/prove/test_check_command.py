"""`orderloom rules check`: exit codes, JSON, past orders in any form, and edits that leave the rest of a file alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

HEAD = """\
table: shipping
hit: unique
inputs:
  weight: {is: order weight, type: number, range: "[0..1000]"}   # as weighed
  country: {is: order.shipping_address.country_code, type: text, values: [US, CA, MX]}
outputs:
  outcome: {type: text, values: [ups, dhl]}
"""
INLINE = """\
rows:
  - {id: r4, weight: "<= 30", outcome: ups}
  # the heavy ones
  - id: r9
    weight: '> 30.5'
    outcome: dhl
cases:
  - {given: {weight: 5, country: US}, then: {outcome: ups}}
"""
SHEET = 'id,weight,country,outcome,note\r\nr4,<= 30,,ups,"light, ""cheap"""\r\nr9,> 30.5,"US, CA, MX",dhl,\r\n'


@pytest.fixture
def files(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "inline.table.yaml").write_text(HEAD + INLINE)
    (tmp_path / "sheet.table.yaml").write_text(HEAD + "rows: rows.csv\n")
    (tmp_path / "rows.csv").write_bytes(b"\xef\xbb\xbf" + SHEET.encode())
    return tmp_path


def told(ran) -> dict:
    return json.loads(ran.out)


def test_a_gap_without_a_default_exits_1_and_a_complete_table_0(files, orderloom):
    assert orderloom("rules", "check", "inline.table.yaml").code == 1
    (files / "inline.table.yaml").write_text((HEAD + INLINE).replace("30.5", "30"))
    ran = orderloom("rules", "check", "inline.table.yaml")
    assert (ran.code, ran.err) == (0, "shipping: complete, 2 rows, 1 case\n")


def test_the_json_holds_the_proof_and_the_problems(files, orderloom):
    ran = orderloom("rules", "check", "inline.table.yaml", "--json")
    assert (ran.code, ran.err) == (1, "")
    assert told(ran)["complete"] is False
    assert [one["kind"] for one in told(ran)["findings"]] == ["gap", "unused_column"]
    assert told(ran)["problems"] == []


def test_a_table_that_cannot_be_read_is_not_complete(files, orderloom):
    (files / "inline.table.yaml").write_text((HEAD + INLINE).replace("<= 30", "<= <= 30"))
    ran = orderloom("rules", "check", "inline.table.yaml", "--json")
    assert (ran.code, told(ran)["complete"], told(ran)["findings"]) == (1, False, [])
    assert [one["code"] for one in told(ran)["problems"]] == ["D010"]


def test_a_gap_is_a_problem_with_a_place_in_the_older_form(files, orderloom):
    ran = orderloom("rules", "check", "inline.table.yaml", "--format", "json")
    (problem,) = told(ran)["problems"]
    assert (ran.code, problem["code"], problem["line"]) == (1, "D050", 11)
    assert problem["help"] == 'r9 weight "> 30.5" -> "> 30": closes the gap, adds no overlap'


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("facts.jsonl", '{"order weight": 30.2, "country": "CA", "id": 7}\n{"order weight": 1, "country": "CA"}\n'),
        ("facts.json", '[{"weight": 30.2, "country": "CA", "id": 7}, {"weight": "1", "country": "US"}]'),
        ("facts.csv", "id,weight,country\n7,30.2,CA\n8,1,US\n"),
        ("facts.csv", "id;weight;country\n7;30.2;CA\n8;1;US\n"),
    ],
)
def test_past_orders_are_counted_and_one_of_them_is_the_example(files, orderloom, name, text):
    (files / name).write_text(text)
    ran = orderloom("rules", "check", "inline.table.yaml", "--orders", name)
    assert "GAP 1 of 1   1 of 2 orders (50.00 %)" in ran.out
    assert "e.g. order 7: weight 30.2, country CA" in ran.out


def test_orders_of_a_shop_are_read_as_the_capture_node_reads_them(files, orderloom):
    from orderloom.project import shipped

    order = shipped() / "samples" / "shopify-order.json"
    text = (HEAD + INLINE).replace("is: order weight", "is: 'order.totals.grand_total.amount'").replace("30.5", "900")
    (files / "inline.table.yaml").write_text(text.replace("<= 30", "<= 1"))
    (gap,) = [
        one
        for one in told(orderloom("rules", "check", "inline.table.yaml", "--json", "--orders", order))["findings"]
        if one["kind"] == "gap"
    ]
    assert gap["count"] == 1
    assert gap["order"]


def test_orders_that_the_columns_do_not_take_are_counted_apart(files, orderloom):
    (files / "facts.jsonl").write_text('{"weight": -5, "country": "CA"}\n{"weight": 5, "country": "XX"}\n')
    ran = orderloom("rules", "check", "inline.table.yaml", "--orders", "facts.jsonl")
    assert "2 of 2 orders have facts that the table does not take" in ran.out


def test_orders_that_are_not_there_are_wrong_usage(files, orderloom):
    assert orderloom("rules", "check", "inline.table.yaml", "--orders", "nowhere.csv").code == 2


def test_fix_edits_the_cell_of_a_sheet_and_leaves_every_other_byte(files, orderloom):
    ran = orderloom("rules", "check", "sheet.table.yaml", "--fix")
    assert ran.code == 0
    assert ran.err.splitlines() == [
        'fixed: r9 weight "> 30.5" -> "> 30"    closes the gap, adds no overlap',
        "shipping: complete, 2 rows, 0 cases",
    ]
    assert (files / "rows.csv").read_bytes() == b"\xef\xbb\xbf" + SHEET.replace("> 30.5", "> 30").encode()
    assert sorted(file.name for file in files.iterdir()) == ["inline.table.yaml", "rows.csv", "sheet.table.yaml"]


def test_fix_edits_rows_that_stand_in_the_head_and_keeps_comments_and_quotes(files, orderloom):
    assert orderloom("rules", "check", "inline.table.yaml", "--fix").code == 0
    assert (files / "inline.table.yaml").read_text() == (HEAD + INLINE).replace("> 30.5", "> 30")


def test_fix_edits_a_table_in_markdown(files, orderloom):
    (files / "sheet.table.yaml").write_text(HEAD + "rows: rows.md\n")
    rows = "| id | weight | outcome |\n|---|---|---|\n| r4 | <= 30 | ups |\n| r9 | > 30.5 | dhl |\n| r10 | - | dhl |\n"
    (files / "rows.md").write_text(rows)
    (files / "sheet.table.yaml").write_text(HEAD.replace("unique", "first") + "rows: rows.md\n")
    (files / "rows.md").write_text(rows.replace("| r10 | - |", "| r10 | > 50 |"))
    assert orderloom("rules", "check", "sheet.table.yaml", "--fix").code == 0
    assert (files / "rows.md").read_text() == (
        "| id | weight | outcome |\n|---|---|---|\n| r4 | <= 30 | ups |\n| r9 | > 30 | dhl |\n"
    )


@pytest.mark.parametrize("last", ["\r\n", ""])
def test_fix_deletes_a_masked_row_with_its_line(files, orderloom, last):
    (files / "sheet.table.yaml").write_text(HEAD.replace("unique", "first") + "rows: rows.csv\n")
    closed = SHEET.replace("> 30.5", "> 30")
    (files / "rows.csv").write_bytes((closed + 'r10,> 50,US,ups,"two\nlines"' + last).encode())
    assert orderloom("rules", "check", "sheet.table.yaml", "--fix").code == 0
    assert (files / "rows.csv").read_bytes() == closed.encode()


def test_fix_deletes_a_masked_row_of_a_list_with_all_its_lines_and_no_comment(files, orderloom):
    row = "  - id: r10\n    weight: '> 50'\n    outcome: ups\n"
    text = (HEAD + INLINE).replace("unique", "first").replace("30.5", "30")
    (files / "inline.table.yaml").write_text(text.replace("cases:", f"{row}  # the end\ncases:"))
    assert orderloom("rules", "check", "inline.table.yaml", "--fix").code == 0
    assert (files / "inline.table.yaml").read_text() == text.replace("cases:", "  # the end\ncases:")


def test_fix_mends_one_finding_after_another(files, orderloom):
    text = HEAD + """\
rows:
  - {id: a, weight: "< 10", outcome: ups}
  - {id: b, weight: "(10..20]", outcome: ups}
  - {id: c, weight: "[20..30)", outcome: dhl}
  - {id: d, weight: "> 30", outcome: dhl}
"""
    (files / "inline.table.yaml").write_text(text)
    ran = orderloom("rules", "check", "inline.table.yaml", "--fix")
    assert ran.code == 0
    assert len([line for line in ran.err.splitlines() if line.startswith("fixed: ")]) == 3


RISK = """\
hit: first
inputs: {score: {is: customer.score, type: number}}
outputs: {level: {type: text, values: [low, high]}}
rows: [{score: "> 80", level: low}, {level: high}]
"""


@pytest.mark.parametrize("rows", ["inline", "sheet"])
def test_fix_mends_a_table_that_others_feed(files, orderloom, rows):
    (files / "feeding").mkdir()
    (files / "feeding" / "risk.table.yaml").write_text(RISK)
    file = files / f"{rows}.table.yaml"
    level = "inputs:\n  level: {is: risk.level, type: text, values: [low, high]}\n"
    fed = file.read_text().replace("inputs:\n", "needs: {risk: feeding/risk.table.yaml}\n" + level)
    fed = fed.replace("given: {", "given: {level: low, ")
    file.write_text(fed)
    ran = orderloom("rules", "check", file.name, "--fix")
    assert (ran.code, "complete, 2 rows" in ran.err) == (0, True)
    assert file.read_text() == (fed.replace("'> 30.5'", "'> 30'") if rows == "inline" else fed)


def test_rows_that_could_be_one_are_merged_only_when_all_is_asked_for(files, orderloom):
    assert orderloom("rules", "check", "sheet.table.yaml", "--fix").code == 0
    same = (files / "rows.csv").read_text().replace("dhl", "ups")
    (files / "rows.csv").write_text(same, newline="")
    assert orderloom("rules", "check", "sheet.table.yaml", "--fix").code == 0
    assert (files / "rows.csv").read_text() == same
    assert "delete r9" in orderloom("rules", "check", "sheet.table.yaml", "--fix", "--all").err


def test_an_edit_that_would_break_a_case_is_left_to_a_person(files, orderloom):
    case = "  - {given: {weight: 30.2, country: US}, error: no_match}\n"
    (files / "inline.table.yaml").write_text(HEAD + INLINE + case)
    ran = orderloom("rules", "check", "inline.table.yaml", "--fix")
    assert ran.code == 1
    assert 'not fixed: r9 weight "> 30.5" -> "> 30"' in ran.err
    assert (files / "inline.table.yaml").read_text() == HEAD + INLINE + case


def test_orderloom_check_warns_of_a_gap_and_refuses_an_overlap(files, orderloom):
    ran = orderloom("check", "inline.table.yaml")
    assert ran.code == 0
    assert "warning[D050]: no row applies to weight (30..30.5]; for example weight 30.1, country US" in ran.err
    (files / "inline.table.yaml").write_text((HEAD + INLINE).replace("> 30.5", ">= 30"))
    ran = orderloom("check", "inline.table.yaml")
    assert ran.code == 1
    assert "error[D051]: rows r4 and r9 both apply to weight 30" in ran.err
