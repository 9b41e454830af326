"""`orderloom rules eval TABLE --input ORDERS --out DECIDED`, and the reasons of one row."""

from __future__ import annotations

import csv
import json
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orderloom.problems import ProblemsError
from orderloom.rules.batch.files import CsvWriter

TABLE = """\
table: level
summary: Which service level an order gets.
hit: first
inputs:
  total: {type: number, unit: USD, range: "[0..1000]"}
  country: {type: text}
  gift: {type: boolean}
outputs:
  outcome: {type: text, values: [express, standard]}
  fee: {type: number}
rows:
  - {id: r1, total: ">= 500", country: "US, CA", gift: false, outcome: express, fee: 4.50}
  - {id: r2, country: US, outcome: standard, fee: 1}
"""
CSV = "order,total,country,gift\n7,500.00,US,false\n8,heavy,US,false\n9,12.5,US,true\n10,5,NO,false\n11,5,US\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "level.table.yaml").write_text(TABLE)
    (tmp_path / "orders.csv").write_text(CSV)
    return tmp_path


def decided(file):
    return list(csv.DictReader(Path(file).read_text(encoding="utf-8").splitlines()))


def lines(file):
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_each_order_of_a_csv_is_written_with_its_row_and_outputs(folder, orderloom):
    orderloom("rules", "eval", "level.table.yaml", "--input", "orders.csv", "--out", "decided.csv")
    assert decided("decided.csv") == [
        {
            "order": "7",
            "total": "500.00",
            "country": "US",
            "gift": "false",
            "row": "r1",
            "outcome": "express",
            "fee": "4.50",
        },
        {
            "order": "9",
            "total": "12.5",
            "country": "US",
            "gift": "true",
            "row": "r2",
            "outcome": "standard",
            "fee": "1",
        },
    ]


def test_orders_that_are_refused_are_told_with_file_line_and_column_and_kept_aside(folder, orderloom):
    ran = orderloom("rules", "eval", "level.table.yaml", "--input", "orders.csv", "--out", "decided.csv")
    assert ran.code == 1
    assert "orders.csv:3:1" in ran.out + ran.err
    assert 'column `total`: "heavy" was given' in ran.out + ran.err
    assert "2 orders decided in decided.csv; 3 refused: see decided.refused.jsonl" in ran.err
    aside = lines(folder / "decided.refused.jsonl")
    assert [(one["line"], one["error"]) for one in aside] == [(3, "wrong_type"), (5, "no_match"), (6, "missing_fact")]
    assert aside[0]["order"] == {"order": "8", "total": "heavy", "country": "US", "gift": "false"}


def test_json_lines_keep_numbers_exact_and_a_broken_line_is_refused_alone(folder, orderloom):
    (folder / "orders.jsonl").write_text(
        '{"total": 500, "country": "CA", "gift": false}\n{"total": 1e400\n\n[1]\n'
        '{"total": 0.1, "country": "US", "gift": true}\n'
    )
    ran = orderloom("rules", "eval", "level.table.yaml", "--input", "orders.jsonl", "--out", "decided.jsonl")
    assert ran.code == 1
    assert [(one["row"], one["outcome"]) for one in lines(folder / "decided.jsonl")] == [
        ("r1", "express"),
        ("r2", "standard"),
    ]
    assert [one["line"] for one in lines(folder / "decided.refused.jsonl")] == [2, 4]


def test_parquet_comes_back_with_its_own_types_and_the_decided_columns(folder, orderloom):
    orders = pa.table(
        {
            "total": pa.array([Decimal("500.00"), Decimal("12.50"), None, Decimal("999.99")], pa.decimal128(10, 2)),
            "country": pa.array(["US", "US", "US", "CA"]).dictionary_encode(),
            "gift": pa.array([False, None, True, False]),
        }
    )
    pq.write_table(orders, folder / "orders.parquet", row_group_size=2)
    ran = orderloom("rules", "eval", "level.table.yaml", "--input", "orders.parquet", "--out", "decided.parquet")
    assert ran.code == 1
    found = pq.read_table(folder / "decided.parquet")
    assert found.column("total").type == pa.decimal128(10, 2)
    assert found.column("row").to_pylist() == ["r1", "r1"]
    assert found.column("fee").to_pylist() == [Decimal("4.5"), Decimal("4.5")]
    assert [one["line"] for one in lines(folder / "decided.refused.jsonl")] == [2, 3]


def test_the_orders_are_never_overwritten(folder, orderloom):
    ran = orderloom("rules", "eval", "level.table.yaml", "--input", "orders.csv", "--out", "orders.csv")
    assert ran.code == 2
    assert (folder / "orders.csv").read_text() == CSV


def test_a_file_without_a_column_of_the_table_is_refused_as_a_whole(folder, orderloom):
    (folder / "orders.csv").write_text("totl,country,gift\n5,US,true\n")
    ran = orderloom("rules", "eval", "level.table.yaml", "--input", "orders.csv", "--out", "decided.csv")
    assert ran.code == 1
    assert "no column `total`" in ran.out + ran.err
    assert sorted(file.name for file in folder.iterdir()) == ["level.table.yaml", "orders.csv"]


def test_a_file_of_orders_without_out_is_a_usage_error(folder, orderloom):
    ran = orderloom("rules", "eval", "level.table.yaml", "--input", "orders.csv")
    assert ran.code == 2
    assert "--out" in ran.err


def test_why_for_one_row_tells_each_of_its_cells(folder, orderloom):
    (folder / "order.json").write_text('{"total": 12.5, "country": "US", "gift": true}')
    ran = orderloom("rules", "eval", "level.table.yaml", "--input", "order.json", "--why", "--row", "r1")
    assert ran.out.splitlines()[-4:] == [
        "row      r1: total is 12.5, not >= 500",
        '  total >= 500: "12.5" fails',
        '  country US, CA: "US" holds',
        "  gift false: true fails",
    ]
    ran = orderloom("rules", "eval", "level.table.yaml", "--input", "order.json", "--why", "--row", "r1", "--json")
    told = json.loads(ran.out)["row"]
    assert (told["answered"], [cell["holds"] for cell in told["cells"]]) == (False, [False, True, False])


def test_a_row_that_the_table_does_not_have_is_a_usage_error(folder, orderloom):
    (folder / "order.json").write_text('{"total": 12.5, "country": "US", "gift": true}')
    ran = orderloom("rules", "eval", "level.table.yaml", "--input", "order.json", "--why", "--row", "r7")
    assert (ran.code, "no row `r7`" in ran.err) == (2, True)


@pytest.mark.parametrize("name", ["orders.csv", "orders.tsv"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_is_read_as_spreadsheets_write_it_and_answered_in_the_same_form(
    folder, orderloom, name, encoding, separator
):
    cells = ("order", "total", "country", "gift"), ("Müller", "500", "US", "false")
    (folder / name).write_text("\r\n".join(map(separator.join, cells)), encoding=encoding)

    ran = orderloom("rules", "eval", "level.table.yaml", "--input", name, "--out", "decided.csv")

    assert ran.code == 0, ran.err
    header, answer = (folder / "decided.csv").read_text(encoding="utf-8").splitlines()
    assert header.split(separator) == ["order", "total", "country", "gift", "row", "outcome", "fee"]
    assert answer.split(separator) == ["Müller", "500", "US", "false", "r1", "express", "4.50"]
    assert ("Y007" in ran.err) == (encoding in {"utf-16", "cp1252"})


def test_the_separator_that_excel_names_above_the_header_counts_and_lines_stay_those_of_the_file(folder, orderloom):
    (folder / "orders.csv").write_text("sep=;\ntotal;country;gift\n1,5;US;false\n5;US;no idea\n")

    ran = orderloom("rules", "eval", "level.table.yaml", "--input", "orders.csv", "--out", "decided.csv")

    assert ran.code == 1
    assert "orders.csv:3:1" in ran.err
    assert [one["line"] for one in lines(folder / "decided.refused.jsonl")] == [3, 4]


def test_what_is_refused_is_kept_in_the_order_of_its_lines_whatever_is_wrong_with_it(folder, orderloom):
    (folder / "orders.csv").write_text(
        'order,total,country,gift\n1,x,US,true\n2,5,US,true,more\n"3\n4",y,US,true\n5,5,US,true,more\n'
    )

    ran = orderloom("rules", "eval", "level.table.yaml", "--input", "orders.csv", "--out", "decided.csv")

    assert ran.code == 1
    assert [one["line"] for one in lines(folder / "decided.refused.jsonl")] == [2, 3, 4, 6]


def test_a_header_that_names_a_column_twice_is_refused_with_that_name(folder, orderloom):
    (folder / "orders.csv").write_text("total,country,total\n1,US,1\n")

    ran = orderloom("rules", "eval", "level.table.yaml", "--input", "orders.csv", "--out", "decided.csv")

    assert ran.code == 1
    assert "names the column `total` twice" in ran.err


def test_facts_that_come_further_down_never_shift_the_columns_of_a_csv(tmp_path):
    with closing(CsvWriter(tmp_path / "decided.csv")) as writer:
        writer.write({"note": ["a"], "row": ["r1"]})
        writer.write({"row": ["r2"]})
        with pytest.raises(ProblemsError, match="a fact `more`"):
            writer.write({"more": [1], "note": ["b"], "row": ["r3"]})

    assert (tmp_path / "decided.csv").read_text() == "note,row\na,r1\n,r2\n"


def test_what_an_earlier_run_refused_does_not_stay_beside_a_run_without_refusals(folder, orderloom):
    command = ("rules", "eval", "level.table.yaml", "--input", "orders.csv", "--out", "decided.csv")
    assert orderloom(*command).code == 1
    (folder / "orders.csv").write_text(CSV.splitlines()[0] + "\n7,500,US,false\n")

    assert orderloom(*command).code == 0
    assert not (folder / "decided.refused.jsonl").exists()


def test_where_every_order_is_refused_the_columns_are_named_all_the_same(folder, orderloom):
    (folder / "orders.csv").write_text("total,country,gift\nx,US,false\n")
    orderloom("rules", "eval", "level.table.yaml", "--input", "orders.csv", "--out", "decided.csv")
    assert (folder / "decided.csv").read_text() == "total,country,gift,row,outcome,fee\n"


ANY_TYPE = """table: answers
hit: first
inputs: {n: {type: number}}
outputs:
  day: {type: date}
  wait: {type: days and time duration}
  sizes: {type: list of number}
  part: {type: number}
rows: [{day: 2026-03-02, wait: P1D, sizes: [1, 2.5], part: "=n / 3"}]
"""


def test_dates_durations_and_lists_are_written_as_single_decisions_tell_them(folder, orderloom):
    (folder / "any.table.yaml").write_text(ANY_TYPE)
    (folder / "n.jsonl").write_text('{"n": 0.3, "note": {"at": 1.5}}\n')
    pq.write_table(pa.table({"n": [0.3]}), folder / "n.parquet")

    for given, out in (("n.jsonl", "a.jsonl"), ("n.jsonl", "a.csv"), ("n.parquet", "a.parquet")):
        assert orderloom("rules", "eval", "any.table.yaml", "--input", given, "--out", out).code == 0

    told = {"row": "r1", "day": "2026-03-02", "wait": "P1D"}
    note = {"n": 0.3, "note": {"at": 1.5}}
    assert lines(folder / "a.jsonl") == [note | told | {"sizes": [1, 2.5], "part": 0.1}]
    assert decided("a.csv")[0].items() >= {**told, "sizes": "[1, 2.5]", "part": "0.1"}.items()
    assert pq.read_table(folder / "a.parquet").to_pylist()[0].items() >= {**told, "sizes": "[1, 2.5]"}.items()


def test_a_number_with_more_places_than_parquet_holds_is_rounded_and_a_larger_one_refused(folder, orderloom):
    (folder / "any.table.yaml").write_text(ANY_TYPE)
    for number, code in ((1.0, 0), (1e30, 1)):
        pq.write_table(pa.table({"n": [number]}), folder / "n.parquet")
        ran = orderloom("rules", "eval", "any.table.yaml", "--input", "n.parquet", "--out", "a.parquet")
        assert ran.code == code

    assert "output `part`: 333333333333333333333333333333.3333 has more than 26 digits" in ran.err
    assert pq.read_table(folder / "a.parquet")["part"].to_pylist() == [Decimal("0.333333333333")]
